package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/cart"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// cartStore implements cart.Store.
type cartStore struct{ *database }

// Carts gives the store of what people have put aside to apply for.
func (s *Store) Carts() cart.Store { return cartStore{s.db} }

type cartRow struct {
	bun.BaseModel `bun:"table:cart_entries,alias:e"`

	Person     string `bun:"person,pk"`
	Resource   string `bun:"resource,pk"`
	Department string `bun:"department"`
	Items      string `bun:"items"`       // JSON list
	Clear      string `bun:"clear_items"` // JSON list
	Fields     string `bun:"fields"`      // cartFields
	Version    int    `bun:"version"`
	AddedAt    micros `bun:"added_at"`
}

// cartFields is the rest of what was chosen.
type cartFields struct {
	Rows   []catalog.Condition `json:"rows,omitempty"`
	Method catalog.Method      `json:"method,omitempty"`
	Mode   sharing.Mode        `json:"mode,omitempty"`
}

func cartRowOf(e cart.Entry) (cartRow, error) {
	row := cartRow{Person: e.Person, Resource: e.Resource, Department: e.Department, Version: e.Version, AddedAt: toMicros(e.AddedAt)}
	var err error
	if row.Items, err = encode("items", listOf(e.Items)); err != nil {
		return row, err
	}
	if row.Clear, err = encode("clear items", listOf(e.Clear)); err != nil {
		return row, err
	}
	row.Fields, err = encode("cart fields", cartFields{Rows: e.Rows, Method: e.Method, Mode: e.Mode})
	return row, err
}

func (r cartRow) entry() (cart.Entry, error) {
	e := cart.Entry{Person: r.Person, Resource: r.Resource, Department: r.Department, Version: r.Version, AddedAt: r.AddedAt.Time()}
	fields, err := decode[cartFields]("cart fields", r.Fields)
	if err != nil {
		return e, err
	}
	e.Rows, e.Method, e.Mode = fields.Rows, fields.Method, fields.Mode
	if e.Items, err = decode[[]string]("items", r.Items); err != nil {
		return e, err
	}
	e.Clear, err = decode[[]string]("clear items", r.Clear)
	return e, err
}

func (s cartStore) PutEntry(ctx context.Context, e cart.Entry) error {
	row, err := cartRowOf(e)
	if err != nil {
		return err
	}
	return s.insert(ctx, "cart entry", s.w(ctx).NewInsert().Model(&row).On("CONFLICT (person, resource) DO UPDATE").
		Set("department = EXCLUDED.department, items = EXCLUDED.items, clear_items = EXCLUDED.clear_items").
		Set("fields = EXCLUDED.fields, version = EXCLUDED.version"))
}

func (s cartStore) Entries(ctx context.Context, person string) ([]cart.Entry, error) {
	var rows []cartRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("e.person = ?", person).Order("e.added_at", "e.resource").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list cart", err)
	}
	return convert(rows, cartRow.entry)
}

func (s cartStore) DropEntries(ctx context.Context, person string, resources []string) (int, error) {
	if len(resources) == 0 {
		return 0, nil
	}
	return s.affected(ctx, "drop cart entries", s.w(ctx).NewDelete().Model((*cartRow)(nil)).
		Where("person = ? AND resource IN (?)", person, bun.List(resources)))
}
