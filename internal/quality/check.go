package quality

import (
	"context"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/checkdigit"
)

// verdict is what a check says of one row.
type verdict uint8

const (
	skipped verdict = iota // nothing to look at
	passed
	failed
)

// check judges the rows of a page.
type check struct {
	Outcome
	judge func(ctx context.Context, rows []catalog.Row) ([]verdict, error)
}

// perRow makes a judge of a function that looks at one row alone.
func perRow(f func(catalog.Row) verdict) func(context.Context, []catalog.Row) ([]verdict, error) {
	return func(_ context.Context, rows []catalog.Row) ([]verdict, error) {
		out := make([]verdict, len(rows))
		for i, r := range rows {
			out[i] = f(r)
		}
		return out, nil
	}
}

// perValue looks at the item's value of one row, unless it is empty.
func perValue(item string, good func(v any) bool) func(context.Context, []catalog.Row) ([]verdict, error) {
	return perRow(func(r catalog.Row) verdict {
		v := r[item]
		if empty(v) {
			return skipped
		}
		return verdictOf(good(v))
	})
}

// perText looks at the text of the item's value.
func perText(item string, good func(s string) bool) func(context.Context, []catalog.Row) ([]verdict, error) {
	return perValue(item, func(v any) bool { return good(text(v)) })
}

func verdictOf(good bool) verdict {
	if good {
		return passed
	}
	return failed
}

// empty tells whether nothing is there: no value, or white space only.
func empty(v any) bool {
	s, isText := v.(string)
	return v == nil || isText && strings.TrimSpace(s) == ""
}

// text writes a value as conditions and domains do.
func text(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(x)
	}
	return ""
}

func presence(item string) func(context.Context, []catalog.Row) ([]verdict, error) {
	return perRow(func(r catalog.Row) verdict { return verdictOf(!empty(r[item])) })
}

// filed makes the check of a filed rule other than Unique.
func filed(items []catalog.Item, item catalog.Item, r Rule, ask outside) (check, error) {
	c := check{Outcome: Outcome{Dimension: Validity, Kind: r.Kind, Item: r.Item, Filed: true}}
	switch r.Kind {
	case Required:
		c.Dimension, c.judge = Completeness, presence(r.Item)
	case Pattern:
		p, err := compile(r.Pattern)
		if err != nil {
			return check{}, err
		}
		c.judge = perText(r.Item, p.MatchString)
	case Domain:
		list := make(map[string]bool, len(r.Values))
		for _, v := range r.Values {
			list[v] = true
		}
		c.judge = perText(r.Item, func(s string) bool { return list[s] })
	case Range:
		low, _ := bound(item, r.Min)
		high, _ := bound(item, r.Max)
		c.judge = perText(r.Item, func(s string) bool {
			n, ok := bound(item, s)
			return ok && (r.Min == "" || n >= low) && (r.Max == "" || n <= high)
		})
	case Referential:
		c.Dimension, c.Other = Consistency, r.Resource+"."+r.Target
		if c.judge = perRow(func(catalog.Row) verdict { return skipped }); ask.refer != nil {
			known, readable := ask.refer(r)
			if !readable {
				c.Unmeasured = "not_readable"
				return c, nil
			}
			c.judge = among(r.Item, known)
		}
	case Compare:
		c.Dimension, c.Other = Consistency, r.Op+" "+r.Other
		c.judge = related(items, item, r)
	}
	return c, nil
}

// outside are the questions that a check puts to others.
type outside struct {
	regions func(ctx context.Context, codes []string) (map[string]bool, error)
	// keys gives those of the values that are the key of a row.
	keys func(ctx context.Context, values []string) (map[string]bool, error)
	// refer gives what knows the keys of the resource that a rule refers to;
	// readable is false when the provider may not read it (any more).
	refer func(r Rule) (known func(ctx context.Context, values []string) (map[string]bool, error), readable bool)
	today time.Time // in the zone of the law
}

// regionElement is the standard element of region codes.
const regionElement = "DE-QHDM"

var phone = regexp.MustCompile(`\A(?:(?:\+?86-?)?1[3-9][0-9]{9}|(?:0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(?:-[0-9]{1,6})?|[48]00-?[0-9]{3}-?[0-9]{4})\z`)

