package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/quality"
)

// entryDue has the entry of a resource looked at again, from the transaction
// that publishes a version of it.
func (d *database) entryDue(ctx context.Context, r catalog.Resource) error {
	_, err := d.exec(ctx, "make entry due", `INSERT INTO entry_quality (resource, version, provider, region, score, checked_at, due_at) VALUES (?, 0, ?, ?, 0, 0, 0)
		ON CONFLICT (resource) DO UPDATE SET provider = excluded.provider, region = excluded.region, due_at = 0`, r.ID, r.Provider, r.Region)
	return err
}

func (s qualityStore) ClaimEntries(ctx context.Context, now time.Time, limit int) ([]string, error) {
	look := "SELECT resource FROM entry_quality WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at, resource LIMIT ?"
	if s.engine == enginePostgres {
		look += " FOR UPDATE SKIP LOCKED"
	}
	// The rows stay locked until their scores are written: a version that is
	// published meanwhile waits and makes its entry due again.
	due, err := s.texts(ctx, "find due entries", look, []any{int64(toMicros(now)), limit})
	if err != nil || len(due) == 0 {
		return nil, err
	}
	args := make([]any, len(due))
	for i, id := range due {
		args[i] = id
	}
	_, err = s.exec(ctx, "claim entries", "UPDATE entry_quality SET due_at = NULL WHERE resource IN "+valuesList(1, len(due)), args...)
	return due, err
}

func (s qualityStore) PutEntryScore(ctx context.Context, e quality.EntryScore, next time.Time) error {
	var due *int64
	if !next.IsZero() {
		at := int64(toMicros(next))
		due = &at
	}
	_, err := s.exec(ctx, "keep score of entry", `UPDATE entry_quality SET version = ?, provider = ?, region = ?, score = ?, checked_at = ?, due_at = ? WHERE resource = ?`,
		e.Version, e.Provider, e.Region, e.Score, int64(toMicros(e.At)), due, e.Resource)
	if err != nil {
		return err
	}
	if _, err := s.exec(ctx, "clear findings", "DELETE FROM entry_findings WHERE resource = ?", e.Resource); err != nil || len(e.Findings) == 0 {
		return err
	}
	var args []any
	for _, f := range e.Findings {
		args = append(args, e.Resource, string(f.Kind), e.Provider, f.Failed, f.Checked)
	}
	_, err = s.exec(ctx, "keep findings", "INSERT INTO entry_findings (resource, kind, provider, failed, checked) VALUES "+valuesList(len(e.Findings), 5), args...)
	return err
}

func (s qualityStore) DropEntryScore(ctx context.Context, resource string) error {
	if _, err := s.exec(ctx, "clear findings", "DELETE FROM entry_findings WHERE resource = ?", resource); err != nil {
		return err
	}
	_, err := s.exec(ctx, "drop score of entry", "DELETE FROM entry_quality WHERE resource = ?", resource)
	return err
}

func (s qualityStore) EntryScore(ctx context.Context, resource string) (*quality.EntryScore, error) {
	var out *quality.EntryScore
	err := s.query(ctx, "read score of entry", "SELECT version, provider, region, score, checked_at FROM entry_quality WHERE resource = ? AND version > 0",
		[]any{resource}, func(rows *sql.Rows) error {
			out = &quality.EntryScore{Resource: resource}
			var at micros
			err := rows.Scan(&out.Version, &out.Provider, &out.Region, &out.Score, &at)
			out.At = at.Time()
			return err
		})
	if err != nil || out == nil {
		return nil, err
	}
	out.Findings, err = s.findings(ctx, resource)
	return out, err
}

// findings gives those of one entry, in the order in which they are shown.
func (s qualityStore) findings(ctx context.Context, resource string) ([]quality.Finding, error) {
	byKind := map[quality.FindingKind]quality.Finding{}
	err := s.query(ctx, "read findings", "SELECT kind, failed, checked FROM entry_findings WHERE resource = ?", []any{resource}, func(rows *sql.Rows) error {
		var f quality.Finding
		err := rows.Scan(&f.Kind, &f.Failed, &f.Checked)
		byKind[f.Kind] = f
		return err
	})
	var out []quality.Finding
	for _, k := range quality.EntryKinds {
		if f, ok := byKind[k]; ok {
			out = append(out, f)
		}
	}
	return out, err
}

func (s qualityStore) DepartmentScore(ctx context.Context, department string) (quality.DepartmentScore, error) {
	out := quality.DepartmentScore{Department: department}
	err := s.query(ctx, "sum up entries", "SELECT count(*), coalesce(avg(score), 0) FROM entry_quality WHERE provider = ? AND version > 0", []any{department},
		func(rows *sql.Rows) error { return rows.Scan(&out.Entries, &out.EntryMean) })
	if err != nil {
		return out, err
	}
	err = s.query(ctx, "sum up scores", `SELECT count(*), coalesce(avg(q.total), 0), coalesce(sum(CASE WHEN q.total < 60 THEN 1 ELSE 0 END), 0)
		FROM departments AS d JOIN quality_scores AS q ON q.region = d.region AND q.provider = d.id WHERE d.id = ?`, []any{department},
		func(rows *sql.Rows) error { return rows.Scan(&out.Measured, &out.DataMean, &out.Poor) })
	return out, err
}

func (s qualityStore) DepartmentScores(ctx context.Context, region, after string, limit int) ([]quality.DepartmentScore, error) {
	from, to := regionRange(region)
	departments, err := s.texts(ctx, "list departments", `SELECT id FROM departments AS d WHERE region >= ? AND region < ? AND id > ?
		AND EXISTS (SELECT 1 FROM entry_quality AS e WHERE e.provider = d.id AND e.version > 0) ORDER BY id LIMIT ?`, []any{from, to, after, limit})
	if err != nil {
		return nil, err
	}
	out := make([]quality.DepartmentScore, 0, len(departments))
	for _, id := range departments {
		one, err := s.DepartmentScore(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (s qualityStore) FindingCounts(ctx context.Context, department string) ([]quality.KindCount, error) {
	var out []quality.KindCount
	err := s.query(ctx, "count findings", "SELECT kind, count(*) AS n FROM entry_findings WHERE provider = ? GROUP BY kind ORDER BY n DESC, kind", []any{department},
		func(rows *sql.Rows) error {
			var k quality.KindCount
			err := rows.Scan(&k.Kind, &k.Entries)
			out = append(out, k)
			return err
		})
	return out, err
}

func (s qualityStore) WorstEntries(ctx context.Context, department string, kind quality.FindingKind, afterScore float64, after string, limit int) ([]quality.EntryLine, error) {
	query := `SELECT e.resource, coalesce(v.name, ''), e.score FROM entry_quality AS e JOIN resource_versions AS v ON v.resource = e.resource AND v.number = e.version
		WHERE e.provider = ? AND e.version > 0 AND (e.score, e.resource) > (?, ?)`
	args := []any{department, afterScore, after}
	if kind != "" {
		query += " AND EXISTS (SELECT 1 FROM entry_findings AS f WHERE f.resource = e.resource AND f.kind = ?)"
		args = append(args, string(kind))
	}
	var out []quality.EntryLine
	err := s.query(ctx, "list entries by score", query+" ORDER BY e.score, e.resource LIMIT ?", append(args, limit), func(rows *sql.Rows) error {
		var l quality.EntryLine
		err := rows.Scan(&l.Resource, &l.Name, &l.Score)
		out = append(out, l)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].Findings, err = s.findings(ctx, out[i].Resource); err != nil {
			return nil, err
		}
	}
	return out, nil
}
