package sharing

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Fields of a change of service besides its kind and day.
var changeFields = []string{"new_items", "new_until", "new_daily_calls", "new_rate_per_second"}

// changeTerms checks what a provider proposes against the grant as it is: a
// service is ended, or changed within what was granted (CN-27.3). It is asked
// again when the change is carried out.
func (s *Service) changeTerms(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	g, err := s.about(ctx, c)
	if err != nil {
		return err
	}
	var faults fault.Collector
	ends, some := procedure.Text(c.Facts["kind"]) == "end", false
	for _, name := range changeFields {
		_, held := c.Facts[name]
		some = some || held
		if _, brought := step.Fields[name]; brought && ends {
			faults.Add("fields."+name, "not_for_kind", "终止服务不应填写变更的内容", "CN-27.3")
		}
	}
	if !ends {
		if !some {
			faults.Add("fields.kind", "nothing_changed", "变更服务应当写明变更的内容", "CN-27.3")
		}
		subset(&faults, "fields.new_items", procedure.Texts(c.Facts["new_items"]), g.Items, "变更后的数据项应在授权的数据项之内", "CN-27.3")
		if day := procedure.Text(c.Facts["new_until"]); day != "" {
			until, err := startOf(day)
			if err != nil {
				return err
			}
			if day < procedure.Text(c.Facts["effective_on"]) || !until.AddDate(0, 0, 1).After(g.NotBefore) {
				faults.Add("fields.new_until", "too_early", "变更后的使用时限不能早于变更之日", "CN-27.3")
			}
		}
	}
	return faults.Err("change_invalid", "终止或者变更的内容不符合规定", "")
}

// changeDayCome: a change takes effect on its day, not before. An end may be
// set beforehand: it takes effect by itself.
func (s *Service) changeDayCome(_ context.Context, c *procedure.Case, step procedure.Step) error {
	day := procedure.Text(c.Facts["effective_on"])
	if procedure.Text(c.Facts["kind"]) == "change" && step.At.In(shanghai).Format(time.DateOnly) < day {
		return fault.New(fault.Illegal, "not_yet_effective", "变更之日"+day+"未到,不能提前实施").Under("CN-27.3")
	}
	return nil
}

// applyServiceChange does what was negotiated and filed.
func (s *Service) applyServiceChange(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	if procedure.Text(c.Facts["kind"]) == "end" {
		return s.endOn(ctx, c, act)
	}
	return s.change(ctx, c, act, ServiceChange, func(g *Grant) error {
		if items := procedure.Texts(c.Facts["new_items"]); len(items) > 0 {
			g.Items, g.Clear = items, within(g.Clear, items)
		}
		if day := procedure.Text(c.Facts["new_until"]); day != "" {
			until, err := startOf(day)
			if err != nil {
				return err
			}
			g.NotAfter = until.AddDate(0, 0, 1)
		}
		if n := procedure.Int(c.Facts["new_daily_calls"]); n > 0 {
			g.DailyCalls = n
		}
		if n := procedure.Int(c.Facts["new_rate_per_second"]); n > 0 {
			g.RatePerSecond = n
		}
		return nil
	})
}

// endByConsumer: whoever no longer needs the data says so; that needs neither
// cause nor consent. Disposal follows (CN-27.1).
func (s *Service) endByConsumer(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	return s.endOn(ctx, c, act)
}

// endOn ends the grant at 00:00 of the day given, or at once when that is past.
func (s *Service) endOn(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	day, err := startOf(procedure.Text(c.Facts["effective_on"]))
	if err != nil {
		return err
	}
	at := later(day, act.At)
	return s.change(ctx, c, act, Ended, func(g *Grant) error {
		if g.TerminatedAt == nil || at.Before(*g.TerminatedAt) {
			g.TerminatedAt = &at
		}
		return nil
	})
}

// within gives the entries of part that are in whole, in order.
func within(part, whole []string) []string {
	in := make(map[string]bool, len(whole))
	for _, x := range whole {
		in[x] = true
	}
	out := []string{}
	for _, x := range part {
		if in[x] {
			out = append(out, x)
		}
	}
	return out
}
