package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/demand"
)

// demandStore implements demand.Store.
type demandStore struct{ *database }

// Demands gives the store of the board of demands.
func (s *Store) Demands() demand.Store { return demandStore{s.db} }

type demandRow struct {
	bun.BaseModel `bun:"table:demands,alias:d"`

	ID          string  `bun:"id,pk"`
	Number      string  `bun:"number"`
	Department  string  `bun:"department"`
	Region      string  `bun:"region"`
	Name        string  `bun:"name"`
	Data        string  `bun:"data"`
	Items       string  `bun:"items"` // JSON list
	Scope       string  `bun:"scope"`
	Words       string  `bun:"words"`
	Urgency     string  `bun:"urgency"`
	State       string  `bun:"state"`
	Resource    *string `bun:"resource"`
	MergedInto  *string `bun:"merged_into"`
	AnnouncedAt micros  `bun:"announced_at"`
	ClosedAt    *micros `bun:"closed_at"`
}

func demandRowOf(d demand.Demand) (demandRow, error) {
	items, err := encode("items", listOf(d.Items))
	return demandRow{ID: d.ID, Number: d.Number, Department: d.Department, Region: d.Region, Name: d.Name, Data: d.Data, Items: items,
		Scope: d.Scope, Words: d.Words, Urgency: d.Urgency, State: string(d.State), Resource: optional(d.Resource),
		MergedInto: optional(d.MergedInto), AnnouncedAt: toMicros(d.AnnouncedAt), ClosedAt: toMicrosPtr(d.ClosedAt)}, err
}

func (r demandRow) demand() (demand.Demand, error) {
	items, err := decode[[]string]("items", r.Items)
	return demand.Demand{ID: r.ID, Number: r.Number, Department: r.Department, Region: r.Region, Name: r.Name, Data: r.Data, Items: items,
		Scope: r.Scope, Words: r.Words, Urgency: r.Urgency, State: demand.State(r.State), Resource: given(r.Resource),
		MergedInto: given(r.MergedInto), AnnouncedAt: r.AnnouncedAt.Time(), ClosedAt: r.ClosedAt.timePtr()}, err
}

func (s demandStore) InsertDemand(ctx context.Context, d demand.Demand) error {
	row, err := demandRowOf(d)
	if err != nil {
		return err
	}
	return s.insert(ctx, "demand", s.w(ctx).NewInsert().Model(&row))
}

func (s demandStore) UpdateDemand(ctx context.Context, d demand.Demand) error {
	row, err := demandRowOf(d)
	if err != nil {
		return err
	}
	_, err = s.affected(ctx, "update demand", s.w(ctx).NewUpdate().Model(&row).Column("state", "resource", "merged_into", "closed_at").WherePK())
	return err
}

func (s demandStore) Demand(ctx context.Context, id string) (demand.Demand, error) {
	var row demandRow
	if err := s.one(ctx, "demand", "需求", id, s.r(ctx).NewSelect().Model(&row).Where("d.id = ?", id)); err != nil {
		return demand.Demand{}, err
	}
	return row.demand()
}

func (s demandStore) Demands(ctx context.Context, f demand.Filter) ([]demand.Demand, error) {
	var rows []demandRow
	q := s.r(ctx).NewSelect().Model(&rows).OrderExpr("d.id DESC").Limit(limitOr(f.Limit))
	if len(f.States) > 0 {
		q = q.Where("d.state IN (?)", bun.List(f.States))
	}
	if f.Department != "" {
		q = q.Where("(d.department = ? OR EXISTS (SELECT 1 FROM demand_joins AS j WHERE j.demand = d.id AND j.department = ?))", f.Department, f.Department)
	}
	if f.Text != "" {
		like := likePart(f.Text)
		q = q.Where(`(d.name LIKE ? ESCAPE '\' OR d.data LIKE ? ESCAPE '\' OR d.number = ?)`, like, like, f.Text)
	}
	if f.After != "" {
		q = q.Where("d.id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list demands", err)
	}
	return convert(rows, demandRow.demand)
}

