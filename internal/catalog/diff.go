package catalog

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// FieldChange is one field that differs. Values are as the canonical entry
// writes them; null stands for a field that is not there.
type FieldChange struct {
	Field string // name in the canonical form: "abstract"
	From  json.RawMessage
	To    json.RawMessage
}

// ItemChangeKind says what became of an item.
type ItemChangeKind string

// What may become of an item.
const (
	ItemAdded   ItemChangeKind = "added"
	ItemRemoved ItemChangeKind = "removed"
	ItemChanged ItemChangeKind = "changed"
	// ItemRenamed: another code for the same standard element or the same name.
	ItemRenamed ItemChangeKind = "renamed"
)

// ItemChange is one item that differs.
type ItemChange struct {
	Kind   ItemChangeKind
	Code   string        // in the later version; of a removed one, in the earlier
	Was    string        // code in the earlier version, when renamed
	Name   string        // Chinese name, in the later version if it is there
	Fields []FieldChange // of added and removed items: all that are set
}

// Difference is what makes one version of another: apply it to From and To
// results.
type Difference struct {
	From, To Version // without their entries' hidden parts
	Fields   []FieldChange
	Items    []ItemChange
	// Order are the codes of the later version's items, when they are not those
	// of the earlier one in the same order.
	Order []string
}

// Empty tells whether the two are the same.
func (d Difference) Empty() bool { return len(d.Fields)+len(d.Items)+len(d.Order) == 0 }

// Compare gives what makes the entry b of the entry a: field by field, item by
// item (CN-16).
func Compare(a, b Entry) (Difference, error) {
	var d Difference
	before, err := fieldsOf(a)
	if err != nil {
		return d, err
	}
	after, err := fieldsOf(b)
	if err != nil {
		return d, err
	}
	delete(before, "items")
	delete(after, "items")
	d.Fields = compareFields(before, after)
	if d.Items, err = compareItems(a.Items, b.Items); err != nil {
		return d, err
	}
	if codes := codesOfItems(b.Items); !slices.Equal(codesOfItems(a.Items), codes) {
		d.Order = codes
	}
	return d, nil
}

// fieldsOf takes a value apart into its canonical fields.
func fieldsOf(v any) (map[string]json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("compare versions: %w", err)
	}
	var out map[string]json.RawMessage
	err = json.Unmarshal(raw, &out)
	return out, err
}

var null = json.RawMessage("null")

func compareFields(before, after map[string]json.RawMessage) []FieldChange {
	names := map[string]bool{}
	for name := range before {
		names[name] = true
	}
	for name := range after {
		names[name] = true
	}
	var out []FieldChange
	for name := range names {
		c := FieldChange{Field: name, From: before[name], To: after[name]}
		if c.From == nil {
			c.From = null
		}
		if c.To == nil {
			c.To = null
		}
		if !bytes.Equal(c.From, c.To) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y FieldChange) int {
		return bytes.Compare([]byte(x.Field), []byte(y.Field))
	})
	return out
}

func codesOfItems(items []Item) []string {
	out := make([]string, 0, len(items))
	for _, x := range items {
		out = append(out, x.Code)
	}
	return out
}

// compareItems pairs items by code, and those that are left by the standard
// element or the name that only they share.
func compareItems(a, b []Item) ([]ItemChange, error) {
	was := map[string]Item{}
	for _, x := range a {
		was[x.Code] = x
	}
	renamed := pairRenamed(a, b)
	var out []ItemChange
	for _, x := range b {
		c := ItemChange{Kind: ItemChanged, Code: x.Code, Name: x.Name}
		old, there := was[x.Code]
		if from, is := renamed[x.Code]; is {
			c.Kind, c.Was, old, there = ItemRenamed, from, was[from], true
		}
		before := map[string]json.RawMessage{}
		var err error
		if !there {
			c.Kind = ItemAdded
		} else if before, err = fieldsOf(old); err != nil {
			return nil, err
		}
		after, err := fieldsOf(x)
		if err != nil {
			return nil, err
		}
		if c.Fields = compareFields(before, after); len(c.Fields) > 0 {
			out = append(out, c)
		}
		delete(was, old.Code)
	}
	for _, x := range a {
		if _, left := was[x.Code]; !left {
			continue
		}
		before, err := fieldsOf(x)
		if err != nil {
			return nil, err
		}
		out = append(out, ItemChange{Kind: ItemRemoved, Code: x.Code, Name: x.Name, Fields: compareFields(before, nil)})
	}
	return out, nil
}

// pairRenamed gives, by the code of a new item, that of the old one that it was.
func pairRenamed(a, b []Item) map[string]string {
	there := func(items []Item, code string) bool {
		return slices.ContainsFunc(items, func(x Item) bool { return x.Code == code })
	}
	left := slices.DeleteFunc(slices.Clone(a), func(x Item) bool { return there(b, x.Code) })
	fresh := slices.DeleteFunc(slices.Clone(b), func(x Item) bool { return there(a, x.Code) })
	out, taken := map[string]string{}, map[string]bool{}
	for _, key := range []func(Item) string{func(x Item) string { return x.Element }, func(x Item) string { return x.Name }} {
		for _, x := range fresh {
			if key(x) == "" || out[x.Code] != "" || count(fresh, key, key(x)) != 1 || count(left, key, key(x)) != 1 {
				continue
			}
			for _, y := range left {
				if key(y) == key(x) && !taken[y.Code] {
					out[x.Code], taken[y.Code] = y.Code, true
				}
			}
		}
	}
	return out
}

func count(items []Item, key func(Item) string, value string) int {
	n := 0
	for _, x := range items {
		if key(x) == value {
			n++
		}
	}
	return n
}

// Diff gives what changed between two versions of a resource. Zero stands for
// the version before the later one, and for the newest that the reader may
// see. Of versions that are not published only the provider and its authority
// learn, to others they do not exist (CN-16).
func (s *Service) Diff(ctx context.Context, p org.Principal, resourceID string, from, to int) (Difference, error) {
	all, err := s.Versions(ctx, p, resourceID)
	if err != nil {
		return Difference{}, err
	}
	if to == 0 {
		to = all[len(all)-1].Number
	}
	if from == 0 {
		from = all[0].Number
		for _, v := range all {
			if v.Number < to {
				from = v.Number
			}
		}
	}
	var a, b *Version
	for i := range all {
		if all[i].Number == from {
			a = &all[i]
		}
		if all[i].Number == to {
			b = &all[i]
		}
	}
	if a == nil || b == nil {
		return Difference{}, fault.Missing("目录版本", fmt.Sprintf("%s/%d-%d", resourceID, from, to))
	}
	d, err := Compare(a.Entry, b.Entry)
	d.From, d.To = *a, *b
	return d, err
}
