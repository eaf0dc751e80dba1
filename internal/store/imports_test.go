package store_test

import (
	"bytes"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/sheet"
	"github.com/shuqiao/shuqiao/internal/store"
)

// An import is claimed by one worker; one that has lost its lease can neither
// note progress nor end the import. Files and rows read back and are forgotten.
func TestImports(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		st := s.Imports()
		x := sheet.Import{ID: ident.New(), Department: w.provider.ID, Person: w.person.ID, Name: "a.csv", State: sheet.Uploading, Revision: 1, CreatedAt: noon, Kept: true}
		ok(t, st.InsertImport(w.ctx, x))
		for i, piece := range []string{"one ", "two"} {
			ok(t, st.AppendBlob(w.ctx, x.ID, sheet.Upload, i, []byte(piece)))
		}
		if got := get(st.BlobChunk(w.ctx, x.ID, sheet.Upload, 1))(t); !bytes.Equal(got, []byte("two")) {
			t.Errorf("piece: %q", got)
		}
		if got := get(st.BlobChunk(w.ctx, x.ID, sheet.Upload, 2))(t); got != nil {
			t.Errorf("beyond the end: %q", got)
		}
		if _, claimed, err := st.ClaimImport(w.ctx, noon, time.Minute); claimed || err != nil {
			t.Errorf("claimed while it is uploaded: %v", err)
		}
		x.State = sheet.Waiting
		ok(t, st.UpdateImport(w.ctx, x))
		wantFault(t, st.UpdateImport(w.ctx, x), "changed_meanwhile")
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, claimed, err := st.ClaimImport(w.ctx, noon, time.Minute); err != nil {
					t.Error(err)
				} else if claimed {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		first := get(st.Import(w.ctx, x.ID))(t)
		if won.Load() != 1 || first.State != sheet.Checking || first.Attempts != 1 {
			t.Errorf("%d workers have it: %+v", won.Load(), first)
		}
		first.RowsDone = 7
		if mine := get(st.NoteProgress(w.ctx, first, noon.Add(2*time.Minute)))(t); !mine {
			t.Error("the worker's own progress is refused")
		}
		if _, claimed, _ := st.ClaimImport(w.ctx, noon.Add(time.Minute), time.Minute); claimed {
			t.Error("claimed before the renewed lease ran out")
		}
		second, claimed, err := st.ClaimImport(w.ctx, noon.Add(3*time.Minute), time.Minute)
		if !claimed || err != nil || second.Attempts != 2 || second.RowsDone != 7 {
			t.Fatalf("taken over: %+v, %v, %v", second, claimed, err)
		}
		if mine := get(st.NoteProgress(w.ctx, first, noon.Add(9*time.Minute)))(t); mine {
			t.Error("a worker that lost the import notes progress")
		}
		wantFault(t, st.UpdateImport(w.ctx, first), "changed_meanwhile")

		rows := []sheet.Planned{{Seq: 1, Outcome: sheet.New, Name: "甲", Entry: &catalog.Entry{Name: "甲"}}, {Seq: 2, Outcome: sheet.Refused, Reasons: []sheet.Reason{{Line: 3, Code: "x"}}}}
		ok(t, st.InsertPlanned(w.ctx, x.ID, rows))
		if got := get(st.Planned(w.ctx, x.ID, "", 0, 10, true))(t); len(got) != 2 || got[0].Entry == nil || got[0].Entry.Name != "甲" || got[1].Entry != nil || got[1].Reasons[0].Line != 3 {
			t.Errorf("rows: %+v", got)
		}
		rows[0].Done, rows[0].Resource = true, w.resource.ID
		ok(t, st.FinishPlanned(w.ctx, x.ID, rows[0]))
		if got := get(st.Planned(w.ctx, x.ID, sheet.New, 0, 10, false))(t); len(got) != 1 || !got[0].Done || got[0].Resource != w.resource.ID || got[0].Entry != nil {
			t.Errorf("done: %+v", got)
		}

		if got := get(st.Stale(w.ctx, noon.Add(time.Hour), 10))(t); len(got) != 1 {
			t.Errorf("old: %+v", got)
		}
		ok(t, st.Forget(w.ctx, x.ID))
		if got := get(st.Stale(w.ctx, noon.Add(time.Hour), 10))(t); len(got) != 0 {
			t.Errorf("forgotten: %+v", got)
		}
		if got := get(st.BlobChunk(w.ctx, x.ID, sheet.Upload, 0))(t); got != nil {
			t.Error("the file is still there")
		}

		m := sheet.Mapping{Sheets: []sheet.SheetMap{{Sheet: "a", Content: sheet.Resources, Columns: []sheet.ColumnMap{{Column: "A", Heading: "h", Field: "name"}}}}}
		ok(t, st.KeepMapping(w.ctx, w.provider.ID, m.Signature(), sheet.Mapping{}, noon))
		ok(t, st.KeepMapping(w.ctx, w.provider.ID, m.Signature(), m, noon))
		got, found, err := st.Mapping(w.ctx, w.provider.ID, m.Signature())
		if !found || err != nil || got.Signature() != m.Signature() {
			t.Errorf("mapping: %+v, %v, %v", got, found, err)
		}
		if _, found, err := st.Mapping(w.ctx, w.consumer.ID, m.Signature()); found || err != nil {
			t.Errorf("another department's: %v, %v", found, err)
		}
		if id := get(s.ImportShelf().ResourceNamed(w.ctx, w.provider.ID, "没有的名称"))(t); id != "" {
			t.Errorf("named: %s", id)
		}
	})
}
