package sharing

import (
	"context"
	"maps"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// WideningHooks are the functions by which a widening is weighed for what the
// consumer would hold in combination, as an application is (CN-25.2).
func (f *Flows) WideningHooks() casework.Hooks {
	return casework.Hooks{
		Checks: map[string]casework.Check{
			"sharing.widening_aggregation": func(ctx context.Context, c *procedure.Case, step procedure.Step) error {
				asked, err := f.asApplication(ctx, c)
				if err != nil || asked == nil {
					return err
				}
				return f.aggregation(ctx, asked, step)
			},
		},
		Effects: map[string]casework.Effect{
			"sharing.note_widening_aggregation": func(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
				asked, err := f.asApplication(ctx, c)
				if err != nil || asked == nil {
					return err
				}
				return f.noteAggregation(ctx, asked, act)
			},
		},
	}
}

// asApplication writes a widening by items as the application for these items
// that it amounts to; nil when no item is asked for.
func (f *Flows) asApplication(ctx context.Context, c *procedure.Case) (*procedure.Case, error) {
	more := procedure.Texts(c.Facts["more_items"])
	if procedure.Text(c.Facts["kind"]) != widenScope || len(more) == 0 {
		return nil, nil
	}
	g, err := f.about(ctx, c)
	if err != nil {
		return nil, err
	}
	asked := *c
	asked.Subject = g.Resource
	asked.Facts = maps.Clone(c.Facts)
	asked.Facts["items"], asked.Facts["mode"] = more, string(g.Mode)
	return &asked, nil
}
