package org_test

import (
	"context"
	"strings"
	"testing"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/org/orgtest"
)

// faults lists "path:code" of every field fault.
func faults(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return ""
	}
	var out []string
	for _, x := range f.Fields {
		out = append(out, x.Path+":"+x.Code)
	}
	return strings.Join(out, " ")
}

// CN-2: wrong check digit, unknown region and all other faults at once.
func TestRegisterDepartmentRefuses(t *testing.T) {
	t.Parallel()
	w := orgtest.NewWorld(t, clock.NewFake(noon))
	ctx := context.Background()
	for want, d := range map[string]org.Department{
		"uscc:check_digit":                  {Name: "民政厅", USCC: "91350100M000100Y4" + "4", Region: "130000"},
		"region:not_found":                  {Name: "民政厅", USCC: "91350100M000100Y43", Region: "139999"},
		"uscc:check_digit region:not_found": {Name: "民政厅", USCC: "91350100M000100Y44", Region: "139999"},
		"name:required uscc:required":       {Region: "130000"},
		"kind:not_in_list parent:not_found": {Name: "厅", Kind: "x", USCC: "91350100M000100Y43", Region: "130000", Parent: "none"},
		"uscc:length region:required":       {Name: "厅", USCC: "123"},
		"name:too_long uscc:length":         {Name: strings.Repeat("厅", 101), USCC: "1", Region: "130000"},
	} {
		_, err := w.Service.RegisterDepartment(ctx, w.Root, d)
		if got := faults(err); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
		if f, ok := fault.As(err); !ok || f.Basis != "CN-2" || f.Kind != fault.Invalid {
			t.Errorf("%v: want basis CN-2", err)
		}
	}
	have, err := w.Service.Departments(ctx, org.DepartmentFilter{})
	if err != nil || len(have) != 1 {
		t.Errorf("%d departments after refusals, %v; want the first one alone", len(have), err)
	}
}

func TestRegisterDepartmentAllowed(t *testing.T) {
	t.Parallel()
	w := orgtest.NewWorld(t, clock.NewFake(noon))
	ctx := context.Background()
	city := w.Department(t, "市数据局", "130100")
	if err := w.Service.SetAuthority(ctx, w.Root, "130100", city.ID); err != nil {
		t.Fatal(err)
	}
	admin := w.Person(t, city, org.Admin)
	d, err := w.Service.RegisterDepartment(ctx, admin, org.Department{Name: " 区民政局 ", USCC: " 91350100m000100y43", Region: "130102"})
	if err != nil || d.Name != "区民政局" || d.USCC != "91350100M000100Y43" || d.Kind != org.Government || d.Version != 1 {
		t.Fatalf("%+v, %v", d, err)
	}
	if _, err := w.Service.RegisterDepartment(ctx, admin, org.Department{Name: "同码", USCC: d.USCC, Region: "130102"}); !fault.Is(err, "already_exists") {
		t.Errorf("same code twice: %v", err)
	}
	for name, p := range map[string]org.Principal{
		"admin of another territory": admin, "supervisor": w.Person(t, city, org.Supervisor),
		"admin of no authority": w.Person(t, d, org.Admin),
	} {
		_, err := w.Service.RegisterDepartment(ctx, p, org.Department{Name: "局", USCC: w.USCC(t), Region: "130202"})
		if f, ok := fault.As(err); !ok || f.Kind != fault.Forbidden {
			t.Errorf("%s: %v; want forbidden", name, err)
		}
	}
}

func TestBootstrapOnlyOnce(t *testing.T) {
	t.Parallel()
	w := orgtest.NewWorld(t, clock.NewFake(noon))
	_, err := w.Service.Bootstrap(context.Background(), org.Department{Name: "局", Region: "130000", USCC: w.USCC(t)},
		org.Person{Name: "某", Username: "second", Roles: []org.Role{org.Admin}}, orgtest.Password)
	if !fault.Is(err, "node_not_empty") {
		t.Errorf("second bootstrap: %v", err)
	}
}

