package dcat

import (
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// schema is the table of items that the data conform to, as a CSV-on-the-Web
// schema; nil when the audience is told of no item.
func (s Site) schema(r Record, a Audience) *Node {
	id := s.Dataset(r.Resource.ID) + "#schema"
	var keys []string
	var all []any
	for _, i := range r.Entry.Items {
		if !visibleItem(i, a) {
			continue
		}
		all = append(all, s.column(r, i, a))
		if i.Key {
			keys = append(keys, i.Code)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return node(id, standardClass, schemaClass).
		add(title, r.Entry.Name+"数据项").
		add(primaryKey, strings.Join(keys, " ")).
		add(columns, all...)
}

// column describes one item.
func (s Site) column(r Record, i catalog.Item, a Audience) *Node {
	n := node(s.Dataset(r.Resource.ID)+"#item-"+segment(i.Code), columnClass).
		add(columnName, i.Code).
		add(columnText, or(i.Name, i.Code)).
		add(englishName, i.EnglishName).
		add(description, i.Description).
		add(datatype, datatypeOf(i)).
		add(required, i.Key || !i.Nullable).
		add(itemFormat, i.Format).
		add(dataElement, i.Element)
	if i.Length > 0 {
		n.add(itemLength, i.Length)
	}
	if i.Decimals > 0 {
		n.add(itemDecimals, i.Decimals)
	}
	if i.Domain != nil {
		n.add(valueScheme, i.Domain.Scheme)
	}
	if i.Authoritative {
		n.add(authoritative, true)
	}
	if a != Departments {
		return n
	}
	n.add(sharingAttribute, string(i.Attribute)).
		add(dataLevel, string(i.Level)).
		add(sensitivity, string(i.Sensitivity))
	if i.Masked {
		n.add(masked, true)
	}
	return n
}
