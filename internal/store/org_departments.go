package store

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/org"
)

type departmentRow struct {
	bun.BaseModel `bun:"table:departments,alias:d"`

	ID     string `bun:"id,pk"`
	Name   string `bun:"name"`
	USCC   string `bun:"uscc"`
	Region string `bun:"region"`
	Kind   string `bun:"kind"`
	Sector string `bun:"sector"`
	Parent string `bun:"parent,nullzero"`

	// The office is there when it has a filing date. Its people are NULL, not
	// "", while they are not named: they are references.
	OfficeName    *string `bun:"office_name"`
	OfficeHead    string  `bun:"office_head,nullzero"`
	OfficeLeader  string  `bun:"office_leader,nullzero"`
	OfficeManager string  `bun:"office_manager,nullzero"`
	OfficeContact *string `bun:"office_contact"`
	OfficeFiledAt *micros `bun:"office_filed_at"`

	Version   int    `bun:"version"`
	CreatedAt micros `bun:"created_at"`
}

func departmentRowOf(d org.Department) departmentRow {
	row := departmentRow{ID: d.ID, Name: d.Name, USCC: d.USCC, Region: d.Region, Kind: string(d.Kind),
		Sector: d.Sector, Parent: d.Parent, Version: d.Version, CreatedAt: toMicros(d.CreatedAt)}
	if o := d.Office; o != nil {
		row.OfficeName, row.OfficeHead, row.OfficeLeader = &o.Name, o.Head, o.Leader
		row.OfficeManager, row.OfficeContact = o.Manager, &o.Contact
		row.OfficeFiledAt = toMicrosPtr(&o.FiledAt)
	}
	return row
}

func (r departmentRow) department() (org.Department, error) {
	d := org.Department{ID: r.ID, Name: r.Name, USCC: r.USCC, Region: r.Region, Kind: org.DepartmentKind(r.Kind),
		Sector: r.Sector, Parent: r.Parent, Version: r.Version, CreatedAt: r.CreatedAt.Time()}
	if r.OfficeFiledAt != nil {
		d.Office = &org.SharingOffice{Name: *r.OfficeName, Head: r.OfficeHead, Leader: r.OfficeLeader,
			Manager: r.OfficeManager, Contact: *r.OfficeContact, FiledAt: r.OfficeFiledAt.Time()}
	}
	return d, nil
}

func (s orgStore) InsertDepartment(ctx context.Context, d org.Department) error {
	row := departmentRowOf(d)
	return s.insert(ctx, "department", s.w(ctx).NewInsert().Model(&row))
}

func (s orgStore) UpdateDepartment(ctx context.Context, d org.Department) error {
	row := departmentRowOf(d)
	row.Version = d.Version + 1
	return s.changing(ctx, func(ctx context.Context) error {
		return s.swap(ctx, "departments", "部门", d.ID, s.w(ctx).NewUpdate().Model(&row).
			ExcludeColumn("created_at").WherePK().Where("version = ?", d.Version))
	})
}

func (s orgStore) Department(ctx context.Context, id string) (org.Department, error) {
	var row departmentRow
	if err := s.one(ctx, "department", "部门", id, s.r(ctx).NewSelect().Model(&row).Where("id = ?", id)); err != nil {
		return org.Department{}, err
	}
	return row.department()
}

// Departments lists by ID, oldest first.
func (s orgStore) Departments(ctx context.Context, f org.DepartmentFilter) ([]org.Department, error) {
	var rows []departmentRow
	q := s.r(ctx).NewSelect().Model(&rows).Order("d.id").Limit(limitOr(f.Limit))
	if f.RegionPath != "" {
		q = q.Where("d.region IN (?)", s.r(ctx).NewSelect().Model((*regionRow)(nil)).Column("code").
			Where("path >= ? AND path < ?", f.RegionPath, prefixEnd(f.RegionPath)))
	}
	if f.Region != "" {
		q = q.Where("d.region = ?", f.Region)
	}
	if f.Sector != "" {
		q = q.Where("d.sector = ?", f.Sector)
	}
	if f.Text != "" {
		q = q.Where(`lower(d.name) LIKE ? ESCAPE '\'`, likePart(strings.ToLower(f.Text)))
	}
	if f.After != "" {
		q = q.Where("d.id > ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list departments", err)
	}
	return convert(rows, departmentRow.department)
}
