package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// claimNames gives a resource the names of its published and pending versions
// and frees those that it bears no more. A name that another resource of the
// department has is the fault "name_taken": the primary key decides between two
// that come at once (CN-12).
func (s catalogStore) claimNames(ctx context.Context, resource string) error {
	return s.Do(ctx, func(ctx context.Context) error {
		var provider string
		var names []string
		err := s.query(ctx, "read names", `SELECT DISTINCT r.provider, v.name FROM resources AS r
			JOIN resource_versions AS v ON v.resource = r.id AND v.number IN (r.published, r.pending)
			WHERE r.id = ? AND v.name <> '' ORDER BY v.name`, []any{resource}, func(rows *sql.Rows) error {
			var name string
			err := rows.Scan(&provider, &name)
			names = append(names, name)
			return err
		})
		if err != nil {
			return err
		}
		args := []any{resource}
		keep := ""
		for _, n := range names {
			args = append(args, n)
		}
		if len(names) > 0 {
			keep = " AND name NOT IN " + valuesList(1, len(names))
		}
		if _, err := s.exec(ctx, "free names", "DELETE FROM resource_names WHERE resource = ?"+keep, args...); err != nil {
			return err
		}
		for _, n := range names {
			res, err := s.exec(ctx, "claim name", `INSERT INTO resource_names (provider, name, resource) VALUES (?, ?, ?)
				ON CONFLICT (provider, name) DO UPDATE SET resource = EXCLUDED.resource WHERE resource_names.resource = EXCLUDED.resource`,
				provider, n, resource)
			if err != nil {
				return err
			}
			if claimed, err := res.RowsAffected(); err != nil || claimed == 0 {
				if err != nil {
					return s.fail(ctx, "claim name", err)
				}
				return nameTaken()
			}
		}
		return nil
	})
}

func nameTaken() error {
	var c fault.Collector
	c.Add("name", "name_taken", "本部门已有同名的目录条目", "CN-12")
	f, _ := fault.As(c.Err("name_taken", "本部门已有同名的目录条目", "CN-12"))
	f.Kind = fault.Conflict
	return f
}

type codeRow struct {
	bun.BaseModel `bun:"table:resource_codes,alias:k"`

	Code     string `bun:"code,pk"`
	Resource string `bun:"resource"`
	KeptAt   micros `bun:"kept_at"`
}

func (s catalogStore) KeepCode(ctx context.Context, code, resource string, at time.Time) error {
	row := codeRow{Code: code, Resource: resource, KeptAt: toMicros(at)}
	return s.insert(ctx, "earlier code", s.w(ctx).NewInsert().Model(&row))
}

func (s catalogStore) ResourceByCode(ctx context.Context, code string) (catalog.Resource, error) {
	r, err := s.resource(ctx, "code", code)
	if f, is := fault.As(err); !is || f.Kind != fault.NotFound {
		return r, err
	}
	var row codeRow
	if err := s.one(ctx, "earlier code", "目录条目", code, s.r(ctx).NewSelect().Model(&row).Where("code = ?", code)); err != nil {
		return catalog.Resource{}, err
	}
	return s.Resource(ctx, row.Resource)
}
