package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/checkdigit"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// department describes one department of the demo province. Each has people in
// every role that it needs; their user names begin with short.
type department struct {
	short, name, region, sector string
	authority                   bool
	systems                     []string
}

var departments = []department{
	{short: "sjj", name: "河北省数据和政务服务局", region: "130000", sector: "数据管理", authority: true},
	{short: "mzt", name: "河北省民政厅", region: "130000", sector: "民政"},
	{short: "rst", name: "河北省人力资源和社会保障厅", region: "130000", sector: "人力资源社会保障", systems: []string{"社会保险经办平台"}},
	{short: "sjzsj", name: "石家庄市数据和政务服务局", region: "130100", sector: "数据管理", authority: true},
	{short: "sjzga", name: "石家庄市公安局", region: "130100", sector: "公安"},
	{short: "sjzyb", name: "石家庄市医疗保障局", region: "130100", sector: "医疗保障", systems: []string{"医疗保障信息平台"}},
	{short: "casj", name: "石家庄市长安区数据局", region: "130102", sector: "数据管理", authority: true},
	{short: "camz", name: "石家庄市长安区民政局", region: "130102", sector: "民政", systems: []string{"社会救助系统"}},
}

// role describes one account of a department.
type role struct {
	suffix, title string
	roles         []org.Role
}

var roles = []role{
	{"jb", "经办人", []org.Role{org.Clerk}},
	{"fzr", "共享工作机构负责人", []org.Role{org.OfficeHead}},
	{"ld", "部门负责人", []org.Role{org.DepartmentHead}},
	{"dj", "系统对接人员", []org.Role{org.Engineer}},
}

var authorityRoles = []role{
	{"sh", "审核人员", []org.Role{org.Supervisor}},
	{"sj", "审计人员", []org.Role{org.Auditor}},
}

// Account is one demo account.
type Account struct{ Username, Department, Title string }

// Accounts lists every account that Populate makes.
func Accounts() []Account {
	out := []Account{{Username: "sjj.admin", Department: departments[0].name, Title: "平台管理员"}}
	for _, d := range departments {
		for _, r := range d.rolesOf() {
			out = append(out, Account{Username: d.short + "." + r.suffix, Department: d.name, Title: r.title})
		}
	}
	return out
}

func (d department) rolesOf() []role {
	if d.authority {
		return append(append([]role{}, roles...), authorityRoles...)
	}
	return roles
}

// Populate registers the demo province on an empty node: regions, departments,
// authorities, people, sharing offices and consuming systems. On a node that is
// not empty it does nothing and says so.
func Populate(ctx context.Context, n *app.Node, password string) (fresh bool, err error) {
	if err := n.LoadRegions(ctx); err != nil {
		return false, fmt.Errorf("regions: %w", err)
	}
	admin, err := n.Org.Bootstrap(ctx, departments[0].record(0), org.Person{
		Name: "平台管理员(演示)", Username: "sjj.admin", Roles: []org.Role{org.Admin}}, password)
	if fault.Is(err, "node_not_empty") {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("first authority: %w", err)
	}
	p := populator{n: n, admin: admin, password: password}
	for i, d := range departments {
		if err := p.department(ctx, i, d); err != nil {
			return false, fmt.Errorf("%s: %w", d.name, err)
		}
	}
	return true, nil
}

// record gives the department with a synthetic 统一社会信用代码.
func (d department) record(i int) org.Department {
	uscc, err := checkdigit.CompleteUSCC(fmt.Sprintf("11%sMB9%05dX", d.region, i+1))
	if err != nil { // the bodies are ours
		panic(err)
	}
	return org.Department{Name: d.name, USCC: uscc, Region: d.region, Kind: org.Government, Sector: d.sector}
}

type populator struct {
	n        *app.Node
	admin    org.Principal
	password string
}

func (p populator) department(ctx context.Context, i int, d department) error {
	record := p.admin.Department
	if i > 0 {
		var err error
		if record, err = p.n.Org.RegisterDepartment(ctx, p.admin, d.record(i)); err != nil {
			return err
		}
		if d.authority {
			if err := p.n.Org.SetAuthority(ctx, p.admin, d.region, record.ID); err != nil {
				return err
			}
		}
	}
	people := map[string]string{}
	for _, r := range d.rolesOf() {
		person, err := p.n.Org.RegisterPerson(ctx, p.admin, org.Person{
			Department: record.ID, Name: r.title + "(演示)", Username: d.short + "." + r.suffix, Roles: r.roles}, p.password)
		if err != nil {
			return err
		}
		people[r.suffix] = person.ID
	}
	office := org.SharingOffice{Name: d.name + "数据共享处", Head: people["fzr"], Leader: people["ld"], Manager: people["jb"], Contact: fmt.Sprintf("0311-8000%04d", i)}
	if _, err := p.n.Org.FileSharingOffice(ctx, p.admin, record.ID, office); err != nil {
		return err
	}
	engineer, err := p.n.Org.Principal(ctx, people["dj"])
	if err != nil {
		return err
	}
	for _, name := range d.systems {
		mlps := org.MLPS{Level: 3, ReportNo: fmt.Sprintf("DJCP-2026-%04d(演示)", i), AssessedBy: "演示测评机构", ValidUntil: p.n.Config.Clock.Now().Add(365 * 24 * time.Hour)}
		if _, err := p.n.Org.RegisterSystem(ctx, engineer, org.System{Department: record.ID, Name: name, MLPS: &mlps}); err != nil {
			return err
		}
	}
	return nil
}
