package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/monitor"
)

// Monitor gives the store of risk monitoring and cut-offs.
func (s *Store) Monitor() monitor.Store { return monitorStore{s.db} }

// monitorStore implements monitor.Store.
type monitorStore struct{ *database }

const hourColumns = "grant_id, hour, calls, refused, lookups, misses"

func scanHour(rows *sql.Rows) (monitor.Hour, error) {
	var h monitor.Hour
	var start int64
	err := rows.Scan(&h.Grant, &start, &h.Calls, &h.Refused, &h.Keys, &h.Misses)
	h.Start = micros(start).Time()
	return h, err
}

// AddHours adds in one order, so that replicas that do it at once do not wait
// for each other in a circle.
func (s monitorStore) AddHours(ctx context.Context, hours []monitor.Hour) ([]monitor.Hour, error) {
	hours = slices.Clone(hours)
	slices.SortFunc(hours, func(a, b monitor.Hour) int {
		return cmp.Or(cmp.Compare(a.Grant, b.Grant), a.Start.Compare(b.Start))
	})
	var whole []monitor.Hour
	err := s.Do(ctx, func(ctx context.Context) error {
		whole = nil
		for part := range slices.Chunk(hours, 500) {
			args := make([]any, 0, 6*len(part))
			for _, h := range part {
				args = append(args, h.Grant, int64(toMicros(h.Start)), h.Calls, h.Refused, h.Keys, h.Misses)
			}
			rows, err := s.raw(ctx, true).QueryContext(ctx, s.rebind("INSERT INTO monitor_hours ("+hourColumns+") VALUES "+valuesList(len(part), 6)+
				` ON CONFLICT (grant_id, hour) DO UPDATE SET calls = monitor_hours.calls + EXCLUDED.calls, refused = monitor_hours.refused + EXCLUDED.refused,
				lookups = monitor_hours.lookups + EXCLUDED.lookups, misses = monitor_hours.misses + EXCLUDED.misses RETURNING `+hourColumns), args...)
			if err != nil {
				return s.fail(ctx, "add monitored hours", err)
			}
			for rows.Next() {
				h, err := scanHour(rows)
				if err != nil {
					rows.Close()
					return s.fail(ctx, "add monitored hours", err)
				}
				whole = append(whole, h)
			}
			rows.Close()
			if err := rows.Err(); err != nil {
				return s.fail(ctx, "add monitored hours", err)
			}
		}
		return nil
	})
	return whole, err
}

func (s monitorStore) Hours(ctx context.Context, grant string, from, to time.Time) ([]monitor.Hour, error) {
	var out []monitor.Hour
	err := s.query(ctx, "read monitored hours", "SELECT "+hourColumns+" FROM monitor_hours WHERE grant_id = ? AND hour >= ? AND hour < ? ORDER BY hour",
		[]any{grant, int64(toMicros(from)), int64(toMicros(to))}, func(rows *sql.Rows) error {
			h, err := scanHour(rows)
			out = append(out, h)
			return err
		})
	return out, err
}

