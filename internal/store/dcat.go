package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// DCAT gives the reader of the published catalog for harvesters.
func (s *Store) DCAT() dcat.Source { return dcatStore{s.db} }

// dcatStore implements dcat.Source.
type dcatStore struct{ *database }

// recordRow is a published resource with its version.
type recordRow struct {
	bun.BaseModel `bun:"table:resources,alias:r"`
	resourceRow

	Entry       string  `bun:"entry"`
	PublishedAt *micros `bun:"published_at"`
}

func (s dcatStore) published(ctx context.Context, rows *[]recordRow) *bun.SelectQuery {
	return s.r(ctx).NewSelect().Model(rows).ColumnExpr("r.*").ColumnExpr("v.entry, v.published_at").
		Join("JOIN resource_versions AS v ON v.resource = r.id AND v.number = r.published").
		Where("r.published > 0")
}

func (s dcatStore) Records(ctx context.Context, after string, limit int) ([]dcat.Record, error) {
	var rows []recordRow
	if err := s.published(ctx, &rows).Where("r.id > ?", after).Order("r.id").Limit(limitOr(limit)).Scan(ctx); err != nil {
		return nil, s.fail(ctx, "read the published catalog", err)
	}
	return s.records(ctx, rows)
}

func (s dcatStore) RecordsOf(ctx context.Context, resources []string) ([]dcat.Record, error) {
	if len(resources) == 0 {
		return nil, nil
	}
	var rows []recordRow
	if err := s.published(ctx, &rows).Where("r.id IN (?)", bun.List(resources)).Scan(ctx); err != nil {
		return nil, s.fail(ctx, "read published resources", err)
	}
	return s.records(ctx, rows)
}

// records adds what belongs to the rows, with one read of each kind.
func (s dcatStore) records(ctx context.Context, rows []recordRow) ([]dcat.Record, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	out := make([]dcat.Record, 0, len(rows))
	var ids, providers, regions, codes []string
	for _, r := range rows {
		entry, err := decode[catalog.Entry]("entry", r.Entry)
		if err != nil {
			return nil, err
		}
		rec := dcat.Record{Resource: r.resource(), Entry: entry, Version: r.Published}
		if at := r.PublishedAt.timePtr(); at != nil {
			rec.PublishedAt = *at
		}
		out = append(out, rec)
		ids, providers, regions, codes = append(ids, r.ID), append(providers, r.Provider), append(regions, r.Region), append(codes, entry.Related...)
	}
	departments, err := s.departments(ctx, providers)
	if err != nil {
		return nil, err
	}
	names, err := s.regionNames(ctx, regions)
	if err != nil {
		return nil, err
	}
	issued, err := s.firstIssued(ctx, ids)
	if err != nil {
		return nil, err
	}
	related, err := s.publishedCodes(ctx, codes)
	if err != nil {
		return nil, err
	}
	for i := range out {
		r := &out[i]
		r.Provider, r.RegionName, r.FirstIssued = departments[r.Resource.Provider], names[r.Resource.Region], issued[r.Resource.ID].Time()
		for _, code := range r.Entry.Related {
			if id := related[code]; id != "" && id != r.Resource.ID {
				r.Related = append(r.Related, id)
			}
		}
	}
	return out, nil
}

func (s dcatStore) departments(ctx context.Context, ids []string) (map[string]org.Department, error) {
	var rows []departmentRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, s.fail(ctx, "read providers", err)
	}
	out := make(map[string]org.Department, len(rows))
	for _, r := range rows {
		d, err := r.department()
		if err != nil {
			return nil, err
		}
		out[d.ID] = d
	}
	return out, nil
}

// pairs reads two columns of text.
func (s dcatStore) pairs(ctx context.Context, what string, q *bun.SelectQuery) (map[string]string, error) {
	rows, err := q.Rows(ctx)
	if err != nil {
		return nil, s.fail(ctx, what, err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, s.fail(ctx, what, err)
		}
		out[key] = value
	}
	return out, s.failed(ctx, what, errors.Join(rows.Err(), rows.Close()))
}

func (s dcatStore) regionNames(ctx context.Context, codes []string) (map[string]string, error) {
	return s.pairs(ctx, "read regions", s.r(ctx).NewSelect().Table("regions").Column("code", "name").Where("code IN (?)", bun.List(codes)))
}

// publishedCodes gives the IDs of the published resources with the codes.
func (s dcatStore) publishedCodes(ctx context.Context, codes []string) (map[string]string, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	return s.pairs(ctx, "read related resources", s.r(ctx).NewSelect().Table("resources").Column("code", "id").
		Where("code IN (?)", bun.List(codes)).Where("published > 0"))
}

// firstIssued gives when the first version of each resource was published.
func (s dcatStore) firstIssued(ctx context.Context, ids []string) (map[string]micros, error) {
	var rows []struct {
		Resource string `bun:"resource"`
		First    micros `bun:"first_at"`
	}
	err := s.r(ctx).NewSelect().Table("resource_versions").ColumnExpr("resource, MIN(published_at) AS first_at").
		Where("resource IN (?)", bun.List(ids)).Where("published_at IS NOT NULL").Group("resource").Scan(ctx, &rows)
	if err != nil {
		return nil, s.fail(ctx, "read first publications", err)
	}
	out := make(map[string]micros, len(rows))
	for _, r := range rows {
		out[r.Resource] = r.First
	}
	return out, nil
}

func (s dcatStore) Superseded(ctx context.Context, resources []string) (map[string][]catalog.Entry, error) {
	if len(resources) == 0 {
		return nil, nil
	}
	var rows []struct {
		Resource string `bun:"resource"`
		Entry    string `bun:"entry"`
	}
	err := s.r(ctx).NewSelect().Table("resource_versions").Column("resource", "entry").
		Where("resource IN (?)", bun.List(resources)).Where("published_at IS NOT NULL").Scan(ctx, &rows)
	if err != nil {
		return nil, s.fail(ctx, "read earlier versions", err)
	}
	out := map[string][]catalog.Entry{}
	for _, r := range rows {
		e, err := decode[catalog.Entry]("entry", r.Entry)
		if err != nil {
			return nil, err
		}
		out[r.Resource] = append(out[r.Resource], e)
	}
	return out, nil
}

func (s dcatStore) Operator(ctx context.Context) (org.Department, string, error) {
	var row struct {
		Department string `bun:"department"`
		Name       string `bun:"name"`
	}
	err := s.r(ctx).NewSelect().Table("authorities").ColumnExpr("authorities.department, g.name").
		Join("JOIN regions AS g ON g.code = authorities.region").OrderExpr("length(g.path), g.code").Limit(1).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return org.Department{}, "", fault.New(fault.Unavailable, "no_operator", "本节点尚未登记主管部门")
	}
	if err != nil {
		return org.Department{}, "", s.fail(ctx, "read authorities", err)
	}
	d, err := orgStore(s).Department(ctx, row.Department)
	return d, row.Name, err
}
