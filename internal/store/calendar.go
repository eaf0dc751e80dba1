package store

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/calendar"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// calendarStore implements calendar.Store. It has no way to change or delete a
// notice.
type calendarStore struct{ *database }

// Calendar gives the store of the holiday notices that were filed at run time.
func (s *Store) Calendar() calendar.Store { return calendarStore{s.db} }

type calendarNoticeRow struct {
	bun.BaseModel `bun:"table:calendar_notices,alias:n"`

	ID         string `bun:"id,pk"`
	Year       int    `bun:"year"`
	Version    int    `bun:"version"`
	Title      string `bun:"title"`
	Document   string `bun:"document"`
	Days       string `bun:"days"`
	Replaces   string `bun:"replaces"`
	Reason     string `bun:"reason"`
	Digest     string `bun:"digest"`
	FiledAt    micros `bun:"filed_at"`
	FiledBy    string `bun:"filed_by"`
	Department string `bun:"department"`
}

func (r calendarNoticeRow) notice() (calendar.Notice, error) {
	days, err := decode[[]worktime.SpecialDay]("days of a notice", r.Days)
	return calendar.Notice{ID: r.ID, Year: r.Year, Version: r.Version, Title: r.Title, Document: r.Document, Days: days,
		Replaces: r.Replaces, Reason: r.Reason, Digest: r.Digest, At: r.FiledAt.Time(), By: r.FiledBy, Department: r.Department}, err
}

func (s calendarStore) CalendarNotices(ctx context.Context) ([]calendar.Notice, error) {
	var rows []calendarNoticeRow
	if err := s.r(ctx).NewSelect().Model(&rows).Order("n.year", "n.version").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list calendar notices", err)
	}
	return convert(rows, calendarNoticeRow.notice)
}

func (s calendarStore) CountCalendarNotices(ctx context.Context) (int, error) {
	n := 0
	err := s.query(ctx, "count calendar notices", "SELECT count(*) FROM calendar_notices", nil,
		func(rows *sql.Rows) error { return rows.Scan(&n) })
	return n, err
}

func (s calendarStore) InsertCalendarNotice(ctx context.Context, n calendar.Notice) error {
	days, err := encode("days of a notice", n.Days)
	if err != nil {
		return err
	}
	err = s.insert(ctx, "calendar notice", s.w(ctx).NewInsert().Model(&calendarNoticeRow{ID: n.ID, Year: n.Year, Version: n.Version,
		Title: n.Title, Document: n.Document, Days: days, Replaces: n.Replaces, Reason: n.Reason, Digest: n.Digest,
		FiledAt: toMicros(n.At), FiledBy: n.By, Department: n.Department}))
	if columns, unique := brokenUniqueness(err); unique && len(columns) > 0 {
		return changedMeanwhile().Because(err)
	}
	return err
}
