package org

import (
	"context"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// SameLevelAuthority gives the department ID of the authority at the same
// level (同级主管部门): the one of the department's region or, where that
// government has none, of the nearest region above that has one (CN-8). An
// authority's own is itself. No authority up to the root is the fault
// "no_authority".
func (s *Service) SameLevelAuthority(ctx context.Context, departmentID string) (string, error) {
	d, err := s.store.Department(ctx, departmentID)
	if err != nil {
		return "", err
	}
	r, err := s.store.Region(ctx, d.Region)
	if err != nil {
		return "", err
	}
	return s.nearestAuthority(ctx, r.Path)
}

// CommonSuperiorAuthority gives the department ID of the common superior
// authority (共同的上级主管部门) of two departments: the one of the lowest region
// that contains both, or of the nearest region above it that has one (CN-28).
// For two departments of one government it is their authority.
func (s *Service) CommonSuperiorAuthority(ctx context.Context, a, b string) (string, error) {
	var paths [2]string
	for i, id := range []string{a, b} {
		d, err := s.store.Department(ctx, id)
		if err != nil {
			return "", err
		}
		r, err := s.store.Region(ctx, d.Region)
		if err != nil {
			return "", err
		}
		paths[i] = r.Path
	}
	return s.nearestAuthority(ctx, commonPath(paths[0], paths[1]))
}

// SuperiorAuthority gives the department ID of the authority next above the
// same-level authority of a department: who orders an authority to put things
// right (CN-41). At the top it is the same-level authority itself.
func (s *Service) SuperiorAuthority(ctx context.Context, departmentID string) (string, error) {
	own, err := s.SameLevelAuthority(ctx, departmentID)
	if err != nil {
		return "", err
	}
	territory, err := s.store.TerritoryOf(ctx, own)
	if err != nil {
		return "", err
	}
	r, err := s.store.Region(ctx, territory)
	if err != nil {
		return "", err
	}
	above, err := s.nearestAuthority(ctx, strings.TrimSuffix(r.Path, r.Code+"/"))
	if fault.Is(err, "no_authority") {
		return own, nil
	}
	return above, err
}

// nearestAuthority looks from the last region of the path up to the root.
func (s *Service) nearestAuthority(ctx context.Context, path string) (string, error) {
	codes := strings.Split(strings.TrimSuffix(path, "/"), "/")
	for i := len(codes) - 1; i >= 0 && codes[i] != ""; i-- {
		id, err := s.store.AuthorityOf(ctx, codes[i])
		if err != nil {
			return "", err
		}
		if id != "" {
			return id, nil
		}
	}
	return "", fault.New(fault.Illegal, "no_authority", "本级及上级政府均未明确政务数据共享主管部门").Under("CN-8")
}

// commonPath gives the path of the lowest region that contains both; empty
// when the paths share no root.
func commonPath(a, b string) string {
	end := 0
	for i := 0; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if a[i] == '/' {
			end = i + 1
		}
	}
	return a[:end]
}

// Supervises tells whether the principal's department is an authority whose
// territory contains the region. It says nothing about the principal's roles.
func (s *Service) Supervises(ctx context.Context, p Principal, region string) (bool, error) {
	if p.Territory == "" {
		return false, nil
	}
	if p.Territory == region {
		return true, nil
	}
	r, err := s.store.Region(ctx, region)
	if err != nil {
		return false, err
	}
	return strings.Contains("/"+r.Path, "/"+p.Territory+"/"), nil
}

// SetAuthority makes a department the one authority of its own region's
// government (CN-8). An administrator of the authority whose territory contains
// the region does it; a later one replaces the earlier.
func (s *Service) SetAuthority(ctx context.Context, p Principal, region, departmentID string) error {
	if !p.Has(Admin) {
		return forbidden("只有上级或者本级主管部门的平台管理员可以设定主管部门")
	}
	return s.store.Do(ctx, func(ctx context.Context) error {
		var c fault.Collector
		if _, err := s.store.Region(ctx, region); missing(err) {
			c.Add("region", "not_found", "没有这个行政区划", "CN-8")
		} else if err != nil {
			return err
		} else if ok, err := s.Supervises(ctx, p, region); err != nil {
			return err
		} else if !ok {
			return forbidden("该行政区划不在本主管部门的管辖范围内")
		}
		d, err := s.store.Department(ctx, departmentID)
		switch {
		case missing(err):
			c.Add("department", "not_found", "没有这个部门", "CN-8")
		case err != nil:
			return err
		case d.Region != region:
			c.Add("department", "other_region", "主管部门应是该级政府的部门", "CN-8")
		}
		if err := c.Err("authority_invalid", "主管部门设定有误", "CN-8"); err != nil {
			return err
		}
		return s.store.SetAuthority(ctx, region, departmentID)
	})
}

// missing tells whether err says that there is no such thing.
func missing(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.NotFound
}
