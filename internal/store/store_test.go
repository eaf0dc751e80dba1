package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

// noon is the time at which everything in these tests was made, to the
// microsecond.
var noon = time.Date(2026, 3, 2, 4, 0, 0, 123_456_000, time.UTC)

// migrate is what testdb makes its templates with.
func migrate(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	if err := s.Migrate(ctx); err != nil {
		_ = s.Close()
		return err
	}
	return s.Close()
}

// each runs f on an empty, migrated store of each engine.
func each(t *testing.T, f func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Parallel()
	testdb.EachMigrated(t, migrate, func(t *testing.T, url string) {
		t.Parallel()
		f(t, open(t, url))
	})
}

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// world is a small province with something of everything.
type world struct {
	*store.Store
	ctx                context.Context
	consumer, provider org.Department
	person             org.Person
	system             org.System
	resource           catalog.Resource
	version            catalog.Version
}

func newWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := &world{Store: s, ctx: t.Context()}
	ok(t, s.Org().PutRegions(w.ctx, []org.Region{
		{Code: "100000", Name: "国", Level: org.Nation, Path: "100000/"},
		{Code: "990000", Name: "甲省", Parent: "100000", Level: org.Province, Path: "100000/990000/"},
		{Code: "990100", Name: "乙市", Parent: "990000", Level: org.City, Path: "100000/990000/990100/"},
		{Code: "9901", Name: "短码", Parent: "990000", Level: org.City, Path: "100000/990000/9901/"},
	}))
	w.consumer = w.department(t, "甲省民政厅", "990000")
	w.provider = w.department(t, "乙市公安局", "990100")
	w.person = org.Person{ID: ident.New(), Department: w.provider.ID, Name: "张三", Username: "zhang",
		Roles: []org.Role{org.Clerk, org.OfficeHead}, Version: 1, CreatedAt: noon}
	ok(t, s.Org().InsertPerson(w.ctx, w.person))
	w.system = org.System{ID: ident.New(), Department: w.consumer.ID, Name: "救助系统", Version: 1, CreatedAt: noon,
		MLPS: &org.MLPS{Level: 3, ReportNo: "测-1", AssessedBy: "测评中心", ValidUntil: noon.AddDate(1, 0, 0)}}
	ok(t, s.Org().InsertSystem(w.ctx, w.system))
	w.resource, w.version = w.entry(t, "户籍信息", 1)
	return w
}

func (w *world) department(t *testing.T, name, region string) org.Department {
	t.Helper()
	d := org.Department{ID: ident.New(), Name: name, USCC: ident.New(), Region: region, Kind: org.Government,
		Sector: "综合", Version: 1, CreatedAt: noon}
	ok(t, w.Org().InsertDepartment(w.ctx, d))
	return d
}

// entry publishes a resource of the provider.
func (w *world) entry(t *testing.T, name string, serial int) (catalog.Resource, catalog.Version) {
	t.Helper()
	r := catalog.Resource{ID: ident.New(), Code: "3001/" + ident.New(), Provider: w.provider.ID, Region: w.provider.Region,
		Published: 1, Version: 1, CreatedAt: noon}
	at := noon
	v := catalog.Version{ID: ident.New(), Resource: r.ID, Number: 1, Status: catalog.PublishedV, Digest: "d",
		CreatedBy: w.person.ID, CreatedAt: noon, PublishedAt: &at, Revision: 1, Entry: catalog.Entry{
			Name: name, Abstract: "居民户籍登记", Attribute: catalog.Conditional, Collection: catalog.HostedCopy,
			Methods: []catalog.Method{catalog.ServiceAPI}, Purposes: []string{"救助"},
			Items: []catalog.Item{{Code: "id_no", Name: "证件号码", Type: "C", Key: true}, {Code: "name", Name: "姓名", Type: "C"}}}}
	ok(t, w.Catalog().InsertResource(w.ctx, r))
	ok(t, w.Catalog().InsertVersion(w.ctx, v))
	return r, v
}

// draft makes a case that is not stored.
func (w *world) draft() procedure.Case {
	return procedure.Case{ID: ident.New(), Number: "申请-" + ident.New(), Procedure: "application", RulesKey: "k",
		Region: "990100", Subject: w.resource.ID, Title: "申请户籍信息", Stage: "drafting", Version: 1,
		Parties:  map[string]string{"consumer": w.consumer.ID, "provider": w.provider.ID},
		Facts:    map[string]any{"purpose": "救助", "items": []any{"name"}, "days": 3.0},
		Clocks:   map[string]procedure.ClockState{"reply": {Term: "reply", StartedAt: noon, Due: noon.AddDate(0, 0, 10), LastDay: "2026-03-12"}},
		Taken:    map[string]int{"draft": 1},
		OpenedAt: noon, MovedAt: noon}
}

func (w *world) openCase(t *testing.T, turns ...casework.Turn) procedure.Case {
	t.Helper()
	c := w.draft()
	for i := range turns {
		turns[i].Case = c.ID
	}
	ok(t, w.Cases().InsertCase(w.ctx, c, turns, nil))
	return c
}

func (w *world) grant() sharing.Grant {
	return sharing.Grant{ID: ident.New(), Case: ident.New(), Resource: w.resource.ID, ResourceVersion: 1,
		Consumer: w.consumer.ID, Provider: w.provider.ID, Systems: []string{w.system.ID}, Items: []string{"name"},
		Rows:    []catalog.Condition{{Item: "id_no", Op: catalog.Prefix, Values: []string{"99"}}},
		Purpose: "救助", Mode: sharing.Query, Method: catalog.ServiceAPI,
		NotBefore: noon, NotAfter: noon.AddDate(1, 0, 0), DailyCalls: 100, Version: 1, CreatedAt: noon}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// get gives v, or ends the test.
func get[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		ok(t, err)
		return v
	}
}

// wantFault ends the test unless err is the fault.
func wantFault(t *testing.T, err error, code string) *fault.Fault {
	t.Helper()
	f, is := fault.As(err)
	if !is || f.Code != code {
		t.Fatalf("got %v, want the fault %s", err, code)
	}
	return f
}
