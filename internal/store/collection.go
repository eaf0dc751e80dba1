package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/collection"
)

// collectionStore implements collection.Store.
type collectionStore struct{ *database }

// Collection gives the store of responsibility lists, exemptions and
// libraries.
func (s *Store) Collection() collection.Store { return collectionStore{s.db} }

type dutyRow struct {
	bun.BaseModel `bun:"table:collection_duties,alias:d"`

	ID         string `bun:"id,pk"`
	Department string `bun:"department"`
	Region     string `bun:"region"`
	Name       string `bun:"name"`
	Element    string `bun:"element"`
	Resource   string `bun:"resource"`
	Frequency  string `bun:"frequency"`
	CaseID     string `bun:"case_id"`
	DecidedAt  micros `bun:"decided_at"`
}

// dutyBatch bounds one insert: each row has nine values.
const dutyBatch = 500

func (s collectionStore) ReplaceDuties(ctx context.Context, department string, duties []collection.Duty) error {
	return s.Do(ctx, func(ctx context.Context) error {
		_, err := s.affected(ctx, "end collection duties", s.w(ctx).NewDelete().Model((*dutyRow)(nil)).Where("department = ?", department))
		if err != nil {
			return err
		}
		var rows []dutyRow
		for i, d := range duties {
			rows = append(rows, dutyRow{ID: d.ID, Department: d.Department, Region: d.Region, Name: d.Name, Element: d.Element,
				Resource: d.Resource, Frequency: d.Frequency, CaseID: d.Case, DecidedAt: toMicros(d.DecidedAt)})
			if len(rows) < dutyBatch && i < len(duties)-1 {
				continue
			}
			if err := s.insert(ctx, "collection duties", s.w(ctx).NewInsert().Model(&rows)); err != nil {
				return err
			}
			rows = rows[:0]
		}
		return nil
	})
}

func (s collectionStore) Duties(ctx context.Context, department string) ([]collection.Duty, error) {
	var rows []dutyRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("department = ?", department).Order("id").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list collection duties", err)
	}
	return convert(rows, func(r dutyRow) (collection.Duty, error) {
		return collection.Duty{ID: r.ID, Department: r.Department, Region: r.Region, Name: r.Name, Element: r.Element,
			Resource: r.Resource, Frequency: r.Frequency, Case: r.CaseID, DecidedAt: r.DecidedAt.Time()}, nil
	})
}

type exemptionRow struct {
	bun.BaseModel `bun:"table:realtime_exemptions,alias:x"`

	ID            string  `bun:"id,pk"`
	Resource      string  `bun:"resource"`
	Provider      string  `bun:"provider"`
	Region        string  `bun:"region"`
	Name          string  `bun:"name"`
	Reason        string  `bun:"reason"`
	IntervalHours int     `bun:"interval_hours"`
	CaseID        string  `bun:"case_id"`
	FiledAt       micros  `bun:"filed_at"`
	EndedAt       *micros `bun:"ended_at"`
}

func (s collectionStore) PutExemption(ctx context.Context, x collection.Exemption) error {
	row := exemptionRow{ID: x.ID, Resource: x.Resource, Provider: x.Provider, Region: x.Region, Name: x.Name, Reason: x.Reason,
		IntervalHours: x.IntervalHours, CaseID: x.Case, FiledAt: toMicros(x.FiledAt)}
	return s.Do(ctx, func(ctx context.Context) error {
		_, err := s.affected(ctx, "end exemption", s.w(ctx).NewUpdate().Model((*exemptionRow)(nil)).
			Set("ended_at = ?", row.FiledAt).Where("resource = ? AND ended_at IS NULL", x.Resource))
		if err != nil {
			return err
		}
		return s.insert(ctx, "exemption", s.w(ctx).NewInsert().Model(&row))
	})
}

func (s collectionStore) Exemptions(ctx context.Context, region string, limit int) ([]collection.Exemption, error) {
	var rows []exemptionRow
	q := insideRegion(s.r(ctx).NewSelect().Model(&rows), "region", region).Where("ended_at IS NULL").OrderExpr("id DESC").Limit(limitOr(limit))
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list exemptions", err)
	}
	return convert(rows, func(r exemptionRow) (collection.Exemption, error) {
		return collection.Exemption{ID: r.ID, Resource: r.Resource, Provider: r.Provider, Region: r.Region, Name: r.Name,
			Reason: r.Reason, IntervalHours: r.IntervalHours, Case: r.CaseID, FiledAt: r.FiledAt.Time()}, nil
	})
}

type libraryRow struct {
	bun.BaseModel `bun:"table:libraries,alias:l"`

	ID        string  `bun:"id,pk"`
	Kind      string  `bun:"kind"`
	Domain    string  `bun:"domain"`
	Name      string  `bun:"name"`
	Lead      string  `bun:"lead"`
	Region    string  `bun:"region"`
	CreatedAt micros  `bun:"created_at"`
	EndedAt   *micros `bun:"ended_at"`
}

type libraryResourceRow struct {
	bun.BaseModel `bun:"table:library_resources,alias:lr"`

	Library  string `bun:"library,pk"`
	Resource string `bun:"resource,pk"`
}

func (r libraryRow) library() collection.Library {
	return collection.Library{ID: r.ID, Kind: r.Kind, Domain: r.Domain, Name: r.Name, Lead: r.Lead, Region: r.Region,
		CreatedAt: r.CreatedAt.Time(), EndedAt: r.EndedAt.timePtr()}
}

func (s collectionStore) InsertLibrary(ctx context.Context, l collection.Library) error {
	row := libraryRow{ID: l.ID, Kind: l.Kind, Domain: l.Domain, Name: l.Name, Lead: l.Lead, Region: l.Region, CreatedAt: toMicros(l.CreatedAt)}
	return s.insert(ctx, "library", s.w(ctx).NewInsert().Model(&row))
}

func (s collectionStore) EndLibrary(ctx context.Context, id string, at time.Time) error {
	_, err := s.affected(ctx, "end library", s.w(ctx).NewUpdate().Model((*libraryRow)(nil)).Set("ended_at = ?", toMicros(at)).Where("id = ?", id))
	return err
}

func (s collectionStore) AssignResource(ctx context.Context, library, resource string) error {
	row := libraryResourceRow{Library: library, Resource: resource}
	return s.insert(ctx, "library resource", s.w(ctx).NewInsert().Model(&row).On("CONFLICT DO NOTHING"))
}

func (s collectionStore) RemoveResource(ctx context.Context, library, resource string) error {
	row := libraryResourceRow{Library: library, Resource: resource}
	_, err := s.affected(ctx, "remove library resource", s.w(ctx).NewDelete().Model(&row).WherePK())
	return err
}

func (s collectionStore) Library(ctx context.Context, id string) (collection.Library, error) {
	var row libraryRow
	if err := s.one(ctx, "library", "基础库或者主题库", id, s.r(ctx).NewSelect().Model(&row).Where("id = ?", id)); err != nil {
		return collection.Library{}, err
	}
	l := row.library()
	err := s.r(ctx).NewSelect().Model((*libraryResourceRow)(nil)).Column("resource").Where("library = ?", id).Order("resource").Scan(ctx, &l.Resources)
	return l, s.failed(ctx, "list library resources", err)
}

func (s collectionStore) Libraries(ctx context.Context, region string) ([]collection.Library, error) {
	var rows []libraryRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("ended_at IS NULL").Order("kind", "domain", "id").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list libraries", err)
	}
	out := make([]collection.Library, 0, len(rows))
	for _, r := range rows {
		if touches(region, r.Region) {
			out = append(out, r.library())
		}
	}
	return out, nil
}
