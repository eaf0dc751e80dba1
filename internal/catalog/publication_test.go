package catalog_test

import (
	"strings"
	"testing"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/catalog/catalogtest"
	"github.com/shuqiao/shuqiao/internal/fault"
)

func TestPublication(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r, v := f.create(t, catalogtest.Entry())
	if _, published, pending, err := f.catalog.Get(ctx, f.supervisor, r.ID); err != nil || published != nil || pending == nil {
		t.Errorf("the authority sees no draft: %v", err)
	}
	if _, _, _, err := f.catalog.Get(ctx, f.stranger, r.ID); !fault.Is(err, "not_found") {
		t.Errorf("a stranger sees a draft: %v", err)
	}
	act := f.publishAll(t, "case-1", v)
	if digest, err := v.Entry.Digest(); err != nil || act.Results["digest"] != digest || act.Results["version"] != 1 {
		t.Errorf("results %v, %v", act.Results, err)
	}
	if _, ok := f.store.Rows[r.ID]; !ok {
		t.Error("no hosted table")
	}
	r, published, pending, err := f.catalog.Get(ctx, f.stranger, r.ID)
	if err != nil || pending != nil || published == nil || published.Status != catalog.PublishedV || !published.PublishedAt.Equal(noon) {
		t.Fatalf("%+v %+v, %v", r, published, err)
	}

	// The next version stands beside the published one until it takes its place.
	second, err := f.catalog.NewVersion(ctx, f.clerk, r.ID, "")
	if err != nil || second.Number != 2 || second.Digest != published.Digest {
		t.Fatalf("%+v, %v", second, err)
	}
	if _, err := f.catalog.NewVersion(ctx, f.clerk, r.ID, ""); !fault.Is(err, "pending_exists") {
		t.Errorf("third beside the second: %v", err)
	}
	if c := f.newCase(t, "case-2", second); c.Facts["change"] != "update" || c.Facts["personal_info"] != "no" {
		t.Errorf("facts %v", c.Facts)
	}
	f.publishAll(t, "case-2", second)
	all, err := f.catalog.Versions(ctx, f.stranger, r.ID)
	if err != nil || len(all) != 2 || all[0].Status != catalog.Superseded || all[1].Status != catalog.PublishedV {
		t.Errorf("%+v, %v", all, err)
	}
}

// CN-13.1
func TestAssessments(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r, v := f.create(t, with(func(e *catalog.Entry) {
		e.PersonalInfo = true
		e.Items[1].Sensitivity = catalog.PersonName
	}))
	c := f.newCase(t, "case", v)
	expect := func(want string) {
		t.Helper()
		err := f.check(c, "assessments_done")
		if got := faults(err); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
		if x, ok := fault.As(err); ok && (x.Basis != "CN-13.1" || x.Kind != fault.Illegal) {
			t.Errorf("%+v", x)
		}
	}
	expect("secrecy_conclusion:required privacy_conclusion:required")
	f.assess(t, c, "secrecy_conclusion", "fail")
	expect("secrecy_conclusion:assessment_failed privacy_conclusion:required")
	f.assess(t, c, "secrecy_conclusion", "pass")
	f.assess(t, c, "privacy_conclusion", "pass")
	expect("")
	e := v.Entry
	e.Abstract = "改动"
	if _, err := f.catalog.EditDraft(ctx, f.clerk, r.ID, e, v.Revision); err != nil {
		t.Fatal(err)
	}
	expect("secrecy_conclusion:assessment_outdated privacy_conclusion:assessment_outdated")
	if _, err := f.effect(c, "mark_submitted", nil); !fault.Is(err, "assessment_missing") {
		t.Errorf("submitted with old assessments: %v", err)
	}
}

func TestReviewStates(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r, v := f.create(t, catalogtest.Entry())
	c := f.newCase(t, "case", v)
	f.assess(t, c, "secrecy_conclusion", "pass")
	if _, err := f.effect(c, "publish", nil); !fault.Is(err, "version_not_submitted") {
		t.Errorf("draft published: %v", err)
	}
	if _, err := f.effect(c, "mark_submitted", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := f.catalog.EditDraft(ctx, f.clerk, r.ID, v.Entry, v.Revision+1); !fault.Is(err, "version_not_draft") {
		t.Errorf("submitted version edited: %v", err)
	}
	if err := f.check(c, "version_is_draft"); !fault.Is(err, "version_not_draft") {
		t.Errorf("%v", err)
	}
	other := f.newCase(t, "other", v)
	for _, name := range []string{"publish", "mark_draft"} {
		if _, err := f.effect(other, name, nil); !fault.Is(err, "version_not_submitted") {
			t.Errorf("another case does %s: %v", name, err)
		}
	}
	if _, err := f.effect(other, "abandon", nil); err != nil {
		t.Fatal(err)
	}
	if _, _, pending, err := f.catalog.Get(ctx, f.clerk, r.ID); err != nil || pending.Status != catalog.Submitted {
		t.Errorf("abandoned by another case: %+v, %v", pending, err)
	}
	if _, err := f.effect(c, "mark_draft", nil); err != nil {
		t.Fatal(err)
	}
	if err := f.check(other, "version_is_draft"); !fault.Is(err, "publication_open") {
		t.Errorf("held by the first case: %v", err)
	}
	if _, err := f.effect(c, "abandon", nil); err != nil {
		t.Fatal(err)
	}
	if v, err := f.catalog.NewVersion(ctx, f.clerk, r.ID, ""); err != nil || v.Number != 2 || v.Entry.Name != "行政区划代码" {
		t.Errorf("after giving up: %+v, %v", v, err)
	}
}

func TestEntryComplete(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r, v := f.create(t, catalog.Entry{Name: "名", ClassCode: "3010010001"})
	err := f.check(f.newCase(t, "case", v), "entry_complete")
	if !fault.Is(err, "entry_incomplete") || !strings.Contains(faults(err), "frequency:required") {
		t.Errorf("%v", err)
	}
	full := catalogtest.Entry()
	if v, err = f.catalog.EditDraft(ctx, f.clerk, r.ID, full, v.Revision); err != nil {
		t.Fatal(err)
	}
	f.publishAll(t, "case", v)
	if v, err = f.catalog.NewVersion(ctx, f.clerk, r.ID, ""); err != nil {
		t.Fatal(err)
	}
	full.Items = full.Items[1:]
	if v, err = f.catalog.EditDraft(ctx, f.clerk, r.ID, full, v.Revision); err != nil {
		t.Fatal(err)
	}
	if err := f.check(f.newCase(t, "second", v), "entry_complete"); faults(err) != "items:no_key items:key_fixed" {
		t.Errorf("the key of a hosted table goes: %v", err)
	}
}
