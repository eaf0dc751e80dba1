package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// The main job, as the actors do it, and what is true afterwards: every act
// has an entry with its digest, the acts alone rebuild every case, the whole
// log verifies, and no entry holds anything of the person who was looked up.
func TestTheMainJob(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		result := w.result
		v, err := ledger.VerifyReceipt(result.Receipt, string(result.PublicKey))
		if err != nil {
			t.Fatal(err)
		}
		if v.Entry.Kind != ledger.Call {
			t.Errorf("the receipt is of a %s", v.Entry.Kind)
		}
		audit, err := w.node.Ledger.Verify(ctx)
		if err != nil {
			t.Fatal(err)
		}
		w.actsAreProved(audit.Size)
		w.entriesAreSilent(audit.Size)
	})
}

// actsAreProved compares every case with its acts and every act with its entry.
func (w *world) actsAreProved(size uint64) {
	t, ctx := w.t, w.t.Context()
	cases, err := w.node.Store.Cases().Cases(ctx, casework.Filter{Limit: 100})
	if err != nil || len(cases) < 5 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	total := 0
	for _, c := range cases {
		acts, err := w.node.Store.Cases().Acts(ctx, c.ID)
		if err != nil || len(acts) != c.Version {
			t.Fatalf("%s: %d acts for version %d, %v", c.Number, len(acts), c.Version, err)
		}
		total += len(acts)
		for _, a := range acts {
			leaf, err := w.node.Ledger.Leaf(ctx, a.ID)
			if err != nil {
				t.Fatalf("%s act %d has no entry: %v", c.Number, a.Version, err)
			}
			digest, err := casework.ActDigest(a)
			if err != nil || !strings.Contains(string(leaf.Data), digest) {
				t.Errorf("%s act %d (%s): the entry does not hold the digest of the stored act", c.Number, a.Version, a.Action)
			}
		}
		w.rebuilds(c, acts)
	}
	if uint64(total) >= size {
		t.Errorf("%d acts and %d entries: the calls are missing", total, size)
	}
}

func (w *world) rebuilds(c procedure.Case, acts []procedure.Act) {
	t := w.t
	seed := procedure.Case{ID: c.ID, Number: c.Number, Procedure: c.Procedure, RulesKey: acts[0].RulesKey, Region: c.Region,
		Subject: c.Subject, Title: c.Title, Parties: c.Parties, Facts: map[string]any{}, Clocks: map[string]procedure.ClockState{}, Taken: map[string]int{}}
	for name, v := range c.Facts { // what the subject brought before the first act
		brought := false
		for _, a := range acts {
			_, here := a.Fields[name]
			brought = brought || here
		}
		if !brought {
			seed.Facts[name] = v
		}
	}
	rebuilt, err := procedure.Replay(w.node.Cases.Rules.ByKey, w.node.Cases.Calendar, &seed, acts)
	if err != nil {
		t.Fatalf("%s cannot be rebuilt from its acts: %v", c.Number, err)
	}
	got, _ := json.Marshal(rebuilt)
	want, _ := json.Marshal(c)
	var a, b map[string]any
	_ = json.Unmarshal(got, &a)
	_ = json.Unmarshal(want, &b)
	got, _ = json.Marshal(a)
	want, _ = json.Marshal(b)
	if string(got) != string(want) {
		t.Errorf("%s rebuilt:\n%s\nstored:\n%s", c.Number, got, want)
	}
}

// entriesAreSilent looks for the person the story asked about in every entry.
func (w *world) entriesAreSilent(size uint64) {
	t := w.t
	w.settle()
	leaves, err := w.node.Store.Ledger().Leaves(t.Context(), 0, int(size))
	if err != nil || uint64(len(leaves)) != size {
		t.Fatalf("%d of %d entries, %v", len(leaves), size, err)
	}
	person := people.Person(42)
	for _, leaf := range leaves {
		for _, item := range []string{"id_number", "name", "phone", "address"} {
			if strings.Contains(string(leaf.Data), person[item].(string)) {
				t.Fatalf("entry %d (%s) holds the person's %s", leaf.Index, leaf.Kind, item)
			}
		}
	}
}

// A stranger learns nothing of a case, not even that it exists; an auditor of
// the territory reads it and may do nothing.
func TestWhoSeesACase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		result := w.result
		path := "/api/v1/cases/" + result.Pending
		for user, want := range map[string]int{
			"camz.jb": 200, "sjzga.fzr": 200, "sjzsj.sh": 200, "sjzsj.sj": 200, "sjj.sj": 200, "casj.sh": 200,
			"rst.jb": 404, "mzt.fzr": 404, "sjzyb.jb": 404,
		} {
			if a := w.as(user, http.MethodGet, path, nil); a.Status != want {
				t.Errorf("%s: %d, want %d", user, a.Status, want)
			}
		}
		a := w.as("sjj.sj", http.MethodGet, path, nil)
		if list, _ := a.JSON["actions"].([]any); len(list) != 0 {
			t.Errorf("an auditor may do %v", list)
		}
		if a := w.take("sjj.sj", result.Pending, "agree", nil); a.Status != 403 || a.code() != "actor_not_entitled" {
			t.Errorf("an auditor agreed: %d %s", a.Status, a.Raw)
		}
		if a := w.as("", http.MethodGet, path, nil); a.Status != 401 {
			t.Errorf("nobody: %d", a.Status)
		}
	})
}
