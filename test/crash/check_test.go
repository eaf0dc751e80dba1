package crash

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// check verifies the whole log and everything this round acknowledged.
func (w *world) check() {
	w.t.Helper()
	w.open(func(n *app.Node) {
		c := checker{world: w, n: n, ctx: context.Background()}
		c.log()
		c.acknowledged(w.acks.round)
	})
}

// checker looks at a node's database.
type checker struct {
	*world
	n   *app.Node
	ctx context.Context
	key *ledger.Verifier
}

// log verifies the whole log.
func (c *checker) log() {
	audit, err := c.n.Ledger.Verify(c.ctx)
	if err != nil {
		c.t.Fatalf("the log does not verify: %v", err)
	}
	if audit.Size < c.size {
		c.t.Errorf("the log has %d entries, it had %d", audit.Size, c.size)
	}
	c.size = audit.Size
	if key := c.n.Ledger.PublicKey(); key != c.publicKey {
		c.t.Errorf("the ledger's key is %q, it was %q", key, c.publicKey)
	}
	if c.key, err = ledger.LoadVerifier(c.publicKey); err != nil {
		c.t.Fatal(err)
	}
}

// acknowledged checks what answers said.
func (c *checker) acknowledged(s said) {
	byCase := map[string][]ackedAct{}
	for _, a := range s.acts {
		byCase[a.caseID] = append(byCase[a.caseID], a)
	}
	for id, acked := range byCase {
		k, err := c.n.Store.Cases().Case(c.ctx, id)
		if err != nil {
			c.t.Errorf("case %s, acknowledged: %v", id, err)
			continue
		}
		acts := c.whole(k)
		for _, a := range acked {
			c.act(a, acts)
		}
	}
	for _, call := range s.calls {
		c.call(call)
	}
	c.checkpoints(s.checkpoints)
}

// whole checks that a case and its acts tell the same, and gives the acts.
func (c *checker) whole(k procedure.Case) []procedure.Act {
	acts, err := c.n.Store.Cases().Acts(c.ctx, k.ID)
	if err != nil || len(acts) == 0 {
		c.t.Errorf("%s: %d acts, %v", k.Number, len(acts), err)
		return nil
	}
	last := acts[len(acts)-1]
	if k.Version != len(acts) || last.Version != k.Version || last.To != k.Stage || !last.At.Equal(k.MovedAt) {
		c.t.Errorf("%s: version %d in %q; %d acts, the last is %d and leads to %q", k.Number, k.Version, k.Stage, len(acts), last.Version, last.To)
	}
	for _, a := range acts {
		c.recorded(a)
	}
	return acts
}

// recorded checks that an act has its ledger entry and is what the entry says.
func (c *checker) recorded(a procedure.Act) {
	leaf, err := c.n.Ledger.Leaf(c.ctx, a.ID)
	if err != nil {
		c.t.Errorf("act %s (%s) has no entry: %v", a.ID, a.Action, err)
		return
	}
	digest, err := casework.ActDigest(a)
	if err != nil {
		c.t.Errorf("act %s: %v", a.ID, err)
	}
	var facts casework.ActFacts
	c.entry(leaf, ledger.Act, &facts)
	if facts.Digest != digest || facts.Case != a.Case || facts.Version != a.Version {
		c.t.Errorf("act %s is not what its entry says: %+v", a.ID, facts)
	}
	if grant, ok := a.Results["grant"].(string); ok {
		if g, err := c.n.Store.Sharing().Grant(c.ctx, grant); err != nil || g.Case != a.Case {
			c.t.Errorf("act %s issued grant %s: of case %q, %v", a.ID, grant, g.Case, err)
		}
	}
}

// entry reads the facts of an entry that must be of a kind.
func (c *checker) entry(leaf ledger.Leaf, kind ledger.Kind, facts any) {
	e, err := ledger.DecodeEntry(leaf.Data)
	if err != nil || e.Kind != kind || e.ID != leaf.ID {
		c.t.Errorf("entry %d (%s): %s of %q, want %s: %v", leaf.Index, leaf.ID, e.Kind, e.ID, kind, err)
		return
	}
	if err := json.Unmarshal(e.Facts.(json.RawMessage), facts); err != nil {
		c.t.Errorf("entry %d: %v", leaf.Index, err)
	}
}

