package catalog

import (
	"context"
	"fmt"
	"slices"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// wider lists, for a type, the types that every value of it is a value of, in
// the form in which the platform keeps it.
var wider = map[string][]string{
	"C": {"M", "G"}, "M": {"C", "G"}, "G": {"C", "M"},
	"D": {"C", "M", "G"}, "T": {"C", "M", "G"}, "Y": {"C", "M", "G"},
	"I": {"N", "B", "F", "C", "M", "G"}, "N": {"B", "F"}, "B": {"N", "F"}, "F": {"N", "B"},
}

// tableCanFollow refuses an update whose items the table of a hosted resource
// cannot follow: keys stay as they are, types and lengths only widen, an item
// that comes back has the type it had, and what rows lack stays optional
// (HB-12). Grants go on reading what they were given.
func (s *Service) tableCanFollow(ctx context.Context, c *fault.Collector, r Resource, e Entry) error {
	if r.Published == 0 || e.Collection != HostedCopy {
		return nil
	}
	all, err := s.store.Versions(ctx, r.ID)
	if err != nil {
		return err
	}
	was := map[string]Item{}    // items of the published version
	before := map[string]Item{} // those of earlier ones, as they were last
	for _, v := range all {
		if v.Entry.Collection != HostedCopy || v.Status != PublishedV && v.Status != Superseded {
			continue
		}
		for _, x := range v.Entry.Items {
			before[x.Code] = x
			if v.Number == r.Published {
				was[x.Code] = x
			}
		}
	}
	if len(was) == 0 {
		return nil
	}
	rows, err := s.hosted.Count(ctx, r.ID, nil)
	if err != nil && !notFound(err) {
		return err
	}
	evolve(c, was, before, e.Items, rows > 0)
	return nil
}

func evolve(c *fault.Collector, was, before map[string]Item, items []Item, rows bool) {
	const basis = "HB-12"
	for i, x := range items {
		at := func(field string) string { return fmt.Sprintf("items[%d].%s", i, field) }
		old, there := was[x.Code]
		if x.Key != (there && old.Key) {
			c.Add(at("key"), "key_fixed", "物理汇聚的数据发布后，主键不能改变；需要改变的，请另行编制", basis)
			continue
		}
		if !there {
			if gone, known := before[x.Code]; known && gone.Type != x.Type {
				c.Add(at("type"), "type_of_before", "该代码曾是"+Label(VocabItemType, gone.Type)+"的数据项，重新加入时类型应相同，或者另用代码", basis)
			}
			if rows && !x.Nullable {
				c.Add(at("nullable"), "rows_lack_it", "已装载的数据没有该数据项，新增的数据项应可空", basis)
			}
			continue
		}
		switch {
		case x.Type != old.Type && (x.Key || !slices.Contains(wider[old.Type], x.Type)):
			c.Add(at("type"), "narrower", "物理汇聚的数据发布后，数据类型只能放宽，不能由"+Label(VocabItemType, old.Type)+"改为"+Label(VocabItemType, x.Type), basis)
		case x.Length > 0 && (old.Length == 0 || x.Length < old.Length) && x.Type == old.Type && rows:
			c.Add(at("length"), "narrower", "物理汇聚的数据发布后，数据长度只能放宽", basis)
		}
		if rows && old.Nullable && !x.Nullable {
			c.Add(at("nullable"), "rows_lack_it", "已装载的数据中可能有空值，可空的数据项不能改为必填", basis)
		}
	}
	for code, x := range was {
		if x.Key && !slices.ContainsFunc(items, func(y Item) bool { return y.Code == code }) {
			c.Add("items", "key_fixed", "物理汇聚的数据发布后，主键数据项“"+x.Name+"”不能删除", basis)
		}
	}
}
