package store

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// summaryRow is a resource with the version that a list shows of it.
type summaryRow struct {
	bun.BaseModel `bun:"table:resources,alias:r"`
	resourceRow

	Name         string  `bun:"name"`
	ProviderName string  `bun:"provider_name"`
	Attribute    string  `bun:"attribute"`
	Abstract     string  `bun:"abstract"`
	Methods      string  `bun:"methods"`
	Collection   string  `bun:"collection"`
	Items        int     `bun:"items"`
	PublishedAt  *micros `bun:"published_at"`
}

func (r summaryRow) summary() (catalog.Summary, error) {
	methods, err := decode[[]catalog.Method]("methods", r.Methods)
	return catalog.Summary{Resource: r.resource(), Name: r.Name, ProviderName: r.ProviderName,
		Attribute: catalog.Attribute(r.Attribute), Abstract: r.Abstract, Methods: methods,
		Collection: catalog.Collection(r.Collection), Items: r.Items, PublishedAt: r.PublishedAt.timePtr()}, err
}

// List shows the newest entries first; After is the resource's ID. An entry is
// shown by its published version, else, and only without f.Published, by the
// pending one. The text is looked for in any letter case.
func (s catalogStore) List(ctx context.Context, f catalog.Filter) ([]catalog.Summary, error) {
	shown := "CASE WHEN r.published > 0 THEN r.published ELSE r.pending END"
	if f.Published {
		shown = "r.published"
	}
	var rows []summaryRow
	q := s.r(ctx).NewSelect().Model(&rows).
		ColumnExpr("r.*").
		ColumnExpr("v.name, v.attribute, v.abstract, v.methods, v.collection, v.items, v.published_at").
		ColumnExpr("d.name AS provider_name").
		Join("JOIN resource_versions AS v ON v.resource = r.id AND v.number = " + shown).
		Join("JOIN departments AS d ON d.id = r.provider").
		OrderExpr("r.id DESC").Limit(limitOr(f.Limit))
	if f.Provider != "" {
		q = q.Where("r.provider = ?", f.Provider)
	}
	if f.Attribute != "" {
		q = q.Where("v.attribute = ?", string(f.Attribute))
	}
	if text := strings.TrimSpace(f.Text); text != "" {
		like := likePart(strings.ToLower(text))
		q = q.Where(`(v.search LIKE ?0 ESCAPE '\' OR lower(r.code) LIKE ?0 ESCAPE '\' OR lower(d.name) LIKE ?0 ESCAPE '\')`, like)
	}
	if f.After != "" {
		q = q.Where("r.id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list the catalog", err)
	}
	return convert(rows, summaryRow.summary)
}
