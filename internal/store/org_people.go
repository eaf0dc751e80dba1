package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/org"
)

type personRow struct {
	bun.BaseModel `bun:"table:persons,alias:p"`

	ID         string `bun:"id,pk"`
	Department string `bun:"department"`
	Name       string `bun:"name"`
	Username   string `bun:"username"`
	Roles      string `bun:"roles"` // JSON list
	Disabled   bool   `bun:"disabled"`
	Version    int    `bun:"version"`
	CreatedAt  micros `bun:"created_at"`
}

func personRowOf(p org.Person) (personRow, error) {
	roles, err := encode("roles", p.Roles)
	return personRow{ID: p.ID, Department: p.Department, Name: p.Name, Username: p.Username, Roles: roles,
		Disabled: p.Disabled, Version: p.Version, CreatedAt: toMicros(p.CreatedAt)}, err
}

func (r personRow) person() (org.Person, error) {
	roles, err := decode[[]org.Role]("roles", r.Roles)
	return org.Person{ID: r.ID, Department: r.Department, Name: r.Name, Username: r.Username, Roles: roles,
		Disabled: r.Disabled, Version: r.Version, CreatedAt: r.CreatedAt.Time()}, err
}

func (s orgStore) InsertPerson(ctx context.Context, p org.Person) error {
	row, err := personRowOf(p)
	if err != nil {
		return err
	}
	return s.insert(ctx, "person", s.w(ctx).NewInsert().Model(&row))
}

func (s orgStore) UpdatePerson(ctx context.Context, p org.Person) error {
	row, err := personRowOf(p)
	if err != nil {
		return err
	}
	row.Version = p.Version + 1
	return s.swap(ctx, "persons", "人员", p.ID, s.w(ctx).NewUpdate().Model(&row).
		ExcludeColumn("created_at").WherePK().Where("version = ?", p.Version))
}

func (s orgStore) Person(ctx context.Context, id string) (org.Person, error) {
	return s.person(ctx, "id", id)
}

func (s orgStore) PersonByUsername(ctx context.Context, username string) (org.Person, error) {
	return s.person(ctx, "username", username)
}

func (s orgStore) person(ctx context.Context, column, value string) (org.Person, error) {
	var row personRow
	q := s.r(ctx).NewSelect().Model(&row).Where("? = ?", bun.Ident(column), value)
	if err := s.one(ctx, "person", "人员", value, q); err != nil {
		return org.Person{}, err
	}
	return row.person()
}

// People lists all of a department, oldest first.
func (s orgStore) People(ctx context.Context, department string) ([]org.Person, error) {
	var rows []personRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("department = ?", department).Order("id").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list people", err)
	}
	return convert(rows, personRow.person)
}

type secretsRow struct {
	bun.BaseModel `bun:"table:person_secrets,alias:x"`

	Person       string  `bun:"person,pk"`
	PasswordHash string  `bun:"password_hash"`
	TOTPSecret   []byte  `bun:"totp_secret,nullzero"`
	TOTPLast     int64   `bun:"totp_last"`
	Failures     int     `bun:"failures"`
	LockedUntil  *micros `bun:"locked_until"`
}

func (s orgStore) Secrets(ctx context.Context, person string) (org.Secrets, error) {
	var row secretsRow
	q := s.r(ctx).NewSelect().Model(&row).Where("person = ?", person)
	if err := s.one(ctx, "secrets", "登录凭据", person, q); err != nil {
		return org.Secrets{}, err
	}
	return org.Secrets{Person: row.Person, PasswordHash: row.PasswordHash, TOTPSecret: row.TOTPSecret,
		TOTPLast: row.TOTPLast, Failures: row.Failures, LockedUntil: row.LockedUntil.timePtr()}, nil
}

func (s orgStore) PutSecrets(ctx context.Context, x org.Secrets) error {
	row := secretsRow{Person: x.Person, PasswordHash: x.PasswordHash, TOTPSecret: x.TOTPSecret,
		TOTPLast: x.TOTPLast, Failures: x.Failures, LockedUntil: toMicrosPtr(x.LockedUntil)}
	return s.insert(ctx, "secrets", s.w(ctx).NewInsert().Model(&row).On("CONFLICT (person) DO UPDATE").
		Set("password_hash = EXCLUDED.password_hash, totp_secret = EXCLUDED.totp_secret, totp_last = EXCLUDED.totp_last").
		Set("failures = EXCLUDED.failures, locked_until = EXCLUDED.locked_until"))
}
