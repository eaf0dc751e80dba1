package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/sharing"
)

type holdRow struct {
	bun.BaseModel `bun:"table:grant_holds,alias:h"`

	ID         string  `bun:"id,pk"`
	GrantID    string  `bun:"grant_id"`
	Side       string  `bun:"side"`
	Cause      string  `bun:"cause"`
	CaseID     string  `bun:"case_id"`
	HeldAt     micros  `bun:"held_at"`
	ReleasedAt *micros `bun:"released_at"`
	ReleasedBy string  `bun:"released_by,nullzero"`
}

func holdRowOf(h sharing.Hold) holdRow {
	return holdRow{ID: h.ID, GrantID: h.Grant, Side: h.Side, Cause: string(h.Cause), CaseID: h.Case, HeldAt: toMicros(h.At),
		ReleasedAt: toMicrosPtr(h.ReleasedAt), ReleasedBy: h.ReleasedBy}
}

func (r holdRow) hold() (sharing.Hold, error) {
	return sharing.Hold{ID: r.ID, Grant: r.GrantID, Side: r.Side, Cause: sharing.Cause(r.Cause), Case: r.CaseID, At: r.HeldAt.Time(),
		ReleasedAt: r.ReleasedAt.timePtr(), ReleasedBy: r.ReleasedBy}, nil
}

func (s sharingStore) InsertHold(ctx context.Context, h sharing.Hold) error {
	row := holdRowOf(h)
	return s.insert(ctx, "hold of a grant", s.w(ctx).NewInsert().Model(&row))
}

func (s sharingStore) ReleaseHold(ctx context.Context, h sharing.Hold) error {
	row := holdRowOf(h)
	n, err := s.affected(ctx, "release a hold", s.w(ctx).NewUpdate().Model(&row).Column("released_at", "released_by").
		WherePK().Where("released_at IS NULL"))
	if err == nil && n == 0 {
		err = changedMeanwhile()
	}
	return err
}

func (s sharingStore) Holds(ctx context.Context, grant string) ([]sharing.Hold, error) {
	var rows []holdRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("grant_id = ? AND released_at IS NULL", grant).Order("id").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list holds of a grant", err)
	}
	return convert(rows, holdRow.hold)
}

// DeriveFlags asks the holds in the statement that writes the flags: there is
// no moment between the two.
func (s sharingStore) DeriveFlags(ctx context.Context, g sharing.Grant) (sharing.Grant, error) {
	const held = "? = EXISTS (SELECT 1 FROM grant_holds AS h WHERE h.grant_id = g.id AND h.side = ? AND h.released_at IS NULL)"
	err := s.changing(ctx, func(ctx context.Context) error {
		q := s.w(ctx).NewUpdate().Model((*grantRow)(nil)).Set("version = g.version + 1")
		for _, side := range []string{"consumer", "provider", "authority"} {
			q = q.Set(held, bun.Ident("suspended_"+side), side)
		}
		return s.swap(ctx, "grants", "授权", g.ID, q.Where("g.id = ? AND g.version = ?", g.ID, g.Version))
	})
	if err != nil {
		return sharing.Grant{}, err
	}
	return s.Grant(ctx, g.ID)
}
