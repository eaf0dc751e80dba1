package quality

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/checkdigit"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// citizen makes a synthetic identity number of the region that exists nowhere.
func citizen(t *testing.T, birth string) string {
	t.Helper()
	id, err := checkdigit.CompleteResidentID("130199" + birth + "001")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

var asked = outside{
	regions: func(_ context.Context, codes []string) (map[string]bool, error) {
		known := map[string]bool{}
		for _, c := range codes {
			known[c] = c == "130000" || c == "130100"
		}
		return known, nil
	},
	keys: func(_ context.Context, values []string) (map[string]bool, error) {
		known := map[string]bool{}
		for _, v := range values {
			known[v] = v == "k1"
		}
		return known, nil
	},
	today: time.Date(2026, 3, 2, 10, 0, 0, 0, zone),
}

// judged gives the verdict of the checks of a kind on one row.
func judged(t *testing.T, checks []check, kind Kind, row catalog.Row) verdict {
	t.Helper()
	for _, c := range checks {
		if c.Kind == kind {
			out, err := c.judge(t.Context(), []catalog.Row{row})
			if err != nil {
				t.Fatal(err)
			}
			return out[0]
		}
	}
	t.Fatalf("no check of kind %s", kind)
	return skipped
}

func TestImpliedChecks(t *testing.T) {
	t.Parallel()
	id := citizen(t, "19900307")
	wrong := id[:17] + map[bool]string{true: "1", false: "2"}[id[17] == '2']
	item := func(change func(*catalog.Item)) []catalog.Item {
		x := catalog.Item{Code: "x", Type: "C", Length: 18, Nullable: true}
		change(&x)
		return []catalog.Item{{Code: "k", Type: "C", Length: 10, Key: true, Nullable: true, Element: "DE-QHDM"}, x}
	}
	only := func(items []catalog.Item) []catalog.Item { return items[1:] }
	typed := func(letter string) []catalog.Item { return only(item(func(x *catalog.Item) { x.Type = letter })) }
	person := item(func(x *catalog.Item) { x.Sensitivity = catalog.ResidentID })
	tel := item(func(x *catalog.Item) { x.Sensitivity = catalog.Phone })
	region := only(item(func(x *catalog.Item) { x.Element = "DE-QHDM" }))
	tree := item(func(x *catalog.Item) { x.Code = "parent" })
	born := append(person, catalog.Item{Code: "birth_date", Type: "D", Nullable: true})
	needed := only(item(func(x *catalog.Item) { x.Nullable = false }))
	for _, c := range []struct {
		name  string
		items []catalog.Item
		kind  Kind
		row   catalog.Row
		want  verdict
	}{
		{"there", needed, Required, catalog.Row{"x": "a"}, passed},
		{"zero is there", needed, Required, catalog.Row{"x": 0.0}, passed},
		{"false is there", needed, Required, catalog.Row{"x": false}, passed},
		{"nothing", needed, Required, catalog.Row{"x": nil}, failed},
		{"white space", needed, Required, catalog.Row{"x": " 　"}, failed},
		{"a key is needed", item(func(*catalog.Item) {}), Required, catalog.Row{"k": ""}, failed},

		{"text fits", typed("C"), TypeLength, catalog.Row{"x": strings.Repeat("字", 18)}, passed},
		{"text too long", typed("C"), TypeLength, catalog.Row{"x": strings.Repeat("字", 19)}, failed},
		{"nothing has no length", typed("C"), TypeLength, catalog.Row{"x": nil}, skipped},
		{"a date", typed("D"), TypeLength, catalog.Row{"x": "2024-02-29"}, passed},
		{"no such day", typed("D"), TypeLength, catalog.Row{"x": "2026-02-29"}, failed},
		{"another form of date", typed("D"), TypeLength, catalog.Row{"x": "2026/02/28"}, failed},
		{"a time", typed("T"), TypeLength, catalog.Row{"x": "2026-02-28 23:59:59"}, passed},
		{"no time", typed("T"), TypeLength, catalog.Row{"x": "2026-02-28 24:00:01"}, failed},
		{"a number", typed("N"), TypeLength, catalog.Row{"x": -1.5}, passed},
		{"money as text", typed("Y"), TypeLength, catalog.Row{"x": "12.30"}, passed},
		{"money as words", typed("Y"), TypeLength, catalog.Row{"x": "十二元"}, failed},
		{"not whole", typed("I"), TypeLength, catalog.Row{"x": 1.5}, failed},
		{"logic", typed("L"), TypeLength, catalog.Row{"x": true}, passed},
		{"logic as text", typed("L"), TypeLength, catalog.Row{"x": "是"}, failed},

		{"an identity number", person, IDNumber, catalog.Row{"x": id}, passed},
		{"wrong check digit", person, IDNumber, catalog.Row{"x": wrong}, failed},
		{"not born yet", person, IDNumber, catalog.Row{"x": citizen(t, "20260303")}, failed},
		{"born today in Beijing", person, IDNumber, catalog.Row{"x": citizen(t, "20260302")}, passed},
		{"mobile", tel, PhoneForm, catalog.Row{"x": "13900000000"}, passed},
		{"landline", tel, PhoneForm, catalog.Row{"x": "0311-80000001"}, passed},
		{"too short", tel, PhoneForm, catalog.Row{"x": "1390000000"}, failed},
		{"no telephone", tel, PhoneForm, catalog.Row{"x": "无"}, failed},
		{"a region", region, RegionCode, catalog.Row{"x": "130100"}, passed},
		{"no region", region, RegionCode, catalog.Row{"x": "139999"}, failed},
		{"region left out", region, RegionCode, catalog.Row{"x": ""}, skipped},

		{"parent in the table", tree, Parent, catalog.Row{"parent": "k1"}, passed},
		{"parent in the register", tree, Parent, catalog.Row{"parent": "130000"}, passed},
		{"orphan", tree, Parent, catalog.Row{"parent": "k2"}, failed},
		{"root", tree, Parent, catalog.Row{"parent": nil}, skipped},
		{"birth agrees", born, BirthDate, catalog.Row{"x": id, "birth_date": "1990-03-07"}, passed},
		{"birth disagrees", born, BirthDate, catalog.Row{"x": id, "birth_date": "1990-07-03"}, failed},
		{"birth left out", born, BirthDate, catalog.Row{"x": id}, skipped},
	} {
		if got := judged(t, implied(c.items, asked), c.kind, c.row); got != c.want {
			t.Errorf("%s: verdict %d, want %d", c.name, got, c.want)
		}
	}
}

func TestFiledChecks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		rule  Rule
		item  string // type
		value any
		want  verdict
	}{
		{"required", Rule{Kind: Required}, "C", "", failed},
		{"matches", Rule{Kind: Pattern, Pattern: "[0-9]{6}|[0-9]{9}"}, "C", "130102001", passed},
		{"matches in part only", Rule{Kind: Pattern, Pattern: "[0-9]{6}|[0-9]{9}"}, "C", "130102001x", failed},
		{"ends before the line", Rule{Kind: Pattern, Pattern: "[0-9]+"}, "C", "1\n", failed},
		{"empty is no matter of patterns", Rule{Kind: Pattern, Pattern: "[0-9]+"}, "C", nil, skipped},
		{"in the list", Rule{Kind: Domain, Values: []string{"city", "county"}}, "C", "city", passed},
		{"not in the list", Rule{Kind: Domain, Values: []string{"city", "county"}}, "C", "City", failed},
		{"a number in the list", Rule{Kind: Domain, Values: []string{"1", "2"}}, "I", 2.0, passed},
		{"logic in the list", Rule{Kind: Domain, Values: []string{"true"}}, "L", false, failed},
		{"on the bound", Rule{Kind: Range, Min: "0", Max: "10"}, "N", 10.0, passed},
		{"above", Rule{Kind: Range, Min: "0", Max: "10"}, "N", 10.01, failed},
		{"below", Rule{Kind: Range, Min: "0"}, "N", -0.5, failed},
		{"date inside", Rule{Kind: Range, Min: "1949-10-01", Max: "2026-01-01"}, "D", "2026-01-01", passed},
		{"date before", Rule{Kind: Range, Min: "1949-10-01"}, "D", "1949-09-30", failed},
		{"no date", Rule{Kind: Range, Min: "1949-10-01"}, "D", "昨天", failed},
	} {
		c.rule.Item = "x"
		items := []catalog.Item{{Code: "x", Type: c.item}}
		if err := CheckRules(items, []Rule{c.rule}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		f, err := filed(items, items[0], c.rule, asked)
		if err != nil {
			t.Fatal(err)
		}
		if got := judged(t, []check{f}, c.rule.Kind, catalog.Row{"x": c.value}); got != c.want {
			t.Errorf("%s: verdict %d, want %d", c.name, got, c.want)
		}
	}
}

