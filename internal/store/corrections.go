package store

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/correction"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// correctionStore implements correction.Store.
type correctionStore struct{ *database }

// Corrections gives the store of sealed correction records and of the
// projection of calls.
func (s *Store) Corrections() correction.Store { return correctionStore{s.db} }

type correctionRow struct {
	bun.BaseModel `bun:"table:correction_records,alias:r"`

	ID          string  `bun:"id,pk"`
	CaseID      *string `bun:"case_id"`
	GrantID     string  `bun:"grant_id"`
	Consumer    string  `bun:"consumer"`
	Provider    string  `bun:"provider"`
	Items       string  `bun:"items"`       // JSON list
	Identifiers string  `bun:"identifiers"` // JSON list
	Sealed      []byte  `bun:"sealed"`
	Filed       []byte  `bun:"filed"`
	CreatedAt   micros  `bun:"created_at"`
}

func (s correctionStore) InsertRecord(ctx context.Context, r correction.Record) error {
	row := correctionRow{ID: r.ID, GrantID: r.Grant, Consumer: r.Consumer, Provider: r.Provider,
		Sealed: r.Sealed, Filed: r.Filed, CreatedAt: toMicros(r.CreatedAt)}
	if r.Case != "" {
		row.CaseID = &r.Case
	}
	var errs [2]error
	row.Items, errs[0] = encode("items", listOf(r.Items))
	row.Identifiers, errs[1] = encode("identifiers", listOf(r.Identifiers))
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	return s.insert(ctx, "correction record", s.w(ctx).NewInsert().Model(&row))
}

// listOf is the list, [] for none.
func listOf(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func (r correctionRow) record() (correction.Record, error) {
	out := correction.Record{ID: r.ID, Grant: r.GrantID, Consumer: r.Consumer, Provider: r.Provider,
		Sealed: r.Sealed, Filed: r.Filed, CreatedAt: r.CreatedAt.Time()}
	if r.CaseID != nil {
		out.Case = *r.CaseID
	}
	var errs [2]error
	out.Items, errs[0] = decode[[]string]("items", r.Items)
	out.Identifiers, errs[1] = decode[[]string]("identifiers", r.Identifiers)
	return out, errors.Join(errs[:]...)
}

func (s correctionStore) Record(ctx context.Context, id string) (correction.Record, error) {
	return s.record(ctx, "id", id)
}

func (s correctionStore) RecordOfCase(ctx context.Context, caseID string) (correction.Record, error) {
	return s.record(ctx, "case_id", caseID)
}

func (s correctionStore) record(ctx context.Context, column, value string) (correction.Record, error) {
	var row correctionRow
	q := s.r(ctx).NewSelect().Model(&row).Where("? = ?", bun.Ident(column), value)
	if err := s.one(ctx, "correction record", "校核记录", value, q); err != nil {
		return correction.Record{}, err
	}
	return row.record()
}

func (s correctionStore) BindRecord(ctx context.Context, id, caseID string) error {
	return s.swap(ctx, "correction_records", "校核记录", id, s.w(ctx).NewUpdate().Model((*correctionRow)(nil)).
		Set("case_id = ?", caseID).Where("id = ? AND case_id IS NULL", id))
}

func (s correctionStore) FileValues(ctx context.Context, id string, sealed []byte) error {
	n, err := s.affected(ctx, "file values", s.w(ctx).NewUpdate().Model((*correctionRow)(nil)).
		Set("filed = ?", sealed).Where("id = ?", id))
	if err == nil && n == 0 {
		err = fault.Missing("校核记录", id)
	}
	return err
}

// accessProjection names the projection in the table of positions.
const accessProjection = "record_accesses"

func (s correctionStore) NextIndex(ctx context.Context) (uint64, error) {
	var n int64
	err := s.r(ctx).NewRaw("SELECT next_index FROM projections WHERE name = ?", accessProjection).Scan(ctx, &n)
	return uint64(n), s.failed(ctx, "read the projection's place", err)
}

// Advance moves the place first: the row is the lock that others wait at.
func (s correctionStore) Advance(ctx context.Context, from, to uint64, seen []correction.Access) (bool, error) {
	moved := false
	err := s.Do(ctx, func(ctx context.Context) error {
		res, err := s.exec(ctx, "move the projection", "UPDATE projections SET next_index = ? WHERE name = ? AND next_index = ?",
			int64(to), accessProjection, int64(from))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil || n == 0 {
			return s.failed(ctx, "move the projection", err)
		}
		moved = true
		return s.addAccesses(ctx, seen)
	})
	return moved && err == nil, err
}

func (s correctionStore) addAccesses(ctx context.Context, seen []correction.Access) error {
	const chunk = 500
	for len(seen) > 0 {
		n := min(chunk, len(seen))
		args := make([]any, 0, 8*n)
		for _, a := range seen[:n] {
			args = append(args, a.Resource, a.Identifier, a.Grant, a.Consumer, int64(a.Calls), a.Entry, int64(a.Index), int64(toMicros(a.At)))
		}
		seen = seen[n:]
		_, err := s.exec(ctx, "add accesses", `INSERT INTO record_accesses
			(resource, identifier, grant_id, consumer, calls, last_entry, last_index, last_at) VALUES `+valuesList(n, 8)+`
			ON CONFLICT (resource, identifier, grant_id, consumer) DO UPDATE SET calls = record_accesses.calls + EXCLUDED.calls,
			last_entry = EXCLUDED.last_entry, last_index = EXCLUDED.last_index, last_at = EXCLUDED.last_at`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

type accessRow struct {
	bun.BaseModel `bun:"table:record_accesses,alias:a"`

	Resource   string `bun:"resource,pk"`
	Identifier string `bun:"identifier,pk"`
	GrantID    string `bun:"grant_id,pk"`
	Consumer   string `bun:"consumer,pk"`
	Calls      int    `bun:"calls"`
	LastEntry  string `bun:"last_entry"`
	LastIndex  int64  `bun:"last_index"`
	LastAt     micros `bun:"last_at"`
}

func (r accessRow) access() (correction.Access, error) {
	return correction.Access{Resource: r.Resource, Identifier: r.Identifier, Grant: r.GrantID, Consumer: r.Consumer,
		Calls: r.Calls, Entry: r.LastEntry, Index: uint64(r.LastIndex), At: r.LastAt.Time()}, nil
}

func (s correctionStore) Accesses(ctx context.Context, resource string, identifiers []string) ([]correction.Access, error) {
	if len(identifiers) == 0 {
		return nil, nil
	}
	var rows []accessRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("resource = ? AND identifier IN (?)", resource, bun.List(identifiers)).
		Order("identifier", "grant_id", "consumer").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list accesses", err)
	}
	return convert(rows, accessRow.access)
}

func (s correctionStore) AllAccesses(ctx context.Context, after correction.Access, n int) ([]correction.Access, error) {
	var rows []accessRow
	err := s.r(ctx).NewSelect().Model(&rows).
		Where("(resource, identifier, grant_id, consumer) > (?, ?, ?, ?)", after.Resource, after.Identifier, after.Grant, after.Consumer).
		Order("resource", "identifier", "grant_id", "consumer").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list accesses", err)
	}
	return convert(rows, accessRow.access)
}
