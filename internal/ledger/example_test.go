package ledger_test

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

// A call is recorded before its answer leaves; later somebody who has the
// receipt and the public key, and nothing else, checks it.
func Example() {
	ctx := context.Background()
	skey, vkey, err := ledger.GenerateKey("node.example/county", rand.Reader)
	if err != nil {
		panic(err)
	}
	signer, err := ledger.LoadSigner(skey)
	if err != nil {
		panic(err)
	}
	log, err := ledger.New(ledgertest.NewMemory(), signer, "node.example/county", clock.System{})
	if err != nil {
		panic(err)
	}
	log.Start(ctx)
	defer log.Close()

	leaf, err := log.Record(ctx, ledger.Entry{ID: ident.New(), Kind: ledger.Call, Facts: map[string]any{"rows": 1}})
	if err != nil {
		panic(err) // no record, no answer
	}
	receipt, err := log.Prove(ctx, leaf.ID)
	if err != nil {
		panic(err)
	}

	proved, err := ledger.VerifyReceipt(receipt.Encode(), vkey)
	if err != nil {
		panic(err)
	}
	fmt.Println(proved.Entry.Kind, proved.Index, "of", proved.Checkpoint.Size, "in", proved.Checkpoint.Origin)
	// Output: call 0 of 1 in node.example/county
}
