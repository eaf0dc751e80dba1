package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/org"
)

// orgStore implements org.Store.
type orgStore struct{ *database }

type regionRow struct {
	bun.BaseModel `bun:"table:regions,alias:r"`

	Code   string `bun:"code,pk"`
	Name   string `bun:"name"`
	Parent string `bun:"parent,nullzero"`
	Level  string `bun:"level"`
	Path   string `bun:"path"`
}

func regionRowOf(r org.Region) regionRow {
	return regionRow{Code: r.Code, Name: r.Name, Parent: r.Parent, Level: string(r.Level), Path: r.Path}
}

func (r regionRow) region() (org.Region, error) {
	return org.Region{Code: r.Code, Name: r.Name, Parent: r.Parent, Level: org.Level(r.Level), Path: r.Path}, nil
}

// regionChunk is how many regions one statement takes.
const regionChunk = 1000

func (s orgStore) PutRegions(ctx context.Context, regions []org.Region) error {
	return s.Do(ctx, func(ctx context.Context) error {
		for len(regions) > 0 {
			n := min(regionChunk, len(regions))
			rows := make([]regionRow, 0, n)
			for _, r := range regions[:n] {
				rows = append(rows, regionRowOf(r))
			}
			regions = regions[n:]
			err := s.insert(ctx, "regions", s.w(ctx).NewInsert().Model(&rows).On("CONFLICT (code) DO UPDATE").
				Set("name = EXCLUDED.name, parent = EXCLUDED.parent, level = EXCLUDED.level, path = EXCLUDED.path"))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (s orgStore) Region(ctx context.Context, code string) (org.Region, error) {
	var row regionRow
	if err := s.one(ctx, "region", "行政区划", code, s.r(ctx).NewSelect().Model(&row).Where("code = ?", code)); err != nil {
		return org.Region{}, err
	}
	return row.region()
}

// Children gives the regions directly below parent; "": the root.
func (s orgStore) Children(ctx context.Context, parent string) ([]org.Region, error) {
	var rows []regionRow
	q := s.r(ctx).NewSelect().Model(&rows).Order("code")
	if parent == "" {
		q = q.Where("parent IS NULL")
	} else {
		q = q.Where("parent = ?", parent)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list regions", err)
	}
	return convert(rows, regionRow.region)
}

func (s orgStore) CountRegions(ctx context.Context) (int, error) {
	n, err := s.r(ctx).NewSelect().Model((*regionRow)(nil)).Count(ctx)
	return int(n), s.failed(ctx, "count regions", err)
}

type authorityRow struct {
	bun.BaseModel `bun:"table:authorities,alias:a"`

	Region     string `bun:"region,pk"`
	Department string `bun:"department"`
}

// SetAuthority replaces the region's authority. A department that is another
// region's authority already is the fault "already_exists".
func (s orgStore) SetAuthority(ctx context.Context, region, department string) error {
	return s.insert(ctx, "authority", s.w(ctx).NewInsert().
		Model(&authorityRow{Region: region, Department: department}).
		On("CONFLICT (region) DO UPDATE").Set("department = EXCLUDED.department"))
}

func (s orgStore) AuthorityOf(ctx context.Context, region string) (string, error) {
	row, err := s.authority(ctx, "region", region)
	return row.Department, err
}

func (s orgStore) TerritoryOf(ctx context.Context, department string) (string, error) {
	row, err := s.authority(ctx, "department", department)
	return row.Region, err
}

// authority gives the zero row when there is none: here that is an answer.
func (s orgStore) authority(ctx context.Context, column, value string) (authorityRow, error) {
	var row authorityRow
	err := s.r(ctx).NewSelect().Model(&row).Where("? = ?", bun.Ident(column), value).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return authorityRow{}, nil
	}
	return row, s.failed(ctx, "read authority", err)
}

// bumpGrants changes what GrantsVersion tells, in the transaction of the
// change that the gateways have to notice.
func (d *database) bumpGrants(ctx context.Context) error {
	_, err := d.next(ctx, grantsCounter)
	return err
}

// grantsCounter names the counter of changes to grants, systems, credentials
// and departments.
const grantsCounter = "grants"

// changing runs a change that the gateways have to notice.
func (d *database) changing(ctx context.Context, change func(ctx context.Context) error) error {
	return d.Do(ctx, func(ctx context.Context) error {
		if err := change(ctx); err != nil {
			return err
		}
		return d.bumpGrants(ctx)
	})
}
