package org

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// FileSharingOffice files a department's sharing office (CN-11) with its
// leader and daily manager (XN-23), or a change of it. The department's own
// head or office head, its administrator, or an administrator of its authority
// files it; it is filed with the authority by standing in the one register.
//
// The head, the leader and the manager are people of the department with live
// accounts, and the head has the role office_head. Everything missing or wrong
// is told at once ("sharing_office_incomplete").
func (s *Service) FileSharingOffice(ctx context.Context, p Principal, departmentID string, o SharingOffice) (Department, error) {
	o.Name, o.Contact = strings.TrimSpace(o.Name), strings.TrimSpace(o.Contact)
	var d Department
	err := s.store.Do(ctx, func(ctx context.Context) error {
		var err error
		if d, err = s.store.Department(ctx, departmentID); err != nil {
			return err
		}
		own := p.Department.ID == d.ID && p.HasAny(DepartmentHead, OfficeHead)
		if manages, err := s.manages(ctx, p, d); err != nil {
			return err
		} else if !own && !manages {
			return forbidden("只有本部门负责人、共享工作机构负责人或者平台管理员可以备案共享工作机构")
		}
		if err := s.checkOffice(ctx, d, &o, "", fault.Invalid); err != nil {
			return err
		}
		o.FiledAt = s.clock.Now()
		d.Office = &o
		if err := s.store.UpdateDepartment(ctx, d); err != nil {
			return err
		}
		d.Version++
		return nil
	})
	return d, err
}

// RequireOffice refuses when the department's sharing office is not filed or
// no longer complete, as after its head left: the fault
// "sharing_office_incomplete" names everything missing. Without it a department
// cannot submit anything (CN-11, XN-23).
func (s *Service) RequireOffice(ctx context.Context, departmentID string) error {
	d, err := s.store.Department(ctx, departmentID)
	if err != nil {
		return err
	}
	o := d.Office
	if o == nil {
		o = &SharingOffice{}
	}
	return s.checkOffice(ctx, d, o, "office.", fault.Illegal)
}

func (s *Service) checkOffice(ctx context.Context, d Department, o *SharingOffice, prefix string, kind fault.Kind) error {
	var c fault.Collector
	c.Require(prefix+"name", "共享工作机构名称", o.Name, "CN-11")
	c.Require(prefix+"contact", "共享工作机构联系方式", o.Contact, "XN-23")
	if utf8.RuneCountInString(o.Name) > maxName {
		c.Add(prefix+"name", "too_long", "共享工作机构名称不得超过100个字符", "CN-11")
	}
	if utf8.RuneCountInString(o.Contact) > maxName {
		c.Add(prefix+"contact", "too_long", "联系方式不得超过100个字符", "XN-23")
	}
	for _, x := range []struct{ path, what, id, basis string }{
		{"head", "共享工作机构负责人", o.Head, "CN-11"},
		{"leader", "分管领导", o.Leader, "XN-23"},
		{"manager", "日常管理人员", o.Manager, "XN-23"},
	} {
		if x.id == "" {
			c.Require(prefix+x.path, x.what, "", x.basis)
			continue
		}
		person, err := s.store.Person(ctx, x.id)
		switch {
		case missing(err) || err == nil && person.Department != d.ID:
			c.Add(prefix+x.path, "not_found", x.what+"应是本部门人员", x.basis)
		case err != nil:
			return err
		case person.Disabled:
			c.Add(prefix+x.path, "disabled", x.what+"的账号已停用，请重新备案", x.basis)
		case x.path == "head" && !person.Has(OfficeHead):
			c.Add(prefix+x.path, "role_missing", "共享工作机构负责人的账号没有相应角色", x.basis)
		}
	}
	err := c.Err("sharing_office_incomplete", "本部门的政务数据共享工作机构尚未备案或者信息不全", "CN-11")
	if f, ok := fault.As(err); ok {
		f.Kind = kind
	}
	return err
}
