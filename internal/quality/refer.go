package quality

import (
	"context"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// target is the other resource that a referential rule looks into.
type target struct {
	items []catalog.Item
	// Why the rule cannot be asked; empty: it can.
	code, message string
}

// target finds the resource that a rule on an item of the provider refers to: a
// published table here with that single key of the same type, which is the
// provider's own or which a grant in force lets it read.
func (s *Service) target(ctx context.Context, provider string, item catalog.Item, r Rule) (target, error) {
	other, v, err := s.current(ctx, r.Resource)
	if _, refused := fault.As(err); refused {
		return target{code: "not_found", message: "没有这个已发布的物理汇聚目录条目"}, nil
	}
	if err != nil {
		return target{}, err
	}
	keys := keysOf(v.Entry.Items)
	if len(keys) != 1 || keys[0].Code != r.Target {
		return target{code: "not_key", message: "只能参照对方唯一的主键数据项"}, nil
	}
	if family(keys[0]) != family(item) {
		return target{code: "type", message: "与对方主键的类型不一致"}, nil
	}
	if other.Provider != provider {
		may, err := s.Store.MayRead(ctx, provider, r.Resource, r.Target, s.Clock.Now())
		if err != nil {
			return target{}, err
		}
		if !may {
			return target{code: "not_readable", message: "提供部门没有取得该数据项的有效共享授权，不能参照"}, nil
		}
	}
	return target{items: v.Entry.Items}, nil
}

// checkReferences tells which referential rules cannot be asked.
func (s *Service) checkReferences(ctx context.Context, provider string, items []catalog.Item, rules []Rule) error {
	var c fault.Collector
	for i, r := range rules {
		if r.Kind != Referential {
			continue
		}
		for _, x := range items {
			if x.Code != r.Item {
				continue
			}
			t, err := s.target(ctx, provider, x, r)
			if err != nil {
				return err
			}
			if t.code != "" {
				c.Add(fmt.Sprintf("rules[%d].resource", i), t.code, t.message, basis)
			}
		}
	}
	return c.Err("rules_invalid", "质量规则填写有误", basis)
}

// referring gives what the referential rules of a run ask. Whether the provider
// may read is asked when the run begins.
func (s *Service) referring(ctx context.Context, provider string, items []catalog.Item, rules []Rule) (func(Rule) (func(context.Context, []string) (map[string]bool, error), bool), error) {
	type place struct{ resource, target string }
	targets := map[place]target{}
	for _, r := range rules {
		for _, x := range items {
			if r.Kind != Referential || x.Code != r.Item {
				continue
			}
			t, err := s.target(ctx, provider, x, r)
			if err != nil {
				return nil, err
			}
			targets[place{r.Resource, r.Target}] = t
		}
	}
	return func(r Rule) (func(context.Context, []string) (map[string]bool, error), bool) {
		t := targets[place{r.Resource, r.Target}]
		known := func(ctx context.Context, values []string) (map[string]bool, error) {
			return keysAmong(ctx, s.Hosted, r.Resource, t.items, values)
		}
		return known, t.code == ""
	}, nil
}

// keysAmong gives those of the values that are the single key of a row.
func keysAmong(ctx context.Context, h Hosted, resource string, items []catalog.Item, values []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(values) == 0 {
		return out, nil
	}
	key := keysOf(items)[0].Code
	rows, err := h.Query(ctx, catalog.HostedQuery{Resource: resource, Items: items, Select: []string{key},
		Where: []catalog.Condition{{Item: key, Op: catalog.In, Values: values}}, Limit: len(values)})
	for _, r := range rows {
		out[text(r[key])] = true
	}
	return out, err
}
