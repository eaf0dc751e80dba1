package org

import (
	"context"
	"slices"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Bootstrap makes the first authority of an empty node, with its first
// administrator: everybody else is registered by somebody. It works only while
// no department is registered ("node_not_empty" afterwards).
func (s *Service) Bootstrap(ctx context.Context, authority Department, admin Person, plain string) (Principal, error) {
	if !slices.Equal(admin.Roles, []Role{Admin}) {
		return Principal{}, fault.New(fault.Invalid, "person_invalid", "首个账号只能是平台管理员")
	}
	d := tidyDepartment(authority)
	var person Person
	err := s.store.Do(ctx, func(ctx context.Context) error {
		have, err := s.store.Departments(ctx, DepartmentFilter{Limit: 1})
		if err != nil {
			return err
		}
		if len(have) > 0 {
			return fault.New(fault.Conflict, "node_not_empty", "平台已完成初始化")
		}
		if err := s.checkDepartment(ctx, d); err != nil {
			return err
		}
		if err := s.insertDepartment(ctx, &d); err != nil {
			return err
		}
		if err := s.store.SetAuthority(ctx, d.Region, d.ID); err != nil {
			return err
		}
		// The one time that hashing inside a transaction hurts nobody.
		person, err = s.registerPerson(ctx, d, admin, plain)
		return err
	})
	if err != nil {
		return Principal{}, err
	}
	return Principal{Person: person, Department: d, Territory: d.Region}, nil
}
