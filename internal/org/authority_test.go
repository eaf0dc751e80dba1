package org_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/org/orgtest"
)

var noon = time.Date(2025, 9, 1, 4, 0, 0, 0, time.UTC)

// tree is a random region tree as parent links, the way an oracle reads it:
// without paths.
type tree struct {
	parent    []int // -1: root
	authority []int // department index, -1: none
	region    []int // region of each department
}

func drawTree(t *rapid.T) tree {
	n := rapid.IntRange(1, 12).Draw(t, "regions")
	m := rapid.IntRange(1, 12).Draw(t, "departments")
	w := tree{parent: make([]int, n), authority: make([]int, n), region: make([]int, m)}
	w.parent[0] = -1
	for i := 1; i < n; i++ {
		w.parent[i] = rapid.IntRange(0, i-1).Draw(t, "parent")
	}
	for d := range w.region {
		w.region[d] = rapid.IntRange(0, n-1).Draw(t, "region")
	}
	for r := range w.authority {
		w.authority[r] = -1
		for d, dr := range w.region {
			if dr == r && rapid.Bool().Draw(t, "authority") {
				w.authority[r] = d
			}
		}
	}
	return w
}

func (w tree) ancestors(r int) (out []int) { // r first
	for ; r >= 0; r = w.parent[r] {
		out = append(out, r)
	}
	return out
}

// nearest of the regions, from the lowest, that has an authority.
func (w tree) nearest(regions []int) int {
	for _, r := range regions {
		if w.authority[r] >= 0 {
			return w.authority[r]
		}
	}
	return -1
}

// common ancestors of two regions, lowest first: those of a that are above b too.
func (w tree) common(a, b int) (out []int) {
	for _, x := range w.ancestors(a) {
		for _, y := range w.ancestors(b) {
			if x == y {
				out = append(out, x)
			}
		}
	}
	return out
}

func regionCode(i int) string { return fmt.Sprintf("%06d", 100000+i*11) }
func deptID(i int) string     { return fmt.Sprintf("department-%d", i) }