// implied gives the checks that the items of an entry imply.
func implied(items []catalog.Item, ask outside) []check {
	var out []check
	add := func(d Dimension, k Kind, item string, judge func(context.Context, []catalog.Row) ([]verdict, error)) {
		out = append(out, check{Outcome{Dimension: d, Kind: k, Item: item}, judge})
	}
	for _, x := range items {
		if x.Key || !x.Nullable {
			add(Completeness, Required, x.Code, presence(x.Code))
		}
		add(Validity, TypeLength, x.Code, perValue(x.Code, func(v any) bool { return fits(x, v) }))
		switch {
		case x.Sensitivity == catalog.ResidentID:
			add(Validity, IDNumber, x.Code, perText(x.Code, func(s string) bool { return checkdigit.ResidentID(s, ask.today) == nil }))
		case x.Sensitivity == catalog.Phone:
			add(Validity, PhoneForm, x.Code, perText(x.Code, phone.MatchString))
		case x.Element == regionElement:
			add(Validity, RegionCode, x.Code, among(x.Code, ask.regions))
		}
	}
	if parent, ok := parentItem(items); ok {
		add(Consistency, Parent, parent, among(parent, ask.above(items)))
	}
	if id, birth, ok := birthItems(items); ok {
		add(Consistency, BirthDate, birth, perRow(func(r catalog.Row) verdict { return bornAsNumbered(text(r[id]), text(r[birth])) }))
	}
	return out
}

var timeLayouts = []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime}

// fits tells whether a value has the type and length of the item.
func fits(x catalog.Item, v any) bool {
	switch {
	case x.Type == "L":
		_, ok := v.(bool)
		return ok
	case isNumber(x):
		n, ok := bound(x, text(v))
		return ok && (x.Type != "I" || n == math.Trunc(n))
	}
	s, ok := v.(string)
	switch {
	case !ok:
		return false
	case x.Type == "D":
		_, err := time.Parse(time.DateOnly, s)
		return err == nil
	case x.Type == "T":
		return slices.ContainsFunc(timeLayouts, func(l string) bool { _, err := time.Parse(l, s); return err == nil })
	}
	return x.Length == 0 || utf8.RuneCountInString(s) <= x.Length
}

// among asks, once a page, which of the values are known.
func among(item string, known func(context.Context, []string) (map[string]bool, error)) func(context.Context, []catalog.Row) ([]verdict, error) {
	return func(ctx context.Context, rows []catalog.Row) ([]verdict, error) {
		var values []string
		for _, r := range rows {
			if !empty(r[item]) {
				values = append(values, text(r[item]))
			}
		}
		slices.Sort(values)
		have, err := known(ctx, slices.Compact(values))
		if err != nil {
			return nil, err
		}
		return perText(item, func(s string) bool { return have[s] })(ctx, rows)
	}
}

// parentItem finds the item that names the key of the row above.
func parentItem(items []catalog.Item) (string, bool) {
	keys := keysOf(items)
	has := slices.ContainsFunc(items, func(x catalog.Item) bool { return x.Code == "parent" && !x.Key && isText(x) })
	return "parent", has && len(keys) == 1 && isText(keys[0])
}

// above knows the keys of the table and, as a table of region codes may begin
// anywhere in the tree, the regions.
func (ask outside) above(items []catalog.Item) func(context.Context, []string) (map[string]bool, error) {
	return func(ctx context.Context, values []string) (map[string]bool, error) {
		have, err := ask.keys(ctx, values)
		if err != nil || keysOf(items)[0].Element != regionElement {
			return have, err
		}
		rest := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return have[v] })
		regions, err := ask.regions(ctx, rest)
		for code, known := range regions {
			have[code] = have[code] || known
		}
		return have, err
	}
}

// birthItems finds an identity number and the date of birth beside it.
func birthItems(items []catalog.Item) (id, birth string, ok bool) {
	for _, x := range items {
		switch {
		case x.Sensitivity == catalog.ResidentID && id != "":
			return "", "", false // whose date of birth it is cannot be told
		case x.Sensitivity == catalog.ResidentID:
			id = x.Code
		case x.Code == "birth_date" && x.Type == "D":
			birth = x.Code
		}
	}
	return id, birth, id != "" && birth != ""
}

func bornAsNumbered(id, birth string) verdict {
	day, err := time.Parse(time.DateOnly, birth)
	if len(id) != 18 || err != nil {
		return skipped // told by the checks of their form
	}
	return verdictOf(id[6:14] == day.Format("20060102"))
}

func keysOf(items []catalog.Item) []catalog.Item {
	return slices.DeleteFunc(slices.Clone(items), func(x catalog.Item) bool { return !x.Key })
}
