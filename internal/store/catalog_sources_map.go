package store

import (
	"context"
	"database/sql"
	"slices"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/collection"
)

func (s collectionStore) AuthorityRegions(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	err := s.query(ctx, "list authorities", "SELECT region, department FROM authorities", nil, func(rows *sql.Rows) error {
		var region, department string
		err := rows.Scan(&region, &department)
		out[region] = department
		return err
	})
	return out, err
}

func (s collectionStore) DepartmentRegions(ctx context.Context, region string) ([]string, error) {
	from, to := regionRange(region)
	return s.texts(ctx, "list regions of departments", "SELECT DISTINCT region FROM departments WHERE region >= ? AND region < ?", []any{from, to})
}

// figuresChunk bounds the regions of one statement.
const figuresChunk = 5000

func (s collectionStore) ElementFigures(ctx context.Context, authority string, regions []string) ([]collection.ElementFigures, error) {
	sums := map[string]*collection.ElementFigures{}
	for chunk := range slices.Chunk(regions, figuresChunk) {
		args := []any{authority}
		for _, r := range chunk {
			args = append(args, r)
		}
		err := s.query(ctx, "sum up elements", `SELECT e.element, count(*), CAST(sum(e.resources) AS BIGINT), CAST(sum(e.items) AS BIGINT), CAST(sum(CASE WHEN e.authoritative > 0 THEN 1 ELSE 0 END) AS BIGINT),
			coalesce(min(CASE WHEN e.authoritative > 0 THEN e.provider END), ''), coalesce(max(CASE WHEN e.authoritative > 0 THEN e.provider END), ''),
			CAST(sum(CASE WHEN e.provider = d.department THEN e.items ELSE 0 END) AS BIGINT), coalesce(max(d.department), '')
			FROM provider_elements AS e LEFT JOIN source_designations AS d ON d.authority = ? AND d.element = e.element AND d.ended_at IS NULL
			WHERE e.region IN `+valuesList(1, len(chunk))+` AND e.items > 0 GROUP BY e.element`, args, func(rows *sql.Rows) error {
			var f collection.ElementFigures
			err := rows.Scan(&f.Element, &f.Departments, &f.Resources, &f.Items, &f.Authoritative, &f.FirstAuthoritative, &f.LastOfThem, &f.OfSource, &f.Department)
			if had := sums[f.Element]; had != nil {
				f.Departments, f.Resources, f.Items = f.Departments+had.Departments, f.Resources+had.Resources, f.Items+had.Items
				f.Authoritative, f.OfSource = f.Authoritative+had.Authoritative, f.OfSource+had.OfSource
				f.FirstAuthoritative, f.LastOfThem = max(had.FirstAuthoritative, f.FirstAuthoritative), max(had.LastOfThem, f.LastOfThem)
			}
			sums[f.Element] = &f
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	out := make([]collection.ElementFigures, 0, len(sums))
	for _, f := range sums {
		out = append(out, *f)
	}
	return out, nil
}

const sourceColumns = "id, authority, region, element, name, department, case_id, designated_at, ended_at"

func (s collectionStore) designations(ctx context.Context, where string, args ...any) ([]catalog.Source, error) {
	var out []catalog.Source
	err := s.query(ctx, "list source designations", "SELECT "+sourceColumns+" FROM source_designations WHERE "+where, args, func(rows *sql.Rows) error {
		var r sourceRow
		err := rows.Scan(&r.ID, &r.Authority, &r.Region, &r.Element, &r.Name, &r.Department, &r.CaseID, &r.DesignatedAt, &r.EndedAt)
		out = append(out, r.source())
		return err
	})
	return out, err
}

func (s collectionStore) DesignatedBy(ctx context.Context, authority string) ([]catalog.Source, error) {
	return s.designations(ctx, "authority = ? AND ended_at IS NULL ORDER BY element", authority)
}

func (s collectionStore) Designations(ctx context.Context, authority, element string) ([]catalog.Source, error) {
	return s.designations(ctx, "authority = ? AND element = ? ORDER BY designated_at DESC, id DESC", authority, element)
}

func (s collectionStore) SourceOf(ctx context.Context, department string) ([]catalog.Source, error) {
	return s.designations(ctx, "department = ? AND ended_at IS NULL ORDER BY element", department)
}

func (s collectionStore) elementProviders(ctx context.Context, where string, args ...any) ([]collection.ElementProvider, error) {
	var out []collection.ElementProvider
	err := s.query(ctx, "list providers of elements", "SELECT element, provider, region, resources, items, authoritative FROM provider_elements WHERE items > 0 AND "+where,
		args, func(rows *sql.Rows) error {
			var x collection.ElementProvider
			err := rows.Scan(&x.Element, &x.Provider, &x.Region, &x.Resources, &x.Items, &x.Authoritative)
			out = append(out, x)
			return err
		})
	return out, err
}

func (s collectionStore) ProvidersOfElement(ctx context.Context, element, region string, limit int) ([]collection.ElementProvider, error) {
	from, to := regionRange(region)
	return s.elementProviders(ctx, "element = ? AND region >= ? AND region < ? ORDER BY region, provider LIMIT ?", element, from, to, limit)
}

func (s collectionStore) ElementsOfProvider(ctx context.Context, department string) ([]collection.ElementProvider, error) {
	return s.elementProviders(ctx, "provider = ? ORDER BY element", department)
}

func (s collectionStore) ItemsOfElementAfter(ctx context.Context, element, region string, after [3]string, limit int) ([]catalog.PublishedItem, error) {
	from, to := regionRange(region)
	return s.found(ctx, "SELECT "+foundColumns+` FROM published_items WHERE element = ? AND element <> '' AND region >= ? AND region < ?
		AND (region, resource, code) > (?, ?, ?) ORDER BY region, resource, code LIMIT ?`,
		[]any{element, from, to, after[0], after[1], after[2], limit})
}
