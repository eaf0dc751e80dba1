package org

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/checkdigit"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
)

// Longest name of a department or a sharing office, in characters.
const maxName = 100

// RegisterDepartment registers a department (CN-2, CN-43). An administrator of
// an authority whose territory contains the department's region does it. The
// fault "department_invalid" names every faulty field at once; a unified social
// credit code that is registered already is "already_exists".
//
// The sharing office is filed afterwards, when its people have accounts: a
// given one is ignored.
func (s *Service) RegisterDepartment(ctx context.Context, p Principal, d Department) (Department, error) {
	if !p.Has(Admin) || p.Territory == "" {
		return Department{}, forbidden("只有主管部门的平台管理员可以登记部门")
	}
	d = tidyDepartment(d)
	err := s.store.Do(ctx, func(ctx context.Context) error {
		if err := s.checkDepartment(ctx, d); err != nil {
			return err
		}
		if ok, err := s.Supervises(ctx, p, d.Region); err != nil {
			return err
		} else if !ok {
			return forbidden("该行政区划不在本主管部门的管辖范围内")
		}
		return s.insertDepartment(ctx, &d)
	})
	return d, err
}

func (s *Service) insertDepartment(ctx context.Context, d *Department) error {
	d.ID, d.Office, d.Version, d.CreatedAt = ident.New(), nil, 1, s.clock.Now()
	return s.store.InsertDepartment(ctx, *d)
}

func tidyDepartment(d Department) Department {
	d.Name = strings.TrimSpace(d.Name)
	d.USCC = strings.ToUpper(strings.TrimSpace(d.USCC))
	d.Region = strings.TrimSpace(d.Region)
	d.Sector = strings.TrimSpace(d.Sector)
	if d.Kind == "" {
		d.Kind = Government
	}
	return d
}

// checkDepartment tells everything that is wrong with d at once.
func (s *Service) checkDepartment(ctx context.Context, d Department) error {
	var c fault.Collector
	c.Require("name", "部门名称", d.Name, "CN-2")
	if utf8.RuneCountInString(d.Name) > maxName {
		c.Add("name", "too_long", "部门名称不得超过100个字符", "CN-2")
	}
	if utf8.RuneCountInString(d.Sector) > maxName {
		c.Add("sector", "too_long", "所属系统不得超过100个字符", "CN-2")
	}
	switch d.Kind {
	case Government, Authorised, OtherStateOrgan:
	default:
		c.Add("kind", "not_in_list", "部门类别应为政府部门、法律法规授权的组织或者其他国家机关", "CN-2")
	}
	var why checkdigit.Reason
	if d.USCC == "" {
		c.Require("uscc", "统一社会信用代码", "", "CN-2")
	} else if errors.As(checkdigit.USCC(d.USCC), &why) {
		c.Add("uscc", why.Code, why.Message, "CN-2")
	}
	if d.Region == "" {
		c.Require("region", "行政区划代码", "", "CN-2")
	} else if _, err := s.store.Region(ctx, d.Region); missing(err) {
		c.Add("region", "not_found", "没有这个行政区划", "CN-2")
	} else if err != nil {
		return err
	}
	if d.Parent != "" {
		if _, err := s.store.Department(ctx, d.Parent); missing(err) {
			c.Add("parent", "not_found", "没有这个上级部门", "CN-2")
		} else if err != nil {
			return err
		}
	}
	return c.Err("department_invalid", "部门信息有误", "CN-2")
}

// Department gives one department. The directory of departments is open to
// everybody signed in.
func (s *Service) Department(ctx context.Context, id string) (Department, error) {
	return s.store.Department(ctx, id)
}

// Departments gives the departments inside the filter.
func (s *Service) Departments(ctx context.Context, f DepartmentFilter) ([]Department, error) {
	return s.store.Departments(ctx, f)
}

// manages tells whether the principal administers the department: as an
// administrator of its own or of an authority whose territory contains it.
func (s *Service) manages(ctx context.Context, p Principal, d Department) (bool, error) {
	if !p.Has(Admin) {
		return false, nil
	}
	if p.Department.ID == d.ID {
		return true, nil
	}
	return s.Supervises(ctx, p, d.Region)
}
