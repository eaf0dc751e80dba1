package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/sharing"
)

type grantChangeRow struct {
	bun.BaseModel `bun:"table:grant_changes,alias:gc"`

	ID         string `bun:"id,pk"`
	GrantID    string `bun:"grant_id"`
	Version    int    `bun:"version"`
	CaseID     string `bun:"case_id"`
	ActID      string `bun:"act_id"`
	Kind       string `bun:"kind"`
	Clause     string `bun:"clause"`
	Department string `bun:"department,nullzero"`
	Changed    string `bun:"changed"` // JSON: property → from, to
	At         micros `bun:"at"`
}

func (r grantChangeRow) change() (sharing.GrantChange, error) {
	c := sharing.GrantChange{ID: r.ID, Grant: r.GrantID, Version: r.Version, Case: r.CaseID, Act: r.ActID,
		Kind: sharing.ChangeKind(r.Kind), Clause: r.Clause, Department: r.Department, At: r.At.Time()}
	var err error
	c.Changed, err = decode[map[string]sharing.Delta]("what changed", r.Changed)
	return c, err
}

func (s sharingStore) InsertGrantChange(ctx context.Context, c sharing.GrantChange) error {
	row := grantChangeRow{ID: c.ID, GrantID: c.Grant, Version: c.Version, CaseID: c.Case, ActID: c.Act, Kind: string(c.Kind),
		Clause: c.Clause, Department: c.Department, At: toMicros(c.At)}
	var err error
	if row.Changed, err = encode("what changed", c.Changed); err != nil {
		return err
	}
	return s.insert(ctx, "change of a grant", s.w(ctx).NewInsert().Model(&row))
}

// GrantChanges lists the first first.
func (s sharingStore) GrantChanges(ctx context.Context, grant string) ([]sharing.GrantChange, error) {
	var rows []grantChangeRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("grant_id = ?", grant).Order("version").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list changes of a grant", err)
	}
	return convert(rows, grantChangeRow.change)
}

type thirdPartyRow struct {
	bun.BaseModel `bun:"table:third_party_consents,alias:tp"`

	ID      string `bun:"id,pk"`
	GrantID string `bun:"grant_id"`
	CaseID  string `bun:"case_id"`
	Name    string `bun:"name"`
	USCC    string `bun:"uscc"`
	Items   string `bun:"items"` // JSON list
	Use     string `bun:"purpose"`
	Until   micros `bun:"until"`
	At      micros `bun:"at"`
}

func (r thirdPartyRow) consent() (sharing.ThirdParty, error) {
	t := sharing.ThirdParty{ID: r.ID, Grant: r.GrantID, Case: r.CaseID, Name: r.Name, USCC: r.USCC, Use: r.Use,
		Until: r.Until.Time(), At: r.At.Time()}
	var err error
	t.Items, err = decode[[]string]("items", r.Items)
	return t, err
}

func (s sharingStore) InsertThirdParty(ctx context.Context, t sharing.ThirdParty) error {
	row := thirdPartyRow{ID: t.ID, GrantID: t.Grant, CaseID: t.Case, Name: t.Name, USCC: t.USCC, Use: t.Use,
		Until: toMicros(t.Until), At: toMicros(t.At)}
	var err error
	if row.Items, err = encode("items", t.Items); err != nil {
		return err
	}
	return s.insert(ctx, "third-party consent", s.w(ctx).NewInsert().Model(&row))
}

// ThirdParties lists the first first.
func (s sharingStore) ThirdParties(ctx context.Context, grant string) ([]sharing.ThirdParty, error) {
	var rows []thirdPartyRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("grant_id = ?", grant).Order("id").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list third-party consents", err)
	}
	return convert(rows, thirdPartyRow.consent)
}