func (w tree) store(t *rapid.T) *orgtest.Store {
	ctx := context.Background()
	s := orgtest.NewStore()
	paths := make([]string, len(w.parent))
	for i, p := range w.parent {
		r := org.Region{Code: regionCode(i), Level: org.City}
		if p >= 0 {
			paths[i], r.Parent = paths[p], regionCode(p)
		}
		paths[i] += r.Code + "/"
		r.Path = paths[i]
		if err := s.PutRegions(ctx, []org.Region{r}); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range w.region {
		if err := s.InsertDepartment(ctx, org.Department{ID: deptID(i), USCC: deptID(i), Region: regionCode(r)}); err != nil {
			t.Fatal(err)
		}
	}
	for r, d := range w.authority {
		if d >= 0 {
			if err := s.SetAuthority(ctx, regionCode(r), deptID(d)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return s
}

func compare(t *rapid.T, what string, want int, got string, err error) {
	switch {
	case want < 0 && !fault.Is(err, "no_authority"):
		t.Fatalf("%s: %q, %v; want no_authority", what, got, err)
	case want >= 0 && (err != nil || got != deptID(want)):
		t.Fatalf("%s: %q, %v; want %s", what, got, err, deptID(want))
	}
}

// CN-8, CN-28: authorities computed from paths agree with an oracle that walks
// parent links.
func TestAuthoritiesAgreeWithOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawTree(t)
		svc := org.NewService(w.store(t), clock.NewFake(noon))
		ctx := context.Background()
		for a, ra := range w.region {
			got, err := svc.SameLevelAuthority(ctx, deptID(a))
			compare(t, "same level of "+deptID(a), w.nearest(w.ancestors(ra)), got, err)
			for b, rb := range w.region {
				got, err := svc.CommonSuperiorAuthority(ctx, deptID(a), deptID(b))
				compare(t, "common superior of "+deptID(a)+", "+deptID(b), w.nearest(w.common(ra, rb)), got, err)
			}
			for r := range w.parent {
				p := org.Principal{Territory: regionCode(r)}
				got, err := svc.Supervises(ctx, p, regionCode(ra))
				want := false
				for _, x := range w.ancestors(ra) {
					want = want || x == r
				}
				if err != nil || got != want {
					t.Fatalf("territory %s contains %s: %v, %v; want %v", regionCode(r), regionCode(ra), got, err, want)
				}
			}
		}
	})
}

func TestAuthoritiesOfRealRegions(t *testing.T) {
	t.Parallel()
	w := orgtest.NewWorld(t, clock.NewFake(noon))
	ctx := context.Background()
	city := w.Department(t, "市数据局", "130100")
	if err := w.Service.SetAuthority(ctx, w.Root, "130100", city.ID); err != nil {
		t.Fatal(err)
	}
	changan := w.Department(t, "长安区民政局", "130102")
	qiaoxi := w.Department(t, "桥西区民政局", "130104")
	lunan := w.Department(t, "路南区民政局", "130202")
	for _, x := range []struct{ a, b, want string }{
		{changan.ID, changan.ID, city.ID}, // no authority in the district: the city's
		{changan.ID, qiaoxi.ID, city.ID},
		{changan.ID, lunan.ID, w.Root.Department.ID},
		{changan.ID, city.ID, city.ID},
		{city.ID, w.Root.Department.ID, w.Root.Department.ID},
	} {
		got, err := w.Service.CommonSuperiorAuthority(ctx, x.a, x.b)
		if err != nil || got != x.want {
			t.Errorf("common superior of %s, %s: %s, %v; want %s", x.a, x.b, got, err, x.want)
		}
	}
	if got, err := w.Service.SameLevelAuthority(ctx, city.ID); err != nil || got != city.ID {
		t.Errorf("an authority's own: %s, %v", got, err)
	}
}

func TestSetAuthorityRefuses(t *testing.T) {
	t.Parallel()
	w := orgtest.NewWorld(t, clock.NewFake(noon))
	ctx := context.Background()
	city := w.Department(t, "市数据局", "130100")
	for name, x := range map[string]struct {
		region, dept, code string
		fields             int
	}{
		"department of another government": {"130200", city.ID, "authority_invalid", 1},
		"no such region nor department":    {"990000", "x", "authority_invalid", 2},
	} {
		err := w.Service.SetAuthority(ctx, w.Root, x.region, x.dept)
		f, ok := fault.As(err)
		if !ok || f.Code != x.code || len(f.Fields) != x.fields {
			t.Errorf("%s: %v", name, err)
		}
	}
	clerk := w.Person(t, w.Root.Department, org.Clerk)
	if err := w.Service.SetAuthority(ctx, clerk, "130100", city.ID); !fault.Is(err, "role_missing") {
		t.Errorf("clerk: %v", err)
	}
}

func TestBuildTreeRefuses(t *testing.T) {
	t.Parallel()
	root := org.Region{Code: "100000", Name: "国", Level: org.Nation}
	for name, regions := range map[string][]org.Region{
		"orphan":      {root, {Code: "130100", Name: "市", Level: org.City, Parent: "130000"}},
		"turned":      {root, {Code: "130100", Name: "市", Level: org.City, Parent: "100000"}, {Code: "130000", Name: "省", Level: org.Province, Parent: "130100"}},
		"long code":   {{Code: "1000000", Name: "国", Level: org.Nation}},
		"letters":     {{Code: "10000A", Name: "国", Level: org.Nation}},
		"no level":    {{Code: "100000", Name: "国"}},
		"no name":     {{Code: "100000", Level: org.Nation}},
		"two parents": {root, {Code: "130000", Name: "省", Level: org.Province, Parent: "100000"}, {Code: "130100", Name: "市", Level: org.City, Parent: "100000"}, {Code: "130100", Name: "市", Level: org.City, Parent: "130000"}},
	} {
		if _, err := org.BuildTree(regions, nil); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