func TestRulesThatAreRefused(t *testing.T) {
	t.Parallel()
	items := []catalog.Item{{Code: "x", Type: "C"}, {Code: "n", Type: "N"}, {Code: "d", Type: "D"}}
	long := make([]string, maxValues+1)
	for _, c := range []struct {
		rule Rule
		want string // path:code
	}{
		{Rule{Kind: Required, Item: "y"}, "rules[0].item:not_in_list"},
		{Rule{Kind: "sql", Item: "x"}, "rules[0].kind:not_in_list"},
		{Rule{Kind: Pattern, Item: "x"}, "rules[0].pattern:required"},
		{Rule{Kind: Pattern, Item: "x", Pattern: "("}, "rules[0].pattern:format"},
		{Rule{Kind: Pattern, Item: "x", Pattern: "a)|(b"}, "rules[0].pattern:format"},
		{Rule{Kind: Pattern, Item: "x", Pattern: `(a)\1`}, "rules[0].pattern:format"},
		{Rule{Kind: Pattern, Item: "x", Pattern: strings.Repeat("a", maxPattern+1)}, "rules[0].pattern:too_long"},
		{Rule{Kind: Pattern, Item: "n", Pattern: "1"}, "rules[0].item:type"},
		{Rule{Kind: Domain, Item: "x"}, "rules[0].values:count"},
		{Rule{Kind: Domain, Item: "x", Values: long}, "rules[0].values:count"},
		{Rule{Kind: Domain, Item: "x", Values: []string{"a", ""}}, "rules[0].values[1]:format"},
		{Rule{Kind: Domain, Item: "x", Values: []string{"13900000000"}}, "rules[0].values[0]:personal_data"},
		{Rule{Kind: Range, Item: "x", Min: "1"}, "rules[0].item:type"},
		{Rule{Kind: Range, Item: "n"}, "rules[0].min:required"},
		{Rule{Kind: Range, Item: "n", Min: "NaN"}, "rules[0].min:format"},
		{Rule{Kind: Range, Item: "n", Max: "1e999"}, "rules[0].max:format"},
		{Rule{Kind: Range, Item: "n", Min: "2", Max: "1"}, "rules[0].max:out_of_range"},
		{Rule{Kind: Range, Item: "d", Min: "2026-02-30"}, "rules[0].min:format"},
		{Rule{Kind: Unique, Item: "x", Pattern: "a"}, "rules[0].pattern:not_allowed"},
		{Rule{Kind: Referential, Item: "x", Resource: "r"}, "rules[0].resource:required"},
		{Rule{Kind: Compare, Item: "n", Op: "lt", Other: "d"}, "rules[0].other:type"},
		{Rule{Kind: Compare, Item: "n", Op: "lt", Other: "n"}, "rules[0].other:not_in_list"},
		{Rule{Kind: Compare, Item: "n", Op: "<", Other: "x"}, "rules[0].op:not_in_list"},
		{Rule{Kind: Compare, Item: "x", Op: "lt", Other: "y2"}, "rules[0].other:not_in_list"},
		{Rule{Kind: Required, Item: "x", Other: "n"}, "rules[0].other:not_allowed"},
	} {
		f, ok := fault.As(CheckRules(items, []Rule{c.rule}))
		if !ok || f.Code != "rules_invalid" || len(f.Fields) != 1 || f.Fields[0].Path+":"+f.Fields[0].Code != c.want || f.Fields[0].Basis == "" {
			t.Errorf("%+v: %v, want %s", c.rule, f, c.want)
		}
	}
	twice := []Rule{{Kind: Unique, Item: "x"}, {Kind: Unique, Item: "x"}}
	if f, ok := fault.As(CheckRules(items, twice)); !ok || f.Fields[0].Path != "rules[1].kind" || f.Fields[0].Code != "duplicate" {
		t.Errorf("%v", f)
	}
	if f, ok := fault.As(CheckRules(items, make([]Rule, maxRules+1))); !ok || f.Fields[0].Code != "too_many" {
		t.Errorf("%v", f)
	}
}
