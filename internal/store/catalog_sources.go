package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

type sourceRow struct {
	bun.BaseModel `bun:"table:source_designations,alias:s"`

	ID           string  `bun:"id,pk"`
	Authority    string  `bun:"authority"`
	Region       string  `bun:"region"`
	Element      string  `bun:"element"`
	Name         string  `bun:"name"`
	Department   string  `bun:"department"`
	CaseID       string  `bun:"case_id"`
	DesignatedAt micros  `bun:"designated_at"`
	EndedAt      *micros `bun:"ended_at"`
}

func (r sourceRow) source() catalog.Source {
	return catalog.Source{ID: r.ID, Authority: r.Authority, Region: r.Region, Element: r.Element, Name: r.Name,
		Department: r.Department, Case: r.CaseID, DesignatedAt: r.DesignatedAt.Time(), EndedAt: r.EndedAt.timePtr()}
}

func (s dutyStore) ItemsOfElement(ctx context.Context, element string) ([]catalog.PublishedItem, error) {
	return s.items(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("element = ? AND element <> ''", element) })
}

func (s dutyStore) ItemsWithElement(ctx context.Context, region string) ([]catalog.PublishedItem, error) {
	return s.items(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return insideRegion(q.Where("element <> ''"), "region", region)
	})
}

func (s dutyStore) Source(ctx context.Context, authority, element string) (catalog.Source, error) {
	var row sourceRow
	q := s.r(ctx).NewSelect().Model(&row).Where("authority = ? AND element = ? AND ended_at IS NULL", authority, element)
	if err := s.one(ctx, "source designation", "数源部门", element, q); err != nil {
		return catalog.Source{}, err
	}
	return row.source(), nil
}

// Sources gives the designations made inside the territory and those made for
// a territory that contains it.
func (s dutyStore) Sources(ctx context.Context, region string) ([]catalog.Source, error) {
	var rows []sourceRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("ended_at IS NULL").Order("element", "id").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list source designations", err)
	}
	out := make([]catalog.Source, 0, len(rows))
	for _, r := range rows {
		if touches(region, r.Region) {
			out = append(out, r.source())
		}
	}
	return out, nil
}

// touches tells whether one of two territories contains the other.
func touches(a, b string) bool { return rulebook.Covers(a, b) || rulebook.Covers(b, a) }

func (s dutyStore) ReplaceSource(ctx context.Context, x catalog.Source) error {
	row := sourceRow{ID: x.ID, Authority: x.Authority, Region: x.Region, Element: x.Element, Name: x.Name,
		Department: x.Department, CaseID: x.Case, DesignatedAt: toMicros(x.DesignatedAt)}
	return s.Do(ctx, func(ctx context.Context) error {
		_, err := s.affected(ctx, "end source designation", s.w(ctx).NewUpdate().Model((*sourceRow)(nil)).
			Set("ended_at = ?", row.DesignatedAt).Where("authority = ? AND element = ? AND ended_at IS NULL", x.Authority, x.Element))
		if err != nil {
			return err
		}
		return s.insert(ctx, "source designation", s.w(ctx).NewInsert().Model(&row))
	})
}

type consultationRow struct {
	bun.BaseModel `bun:"table:source_consultations,alias:c"`

	CaseID     string  `bun:"case_id,pk"`
	OfCase     string  `bun:"of_case"`
	Department string  `bun:"department"`
	Opinion    string  `bun:"opinion"`
	AnsweredAt *micros `bun:"answered_at"`
}

func (s dutyStore) InsertConsultation(ctx context.Context, c catalog.Consultation) error {
	row := consultationRow{CaseID: c.Case, OfCase: c.Of, Department: c.Department, Opinion: c.Opinion, AnsweredAt: toMicrosPtr(c.AnsweredAt)}
	return s.insert(ctx, "source consultation", s.w(ctx).NewInsert().Model(&row))
}

func (s dutyStore) AnswerConsultation(ctx context.Context, caseID, opinion string, at time.Time) error {
	_, err := s.affected(ctx, "answer source consultation", s.w(ctx).NewUpdate().Model((*consultationRow)(nil)).
		Set("opinion = ?", opinion).Set("answered_at = ?", toMicros(at)).Where("case_id = ?", caseID))
	return err
}

func (s dutyStore) Consultations(ctx context.Context, of string) ([]catalog.Consultation, error) {
	var rows []consultationRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("of_case = ?", of).Order("case_id").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list source consultations", err)
	}
	return convert(rows, func(r consultationRow) (catalog.Consultation, error) {
		return catalog.Consultation{Case: r.CaseID, Of: r.OfCase, Department: r.Department, Opinion: r.Opinion, AnsweredAt: r.AnsweredAt.timePtr()}, nil
	})
}
