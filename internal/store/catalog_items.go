package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/collection"
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
	// Norm is the name that items are compared by; nil: not written yet.
	Norm *string `bun:"norm"`
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
	var before []itemRow
	if err := s.w(ctx).NewSelect().Model(&before).Where("resource = ?", r.ID).Scan(ctx); err != nil {
		return s.fail(ctx, "read published items", err)
	}
	if _, err := s.affected(ctx, "clear published items", s.w(ctx).NewDelete().Model((*itemRow)(nil)).Where("resource = ?", r.ID)); err != nil {
		return err
	}
	rows := make([]itemRow, 0, len(v.Entry.Items))
	names := make([]string, 0, len(v.Entry.Items))
	for _, x := range v.Entry.Items {
		name := collection.Normalise(x.Name)
		names = append(names, name)
		rows = append(rows, itemRow{Resource: r.ID, Code: x.Code, ResourceName: v.Entry.Name, Provider: r.Provider, Region: r.Region,
			Attribute: string(cmp.Or(x.Attribute, v.Entry.Attribute)), Name: x.Name, Element: x.Element, Authoritative: x.Authoritative, Norm: &name})
	}
	if err := s.sumElements(ctx, r, before, rows); err != nil {
		return err
	}
	if err := s.entryDue(ctx, r); err != nil {
		return err
	}
	if len(rows) == 0 {
		return nil
	}
	if err := s.knowNames(ctx, names); err != nil {
		return err
	}
	return s.insert(ctx, "published items", s.w(ctx).NewInsert().Model(&rows))
}

// sumElements brings the provider's sums from the items of before to those of
// now.
func (s catalogStore) sumElements(ctx context.Context, r catalog.Resource, before, now []itemRow) error {
	type sum struct{ resources, items, authoritative int }
	sums := map[string]sum{}
	for sign, rows := range map[int][]itemRow{-1: before, 1: now} {
		met := map[string]bool{}
		for _, x := range rows {
			if x.Element == "" {
				continue
			}
			d := sums[x.Element]
			d.items += sign
			if x.Authoritative {
				d.authoritative += sign
			}
			if !met[x.Element] {
				met[x.Element] = true
				d.resources += sign
			}
			sums[x.Element] = d
		}
	}
	for _, element := range slices.Sorted(maps.Keys(sums)) { // in order: two that publish at once wait for each other
		d := sums[element]
		if d == (sum{}) {
			continue
		}
		_, err := s.exec(ctx, "sum elements", `INSERT INTO provider_elements (provider, element, region, resources, items, authoritative) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (provider, element) DO UPDATE SET resources = provider_elements.resources + excluded.resources,
			items = provider_elements.items + excluded.items, authoritative = provider_elements.authoritative + excluded.authoritative`,
			r.Provider, element, r.Region, d.resources, d.items, d.authoritative)
		if err != nil {
			return err
		}
	}
	return nil
}

// itemPage is how many items one read of EachUnnamed brings.
const itemPage = 5000

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