// CN-11, XN-23: an office is filed whole, and everything missing is told at once.
func TestSharingOffice(t *testing.T) {
	t.Parallel()
	w := orgtest.NewWorld(t, clock.NewFake(noon))
	ctx := context.Background()
	d := w.Department(t, "民政厅", "130000")
	other := w.Department(t, "公安厅", "130000")
	err := w.Service.RequireOffice(ctx, d.ID)
	f, ok := fault.As(err)
	if !ok || f.Code != "sharing_office_incomplete" || f.Basis != "CN-11" || f.Kind != fault.Illegal {
		t.Fatalf("no office: %v", err)
	}
	if got, want := faults(err), "office.name:required office.contact:required office.head:required office.leader:required office.manager:required"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
	clerk, stranger := w.Person(t, d, org.Clerk), w.Person(t, other, org.OfficeHead)
	head := w.Person(t, d, org.OfficeHead)
	_, err = w.Service.FileSharingOffice(ctx, head, d.ID, org.SharingOffice{
		Name: "信息中心", Head: clerk.Person.ID, Leader: stranger.Person.ID, Contact: "0311-12345678"})
	if got, want := faults(err), "head:role_missing leader:not_found manager:required"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
	office := org.SharingOffice{Name: "信息中心", Head: head.Person.ID, Leader: clerk.Person.ID, Manager: clerk.Person.ID, Contact: "0311-12345678"}
	for name, p := range map[string]org.Principal{"clerk": clerk, "another department's head": stranger} {
		if _, err := w.Service.FileSharingOffice(ctx, p, d.ID, office); !fault.Is(err, "role_missing") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.Service.FileSharingOffice(ctx, head, d.ID, office); err != nil {
		t.Fatal(err)
	}
	if err := w.Service.RequireOffice(ctx, d.ID); err != nil {
		t.Errorf("complete office: %v", err)
	}
	gone := head.Person
	gone.Disabled = true
	if _, err := w.Service.UpdatePerson(ctx, w.Root, gone); err != nil {
		t.Fatal(err)
	}
	if got := faults(w.Service.RequireOffice(ctx, d.ID)); got != "office.head:disabled" {
		t.Errorf("after the head left: %q", got)
	}
}

func TestRegisterPerson(t *testing.T) {
	t.Parallel()
	w := orgtest.NewWorld(t, clock.NewFake(noon))
	ctx := context.Background()
	d := w.Department(t, "民政厅", "130000")
	good := org.Person{Department: d.ID, Name: "张三", Username: "Zhang.San", Roles: []org.Role{org.Clerk}}
	p, err := w.Service.RegisterPerson(ctx, w.Root, good, orgtest.Password)
	if err != nil || p.Username != "zhang.san" {
		t.Fatalf("%+v, %v", p, err)
	}
	if s, err := w.Store.Secrets(ctx, p.ID); err != nil || !strings.HasPrefix(s.PasswordHash, "$argon2id$") {
		t.Errorf("secrets: %v", err)
	}
	if _, err := w.Service.RegisterPerson(ctx, w.Root, good, orgtest.Password); !fault.Is(err, "already_exists") {
		t.Errorf("same user name: %v", err)
	}
	for want, x := range map[string]org.Person{
		"roles:supervisor_outside_authority":              {Department: d.ID, Name: "李四", Username: "lisi", Roles: []org.Role{org.Supervisor}},
		"roles:roles_conflict":                            {Department: d.ID, Name: "李四", Username: "lisi", Roles: []org.Role{org.Admin, org.Clerk}},
		"department:not_found":                            {Department: "none", Name: "李四", Username: "lisi", Roles: []org.Role{org.Clerk}},
		"name:required roles:not_in_list username:format": {Department: d.ID, Username: "13012345678", Roles: []org.Role{"king"}},
		"roles:required":                                  {Department: d.ID, Name: "李四", Username: "lisi"},
	} {
		_, err := w.Service.RegisterPerson(ctx, w.Root, x, orgtest.Password)
		if got := faults(err); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	}
	if _, err := w.Service.RegisterPerson(ctx, w.Root, org.Person{Department: d.ID, Name: "李四", Username: "lisi", Roles: []org.Role{org.Clerk}}, "short"); !strings.Contains(faults(err), "password:password_weak") {
		t.Errorf("weak password: %v", err)
	}
	own := w.Person(t, d, org.Admin)
	if _, err := w.Service.RegisterPerson(ctx, own, org.Person{Department: w.Root.Department.ID, Name: "李四", Username: "lisi", Roles: []org.Role{org.Clerk}}, orgtest.Password); !fault.Is(err, "role_missing") {
		t.Errorf("admin of another department: %v", err)
	}
	sup := w.Person(t, w.Root.Department, org.Supervisor)
	if !sup.Has(org.Supervisor) {
		t.Error("a supervisor of an authority is none")
	}
	sup.Territory = ""
	if sup.Has(org.Supervisor) {
		t.Error("a supervisor without territory is still one")
	}
}

func TestPeopleAreSeenByInsidersOnly(t *testing.T) {
	t.Parallel()
	w := orgtest.NewWorld(t, clock.NewFake(noon))
	ctx := context.Background()
	d, other := w.Department(t, "民政厅", "130000"), w.Department(t, "公安厅", "130000")
	w.Person(t, d, org.Clerk)
	for name, x := range map[string]struct {
		p   org.Principal
		see bool
	}{
		"own":                {w.Person(t, d, org.Clerk), true},
		"other":              {w.Person(t, other, org.Admin), false},
		"authority's admin":  {w.Root, true},
		"authority's clerk":  {w.Person(t, w.Root.Department, org.Clerk), false},
		"authority's review": {w.Person(t, w.Root.Department, org.Supervisor), true},
	} {
		_, err := w.Service.People(ctx, x.p, d.ID)
		if seen := err == nil; seen != x.see || !seen && !fault.Is(err, "not_found") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
