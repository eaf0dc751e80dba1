package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/quality"
)

type qualityJobRow struct {
	bun.BaseModel `bun:"table:quality_jobs,alias:j"`

	ID         string  `bun:"id,pk"`
	Resource   string  `bun:"resource"`
	State      string  `bun:"state"`
	AskedBy    string  `bun:"asked_by"`
	Department string  `bun:"department"`
	QueuedAt   micros  `bun:"queued_at"`
	StartedAt  *micros `bun:"started_at"`
	EndedAt    *micros `bun:"ended_at"`
	RowsTotal  int64   `bun:"rows_total"`
	RowsRead   int64   `bun:"rows_read"`
	Attempts   int     `bun:"attempts"`
	LeaseUntil micros  `bun:"lease_until"`
	Worker     string  `bun:"worker"`
	Cancelled  bool    `bun:"cancelled"`
	Run        string  `bun:"run"`
	Code       string  `bun:"code"`
	Message    string  `bun:"message"`
}

func (r qualityJobRow) job() quality.Job {
	return quality.Job{ID: r.ID, Resource: r.Resource, State: quality.JobState(r.State), By: r.AskedBy, Department: r.Department,
		QueuedAt: r.QueuedAt.Time(), StartedAt: r.StartedAt.timePtr(), EndedAt: r.EndedAt.timePtr(), Read: r.RowsRead, Total: r.RowsTotal,
		Attempts: r.Attempts, Stopping: r.Cancelled && quality.JobState(r.State).Open(), Run: r.Run, Code: r.Code, Message: r.Message}
}

func (s qualityStore) InsertJob(ctx context.Context, j quality.Job) error {
	row := qualityJobRow{ID: j.ID, Resource: j.Resource, State: string(j.State), AskedBy: j.By, Department: j.Department,
		QueuedAt: toMicros(j.QueuedAt), LeaseUntil: toMicros(j.QueuedAt)}
	return s.Do(ctx, func(ctx context.Context) error {
		return s.insert(ctx, "quality job", s.w(ctx).NewInsert().Model(&row))
	})
}

func (s qualityStore) QualityJob(ctx context.Context, id string) (quality.Job, error) {
	var row qualityJobRow
	err := s.one(ctx, "quality job", "质量检查", id, s.r(ctx).NewSelect().Model(&row).Where("j.id = ?", id))
	return row.job(), err
}

func (s qualityStore) LatestJob(ctx context.Context, resource string) (*quality.Job, error) {
	var rows []qualityJobRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("j.resource = ?", resource).Order("j.id DESC").Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, s.failed(ctx, "read quality job", err)
	}
	j := rows[0].job()
	return &j, nil
}

// openJob is the condition of the index of waiting jobs, written out.
const openJob = "state IN ('queued', 'running')"

func (s qualityStore) ClaimJob(ctx context.Context, worker string, now, until time.Time) (*quality.Job, error) {
	var waiting []string
	// Looking first keeps the one writer of SQLite free when there is nothing.
	look := "SELECT id FROM quality_jobs WHERE " + openJob + " AND lease_until <= ? ORDER BY lease_until, id LIMIT 1"
	waiting, err := s.texts(ctx, "find quality job", look, []any{int64(toMicros(now))})
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	n, err := s.affected(ctx, "claim quality job", s.w(ctx).NewUpdate().Model((*qualityJobRow)(nil)).
		Set("state = 'running', worker = ?, attempts = attempts + 1, lease_until = ?, rows_read = 0, rows_total = 0", worker, toMicros(until)).
		Set("started_at = coalesce(started_at, ?)", toMicros(now)).
		Where("id = ? AND "+openJob+" AND lease_until <= ?", waiting[0], toMicros(now)))
	if err != nil || n == 0 {
		return nil, err // another was first: this one looks again at its next turn
	}
	j, err := s.QualityJob(ctx, waiting[0])
	return &j, err
}

func (s qualityStore) Progress(ctx context.Context, id, worker string, read, total int64, until time.Time) (held, stopping bool, err error) {
	n, err := s.affected(ctx, "note progress of quality job", s.w(ctx).NewUpdate().Model((*qualityJobRow)(nil)).
		Set("rows_read = ?, rows_total = ?, lease_until = ?", read, total, toMicros(until)).Where("id = ? AND worker = ? AND state = 'running'", id, worker))
	if err != nil || n == 0 {
		return false, false, err
	}
	err = s.query(ctx, "read quality job", "SELECT cancelled FROM quality_jobs WHERE id = ?", []any{id}, func(rows *sql.Rows) error { return rows.Scan(&stopping) })
	return true, stopping, err
}

func (s qualityStore) EndJob(ctx context.Context, j quality.Job, worker string) (held bool, err error) {
	n, err := s.affected(ctx, "end quality job", s.w(ctx).NewUpdate().Model((*qualityJobRow)(nil)).
		Set("state = ?, ended_at = ?, run = ?, code = ?, message = ?, rows_read = ?, rows_total = ?",
			string(j.State), toMicrosPtr(j.EndedAt), j.Run, j.Code, j.Message, j.Read, j.Total).
		Where("id = ? AND worker = ? AND state = 'running'", j.ID, worker))
	return n == 1, err
}

