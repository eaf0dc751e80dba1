package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/reverse"
)

// reverseStore implements reverse.Store.
type reverseStore struct{ *database }

// Reverse gives the store of reverse cataloguing.
func (s *Store) Reverse() reverse.Store { return reverseStore{s.db} }

type reverseSourceRow struct {
	bun.BaseModel `bun:"table:reverse_sources,alias:s"`

	ID         string  `bun:"id,pk"`
	Department string  `bun:"department"`
	Name       string  `bun:"name"`
	Engine     string  `bun:"engine"`
	Sealed     []byte  `bun:"sealed"`
	CreatedBy  string  `bun:"created_by"`
	CreatedAt  micros  `bun:"created_at"`
	EndedAt    *micros `bun:"ended_at"`
}

func (r reverseSourceRow) source() (reverse.Source, error) {
	return reverse.Source{ID: r.ID, Department: r.Department, Name: r.Name, Engine: reverse.Engine(r.Engine), Sealed: r.Sealed,
		CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt.Time()}, nil
}

func (s reverseStore) InsertSource(ctx context.Context, x reverse.Source) error {
	return s.insert(ctx, "reverse source", s.w(ctx).NewInsert().Model(&reverseSourceRow{ID: x.ID, Department: x.Department, Name: x.Name,
		Engine: string(x.Engine), Sealed: x.Sealed, CreatedBy: x.CreatedBy, CreatedAt: toMicros(x.CreatedAt)}))
}

func (s reverseStore) ReverseSource(ctx context.Context, id string) (reverse.Source, error) {
	var row reverseSourceRow
	err := s.one(ctx, "reverse source", "数据源", id, s.r(ctx).NewSelect().Model(&row).Where("s.id = ? AND s.ended_at IS NULL", id))
	if err != nil {
		return reverse.Source{}, err
	}
	return row.source()
}

func (s reverseStore) ReverseSources(ctx context.Context, department string) ([]reverse.Source, error) {
	var rows []reverseSourceRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("s.department = ? AND s.ended_at IS NULL", department).Order("s.id").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list reverse sources", err)
	}
	return convert(rows, reverseSourceRow.source)
}

func (s reverseStore) EndSource(ctx context.Context, id string, at time.Time) error {
	n, err := s.affected(ctx, "end reverse source", s.w(ctx).NewUpdate().Model((*reverseSourceRow)(nil)).
		Set("ended_at = ?, sealed = ?", toMicros(at), []byte{}).Where("id = ? AND ended_at IS NULL", id))
	if err == nil && n == 0 {
		return fault.Missing("数据源", id)
	}
	return err
}

type reverseRunRow struct {
	bun.BaseModel `bun:"table:reverse_runs,alias:r"`

	ID         string  `bun:"id,pk"`
	Source     string  `bun:"source"`
	State      string  `bun:"state"`
	Sample     bool    `bun:"sample"`
	AskedBy    string  `bun:"asked_by"`
	AskedAt    micros  `bun:"asked_at"`
	LeaseUntil micros  `bun:"lease_until"`
	Attempts   int     `bun:"attempts"`
	EndedAt    *micros `bun:"ended_at"`
	Failure    string  `bun:"failure"`
	Message    string  `bun:"message"`
	Digest     string  `bun:"digest"`
	Tables     int     `bun:"tables"`
	Content    string  `bun:"content"`
}

func (r reverseRunRow) run() (reverse.Run, error) {
	out := reverse.Run{ID: r.ID, Source: r.Source, State: reverse.RunState(r.State), Sample: r.Sample, AskedBy: r.AskedBy, AskedAt: r.AskedAt.Time(),
		EndedAt: r.EndedAt.timePtr(), Attempts: r.Attempts, Failure: r.Failure, Message: r.Message, Digest: r.Digest, Tables: r.Tables}
	if r.Content == "" { // not selected
		return out, nil
	}
	var err error
	out.Schema, err = decode[reverse.Schema]("reverse schema", r.Content)
	return out, err
}

func (s reverseStore) InsertRun(ctx context.Context, x reverse.Run) error {
	return s.insert(ctx, "reverse run", s.w(ctx).NewInsert().Model(&reverseRunRow{ID: x.ID, Source: x.Source, State: string(x.State), Sample: x.Sample,
		AskedBy: x.AskedBy, AskedAt: toMicros(x.AskedAt), Content: "{}"}))
}

