package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

type systemRow struct {
	bun.BaseModel `bun:"table:systems,alias:s"`

	ID         string  `bun:"id,pk"`
	Department string  `bun:"department"`
	Name       string  `bun:"name"`
	MLPSLevel  *int    `bun:"mlps_level"`
	MLPSReport *string `bun:"mlps_report"`
	MLPSBy     *string `bun:"mlps_by"`
	MLPSUntil  *micros `bun:"mlps_until"` // there is an assessment when this is set
	DisabledAt *micros `bun:"disabled_at"`
	Version    int     `bun:"version"`
	CreatedAt  micros  `bun:"created_at"`
}

func systemRowOf(s org.System) systemRow {
	row := systemRow{ID: s.ID, Department: s.Department, Name: s.Name, DisabledAt: toMicrosPtr(s.DisabledAt),
		Version: s.Version, CreatedAt: toMicros(s.CreatedAt)}
	if m := s.MLPS; m != nil {
		row.MLPSLevel, row.MLPSReport, row.MLPSBy = &m.Level, &m.ReportNo, &m.AssessedBy
		row.MLPSUntil = toMicrosPtr(&m.ValidUntil)
	}
	return row
}

func (r systemRow) system() (org.System, error) {
	s := org.System{ID: r.ID, Department: r.Department, Name: r.Name, DisabledAt: r.DisabledAt.timePtr(),
		Version: r.Version, CreatedAt: r.CreatedAt.Time()}
	if r.MLPSUntil != nil {
		s.MLPS = &org.MLPS{Level: *r.MLPSLevel, ReportNo: *r.MLPSReport, AssessedBy: *r.MLPSBy, ValidUntil: r.MLPSUntil.Time()}
	}
	return s, nil
}

// InsertSystem keeps the system without its credentials.
func (s orgStore) InsertSystem(ctx context.Context, x org.System) error {
	row := systemRowOf(x)
	return s.changing(ctx, func(ctx context.Context) error {
		return s.insert(ctx, "system", s.w(ctx).NewInsert().Model(&row))
	})
}

func (s orgStore) UpdateSystem(ctx context.Context, x org.System) error {
	row := systemRowOf(x)
	row.Version = x.Version + 1
	return s.changing(ctx, func(ctx context.Context) error {
		return s.swap(ctx, "systems", "信息系统", x.ID, s.w(ctx).NewUpdate().Model(&row).
			ExcludeColumn("created_at").WherePK().Where("version = ?", x.Version))
	})
}

func (s orgStore) System(ctx context.Context, id string) (org.System, error) {
	var row systemRow
	q := s.r(ctx).NewSelect().Model(&row).Where("id = ?", id)
	if err := s.one(ctx, "system", "信息系统", id, q); err != nil {
		return org.System{}, err
	}
	out, err := s.withCredentials(ctx, []systemRow{row})
	if err != nil {
		return org.System{}, err
	}
	return out[0], nil
}

// Systems lists all of a department with their credentials, oldest first.
func (s orgStore) Systems(ctx context.Context, department string) ([]org.System, error) {
	var rows []systemRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("department = ?", department).Order("id").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list systems", err)
	}
	return s.withCredentials(ctx, rows)
}

// withCredentials reads the credentials of several systems at once.
func (s orgStore) withCredentials(ctx context.Context, rows []systemRow) ([]org.System, error) {
	systems, err := convert(rows, systemRow.system)
	if err != nil || len(systems) == 0 {
		return systems, err
	}
	at := make(map[string]int, len(systems))
	ids := make([]string, len(systems))
	for i, x := range systems {
		at[x.ID], ids[i] = i, x.ID
	}
	var creds []credentialRow
	if err := s.r(ctx).NewSelect().Model(&creds).Where("system IN (?)", bun.List(ids)).Order("id").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list credentials", err)
	}
	for _, c := range creds {
		i := at[c.System]
		systems[i].Credentials = append(systems[i].Credentials, c.credential())
	}
	return systems, nil
}

type credentialRow struct {
	bun.BaseModel `bun:"table:credentials,alias:c"`

	ID        string  `bun:"id,pk"`
	System    string  `bun:"system"`
	Kind      string  `bun:"kind"`
	Value     string  `bun:"value"`
	Thumb     string  `bun:"thumb"`
	NotAfter  micros  `bun:"not_after"`
	RevokedAt *micros `bun:"revoked_at"`
	CreatedAt micros  `bun:"created_at"`
}

func (r credentialRow) credential() org.Credential {
	return org.Credential{ID: r.ID, System: r.System, Kind: org.CredentialKind(r.Kind), Value: r.Value, Thumb: r.Thumb,
		NotAfter: r.NotAfter.Time(), RevokedAt: r.RevokedAt.timePtr(), CreatedAt: r.CreatedAt.Time()}
}

func (s orgStore) InsertCredential(ctx context.Context, c org.Credential) error {
	row := credentialRow{ID: c.ID, System: c.System, Kind: string(c.Kind), Value: c.Value, Thumb: c.Thumb,
		NotAfter: toMicros(c.NotAfter), RevokedAt: toMicrosPtr(c.RevokedAt), CreatedAt: toMicros(c.CreatedAt)}
	return s.changing(ctx, func(ctx context.Context) error {
		return s.insert(ctx, "credential", s.w(ctx).NewInsert().Model(&row))
	})
}

// RevokeCredential revokes once: the time of the first revocation stays.
func (s orgStore) RevokeCredential(ctx context.Context, id string, at time.Time) error {
	return s.changing(ctx, func(ctx context.Context) error {
		n, err := s.affected(ctx, "revoke credential", s.w(ctx).NewUpdate().Model((*credentialRow)(nil)).
			Set("revoked_at = coalesce(revoked_at, ?)", toMicros(at)).Where("id = ?", id))
		if err == nil && n == 0 {
			err = fault.Missing("系统凭证", id)
		}
		return err
	})
}

func (s orgStore) CredentialByThumb(ctx context.Context, thumb string) (org.Credential, error) {
	var row credentialRow
	q := s.r(ctx).NewSelect().Model(&row).Where("thumb = ?", thumb)
	if err := s.one(ctx, "credential", "系统凭证", thumb, q); err != nil {
		return org.Credential{}, err
	}
	return row.credential(), nil
}
