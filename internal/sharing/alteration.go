package sharing

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// RenewalGrace is how long after its end a grant can still be renewed under the
// same number. Whoever comes later applies afresh (CN-20.2). The law sets no
// such period; this is the platform's.
const RenewalGrace = 30 * 24 * time.Hour

// grantRenewable refuses a grant that was terminated or disposed of, or that
// expired too long ago.
func (s *Service) grantRenewable(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	g, err := s.about(ctx, c)
	if err != nil {
		return err
	}
	return renewable(g, step.At)
}

func renewable(g Grant, at time.Time) error {
	err := inForce(g, at)
	if !fault.Is(err, "grant_expired") {
		return err
	}
	if at.Sub(g.NotAfter) >= RenewalGrace {
		return fault.New(fault.Illegal, "renewal_too_late", "授权届满已超过30日,不能续期,请重新申请").Under("CN-20.2")
	}
	return nil
}

// changeForm checks a renewal or change: what goes beyond the grant is a
// widening and has a procedure of its own (CN-25.1).
func (s *Service) changeForm(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	g, err := s.about(ctx, c)
	if err != nil {
		return err
	}
	v, err := s.resources.Version(ctx, g.Resource, g.ResourceVersion)
	if err != nil {
		return err
	}
	var faults fault.Collector
	const wider = "超出原授权的,应当按扩大使用范围另行申请"
	subset(&faults, "fields.new_items", procedure.Texts(c.Facts["new_items"]), g.Items, wider, "CN-25.1")
	rows, err := conditions(c.Facts["new_rows"], v.Entry.Items)
	switch {
	case err != nil:
		if !renamed(&faults, err, "fields.new_rows") {
			return err
		}
	case c.Facts["new_rows"] != nil && !narrower(g.Rows, rows):
		faults.Add("fields.new_rows", "wider", wider, "CN-25.1")
	}
	if day := procedure.Text(c.Facts["new_until"]); day != "" && day < step.At.In(shanghai).Format(time.DateOnly) {
		faults.Add("fields.new_until", "past", "续期后的使用时限已过", "CN-20.2")
	}
	if err := s.systemsReady(ctx, &faults, "fields.new_systems", procedure.Texts(c.Facts["new_systems"]), g.Consumer); err != nil {
		return err
	}
	return faults.Err("change_invalid", "申请内容与授权或者目录不符,请一并更正", "")
}

// changeWhole: something is asked for, and a grant that has expired a renewal.
func (s *Service) changeWhole(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	g, err := s.about(ctx, c)
	if err != nil {
		return err
	}
	var faults fault.Collector
	has := func(name string) bool { _, ok := c.Facts[name]; return ok }
	switch {
	case !step.At.Before(g.NotAfter) && !has("new_until"):
		faults.Add("fields.new_until", "required", "授权期限已经届满,应当申请续期", "CN-20.2")
	case !slices.ContainsFunc([]string{"new_until", "new_items", "new_rows", "new_systems"}, has):
		faults.Add("fields.new_until", "required", "应当写明续期或者变更的内容", "CN-20.2")
	}
	return faults.Err("change_incomplete", "申请内容不完整", "")
}

// narrower tells whether every row that the new conditions let through the old
// ones let through as well. It may say no where a cleverer look would say yes.
func narrower(old, fresh []catalog.Condition) bool {
	return !slices.ContainsFunc(old, func(o catalog.Condition) bool {
		return !slices.ContainsFunc(fresh, func(n catalog.Condition) bool { return implies(n, o) })
	})
}

// implies tells whether what n lets through o lets through.
func implies(n, o catalog.Condition) bool {
	if n.Item != o.Item || len(n.Values) == 0 || n.Op == catalog.Prefix && o.Op != catalog.Prefix {
		return false
	}
	return !slices.ContainsFunc(n.Values, func(v string) bool {
		return !slices.ContainsFunc(o.Values, func(w string) bool {
			return v == w || o.Op == catalog.Prefix && strings.HasPrefix(v, w)
		})
	})
}

// alter renews or changes the grant. A grant that had expired begins again
// with the consent: what lies between stays outside.
func (s *Service) alter(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	return s.change(ctx, c, act, Altered, func(g *Grant) error {
		v, err := s.resources.Version(ctx, g.Resource, g.ResourceVersion)
		if err != nil {
			return err
		}
		if items := procedure.Texts(c.Facts["new_items"]); len(items) > 0 {
			g.Items, g.Clear = items, within(g.Clear, items)
		}
		if c.Facts["new_rows"] != nil {
			if g.Rows, err = conditions(c.Facts["new_rows"], v.Entry.Items); err != nil {
				return err
			}
		}
		if systems := procedure.Texts(c.Facts["new_systems"]); len(systems) > 0 {
			g.Systems = systems
		}
		if day := procedure.Text(c.Facts["new_until"]); day != "" {
			until, err := startOf(day)
			if err != nil {
				return err
			}
			if !act.At.Before(g.NotAfter) {
				g.NotBefore = act.At
			}
			g.NotAfter = until.AddDate(0, 0, 1)
		}
		return nil
	})
}
