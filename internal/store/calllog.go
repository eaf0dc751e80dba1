package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/shuqiao/shuqiao/internal/calllog"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// callLogStore implements calllog.Store.
type callLogStore struct{ *database }

// CallLog gives the store of call logs and their reconciliation.
func (s *Store) CallLog() calllog.Store { return callLogStore{s.db} }

// callLogProjection names the projection in the table of positions.
const callLogProjection = "call_logs"

func (s callLogStore) NextIndex(ctx context.Context) (uint64, error) {
	var n int64
	err := s.query(ctx, "read the call log's place", "SELECT next_index FROM projections WHERE name = ?", []any{callLogProjection},
		func(rows *sql.Rows) error { return rows.Scan(&n) })
	return uint64(n), err
}

// Advance moves the place first: the row is the lock that others wait at.
func (s callLogStore) Advance(ctx context.Context, from, to uint64, lines []calllog.Line) (bool, error) {
	moved := false
	err := s.Do(ctx, func(ctx context.Context) error {
		res, err := s.exec(ctx, "move the call log's place", "UPDATE projections SET next_index = ? WHERE name = ? AND next_index = ?",
			int64(to), callLogProjection, int64(from))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil || n == 0 {
			return s.failed(ctx, "move the call log's place", err)
		}
		moved = true
		return s.addLines(ctx, lines)
	})
	return moved && err == nil, err
}

func (s callLogStore) addLines(ctx context.Context, lines []calllog.Line) error {
	const width = 6
	for len(lines) > 0 {
		n := min(500, len(lines))
		args := make([]any, 0, width*n)
		for _, l := range lines[:n] {
			args = append(args, int64(l.Index), int64(toMicros(l.At)), l.Consumer, l.Provider, l.Grant, l.Status)
		}
		lines = lines[n:]
		if _, err := s.exec(ctx, "add to the call log", "INSERT INTO call_logs (idx, at, consumer, provider, grant_id, status) VALUES "+
			valuesList(n, width), args...); err != nil {
			return err
		}
	}
	return nil
}

func (s callLogStore) Calls(ctx context.Context, q calllog.Query) ([]ledger.Leaf, error) {
	where, args := selected(q)
	order := " DESC"
	if q.Oldest {
		order = ""
	}
	// The page is found in the log first, so that no more entries are read than
	// it has lines.
	query := `SELECT e.idx, e.id, e.kind, e.at, e.data, e.hash FROM
		(SELECT idx, at FROM call_logs WHERE ` + where + ` ORDER BY at` + order + `, idx` + order + ` LIMIT ?) c
		JOIN ledger_entries e ON e.idx = c.idx ORDER BY c.at` + order + `, c.idx` + order
	return s.entries(ctx, query, append(args, limitOr(q.Limit)))
}

// selected is the condition of a query. The parts with <> are those of the
// partial indexes, which are used only where the condition says the same.
func selected(q calllog.Query) (where string, args []any) {
	var parts []string
	add := func(part string, values ...any) {
		parts, args = append(parts, part), append(args, values...)
	}
	if q.Side == calllog.Provider {
		add("provider = ? AND provider <> ''", q.Department)
	} else {
		add("consumer = ?", q.Department)
	}
	if q.Grant != "" {
		add("grant_id = ? AND grant_id <> ''", q.Grant)
	}
	// The place that was reached is the tighter bound on its side. With both,
	// SQLite begins at the looser one and reads all pages before this again.
	if !q.From.IsZero() && (q.After.Zero() || !q.Oldest) {
		add("at >= ?", int64(toMicros(q.From)))
	}
	if !q.To.IsZero() && (q.After.Zero() || q.Oldest) {
		add("at < ?", int64(toMicros(q.To)))
	}
	switch q.Outcome {
	case calllog.Answered:
		add("status = 200")
	case calllog.Refused:
		add("status <> 200")
	}
	if q.Status != 0 && q.Status != 200 {
		add("status <> 200")
	}
	if q.Status != 0 {
		add("status = ?", q.Status)
	}
	if !q.After.Zero() {
		than := "<"
		if q.Oldest {
			than = ">"
		}
		add("(at, idx) "+than+" (?, ?)", int64(toMicros(q.After.At)), int64(q.After.Index))
	}
	return strings.Join(parts, " AND "), args
}

func (s callLogStore) EntriesByID(ctx context.Context, ids []string) ([]ledger.Leaf, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.entries(ctx, selectLeaves+"WHERE id IN "+valuesList(1, len(ids)), texts(ids))
}

func texts(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

func (s callLogStore) entries(ctx context.Context, query string, args []any) ([]ledger.Leaf, error) {
	var leaves []ledger.Leaf
	err := s.query(ctx, "read calls", query, args, func(rows *sql.Rows) error {
		var l ledger.Leaf
		var index, at int64
		if err := rows.Scan(&index, &l.ID, &l.Kind, &at, &l.Data, &l.Hash); err != nil {
			return err
		}
		l.Index, l.At = uint64(index), micros(at).Time()
		leaves = append(leaves, l)
		return nil
	})
	return leaves, err
}
