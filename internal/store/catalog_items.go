package store

import (
	"cmp"
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// itemRow is one item of a published entry: an index over the entries.
type itemRow struct {
	bun.BaseModel `bun:"table:published_items,alias:i"`

	Resource      string `bun:"resource,pk"`
	Code          string `bun:"code,pk"`
	ResourceName  string `bun:"resource_name"`
	Provider      string `bun:"provider"`
	Region        string `bun:"region"`
	Attribute     string `bun:"attribute"`
	Name          string `bun:"name"`
	Element       string `bun:"element"`
	Authoritative bool   `bun:"authoritative"`
}

func (r itemRow) item() catalog.PublishedItem {
	return catalog.PublishedItem{Resource: r.Resource, ResourceName: r.ResourceName, Provider: r.Provider, Region: r.Region,
		Attribute: catalog.Attribute(r.Attribute), Code: r.Code, Name: r.Name, Element: r.Element, Authoritative: r.Authoritative}
}

// indexItems writes the items of a version that is published now in place of
// those of the earlier one. Whatever publishes a version comes through here.
func (s catalogStore) indexItems(ctx context.Context, v catalog.Version) error {
	if v.Status != catalog.PublishedV {
		return nil
	}
	r, err := s.Resource(ctx, v.Resource)
	if err != nil {
		return err
	}
	if _, err := s.affected(ctx, "clear published items", s.w(ctx).NewDelete().Model((*itemRow)(nil)).Where("resource = ?", r.ID)); err != nil {
		return err
	}
	rows := make([]itemRow, 0, len(v.Entry.Items))
	for _, x := range v.Entry.Items {
		rows = append(rows, itemRow{Resource: r.ID, Code: x.Code, ResourceName: v.Entry.Name, Provider: r.Provider, Region: r.Region,
			Attribute: string(cmp.Or(x.Attribute, v.Entry.Attribute)), Name: x.Name, Element: x.Element, Authoritative: x.Authoritative})
	}
	if len(rows) == 0 {
		return nil
	}
	return s.insert(ctx, "published items", s.w(ctx).NewInsert().Model(&rows))
}

// itemPage is how many items one read of EachItem brings.
const itemPage = 5000

// eachItem hands over the items of all entries that are shared, by resource.
// It reads page after page, so that the catalog need not fit into memory.
func (d *database) eachItem(ctx context.Context, fn func(catalog.PublishedItem) error) error {
	resource, code := "", ""
	for {
		var rows []itemRow
		err := d.r(ctx).NewSelect().Model(&rows).Where("(resource, code) > (?, ?)", resource, code).
			Where("attribute <> ?", string(catalog.Withheld)).Order("resource", "code").Limit(itemPage).Scan(ctx)
		if err != nil {
			return d.fail(ctx, "read published items", err)
		}
		for _, r := range rows {
			if err := fn(r.item()); err != nil {
				return err
			}
		}
		if len(rows) < itemPage {
			return nil
		}
		resource, code = rows[len(rows)-1].Resource, rows[len(rows)-1].Code
	}
}

// items lists published items, by element and resource.
func (d *database) items(ctx context.Context, narrow func(*bun.SelectQuery) *bun.SelectQuery) ([]catalog.PublishedItem, error) {
	var rows []itemRow
	if err := narrow(d.r(ctx).NewSelect().Model(&rows)).Order("element", "resource", "code").Scan(ctx); err != nil {
		return nil, d.fail(ctx, "read published items", err)
	}
	return convert(rows, func(r itemRow) (catalog.PublishedItem, error) { return r.item(), nil })
}

// insideRegion narrows to the rows whose region lies in the territory with the
// given root region; "" and the nation do not narrow. Region codes of a
// territory share the part of its root's code before the pairs of zeros.
func insideRegion(q *bun.SelectQuery, column, region string) *bun.SelectQuery {
	if region == "" || region == "100000" {
		return q
	}
	prefix := region
	for len(prefix) <= 6 && len(prefix) > 2 && strings.HasSuffix(prefix, "00") {
		prefix = prefix[:len(prefix)-2]
	}
	return q.Where("? >= ? AND ? < ?", bun.Ident(column), prefix, bun.Ident(column), prefixEnd(prefix))
}
