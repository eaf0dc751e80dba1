package store

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/usage"
)

// usageStore implements usage.Store. It has no way to change or delete a record.
type usageStore struct{ *database }

// Usage gives the store of usage records.
func (s *Store) Usage() usage.Store { return usageStore{s.db} }

type usageRow struct {
	bun.BaseModel `bun:"table:usage_records,alias:u"`

	ID          string `bun:"id,pk"`
	GrantID     string `bun:"grant_id"`
	Consumer    string `bun:"consumer"`
	Provider    string `bun:"provider"`
	Scenario    string `bun:"scenario"`
	Process     string `bun:"process"`
	Effect      string `bun:"effect"`
	Storage     string `bun:"storage"`
	Destruction string `bun:"destruction"`
	User        string `bun:"user_account"`
	Approver    string `bun:"approver"`
	Content     string `bun:"content"`
	From        micros `bun:"used_from"`
	To          micros `bun:"used_to"`
	Way         string `bun:"way"`
	Medium      string `bun:"medium"`
	Corrects    string `bun:"corrects,nullzero"`
	FiledBy     string `bun:"filed_by"`
	FiledAt     micros `bun:"filed_at"`
	RetainUntil micros `bun:"retain_until"`
}

func (r usageRow) record() (usage.Record, error) {
	return usage.Record{ID: r.ID, Grant: r.GrantID, Consumer: r.Consumer, Provider: r.Provider, FiledBy: r.FiledBy,
		FiledAt: r.FiledAt.Time(), RetainUntil: r.RetainUntil.Time(), Input: usage.Input{
			Scenario: r.Scenario, Process: r.Process, Effect: r.Effect, Storage: r.Storage, Destruction: r.Destruction,
			User: r.User, Approver: r.Approver, Content: r.Content, From: r.From.Time(), To: r.To.Time(),
			Way: usage.Way(r.Way), Medium: usage.Medium(r.Medium), Corrects: r.Corrects}}, nil
}

func (s usageStore) InsertUsage(ctx context.Context, r usage.Record) error {
	row := usageRow{ID: r.ID, GrantID: r.Grant, Consumer: r.Consumer, Provider: r.Provider, Scenario: r.Scenario,
		Process: r.Process, Effect: r.Effect, Storage: r.Storage, Destruction: r.Destruction, User: r.User,
		Approver: r.Approver, Content: r.Content, From: toMicros(r.From), To: toMicros(r.To), Way: string(r.Way),
		Medium: string(r.Medium), Corrects: r.Corrects, FiledBy: r.FiledBy, FiledAt: toMicros(r.FiledAt),
		RetainUntil: toMicros(r.RetainUntil)}
	return s.insert(ctx, "usage record", s.w(ctx).NewInsert().Model(&row))
}

func (s usageStore) Usage(ctx context.Context, id string) (usage.Record, error) {
	var row usageRow
	if err := s.one(ctx, "usage record", "使用记录", id, s.r(ctx).NewSelect().Model(&row).Where("id = ?", id)); err != nil {
		return usage.Record{}, err
	}
	return row.record()
}

func (s usageStore) UsageOf(ctx context.Context, grant string, limit int, after string) ([]usage.Record, error) {
	var rows []usageRow
	q := s.r(ctx).NewSelect().Model(&rows).Where("u.grant_id = ?", grant).OrderExpr("u.id DESC").Limit(limitOr(limit))
	if after != "" {
		q = q.Where("u.id < ?", after)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list usage records", err)
	}
	return convert(rows, usageRow.record)
}

func (s usageStore) CallsByMonth(ctx context.Context, grant string) ([]usage.Month, error) {
	out := []usage.Month{}
	err := s.query(ctx, "sum calls", `SELECT substr(day, 1, 7), sum(taken) FROM daily_calls WHERE grant_id = ?
		GROUP BY substr(day, 1, 7) ORDER BY 1 DESC`, []any{grant}, func(rows *sql.Rows) error {
		var m usage.Month
		if err := rows.Scan(&m.Month, &m.Calls); err != nil {
			return err
		}
		out = append(out, m)
		return nil
	})
	return out, err
}
