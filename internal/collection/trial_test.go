package collection_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/collection"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

func TestParseForm(t *testing.T) {
	t.Parallel()
	want := []collection.PlanItem{{Name: "姓名", Element: "DE-XM"}, {Name: "住址", Note: "现在的,不是户籍的"}}
	for name, text := range map[string]string{
		"lines with commas":     "姓名,DE-XM\n住址,,\"现在的,不是户籍的\"\n",
		"lines with tabs":       "姓名\tDE-XM\t\r\n\r\n住址\t\t现在的,不是户籍的",
		"a heading of its own":  "\uFEFF序号\t标准数据元\t数据项名称\t填报说明\n1\tDE-XM\t姓名\t\n2\t\t住址\t现在的,不是户籍的\n",
		"a quote in the middle": "姓名\tDE-XM\n 住址 \t\"现在的,不是户籍的\"",
	} {
		got, err := collection.ParseForm(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, text := range map[string]string{
		"another encoding": "\xd0\xd5\xc3\xfb",
		"too many":         strings.Repeat("姓名\n", 501),
		"too long":         strings.Repeat("姓", 100_000),
		"an open quote":    "\"姓名\n住址",
	} {
		if _, err := collection.ParseForm(text); !fault.Is(err, "plan_invalid") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseForm(f *testing.F) {
	f.Add("姓名,DE-XM\n住址")
	f.Add("名称\t说明\n\"a\tb")
	f.Fuzz(func(t *testing.T, text string) {
		items, err := collection.ParseForm(text)
		if err != nil && !fault.Is(err, "plan_invalid") || len(items) > 500 {
			t.Fatalf("%d items, %v", len(items), err)
		}
	})
}

func TestTrial(t *testing.T) {
	t.Parallel()
	have := published{items: nil}
	have.items = append(have.items, item("other", "130000", "姓名", ""), item("street", "130102001", "饲养宠物情况", ""))
	s := collection.NewService(have, nil, sources{"DE-9": "source"}, departments{}, nil, clock.NewFake(noon))
	me := org.Principal{Department: org.Department{ID: "me"}}
	lines, err := s.Try(t.Context(), me, nil, "申请人姓名\n饲养宠物情况\n证号,DE-9\n鞋码")
	if err != nil || len(lines) != 4 {
		t.Fatal(lines, err)
	}
	var got []string
	for _, l := range lines {
		kinds := ""
		for _, r := range l.Remedies {
			kinds += " " + r.Kind
		}
		got = append(got, fmt.Sprintf("%s %s%s", l.Name, l.Verdict, kinds))
	}
	want := []string{"申请人姓名 shareable apply justify", "饲养宠物情况 partly demand", "证号 shareable designated justify", "鞋码 not_there demand collect"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
	for name, c := range map[string]struct {
		items []collection.PlanItem
		text  string
	}{
		"nothing": {}, "both": {items: []collection.PlanItem{{Name: "姓名"}}, text: "姓名"},
		"twice": {text: "姓名\n姓名"}, "no name": {items: []collection.PlanItem{{Name: "()"}}},
	} {
		if _, err := s.Try(t.Context(), me, c.items, c.text); !fault.Is(err, "plan_invalid") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
