package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// sharingStore implements sharing.Store.
type sharingStore struct{ *database }

type grantRow struct {
	bun.BaseModel `bun:"table:grants,alias:g"`

	ID                 string  `bun:"id,pk"`
	CaseID             string  `bun:"case_id"`
	Resource           string  `bun:"resource"`
	ResourceVersion    int     `bun:"resource_version"`
	Consumer           string  `bun:"consumer"`
	Provider           string  `bun:"provider"`
	Systems            string  `bun:"systems"`     // JSON list
	Items              string  `bun:"items"`       // JSON list
	ClearItems         string  `bun:"clear_items"` // JSON list
	RowScope           string  `bun:"row_scope"`   // JSON list of conditions
	Purpose            string  `bun:"purpose"`
	MorePurposes       string  `bun:"more_purposes"` // JSON list
	Scenario           string  `bun:"scenario"`
	Mode               string  `bun:"mode"`
	Method             string  `bun:"method"`
	NotBefore          micros  `bun:"not_before"`
	NotAfter           micros  `bun:"not_after"`
	RatePerSecond      int     `bun:"rate_per_second"`
	DailyCalls         int     `bun:"daily_calls"`
	SuspendedConsumer  bool    `bun:"suspended_consumer"`
	SuspendedProvider  bool    `bun:"suspended_provider"`
	SuspendedAuthority bool    `bun:"suspended_authority"`
	TerminatedAt       *micros `bun:"terminated_at"`
	DeliveredAt        *micros `bun:"delivered_at"`
	DisposedAt         *micros `bun:"disposed_at"`
	Version            int     `bun:"version"`
	CreatedAt          micros  `bun:"created_at"`
}

func grantRowOf(g sharing.Grant) (grantRow, error) {
	row := grantRow{ID: g.ID, CaseID: g.Case, Resource: g.Resource, ResourceVersion: g.ResourceVersion,
		Consumer: g.Consumer, Provider: g.Provider, Purpose: g.Purpose, Scenario: g.Scenario, Mode: string(g.Mode),
		Method: string(g.Method), NotBefore: toMicros(g.NotBefore), NotAfter: toMicros(g.NotAfter),
		RatePerSecond: g.RatePerSecond, DailyCalls: g.DailyCalls, SuspendedConsumer: g.SuspendedConsumer,
		SuspendedProvider: g.SuspendedProvider, SuspendedAuthority: g.SuspendedAuthority,
		TerminatedAt: toMicrosPtr(g.TerminatedAt), DeliveredAt: toMicrosPtr(g.DeliveredAt), DisposedAt: toMicrosPtr(g.DisposedAt),
		Version: g.Version, CreatedAt: toMicros(g.CreatedAt)}
	var errs [5]error
	row.Systems, errs[0] = encode("systems", g.Systems)
	row.Items, errs[1] = encode("items", g.Items)
	row.ClearItems, errs[2] = encode("clear items", g.Clear)
	row.RowScope, errs[3] = encode("row scope", g.Rows)
	row.MorePurposes, errs[4] = encode("more purposes", g.MorePurposes)
	return row, errors.Join(errs[:]...)
}

func (r grantRow) grant() (sharing.Grant, error) {
	g := sharing.Grant{ID: r.ID, Case: r.CaseID, Resource: r.Resource, ResourceVersion: r.ResourceVersion,
		Consumer: r.Consumer, Provider: r.Provider, Purpose: r.Purpose, Scenario: r.Scenario, Mode: sharing.Mode(r.Mode),
		Method: catalog.Method(r.Method), NotBefore: r.NotBefore.Time(), NotAfter: r.NotAfter.Time(),
		RatePerSecond: r.RatePerSecond, DailyCalls: r.DailyCalls, SuspendedConsumer: r.SuspendedConsumer,
		SuspendedProvider: r.SuspendedProvider, SuspendedAuthority: r.SuspendedAuthority,
		TerminatedAt: r.TerminatedAt.timePtr(), DeliveredAt: r.DeliveredAt.timePtr(), DisposedAt: r.DisposedAt.timePtr(),
		Version: r.Version, CreatedAt: r.CreatedAt.Time()}
	var errs [5]error
	g.Systems, errs[0] = decode[[]string]("systems", r.Systems)
	g.Items, errs[1] = decode[[]string]("items", r.Items)
	g.Clear, errs[2] = decode[[]string]("clear items", r.ClearItems)
	g.Rows, errs[3] = decode[[]catalog.Condition]("row scope", r.RowScope)
	g.MorePurposes, errs[4] = decode[[]string]("more purposes", r.MorePurposes)
	return g, errors.Join(errs[:]...)
}

func (s sharingStore) InsertGrant(ctx context.Context, g sharing.Grant) error {
	row, err := grantRowOf(g)
	if err != nil {
		return err
	}
	return s.changing(ctx, func(ctx context.Context) error {
		return s.insert(ctx, "grant", s.w(ctx).NewInsert().Model(&row))
	})
}

func (s sharingStore) UpdateGrant(ctx context.Context, g sharing.Grant) error {
	row, err := grantRowOf(g)
	if err != nil {
		return err
	}
	row.Version = g.Version + 1
	return s.changing(ctx, func(ctx context.Context) error {
		return s.swap(ctx, "grants", "授权", g.ID, s.w(ctx).NewUpdate().Model(&row).
			ExcludeColumn("created_at", "suspended_consumer", "suspended_provider", "suspended_authority").WherePK().Where("version = ?", g.Version))
	})
}

func (s sharingStore) Grant(ctx context.Context, id string) (sharing.Grant, error) {
	return s.grant(ctx, "id", id)
}

func (s sharingStore) GrantOfCase(ctx context.Context, caseID string) (sharing.Grant, error) {
	return s.grant(ctx, "case_id", caseID)
}

func (s sharingStore) grant(ctx context.Context, column, value string) (sharing.Grant, error) {
	var row grantRow
	q := s.r(ctx).NewSelect().Model(&row).Where("? = ?", bun.Ident(column), value)
	if err := s.one(ctx, "grant", "授权", value, q); err != nil {
		return sharing.Grant{}, err
	}
	return row.grant()
}

// Grants lists the newest first.
func (s sharingStore) Grants(ctx context.Context, f sharing.GrantFilter) ([]sharing.Grant, error) {
	var rows []grantRow
	q := s.r(ctx).NewSelect().Model(&rows).OrderExpr("g.id DESC").Limit(limitOr(f.Limit))
	switch {
	case f.Consumer != "" && f.Provider != "":
		q = q.Where("(g.consumer = ? OR g.provider = ?)", f.Consumer, f.Provider)
	case f.Consumer != "":
		q = q.Where("g.consumer = ?", f.Consumer)
	case f.Provider != "":
		q = q.Where("g.provider = ?", f.Provider)
	}
	if f.Resource != "" {
		q = q.Where("g.resource = ?", f.Resource)
	}
	if f.After != "" {
		q = q.Where("g.id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list grants", err)
	}
	return convert(rows, grantRow.grant)
}

func (s sharingStore) GrantsVersion(ctx context.Context) (int64, error) {
	var n int64
	err := s.r(ctx).NewRaw("SELECT value FROM counters WHERE name = ?", grantsCounter).Scan(ctx, &n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil // nothing was ever changed
	}
	return n, s.failed(ctx, "read the version of grants", err)
}
