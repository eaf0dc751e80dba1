// Package client calls a Shuqiao node as a consuming system does: it proves
// itself, names purpose and operator, reads rows page by page, keeps the
// receipt of every answer, and verifies receipts against the ledger's key.
//
//	c, err := client.New(client.Config{
//		URL:       "https://share.example.gov.cn",
//		Assertion: &client.Assertion{System: systemID, Key: key},
//		Purpose:   "参保身份核验",
//		Operator:  func(ctx context.Context) (string, error) { return accountOf(ctx) },
//		Receipts:  "receipts.jsonl",
//	})
//	for row, err := range c.QueryAll(ctx, grant, client.Query{Items: []string{"code", "name"}}) { … }
//
// Beside the standard library it imports the module's package proof, which
// imports nothing else: both can be copied into another program.
//
// A refusal is a *Refusal with the node's code, its clause and every faulty
// field. A call is repeated only when the node said that it took none and when
// to come back (429 and 503 with Retry-After); each answer is recorded in the
// ledger, so nothing is repeated on a guess.
package client
