package calllog

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// whole has every entry with its bytes, and counts how often it is asked.
type whole struct {
	leaves []ledger.Leaf
	asked  int
}

func (w *whole) Leaves(_ context.Context, from uint64, n int) ([]ledger.Leaf, error) {
	w.asked++
	return w.leaves[from:min(int(from)+n, len(w.leaves))], nil
}

// Calls that were moved to the archive are told like the others, a bundle at a
// time.
func TestArchivedCallsAreRead(t *testing.T) {
	t.Parallel()
	w := &whole{}
	var rows []ledger.Leaf // as the database has them: the first bundle is empty
	for i := range 300 {
		e := ledger.Entry{ID: ident.New(), Kind: ledger.Call, At: time.Unix(int64(i), 0), Facts: map[string]any{"rows": i, "consumer": "c"}}
		data, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		leaf := ledger.Leaf{Index: uint64(i), ID: e.ID, Kind: e.Kind, At: e.At.UTC(), Data: data}
		w.leaves = append(w.leaves, leaf)
		if i < ledger.TileWidth {
			leaf.Data = []byte{}
		}
		rows = append(rows, leaf)
	}
	s := NewService(Deps{Entries: w})
	calls, err := s.calls(t.Context(), rows)
	if err != nil || len(calls) != 300 || w.asked != 1 {
		t.Fatalf("%d calls, asked %d times, %v", len(calls), w.asked, err)
	}
	for i, c := range calls {
		if fmt.Sprint(c.Rows) != fmt.Sprint(i) || c.Consumer != "c" {
			t.Fatalf("%+v", c)
		}
	}
}