func (s qualityStore) ReturnJob(ctx context.Context, id, worker string, attempts int, from time.Time) error {
	_, err := s.affected(ctx, "return quality job", s.w(ctx).NewUpdate().Model((*qualityJobRow)(nil)).
		Set("state = 'queued', worker = '', attempts = ?, lease_until = ?", attempts, toMicros(from)).
		Where("id = ? AND worker = ? AND state = 'running'", id, worker))
	return err
}

func (s qualityStore) StopJob(ctx context.Context, id string, at time.Time) error {
	return s.Do(ctx, func(ctx context.Context) error {
		n, err := s.affected(ctx, "stop quality job", s.w(ctx).NewUpdate().Model((*qualityJobRow)(nil)).
			Set("state = 'cancelled', cancelled = ?, ended_at = ?", true, toMicros(at)).Where("id = ? AND state = 'queued'", id))
		if err != nil || n == 1 {
			return err
		}
		_, err = s.affected(ctx, "stop quality job", s.w(ctx).NewUpdate().Model((*qualityJobRow)(nil)).
			Set("cancelled = ?", true).Where("id = ? AND state = 'running'", id))
		return err
	})
}

func (s qualityStore) DueRuns(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return s.texts(ctx, "find due quality runs", "SELECT resource FROM quality_schedule WHERE next_at <= ? ORDER BY next_at, resource LIMIT ?",
		[]any{int64(toMicros(now)), limit})
}

func (s qualityStore) PlanRun(ctx context.Context, resource string, next *time.Time) error {
	if next == nil {
		_, err := s.exec(ctx, "end quality schedule", "DELETE FROM quality_schedule WHERE resource = ?", resource)
		return err
	}
	_, err := s.exec(ctx, "plan quality run", "UPDATE quality_schedule SET next_at = ? WHERE resource = ?", int64(toMicros(*next)), resource)
	return err
}

// firstRun is how long after its first load a resource is measured.
const firstRun = time.Hour

// loaded plans the first run of a resource and makes its entry due.
func (s qualityStore) loaded(ctx context.Context, resource string, at time.Time) error {
	_, err := s.exec(ctx, "plan quality run", "INSERT INTO quality_schedule (resource, next_at) VALUES (?, ?) ON CONFLICT (resource) DO NOTHING",
		resource, int64(toMicros(at.Add(firstRun))))
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, "make entry due", "UPDATE entry_quality SET due_at = 0 WHERE resource = ?", resource)
	return err
}

func (s qualityStore) MayRead(ctx context.Context, department, resource, item string, at time.Time) (bool, error) {
	var rows []grantRow
	now := toMicros(at)
	err := s.r(ctx).NewSelect().Model(&rows).Where("g.consumer = ? AND g.resource = ? AND g.terminated_at IS NULL AND g.not_before <= ? AND g.not_after > ?", department, resource, now, now).
		Where("g.suspended_consumer = ? AND g.suspended_provider = ? AND g.suspended_authority = ?", false, false, false).Scan(ctx)
	if err != nil {
		return false, s.fail(ctx, "read grants", err)
	}
	for _, r := range rows {
		// A grant of some rows only would make the others look wrong.
		items, err := decode[[]string]("items", r.Items)
		if err != nil {
			return false, err
		}
		scope, err := decode[[]any]("row scope", r.RowScope)
		if err != nil {
			return false, err
		}
		for _, x := range items {
			if x == item && len(scope) == 0 {
				return true, nil
			}
		}
	}
	return false, nil
}

func (s qualityStore) LatestScores(ctx context.Context, resources []string) (map[string]quality.Score, error) {
	out := make(map[string]quality.Score, len(resources))
	if len(resources) == 0 {
		return out, nil
	}
	args := make([]any, len(resources))
	for i, r := range resources {
		args[i] = r
	}
	err := s.query(ctx, "read quality scores", "SELECT resource, run, total, band, run_at FROM quality_scores WHERE resource IN "+valuesList(1, len(resources)),
		args, func(rows *sql.Rows) error {
			var resource string
			var x quality.Score
			var at micros
			err := rows.Scan(&resource, &x.Run, &x.Total, &x.Band, &at)
			x.At = at.Time()
			out[resource] = x
			return err
		})
	return out, err
}

// noteScore keeps the total of a run unless a later one is there.
func (s qualityStore) noteScore(ctx context.Context, r quality.Run) error {
	_, err := s.exec(ctx, "note quality score", `INSERT INTO quality_scores (resource, run, provider, region, total, band, run_at)
		SELECT id, ?, provider, region, ?, ?, ? FROM resources WHERE id = ?
		ON CONFLICT (resource) DO UPDATE SET run = excluded.run, total = excluded.total, band = excluded.band, run_at = excluded.run_at
		WHERE quality_scores.run_at <= excluded.run_at`,
		r.ID, r.Result.Total, string(quality.BandOf(r.Result.Total)), int64(toMicros(r.At)), r.Resource)
	return err
}
