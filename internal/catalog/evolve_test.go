package catalog_test

import (
	"testing"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/catalog/catalogtest"
)

// HB-12: what an update of a hosted resource may change of its items.
func TestHostedItemsEvolve(t *testing.T) {
	t.Parallel()
	added := catalog.Item{Code: "note", Name: "说明", Type: "C", Length: 10, Format: "文字", Description: "说明", Level: catalog.General1, Nullable: true}
	for name, x := range map[string]struct {
		change func(*catalog.Entry)
		rows   bool
		want   string
	}{
		"nothing":              {func(*catalog.Entry) {}, true, ""},
		"order":                {func(e *catalog.Entry) { e.Items[0], e.Items[1] = e.Items[1], e.Items[0] }, true, ""},
		"added":                {func(e *catalog.Entry) { e.Items = append(e.Items, added) }, true, ""},
		"removed":              {func(e *catalog.Entry) { e.Items = e.Items[:2] }, true, ""},
		"longer":               {func(e *catalog.Entry) { e.Items[1].Length = 40 }, true, ""},
		"wider type":           {func(e *catalog.Entry) { e.Items[1].Type = "M" }, true, ""},
		"required of rows":     {func(e *catalog.Entry) { y := added; y.Nullable = false; e.Items = append(e.Items, y) }, true, "items[3].nullable:rows_lack_it"},
		"required of no rows":  {func(e *catalog.Entry) { y := added; y.Nullable = false; e.Items = append(e.Items, y) }, false, ""},
		"no longer optional":   {func(e *catalog.Entry) { e.Items[2].Nullable = false }, true, "items[2].nullable:rows_lack_it"},
		"shorter":              {func(e *catalog.Entry) { e.Items[1].Length = 5 }, true, "items[1].length:narrower"},
		"shorter without rows": {func(e *catalog.Entry) { e.Items[1].Length = 5 }, false, ""},
		"narrower type":        {func(e *catalog.Entry) { e.Items[1].Type = "D" }, true, "items[1].type:narrower"},
		"number to whole":      {func(e *catalog.Entry) { e.Items[2].Type = "I" }, true, "items[2].type:narrower"},
		"another key":          {func(e *catalog.Entry) { e.Items[1].Key = true }, true, "items[1].key:key_fixed"},
		"key of another type":  {func(e *catalog.Entry) { e.Items[0].Type = "M" }, true, "items[0].type:narrower"},
		"key renamed":          {func(e *catalog.Entry) { e.Items[0].Code = "kode" }, true, "items[0].key:key_fixed items:key_fixed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			r, v := f.create(t, catalogtest.Entry())
			f.publishAll(t, "case", v)
			if x.rows {
				f.store.Rows[r.ID] = []catalog.Row{{"code": "13", "name": "河北", "area": nil}}
			}
			v, err := f.catalog.NewVersion(ctx, f.clerk, r.ID, "")
			if err != nil {
				t.Fatal(err)
			}
			v = f.edit(t, r, with(x.change), v)
			if got := faults(f.check(f.newCase(t, "second", v), "entry_complete")); got != x.want {
				t.Errorf("got %q, want %q", got, x.want)
			}
		})
	}
}

// An item that comes back has the type it had.
func TestAnItemThatComesBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r, v := f.create(t, catalogtest.Entry())
	f.publishAll(t, "first", v)
	v, _ = f.catalog.NewVersion(ctx, f.clerk, r.ID, "")
	v = f.edit(t, r, with(func(e *catalog.Entry) { e.Items = e.Items[:2] }), v)
	f.publishAll(t, "second", v)
	v, _ = f.catalog.NewVersion(ctx, f.clerk, r.ID, "")
	v = f.edit(t, r, with(func(e *catalog.Entry) { e.Items[2].Type, e.Items[2].Length = "C", 9 }), v)
	if got := faults(f.check(f.newCase(t, "third", v), "entry_complete")); got != "items[2].type:type_of_before" {
		t.Errorf("as another type: %q", got)
	}
	v = f.edit(t, r, catalogtest.Entry(), v)
	if err := f.check(f.newCase(t, "fourth", v), "entry_complete"); err != nil {
		t.Errorf("as it was: %v", err)
	}
}