type joinRow struct {
	bun.BaseModel `bun:"table:demand_joins,alias:j"`

	Demand     string `bun:"demand,pk"`
	Department string `bun:"department,pk"`
	Person     string `bun:"person"`
	Note       string `bun:"note"`
	JoinedAt   micros `bun:"joined_at"`
}

// PutJoin keeps the time of the first joining.
func (s demandStore) PutJoin(ctx context.Context, j demand.Join) error {
	row := joinRow{Demand: j.Demand, Department: j.Department, Person: j.Person, Note: j.Note, JoinedAt: toMicros(j.JoinedAt)}
	return s.insert(ctx, "joining", s.w(ctx).NewInsert().Model(&row).
		On("CONFLICT (demand, department) DO UPDATE").Set("note = EXCLUDED.note, person = EXCLUDED.person"))
}

func (s demandStore) DropJoin(ctx context.Context, id, department string) error {
	_, err := s.affected(ctx, "leave demand", s.w(ctx).NewDelete().Model((*joinRow)(nil)).Where("demand = ? AND department = ?", id, department))
	return err
}

func (s demandStore) Joins(ctx context.Context, id string) ([]demand.Join, error) {
	var rows []joinRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("j.demand = ?", id).Order("j.joined_at", "j.department").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list joinings", err)
	}
	return convert(rows, func(r joinRow) (demand.Join, error) {
		return demand.Join{Demand: r.Demand, Department: r.Department, Person: r.Person, Note: r.Note, JoinedAt: r.JoinedAt.Time()}, nil
	})
}

type assignedRow struct {
	bun.BaseModel `bun:"table:demand_assignments,alias:a"`

	ID        string  `bun:"id,pk"`
	Demand    string  `bun:"demand"`
	Provider  string  `bun:"provider"`
	Resource  *string `bun:"resource"`
	Version   int     `bun:"version"`
	Open      bool    `bun:"open"`
	CreatedAt micros  `bun:"created_at"`
}

func assignedRowOf(a demand.Assigned) assignedRow {
	return assignedRow{ID: a.ID, Demand: a.Demand, Provider: a.Provider, Resource: optional(a.Resource), Version: a.Version,
		Open: a.Open, CreatedAt: toMicros(a.CreatedAt)}
}

func (r assignedRow) assigned() (demand.Assigned, error) {
	return demand.Assigned{ID: r.ID, Demand: r.Demand, Provider: r.Provider, Resource: given(r.Resource), Version: r.Version,
		Open: r.Open, CreatedAt: r.CreatedAt.Time()}, nil
}

func (s demandStore) InsertAssigned(ctx context.Context, a demand.Assigned) error {
	row := assignedRowOf(a)
	return s.insert(ctx, "assignment", s.w(ctx).NewInsert().Model(&row))
}

func (s demandStore) UpdateAssigned(ctx context.Context, a demand.Assigned) error {
	row := assignedRowOf(a)
	_, err := s.affected(ctx, "update assignment", s.w(ctx).NewUpdate().Model(&row).Column("resource", "version", "open").WherePK())
	return err
}

func (s demandStore) Assigned(ctx context.Context, id string) (demand.Assigned, error) {
	var row assignedRow
	if err := s.one(ctx, "assignment", "需求承接", id, s.r(ctx).NewSelect().Model(&row).Where("a.id = ?", id)); err != nil {
		return demand.Assigned{}, err
	}
	return row.assigned()
}

func (s demandStore) AssignedOf(ctx context.Context, id string) ([]demand.Assigned, error) {
	return s.assigned(ctx, "a.demand = ?", id)
}

func (s demandStore) WaitingFor(ctx context.Context, resource string) ([]demand.Assigned, error) {
	return s.assigned(ctx, "a.open AND a.resource = ?", resource)
}

func (s demandStore) assigned(ctx context.Context, where, id string) ([]demand.Assigned, error) {
	var rows []assignedRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where(where, id).Order("a.id").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list assignments", err)
	}
	return convert(rows, assignedRow.assigned)
}

// optional is an identifier that may be missing, as a column.
func optional(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}

// given is the identifier of a column that may be empty.
func given(id *string) string {
	if id == nil {
		return ""
	}
	return *id
}
