package store_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/collection"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/store"
)

// orgOf answers what comparing asks of the organisation.
type orgOf struct{ org.Store }

func (o orgOf) SameLevelAuthority(context.Context, string) (string, error) { return "", nil }

// noSources designates nobody.
type noSources struct{}

func (noSources) SourceFor(context.Context, string, string) (catalog.Source, bool, error) {
	return catalog.Source{}, false, nil
}

func comparing(s *store.Store) *collection.Service {
	return collection.NewService(s.Collection(), s.Catalog(), noSources{}, orgOf{s.Org()}, nil, clock.NewFake(noon))
}

// publish adds an entry with the items to a department.
func (w *world) publish(t testing.TB, d org.Department, items ...catalog.Item) catalog.Resource {
	t.Helper()
	r := catalog.Resource{ID: ident.New(), Code: "3001/" + ident.New(), Provider: d.ID, Region: d.Region, Published: 1, Version: 1, CreatedAt: noon}
	at := noon
	v := catalog.Version{ID: ident.New(), Resource: r.ID, Number: 1, Status: catalog.PublishedV, Digest: "d", CreatedBy: w.person.ID, CreatedAt: noon,
		PublishedAt: &at, Revision: 1, Entry: catalog.Entry{Name: "目录" + r.ID, Attribute: catalog.Unconditional, Collection: catalog.HostedCopy, Items: items}}
	if err := w.Catalog().InsertResource(w.ctx, r); err != nil {
		t.Fatal(err)
	}
	if err := w.Catalog().InsertVersion(w.ctx, v); err != nil {
		t.Fatal(err)
	}
	return r
}

// naive compares one planned item with every item there is.
func naive(x collection.PlanItem, all []catalog.PublishedItem, d org.Department) []collection.Match {
	type ranked struct {
		collection.Match
		name string
	}
	strength := []collection.Kind{collection.SameElement, collection.SameName, collection.Contained, collection.Similar}
	rank := func(m collection.Match) int {
		n := slices.Index(strength, m.Kind)
		if m.Partial {
			n += len(strength)
		}
		return n
	}
	var found []ranked
	for _, have := range all {
		covers := rulebook.Covers(have.Region, d.Region)
		if have.Provider == d.ID || !covers && !rulebook.Covers(d.Region, have.Region) {
			continue
		}
		m := collection.Match{Item: x.Name, Resource: have.Resource, ResourceName: have.ResourceName, Code: have.Code, Name: have.Name,
			Provider: have.Provider, Region: have.Region, Partial: !covers}
		name := ""
		if x.Element != "" && x.Element == have.Element {
			m.Kind, m.Why = collection.SameElement, "标准数据元"+x.Element+"相同"
		} else {
			var ok bool
			name = collection.Normalise(have.Name)
			if m.Kind, m.Why, ok = collection.CompareNames(x.Name, have.Name); !ok {
				continue
			}
		}
		found = append(found, ranked{m, name})
	}
	slices.SortFunc(found, func(a, b ranked) int {
		return cmp.Or(rank(a.Match)-rank(b.Match), utf8.RuneCountInString(a.name)-utf8.RuneCountInString(b.name), strings.Compare(a.name, b.name),
			strings.Compare(a.Region, b.Region), strings.Compare(a.Resource, b.Resource), strings.Compare(a.Code, b.Code))
	})
	var out []collection.Match
	for _, f := range found[:min(5, len(found))] {
		out = append(out, f.Match)
	}
	return out
}

// words that names are put together from.
var words = strings.Fields("申请人 姓名 身份证 号码 公民 手机 联系 电话 住址 户籍 区划 代码 出生 日期 死亡 婚姻 状态 状况 登记 机关 企业 名称 统一 社会 信用 类型 备注 ID")

func randomName(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(4) {
		b.WriteString(words[r.IntN(len(words))])
	}
	name := []rune(b.String())
	if r.IntN(3) == 0 { // a slip
		i := r.IntN(len(name))
		name = slices.Delete(name, i, i+1)
	}
	if r.IntN(6) == 0 {
		return string(name) + "(必填)"
	}
	return string(name)
}

// The comparison through indexes finds exactly what a comparison with every item
// finds, in the same order: recall and precision are 1.
func TestComparisonThroughIndexes(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		r := rand.New(rand.NewPCG(1, 2))
		ok(t, s.Org().PutRegions(w.ctx, []org.Region{{Code: "990102", Name: "丙县", Parent: "990100", Level: org.County, Path: "100000/990000/990100/990102/"},
			{Code: "990103", Name: "丁县", Parent: "990100", Level: org.County, Path: "100000/990000/990100/990103/"}}))
		departments := []org.Department{w.consumer, w.provider, w.department(t, "丙县民政局", "990102"), w.department(t, "丁县民政局", "990103"), w.department(t, "国家局", "100000")}
		elements := []string{"", "", "", "DE-1", "DE-2"}
		for range 60 {
			var items []catalog.Item
			for i := range 1 + r.IntN(12) {
				x := catalog.Item{Code: fmt.Sprintf("c%d", i), Name: randomName(r), Element: elements[r.IntN(len(elements))]}
				if r.IntN(8) == 0 {
					x.Attribute = catalog.Withheld
				}
				items = append(items, x)
			}
			w.publish(t, departments[r.IntN(len(departments))], items...)
		}
		// What an upgrade left without a name counts as well.
		ok(t, s.Exec(w.ctx, "UPDATE published_items SET norm = NULL WHERE code = 'c1'"))
		all := eachItem(t, w)
		service := comparing(s)
		matched := map[collection.Kind]int{}
		compareAll := func() {
			for range 40 {
				x := collection.PlanItem{Name: randomName(r), Element: elements[r.IntN(len(elements))]}
				d := departments[r.IntN(len(departments))]
				lines, err := service.Try(w.ctx, org.Principal{Department: d}, []collection.PlanItem{x}, "")
				if collection.Normalise(x.Name) == "" {
					continue
				}
				ok(t, err)
				want := naive(x, all, d)
				if !reflect.DeepEqual(lines[0].Matches, want) {
					t.Fatalf("%+v in %s:\n got %+v\nwant %+v", x, d.Region, lines[0].Matches, want)
				}
				for _, m := range want {
					matched[m.Kind]++
				}
			}
		}
		compareAll()
		for get(s.Collection().NameItems(w.ctx, 10))(t) == 10 {
		}
		if n := get(s.Collection().NameItems(w.ctx, 10))(t); n != 0 {
			t.Errorf("%d items still without a name", n)
		}
		compareAll()
		for _, k := range []collection.Kind{collection.SameElement, collection.SameName, collection.Contained, collection.Similar} {
			if matched[k] == 0 {
				t.Errorf("no match of kind %s in the sample: %v", k, matched)
			}
		}
	})
}