func (s monitorStore) ForgetHours(ctx context.Context, before time.Time) (int, error) {
	res, err := s.exec(ctx, "forget monitored hours", "DELETE FROM monitor_hours WHERE hour < ?", int64(toMicros(before)))
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

func (s monitorStore) InsertAddress(ctx context.Context, system, network string, at time.Time) (bool, time.Time, error) {
	var first sql.NullInt64
	fresh := false
	err := s.Do(ctx, func(ctx context.Context) error {
		err := s.query(ctx, "read networks", "SELECT min(first_seen) FROM monitor_networks WHERE system = ?", []any{system},
			func(rows *sql.Rows) error { return rows.Scan(&first) })
		if err != nil {
			return err
		}
		res, err := s.exec(ctx, "keep network", "INSERT INTO monitor_networks (system, network, first_seen) VALUES (?, ?, ?) ON CONFLICT (system, network) DO NOTHING",
			system, network, int64(toMicros(at)))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		fresh = n == 1
		return err
	})
	if err != nil || !first.Valid {
		return fresh, time.Time{}, err
	}
	return fresh, micros(first.Int64).Time(), nil
}

type signalRow struct {
	bun.BaseModel `bun:"table:risk_signals,alias:s"`

	ID            string  `bun:"id,pk"`
	Key           string  `bun:"key"`
	Kind          string  `bun:"kind"`
	Name          string  `bun:"name"`
	GrantID       string  `bun:"grant_id"`
	System        string  `bun:"system"`
	Resource      string  `bun:"resource"`
	Consumer      string  `bun:"consumer"`
	Provider      string  `bun:"provider"`
	Facts         string  `bun:"facts"` // JSON
	Clause        string  `bun:"clause"`
	At            micros  `bun:"at"`
	Measure       string  `bun:"measure"`
	Cutoff        string  `bun:"cutoff"`
	State         string  `bun:"state"`
	DecidedBy     string  `bun:"decided_by"`
	DecidedFor    string  `bun:"decided_for"`
	DecidedAt     *micros `bun:"decided_at"`
	Reason        string  `bun:"reason"`
	CaseID        string  `bun:"case_id"`
	CaseProcedure string  `bun:"case_procedure"`
}

func signalRowOf(x monitor.Signal) (signalRow, error) {
	facts, err := encode("facts", x.Facts)
	return signalRow{ID: x.ID, Key: x.Key, Kind: string(x.Kind), Name: x.Name, GrantID: x.Grant, System: x.System, Resource: x.Resource,
		Consumer: x.Consumer, Provider: x.Provider, Facts: facts, Clause: x.Clause, At: toMicros(x.At), Measure: string(x.Measure), Cutoff: x.Cutoff,
		State: string(x.State), DecidedBy: x.DecidedBy, DecidedFor: x.DecidedFor, DecidedAt: toMicrosPtr(x.DecidedAt), Reason: x.Reason,
		CaseID: x.Case, CaseProcedure: x.CaseProcedure}, err
}

func (r signalRow) signal() (monitor.Signal, error) {
	facts, err := decode[map[string]any]("facts", r.Facts)
	return monitor.Signal{ID: r.ID, Key: r.Key, Kind: monitor.Kind(r.Kind), Name: r.Name, Grant: r.GrantID, System: r.System, Resource: r.Resource,
		Consumer: r.Consumer, Provider: r.Provider, Facts: facts, Clause: r.Clause, At: r.At.Time(), Measure: monitor.Measure(r.Measure), Cutoff: r.Cutoff,
		State: monitor.State(r.State), DecidedBy: r.DecidedBy, DecidedFor: r.DecidedFor, DecidedAt: r.DecidedAt.timePtr(), Reason: r.Reason,
		Case: r.CaseID, CaseProcedure: r.CaseProcedure}, err
}

func (s monitorStore) InsertSignal(ctx context.Context, x monitor.Signal) (bool, error) {
	row, err := signalRowOf(x)
	if err != nil {
		return false, err
	}
	n, err := s.affected(ctx, "insert signal", s.w(ctx).NewInsert().Model(&row).On("CONFLICT (key) DO NOTHING"))
	return n == 1, err
}

func (s monitorStore) Signal(ctx context.Context, id string) (monitor.Signal, error) {
	var row signalRow
	if err := s.one(ctx, "signal", "监测信号", id, s.r(ctx).NewSelect().Model(&row).Where("s.id = ?", id)); err != nil {
		return monitor.Signal{}, err
	}
	return row.signal()
}

// Signals lists the newest first.
func (s monitorStore) Signals(ctx context.Context, f monitor.Filter) ([]monitor.Signal, error) {
	var rows []signalRow
	q := seen(s.r(ctx).NewSelect().Model(&rows), "s", f, "").OrderExpr("s.id DESC").Limit(limitOr(f.Limit))
	if f.State != "" {
		q = q.Where("s.state = ?", string(f.State))
	}
	if f.Kind != "" {
		q = q.Where("s.kind = ?", string(f.Kind))
	}
	if f.Grant != "" {
		q = q.Where("s.grant_id = ?", f.Grant)
	}
	if f.After != "" {
		q = q.Where("s.id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list signals", err)
	}
	return convert(rows, signalRow.signal)
}

// seen narrows to what concerns a department or a subtree of the regions;
// or adds what everybody sees.
func seen(q *bun.SelectQuery, alias string, f monitor.Filter, or string) *bun.SelectQuery {
	a := bun.Ident(alias)
	switch {
	case f.RegionPath != "":
		return q.Where("("+or+"? IN (?.consumer, ?.provider) OR EXISTS (SELECT 1 FROM departments AS d JOIN regions AS r ON r.code = d.region"+
			" WHERE d.id IN (?.consumer, ?.provider) AND r.path >= ? AND r.path < ?))", f.Own, a, a, a, a, f.RegionPath, prefixEnd(f.RegionPath))
	case f.Own != "":
		return q.Where("("+or+"? IN (?.consumer, ?.provider))", f.Own, a, a)
	}
	return q
}

func (s monitorStore) DecideSignal(ctx context.Context, x, from monitor.Signal) error {
	row, err := signalRowOf(x)
	if err != nil {
		return err
	}
	return s.swap(ctx, "risk_signals", "监测信号", x.ID, s.w(ctx).NewUpdate().Model(&row).
		Column("state", "decided_by", "decided_for", "decided_at", "reason", "case_id", "case_procedure").WherePK().
		Where("state = ? AND case_id = ?", string(from.State), from.Case))
}

func (s monitorStore) Dismissed(ctx context.Context, k monitor.Kind, grant, system string, since time.Time) (bool, error) {
	q := s.r(ctx).NewSelect().Table("risk_signals").Where("kind = ? AND grant_id = ? AND state = 'dismissed' AND decided_at > ?", string(k), grant, toMicros(since))
	if grant == "" {
		q = q.Where("system = ?", system)
	}
	yes, err := q.Exists(ctx)
	return yes, s.failed(ctx, "read dismissed signals", err)
}
