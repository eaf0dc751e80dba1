package orgtest

import (
	"context"
	"fmt"
	"testing"

	"github.com/shuqiao/shuqiao/internal/checkdigit"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Regions is a small tree of real codes: the nation, Hebei, two of its cities
// and three counties.
var Regions = []org.Region{
	{Code: "100000", Name: "中华人民共和国", Level: org.Nation},
	{Code: "130000", Name: "河北省", Level: org.Province, Parent: "100000"},
	{Code: "130100", Name: "石家庄市", Level: org.City, Parent: "130000"},
	{Code: "130102", Name: "长安区", Level: org.County, Parent: "130100"},
	{Code: "130104", Name: "桥西区", Level: org.County, Parent: "130100"},
	{Code: "130200", Name: "唐山市", Level: org.City, Parent: "130000"},
	{Code: "130202", Name: "路南区", Level: org.County, Parent: "130200"},
}

// Password is the password of every account of a World.
const Password = "Bridge-over-7-rivers"

// World is an organisation to test features in: the province has an authority
// (with Root its administrator), departments are added as a test needs them.
type World struct {
	Store   *Store
	Service *org.Service
	Root    org.Principal
	serial  int
}

// NewWorld makes it, with the regions loaded.
func NewWorld(t testing.TB, clk clock.Clock) *World {
	t.Helper()
	w := &World{Store: NewStore()}
	w.Service = org.NewService(w.Store, clk)
	ctx := context.Background()
	if err := w.Service.LoadRegions(ctx, Regions); err != nil {
		t.Fatal(err)
	}
	var err error
	w.Root, err = w.Service.Bootstrap(ctx,
		org.Department{Name: "省数据局", Region: "130000", USCC: w.USCC(t)},
		org.Person{Name: "管理员", Username: "root", Roles: []org.Role{org.Admin}}, Password)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// USCC makes a fresh 统一社会信用代码 with a valid check digit.
func (w *World) USCC(t testing.TB) string {
	t.Helper()
	w.serial++
	code, err := checkdigit.CompleteUSCC(fmt.Sprintf("11130000%09d", w.serial))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// Department registers a department of a region.
func (w *World) Department(t testing.TB, name, region string) org.Department {
	t.Helper()
	d, err := w.Service.RegisterDepartment(context.Background(), w.Root,
		org.Department{Name: name, Region: region, USCC: w.USCC(t)})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Person gives a person of the department with the roles, as a principal. The
// account is put into the store directly, without a password.
func (w *World) Person(t testing.TB, d org.Department, roles ...org.Role) org.Principal {
	t.Helper()
	ctx := context.Background()
	w.serial++
	p := org.Person{
		ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", w.serial), Department: d.ID,
		Name: "某人", Username: fmt.Sprintf("p%d", w.serial), Roles: roles, Version: 1,
	}
	if err := w.Store.InsertPerson(ctx, p); err != nil {
		t.Fatal(err)
	}
	out, err := w.Service.Principal(ctx, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Office files a complete sharing office for the department.
func (w *World) Office(t testing.TB, d org.Department) {
	t.Helper()
	head := w.Person(t, d, org.OfficeHead).Person.ID
	_, err := w.Service.FileSharingOffice(context.Background(), w.Root, d.ID, org.SharingOffice{
		Name: "信息中心", Head: head, Leader: head, Manager: head, Contact: "0311-12345678",
	})
	if err != nil {
		t.Fatal(err)
	}
}
