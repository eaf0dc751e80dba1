package correction

import (
	"context"
	"maps"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// change is the row of a hosted table as it shall be; nil: nothing to write.
type change struct {
	resource string
	items    []catalog.Item
	row      catalog.Row
}

func refused(code, message string) error {
	return fault.New(fault.Illegal, code, message).Under("CN-26.2")
}

// change works out what the platform shall write. It refuses when the values
// are not known, when the resource is not hosted, and when the sealed key does
// not name exactly one row.
func (s *Service) change(ctx context.Context, c *procedure.Case, rec Record, way string, codes []string) (*change, error) {
	if way == "at_source" {
		return nil, nil
	}
	content, err := s.content(rec)
	if err != nil {
		return nil, err
	}
	right, err := s.right(rec, content, way, codes)
	if err != nil {
		return nil, err
	}
	res, err := s.Resources.Resource(ctx, c.Subject)
	if err != nil {
		return nil, err
	}
	v, err := s.Resources.Version(ctx, res.ID, res.Published)
	if err != nil {
		return nil, err
	}
	if v.Entry.Collection != catalog.HostedCopy {
		return nil, refused("not_hosted", "这项数据不在本平台存放,应当在源系统更正后反馈(at_source)")
	}
	for _, it := range v.Entry.Items {
		if _, touched := right[it.Code]; touched && it.Key && c.Facts["kind"] != "missing" {
			return nil, refused("key_item", "“"+it.Name+"”是主键,应当在源系统更正并重新装载(at_source)")
		}
	}
	row, err := s.row(ctx, c, v, content.Key)
	if err != nil {
		return nil, err
	}
	maps.Copy(row, right)
	return &change{res.ID, v.Entry.Items, row}, nil
}

// right gives the right values of the items to correct.
func (s *Service) right(rec Record, content Content, way string, codes []string) (map[string]any, error) {
	known := map[string]any{}
	if way == "as_filed" {
		filed, err := s.filed(rec)
		if err != nil {
			return nil, err
		}
		known = filed
	} else {
		for _, claim := range content.Claims {
			if claim.Right != nil {
				known[claim.Item] = claim.Right
			}
		}
	}
	right := make(map[string]any, len(codes))
	for _, code := range codes {
		v, ok := known[code]
		if !ok {
			if way == "as_filed" {
				return nil, refused("values_not_filed", "提供部门尚未填报数据项“"+code+"”的正确值")
			}
			return nil, refused("value_not_proposed", "校核申请没有提出数据项“"+code+"”的正确值,请由提供部门填报(as_filed)")
		}
		right[code] = v
	}
	return right, nil
}

// row reads the one row that the key names, or begins the one that is missing.
func (s *Service) row(ctx context.Context, c *procedure.Case, v catalog.Version, key map[string]any) (catalog.Row, error) {
	q := catalog.HostedQuery{Resource: v.Resource, Items: v.Entry.Items, Limit: 2}
	for _, it := range v.Entry.Items {
		q.Select = append(q.Select, it.Code)
		if value, named := key[it.Code]; named {
			text, _ := scalar(value)
			q.Where = append(q.Where, catalog.Condition{Item: it.Code, Op: catalog.Equal, Values: []string{text}})
		}
	}
	if len(q.Where) != len(key) {
		return nil, refused("key_outdated", "指明记录的数据项已不在现行目录中,应当在源系统更正(at_source)")
	}
	rows, err := s.Hosted.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	if c.Facts["kind"] == "missing" {
		if len(rows) > 0 {
			return nil, refused("record_exists", "平台上已有这条记录")
		}
		row := catalog.Row{}
		maps.Copy(row, key)
		return row, nil
	}
	switch len(rows) {
	case 1:
		return rows[0], nil
	case 0:
		return nil, refused("record_not_found", "平台存放的数据中没有这条记录")
	}
	return nil, refused("record_not_unique", "平台存放的数据中有多条符合的记录,应当在源系统更正(at_source)")
}

// apply writes the corrected row, in the step's transaction.
func (s *Service) apply(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	rec, err := s.Store.RecordOfCase(ctx, c.ID)
	if err != nil {
		return err
	}
	codes := correctedItems(rec, act.Fields)
	act.Results["corrected_items"] = codes
	ch, err := s.change(ctx, c, rec, procedure.Text(act.Fields["way"]), codes)
	if err != nil || ch == nil {
		return err
	}
	if err := s.Hosted.Load(ctx, ch.resource, ch.items, []catalog.Row{ch.row}); err != nil {
		if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
			// The store's words about rows may not be understood here, but they hold no values.
			return fault.New(fault.Illegal, "value_not_fitting", "正确值不符合目录列明的数据项,不能写入平台").Under("CN-18").Because(err)
		}
		return err
	}
	act.Results["hosted_rows"] = 1
	return nil
}
