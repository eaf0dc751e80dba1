package correction

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// one is a resource with one hosted row.
type one struct {
	catalog.Hosted
	collection catalog.Collection
	rows       []catalog.Row
	fails      error
}

func (o one) Resource(_ context.Context, id string) (catalog.Resource, error) {
	return catalog.Resource{ID: id, Published: 1}, nil
}

func (o one) Version(_ context.Context, id string, _ int) (catalog.Version, error) {
	return catalog.Version{Resource: id, Entry: catalog.Entry{Collection: o.collection, Items: []catalog.Item{
		{Code: "id_number", Sensitivity: "id"}, {Code: "phone", Sensitivity: "phone"}, {Code: "name"}}}}, nil
}

func (o one) Query(context.Context, catalog.HostedQuery) ([]catalog.Row, error) {
	return o.rows, o.fails
}

type open struct{}

func (open) Seal(plain []byte) []byte           { return plain }
func (open) Open(sealed []byte) ([]byte, error) { return sealed, nil }

// Whoever asked by another identifier of the same record is told as well; what
// is no identifier has no digest, and none is there twice.
func TestWhatTheRecordWasAskedBy(t *testing.T) {
	t.Parallel()
	sealed, err := json.Marshal(Content{Key: map[string]any{"id_number": "A"}, Claims: []Claim{{Item: "phone", Found: "old", Right: "new"}, {Item: "name", Found: "n"}}})
	if err != nil {
		t.Fatal(err)
	}
	row := catalog.Row{"id_number": "A", "phone": "hosted", "name": "n"}
	for _, x := range []struct {
		name  string
		world one
		filed string
		want  []string
	}{
		{"hosted", one{collection: catalog.HostedCopy, rows: []catalog.Row{row}}, "", []string{"id A", "phone old", "phone new", "phone hosted"}},
		{"linked", one{collection: catalog.LinkedService, rows: []catalog.Row{row}}, "", []string{"id A", "phone old", "phone new"}},
		{"not on the platform", one{collection: catalog.HostedCopy}, "", []string{"id A", "phone old", "phone new"}},
		{"two of them", one{collection: catalog.HostedCopy, rows: []catalog.Row{row, row}}, `{"phone":"filed"}`, []string{"id A", "phone old", "phone new", "phone filed"}},
	} {
		s := NewService(Deps{Resources: x.world, Hosted: x.world, Sealer: open{}, Digest: func(k catalog.Sensitivity, v string) string { return string(k) + " " + v }})
		rec := Record{Identifiers: []string{"id A"}, Sealed: sealed}
		if x.filed != "" {
			rec.Filed = []byte(x.filed)
		}
		got, err := s.askedBy(t.Context(), &procedure.Case{Subject: "r", Facts: map[string]any{"kind": "wrong"}}, rec)
		if err != nil || !slices.Equal(got, x.want) {
			t.Errorf("%s: %v %v, want %v", x.name, got, err, x.want)
		}
		if !slices.Equal(rec.Identifiers, []string{"id A"}) {
			t.Errorf("%s: the record was written into: %v", x.name, rec.Identifiers)
		}
	}
	s := NewService(Deps{Resources: one{}, Hosted: one{}, Sealer: open{}, Digest: func(catalog.Sensitivity, string) string { return "" }})
	s.Resources, s.Hosted = one{collection: catalog.HostedCopy}, one{fails: errors.New("disk")}
	if _, err := s.askedBy(t.Context(), &procedure.Case{Facts: map[string]any{}}, Record{Sealed: sealed}); err == nil {
		t.Error("a failure is not handed on")
	}
}
