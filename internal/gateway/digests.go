package gateway

// OperatorDigest is the digest under which the ledger keeps an operator of a
// consumer. It is for that consumer alone, which finds its people's calls by
// it.
func (g *Gateway) OperatorDigest(consumer, account string) string {
	return g.digests.operator(consumer, account)
}

// CaseDigest is the digest under which the ledger keeps the number of a matter
// of a consumer. It is for that consumer alone.
func (g *Gateway) CaseDigest(consumer, number string) string {
	return g.digests.of("case "+consumer, number)
}
