package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/sheet"
)

// importStore implements sheet.Store.
type importStore struct{ *database }

// Imports gives the store of imports.
func (s *Store) Imports() sheet.Store { return importStore{s.db} }

// importShelf implements sheet.Shelf.
type importShelf struct{ catalogStore }

// ImportShelf gives what imports read of the catalog.
func (s *Store) ImportShelf() sheet.Shelf { return importShelf{catalogStore{s.db}} }

func (s importShelf) ResourceNamed(ctx context.Context, department, name string) (string, error) {
	var id string
	err := s.r(ctx).NewSelect().Table("resource_names").Column("resource").Where("provider = ? AND name = ?", department, name).Scan(ctx, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, s.failed(ctx, "find a resource by its name", err)
}

type importRow struct {
	bun.BaseModel `bun:"table:imports,alias:i"`

	ID         string `bun:"id,pk"`
	Department string `bun:"department"`
	State      string `bun:"state"`
	CreatedAt  micros `bun:"created_at"`
	LeaseUntil micros `bun:"lease_until"`
	Attempts   int    `bun:"attempts"`
	RowsDone   int    `bun:"rows_done"`
	RowsTotal  int    `bun:"rows_total"`
	Kept       bool   `bun:"kept"`
	Revision   int    `bun:"revision"`
	Body       string `bun:"body"`
}

func importRowOf(x sheet.Import) (importRow, error) {
	body, err := encode("import", x)
	return importRow{ID: x.ID, Department: x.Department, State: string(x.State), CreatedAt: toMicros(x.CreatedAt), Attempts: x.Attempts,
		RowsDone: x.RowsDone, RowsTotal: x.RowsTotal, Kept: true, Revision: x.Revision, Body: body}, err
}

// value reads a row; what workers change beside the body prevails.
func (r importRow) value() (sheet.Import, error) {
	x, err := decode[sheet.Import]("import", r.Body)
	x.State, x.Attempts, x.RowsDone, x.RowsTotal, x.Revision = sheet.State(r.State), r.Attempts, r.RowsDone, r.RowsTotal, r.Revision
	return x, err
}

func (s importStore) InsertImport(ctx context.Context, x sheet.Import) error {
	row, err := importRowOf(x)
	if err != nil {
		return err
	}
	return s.insert(ctx, "import", s.w(ctx).NewInsert().Model(&row))
}

func (s importStore) Import(ctx context.Context, id string) (sheet.Import, error) {
	var row importRow
	if err := s.one(ctx, "import", "导入", id, s.r(ctx).NewSelect().Model(&row).Where("i.id = ?", id)); err != nil {
		return sheet.Import{}, err
	}
	return row.value()
}

func (s importStore) UpdateImport(ctx context.Context, x sheet.Import) error {
	row, err := importRowOf(x)
	if err != nil {
		return err
	}
	row.Revision = x.Revision + 1
	return s.swap(ctx, "imports", "导入", x.ID, s.w(ctx).NewUpdate().Model(&row).
		ExcludeColumn("department", "created_at", "kept").WherePK().Where("revision = ?", x.Revision))
}

func (s importStore) Imports(ctx context.Context, department string, limit int, after string) ([]sheet.Import, error) {
	var rows []importRow
	q := s.r(ctx).NewSelect().Model(&rows).Where("i.department = ?", department).Order("i.id DESC").Limit(limitOr(limit))
	if after != "" {
		q = q.Where("i.id < ?", after)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list imports", err)
	}
	return convert(rows, importRow.value)
}

func (s importStore) ClaimImport(ctx context.Context, now time.Time, lease time.Duration) (sheet.Import, bool, error) {
	var rows []importRow
	err := s.r(ctx).NewSelect().Model(&rows).
		Where("i.state IN ('waiting', 'checking', 'queued', 'committing') AND i.lease_until <= ?", toMicros(now)).Order("i.id").Limit(1).Scan(ctx)
	if err != nil {
		return sheet.Import{}, false, s.fail(ctx, "find an import", err)
	}
	if len(rows) == 0 {
		return sheet.Import{}, false, nil
	}
	row := rows[0]
	state := string(sheet.Checking)
	if row.State == string(sheet.Queued) || row.State == string(sheet.Committing) {
		state = string(sheet.Committing)
	}
	// Of two replicas one finds the revision as it was; a worker that was given up
	// for dead finds another than its own.
	n, err := s.affected(ctx, "claim an import", s.w(ctx).NewUpdate().Model((*importRow)(nil)).
		Set("state = ?, lease_until = ?, attempts = attempts + 1, revision = revision + 1", state, toMicros(now.Add(lease))).
		Where("id = ? AND revision = ? AND lease_until = ?", row.ID, row.Revision, row.LeaseUntil))
	if err != nil || n == 0 {
		return sheet.Import{}, false, err
	}
	row.State, row.Attempts, row.Revision = state, row.Attempts+1, row.Revision+1
	x, err := row.value()
	return x, err == nil, err
}

func (s importStore) NoteProgress(ctx context.Context, x sheet.Import, until time.Time) (bool, error) {
	n, err := s.affected(ctx, "note an import's progress", s.w(ctx).NewUpdate().Model((*importRow)(nil)).
		Set("rows_done = ?, rows_total = ?, lease_until = ?", x.RowsDone, x.RowsTotal, toMicros(until)).
		Where("id = ? AND revision = ?", x.ID, x.Revision))
	return n == 1, err
}

type importBlobRow struct {
	bun.BaseModel `bun:"table:import_blobs,alias:b"`

	Import string `bun:"import,pk"`
	Blob   string `bun:"blob,pk"`
	Seq    int    `bun:"seq,pk"`
	Data   []byte `bun:"data"`
}

func (s importStore) AppendBlob(ctx context.Context, id string, b sheet.Blob, seq int, data []byte) error {
	return s.insert(ctx, "a piece of a file", s.w(ctx).NewInsert().Model(&importBlobRow{Import: id, Blob: string(b), Seq: seq, Data: data}))
}

func (s importStore) BlobChunk(ctx context.Context, id string, b sheet.Blob, seq int) ([]byte, error) {
	var row importBlobRow
	err := s.r(ctx).NewSelect().Model(&row).Where("b.import = ? AND b.blob = ? AND b.seq = ?", id, string(b), seq).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return row.Data, s.failed(ctx, "read a piece of a file", err)
}

func (s importStore) DropBlob(ctx context.Context, id string, b sheet.Blob) error {
	_, err := s.affected(ctx, "drop a file", s.w(ctx).NewDelete().Model((*importBlobRow)(nil)).Where("import = ? AND blob = ?", id, string(b)))
	return err
}

type plannedRow struct {
	bun.BaseModel `bun:"table:import_rows,alias:p"`

	Import  string  `bun:"import,pk"`
	Seq     int     `bun:"seq,pk"`
	Outcome string  `bun:"outcome"`
	Done    bool    `bun:"done"`
	Body    string  `bun:"body"`
	Entry   *string `bun:"entry"`
}

func plannedRowOf(id string, x sheet.Planned) (plannedRow, error) {
	row := plannedRow{Import: id, Seq: x.Seq, Outcome: string(x.Outcome), Done: x.Done}
	if x.Entry != nil {
		text, err := encode("entry", x.Entry)
		if err != nil {
			return row, err
		}
		row.Entry = &text
	}
	x.Entry = nil
	var err error
	row.Body, err = encode("planned", x)
	return row, err
}

func (r plannedRow) value() (sheet.Planned, error) {
	x, err := decode[sheet.Planned]("planned", r.Body)
	if err == nil && r.Entry != nil {
		var e catalog.Entry
		e, err = decode[catalog.Entry]("entry", *r.Entry)
		x.Entry = &e
	}
	x.Outcome, x.Done = sheet.Outcome(r.Outcome), r.Done
	return x, err
}

func (s importStore) InsertPlanned(ctx context.Context, id string, rows []sheet.Planned) error {
	out, err := convert(rows, func(x sheet.Planned) (plannedRow, error) { return plannedRowOf(id, x) })
	if err != nil || len(out) == 0 {
		return err
	}
	return s.insert(ctx, "rows of an import", s.w(ctx).NewInsert().Model(&out))
}

func (s importStore) Planned(ctx context.Context, id string, o sheet.Outcome, after, limit int, entries bool) ([]sheet.Planned, error) {
	var rows []plannedRow
	q := s.r(ctx).NewSelect().Model(&rows).Where("p.import = ? AND p.seq > ?", id, after).Order("p.seq").Limit(limitOr(limit))
	if o != "" {
		q = q.Where("p.outcome = ?", string(o))
	}
	if !entries {
		q = q.ExcludeColumn("entry")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list rows of an import", err)
	}
	return convert(rows, plannedRow.value)
}

func (s importStore) FinishPlanned(ctx context.Context, id string, x sheet.Planned) error {
	row, err := plannedRowOf(id, x)
	if err != nil {
		return err
	}
	_, err = s.affected(ctx, "finish a row of an import", s.w(ctx).NewUpdate().Model(&row).Column("outcome", "done", "body").WherePK())
	return err
}

func (s importStore) DropPlanned(ctx context.Context, id string) error {
	_, err := s.affected(ctx, "drop rows of an import", s.w(ctx).NewDelete().Model((*plannedRow)(nil)).Where("import = ?", id))
	return err
}

type importMappingRow struct {
	bun.BaseModel `bun:"table:import_mappings,alias:m"`

	Department string `bun:"department,pk"`
	Signature  string `bun:"signature,pk"`
	Body       string `bun:"body"`
	KeptAt     micros `bun:"kept_at"`
}

func (s importStore) Mapping(ctx context.Context, department, signature string) (sheet.Mapping, bool, error) {
	var row importMappingRow
	err := s.r(ctx).NewSelect().Model(&row).Where("m.department = ? AND m.signature = ?", department, signature).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return sheet.Mapping{}, false, nil
	}
	if err != nil {
		return sheet.Mapping{}, false, s.fail(ctx, "read a mapping", err)
	}
	m, err := decode[sheet.Mapping]("mapping", row.Body)
	return m, err == nil, err
}