func (s reverseStore) ReverseRun(ctx context.Context, id string) (reverse.Run, error) {
	var row reverseRunRow
	if err := s.one(ctx, "reverse run", "读取记录", id, s.r(ctx).NewSelect().Model(&row).Where("r.id = ?", id)); err != nil {
		return reverse.Run{}, err
	}
	return row.run()
}

func (s reverseStore) ReverseRuns(ctx context.Context, source string, limit int) ([]reverse.Run, error) {
	var rows []reverseRunRow
	err := s.r(ctx).NewSelect().Model(&rows).ExcludeColumn("content").Where("r.source = ?", source).Order("r.id DESC").Limit(limitOr(limit)).Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list reverse runs", err)
	}
	return convert(rows, reverseRunRow.run)
}

func (s reverseStore) ClaimRun(ctx context.Context, now time.Time, lease time.Duration) (reverse.Run, bool, error) {
	var rows []reverseRunRow
	err := s.r(ctx).NewSelect().Model(&rows).ExcludeColumn("content").
		Where("r.state IN (?, ?) AND r.lease_until <= ?", reverse.Waiting, reverse.Running, toMicros(now)).Order("r.id").Limit(1).Scan(ctx)
	if err != nil {
		return reverse.Run{}, false, s.fail(ctx, "find a reverse run", err)
	}
	if len(rows) == 0 {
		return reverse.Run{}, false, nil
	}
	// Of two replicas one finds the attempts as they were.
	n, err := s.affected(ctx, "claim a reverse run", s.w(ctx).NewUpdate().Model((*reverseRunRow)(nil)).
		Set("state = ?, lease_until = ?, attempts = attempts + 1", reverse.Running, toMicros(now.Add(lease))).
		Where("id = ? AND attempts = ? AND state IN (?, ?)", rows[0].ID, rows[0].Attempts, reverse.Waiting, reverse.Running))
	if err != nil || n == 0 {
		return reverse.Run{}, false, err
	}
	rows[0].Attempts++
	rows[0].State = string(reverse.Running)
	r, err := rows[0].run()
	return r, err == nil, err
}

func (s reverseStore) FinishRun(ctx context.Context, x reverse.Run, keep int) (bool, error) {
	content, err := encode("reverse schema", x.Schema)
	if err != nil {
		return false, err
	}
	n, err := s.affected(ctx, "finish a reverse run", s.w(ctx).NewUpdate().Model((*reverseRunRow)(nil)).
		Set("state = ?, lease_until = 0, ended_at = ?, failure = ?, message = ?, digest = ?, tables = ?, content = ?",
			x.State, toMicrosPtr(x.EndedAt), x.Failure, x.Message, x.Digest, x.Tables, content).
		Where("id = ? AND attempts = ? AND state = ?", x.ID, x.Attempts, reverse.Running))
	if err != nil || n == 0 {
		return false, err
	}
	newest := s.w(ctx).NewSelect().Model((*reverseRunRow)(nil)).Column("id").Where("r.source = ?", x.Source).Order("r.id DESC").Limit(int64(keep))
	_, err = s.affected(ctx, "drop old reverse runs", s.w(ctx).NewDelete().Model((*reverseRunRow)(nil)).
		Where("source = ? AND id NOT IN (?)", x.Source, newest))
	return true, err
}

type reverseLinkRow struct {
	bun.BaseModel `bun:"table:reverse_links,alias:l"`

	Source    string `bun:"source,pk"`
	Resource  string `bun:"resource,pk"`
	Table     string `bun:"table_key"`
	CreatedAt micros `bun:"created_at"`
}

func (s reverseStore) InsertLink(ctx context.Context, l reverse.Link) error {
	return s.insert(ctx, "reverse link", s.w(ctx).NewInsert().Model(&reverseLinkRow{Source: l.Source, Resource: l.Resource, Table: l.Table,
		CreatedAt: toMicros(l.CreatedAt)}))
}

func (s reverseStore) Links(ctx context.Context, source string) ([]reverse.Link, error) {
	var rows []reverseLinkRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("l.source = ?", source).Order("l.created_at", "l.resource").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list reverse links", err)
	}
	return convert(rows, func(r reverseLinkRow) (reverse.Link, error) {
		return reverse.Link{Source: r.Source, Table: r.Table, Resource: r.Resource, CreatedAt: r.CreatedAt.Time()}, nil
	})
}
