package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"

	"github.com/shuqiao/shuqiao/client"
)

// A system with an assertion key reads all rows of a region.
func Example() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader) // the registered one, from its file
	if err != nil {
		log.Fatal(err)
	}
	c, err := client.New(client.Config{
		URL:       "https://share.example.gov.cn",
		Assertion: &client.Assertion{System: "01890000-0000-7000-8000-000000000001", Key: key},
		Purpose:   "履行职责需要",
		Operator:  func(context.Context) (string, error) { return "window-07", nil },
		Receipts:  "receipts.jsonl",
	})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	ask := client.Query{Items: []string{"code", "name"}, Where: []client.Condition{client.Prefix("code", "1301")}, Limit: 500}
	for row, err := range c.QueryAll(context.Background(), "01890000-0000-7000-8000-000000000002", ask) {
		var refusal *client.Refusal
		if errors.As(err, &refusal) {
			log.Fatalf("%s under %s: %s", refusal.Code, refusal.Basis, refusal.Detail)
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(row["code"], row["name"])
	}
}

// Every receipt of the file is verified against the ledger's key, and compared
// with what was received.
func ExampleClient_Check() {
	var c *client.Client // made with LedgerKey
	file, err := os.Open("receipts.jsonl")
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	for r, err := range client.ReadReceipts(file) {
		if err != nil {
			log.Println(err)
			continue
		}
		proof, _, err := c.Check(context.Background(), r)
		if err != nil {
			log.Println(r.ID, err)
			continue
		}
		if err := os.WriteFile(r.ID+".receipt.json", proof, 0o600); err != nil {
			log.Fatal(err)
		}
	}
}
