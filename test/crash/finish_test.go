package crash

import (
	"context"
	"net/http"
	"os/exec"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// finish checks everything that any round acknowledged once more, and what
// nobody was told of: no case is half moved, and log and acts are the same set.
func (w *world) finish() {
	w.t.Helper()
	w.nodes[0].kill()
	w.acks.fresh()
	var kinds map[ledger.Kind]int
	w.open(func(n *app.Node) {
		c := checker{world: w, n: n, ctx: context.Background()}
		c.log()
		c.acknowledged(w.acks.all)
		kinds = c.everything()
	})
	args := []string{"ledger", "verify", "--dir", w.dir, "--name", w.config().Name}
	if w.url != "" {
		args = append(args, "--database-url", w.url)
	}
	if out, err := exec.Command(binary, args...).CombinedOutput(); err != nil {
		w.t.Errorf("shuqiao ledger verify: %v\n%s", err, out)
	}
	w.report(kinds)
}

// everything reads all cases and the whole log.
func (c *checker) everything() map[ledger.Kind]int {
	stored := map[string]bool{}
	for after := ""; ; {
		page, err := c.n.Store.Cases().Cases(c.ctx, casework.Filter{Limit: 200, After: after})
		if err != nil {
			c.t.Fatal(err)
		}
		for _, k := range page {
			for _, a := range c.whole(k) {
				stored[a.ID] = true
			}
			after = k.ID
		}
		if len(page) == 0 {
			break
		}
	}
	kinds := map[ledger.Kind]int{}
	for from := uint64(0); from < c.size; {
		leaves, err := c.n.Store.Ledger().Leaves(c.ctx, from, 1000)
		if err != nil || len(leaves) == 0 {
			c.t.Fatalf("entries from %d: %d, %v", from, len(leaves), err)
		}
		for _, leaf := range leaves {
			kinds[leaf.Kind]++
			if leaf.Kind == ledger.Act && !stored[leaf.ID] {
				c.t.Errorf("entry %d is of act %s, which there is not", leaf.Index, leaf.ID)
			}
		}
		from += uint64(len(leaves))
	}
	if kinds[ledger.Act] != len(stored) {
		c.t.Errorf("%d acts, %d entries of acts", len(stored), kinds[ledger.Act])
	}
	return kinds
}

// report says how much was tried.
func (w *world) report(kinds map[ledger.Kind]int) {
	answered, refused, begun := 0, 0, 0
	for _, c := range w.acks.all.calls {
		switch {
		case !c.whole:
			begun++
		case c.status == http.StatusOK:
			answered++
		default:
			refused++
		}
	}
	if w.acks.unrecorded > 0 {
		w.t.Errorf("%d calls were answered without naming their entry", w.acks.unrecorded)
	}
	if len(w.acks.all.acts) == 0 || answered == 0 || refused == 0 {
		w.t.Errorf("there was no load: %d acts, %d answered and %d refused calls", len(w.acks.all.acts), answered, refused)
	}
	slices.Sort(w.recoveries)
	w.t.Logf("%d rounds, %d kills: acknowledged and found %d acts, %d answered calls (tokens among them), %d refused calls (%d answers were cut off after the status line), %d checkpoints; "+
		"%d entries in the log (%v); ready again after %s (median), %s (longest)",
		w.rounds, w.kills, len(w.acks.all.acts), answered, refused, begun, len(w.acks.all.checkpoints), w.size, kinds,
		w.recoveries[len(w.recoveries)/2].Round(time.Millisecond), w.recoveries[len(w.recoveries)-1].Round(time.Millisecond))
}