// act checks that an acknowledged act is stored as the answer showed it.
func (c *checker) act(a ackedAct, acts []procedure.Act) {
	i := slices.IndexFunc(acts, func(b procedure.Act) bool { return b.ID == a.ID })
	if i < 0 {
		c.t.Errorf("LOST: act %s, %s on case %s, version %d", a.ID, a.Action, a.caseID, a.Version)
		return
	}
	b := acts[i]
	if b.Version != a.Version || b.Action != a.Action || b.From != a.From || b.To != a.To ||
		!sameJSON(a.Fields, b.Fields) || !sameJSON(a.Results, b.Results) {
		c.t.Errorf("act %s was acknowledged as\n%+v\nand is\n%+v", a.ID, a.actView, b)
	}
}

// sameJSON compares objects as JSON has them; no object is an empty one.
func sameJSON(a, b map[string]any) bool {
	if len(a) == 0 && len(b) == 0 {
		return true
	}
	text, err := json.Marshal(b)
	var again map[string]any
	return err == nil && json.Unmarshal(text, &again) == nil && reflect.DeepEqual(a, again)
}

// call checks that a call's entry is where the answer said, holds the digest of
// what was received, and can be proved to somebody who has the key alone.
func (c *checker) call(a ackedCall) {
	leaf, err := c.n.Ledger.Leaf(c.ctx, a.entry)
	if err != nil {
		c.t.Errorf("LOST: the entry %s (index %d) of a call answered with %d: %v", a.entry, a.index, a.status, err)
		return
	}
	kind := ledger.RefusedCall
	switch {
	case a.status == 200 && leaf.Kind == gateway.TokenIssued:
		kind = gateway.TokenIssued
	case a.status == 200:
		kind = ledger.Call
	}
	var facts gateway.Facts
	c.entry(leaf, kind, &facts)
	if a.index == ledger.Unplaced {
		a.index = leaf.Index
	}
	if leaf.Index != a.index || facts.Status != a.status {
		c.t.Errorf("entry %s: at %d of status %d; answered were %d and %d", a.entry, leaf.Index, facts.Status, a.index, a.status)
	}
	if a.whole && (facts.ResponseSHA256 != a.sha256 || facts.ResponseBytes != a.bytes) {
		c.t.Errorf("entry %s: body %s of %d bytes, received was %s of %d", a.entry, facts.ResponseSHA256, facts.ResponseBytes, a.sha256, a.bytes)
	}
	receipt, err := c.n.Ledger.Prove(c.ctx, a.entry)
	if err != nil {
		c.t.Errorf("receipt of %s: %v", a.entry, err)
		return
	}
	v, err := ledger.VerifyReceipt(receipt.Encode(), c.publicKey)
	if err != nil || v.Entry.ID != a.entry || v.Index != a.index {
		c.t.Errorf("the receipt of %s does not verify: %v", a.entry, err)
	}
}

// checkpoints checks that the log extends every tree that it signed and gave
// out.
func (c *checker) checkpoints(signed [][]byte) {
	head, err := c.n.Ledger.Head(c.ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, note := range signed {
		cp, err := ledger.OpenCheckpoint(note, c.key)
		if err != nil {
			c.t.Errorf("a checkpoint that was given out: %v", err)
			continue
		}
		path, err := c.n.Ledger.Consistency(c.ctx, cp.Size, head.Size)
		if err == nil {
			err = proof.VerifyConsistency(rfc6962.DefaultHasher, cp.Size, head.Size, path, cp.Root, head.Root)
		}
		if err != nil {
			c.t.Errorf("the log of size %d does not extend the checkpoint of size %d: %v", head.Size, cp.Size, err)
		}
	}
}