func (s importStore) KeepMapping(ctx context.Context, department, signature string, m sheet.Mapping, at time.Time) error {
	body, err := encode("mapping", m)
	if err != nil {
		return err
	}
	row := importMappingRow{Department: department, Signature: signature, Body: body, KeptAt: toMicros(at)}
	return s.insert(ctx, "mapping", s.w(ctx).NewInsert().Model(&row).On("CONFLICT (department, signature) DO UPDATE").Set("body = EXCLUDED.body, kept_at = EXCLUDED.kept_at"))
}

func (s importStore) Stale(ctx context.Context, before time.Time, limit int) ([]sheet.Import, error) {
	var rows []importRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("i.kept AND i.created_at < ? AND i.state NOT IN ('queued', 'committing')", toMicros(before)).
		Order("i.created_at").Limit(limitOr(limit)).Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list old imports", err)
	}
	return convert(rows, importRow.value)
}

func (s importStore) Forget(ctx context.Context, id string) error {
	return s.Do(ctx, func(ctx context.Context) error {
		if _, err := s.affected(ctx, "drop files", s.w(ctx).NewDelete().Model((*importBlobRow)(nil)).Where("import = ?", id)); err != nil {
			return err
		}
		if err := s.DropPlanned(ctx, id); err != nil {
			return err
		}
		_, err := s.affected(ctx, "forget an import", s.w(ctx).NewUpdate().Model((*importRow)(nil)).Set("kept = ?", false).Where("id = ?", id))
		return err
	})
}
