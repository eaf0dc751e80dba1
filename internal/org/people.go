package org

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/password"
)

// username is what a user name looks like: it stands in logs and addresses, so
// that it is kept to plain letters. It must not be an identity number or a
// mobile number, which are personal data: hence the first letter.
var username = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,31}$`)

var allRoles = []Role{Clerk, OfficeHead, DepartmentHead, Supervisor, Engineer, Auditor, Admin}

// RegisterPerson makes an account with a first password. An administrator of
// the department, or of an authority whose territory contains it, does it. The
// fault "person_invalid" names every faulty field at once, the password's
// included; a user name in use is "already_exists".
func (s *Service) RegisterPerson(ctx context.Context, p Principal, x Person, plain string) (Person, error) {
	d, err := s.managed(ctx, p, x.Department)
	if err != nil {
		return Person{}, err
	}
	return s.registerPerson(ctx, d, x, plain)
}

// managed gives the department when the principal administers it.
func (s *Service) managed(ctx context.Context, p Principal, departmentID string) (Department, error) {
	if !p.Has(Admin) {
		return Department{}, forbidden("只有平台管理员可以管理账号")
	}
	d, err := s.store.Department(ctx, departmentID)
	if missing(err) {
		var c fault.Collector
		c.Add("department", "not_found", "没有这个部门", "")
		return Department{}, c.Err("person_invalid", "人员信息有误", "")
	}
	if err != nil {
		return Department{}, err
	}
	ok, err := s.manages(ctx, p, d)
	if err == nil && !ok {
		err = forbidden("该部门不在本平台管理员的管理范围内")
	}
	return d, err
}

func (s *Service) registerPerson(ctx context.Context, d Department, x Person, plain string) (Person, error) {
	x.Name, x.Username = strings.TrimSpace(x.Name), strings.ToLower(strings.TrimSpace(x.Username))
	territory, err := s.store.TerritoryOf(ctx, d.ID)
	if err != nil {
		return Person{}, err
	}
	c := checkPerson(x, territory != "")
	if !username.MatchString(x.Username) {
		c.Add("username", "format", "用户名应以小写字母开头，由2至32个小写字母、数字和 . _ - 组成", "")
	}
	if err := password.Check(plain, x.Username); err != nil && !c.Merge("", err) {
		return Person{}, err
	}
	if err := c.Err("person_invalid", "人员信息有误", ""); err != nil {
		return Person{}, err
	}
	// Hashing takes long: never inside the transaction.
	phc, err := s.passwords.Hash(ctx, plain)
	if err != nil {
		return Person{}, err
	}
	x.ID, x.Department, x.Disabled, x.Version, x.CreatedAt = ident.New(), d.ID, false, 1, s.clock.Now()
	err = s.store.Do(ctx, func(ctx context.Context) error {
		if err := s.store.InsertPerson(ctx, x); err != nil {
			return err
		}
		return s.store.PutSecrets(ctx, Secrets{Person: x.ID, PasswordHash: phc})
	})
	return x, err
}

// UpdatePerson changes name, roles and whether the account is disabled;
// nothing else of x but ID and Version counts. Those who may register the
// person may do it.
func (s *Service) UpdatePerson(ctx context.Context, p Principal, x Person) (Person, error) {
	var out Person
	err := s.store.Do(ctx, func(ctx context.Context) error {
		old, err := s.store.Person(ctx, x.ID)
		if err != nil {
			return err
		}
		d, err := s.managed(ctx, p, old.Department)
		if err != nil {
			return err
		}
		territory, err := s.store.TerritoryOf(ctx, d.ID)
		if err != nil {
			return err
		}
		out = old
		out.Name, out.Roles, out.Disabled, out.Version = strings.TrimSpace(x.Name), x.Roles, x.Disabled, x.Version
		c := checkPerson(out, territory != "")
		if err := c.Err("person_invalid", "人员信息有误", ""); err != nil {
			return err
		}
		if err := s.store.UpdatePerson(ctx, out); err != nil {
			return err
		}
		out.Version++
		return nil
	})
	return out, err
}

// checkPerson tells what is wrong with name and roles. Administrators touch no
// cases and auditors change nothing, so that neither goes with another role
// that does.
func checkPerson(x Person, authority bool) *fault.Collector {
	c := &fault.Collector{}
	c.Require("name", "姓名", x.Name, "")
	if utf8.RuneCountInString(x.Name) > 50 {
		c.Add("name", "too_long", "姓名不得超过50个字符", "")
	}
	if len(x.Roles) == 0 {
		c.Add("roles", "required", "至少应有一个角色", "")
	}
	for i, r := range x.Roles {
		switch {
		case !slices.Contains(allRoles, r):
			c.Add("roles", "not_in_list", "没有这个角色", "")
		case slices.Contains(x.Roles[:i], r):
			c.Add("roles", "duplicate", "角色重复", "")
		case r == Supervisor && !authority:
			c.Add("roles", "supervisor_outside_authority", "只有主管部门的人员可以担任审核人员", "CN-8")
		}
	}
	works := slices.ContainsFunc([]Role{Clerk, OfficeHead, DepartmentHead, Supervisor}, x.Has)
	if x.Has(Admin) && works || x.Has(Auditor) && (works || x.Has(Admin) || x.Has(Engineer)) {
		c.Add("roles", "roles_conflict", "平台管理员不办理业务，审计人员只读，不得兼任其他角色", "")
	}
	return c
}

// People gives the people of a department to those of the department, to the
// authorities whose territory contains it, and to nobody else.
func (s *Service) People(ctx context.Context, p Principal, departmentID string) ([]Person, error) {
	if _, err := s.insider(ctx, p, departmentID, "部门"); err != nil {
		return nil, err
	}
	return s.store.People(ctx, departmentID)
}

// insider gives the department to a principal of it or of an authority whose
// territory contains it; to others it is as if there were no such thing.
func (s *Service) insider(ctx context.Context, p Principal, departmentID, what string) (Department, error) {
	d, err := s.store.Department(ctx, departmentID)
	if err != nil {
		return Department{}, err
	}
	if p.Department.ID == d.ID {
		return d, nil
	}
	ok, err := s.Supervises(ctx, p, d.Region)
	if err != nil {
		return Department{}, err
	}
	if !ok || !p.HasAny(Supervisor, Auditor, Admin) {
		return Department{}, fault.Missing(what, departmentID)
	}
	return d, nil
}

// MayManage is nil when the principal administers the person's account.
func (s *Service) MayManage(ctx context.Context, p Principal, personID string) error {
	x, err := s.store.Person(ctx, personID)
	if err != nil {
		return err
	}
	_, err = s.managed(ctx, p, x.Department)
	return err
}
