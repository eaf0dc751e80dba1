package org

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
)

// minMLPS is the lowest protection level a connected system may have. XN-21
// asks for an assessment; level 1 has none (systems are filed and assessed from
// level 2 on).
const minMLPS = 2

// RegisterSystem registers an information system of the principal's own
// department; an engineer or administrator of it does. The fault
// "system_invalid" names every faulty field at once. The 等保 assessment may be
// given at once or filed later; without a valid one the system is not connected.
func (s *Service) RegisterSystem(ctx context.Context, p Principal, x System) (System, error) {
	if x.Department == "" {
		x.Department = p.Department.ID
	}
	if err := runsSystems(p, x.Department); err != nil {
		return System{}, err
	}
	var c fault.Collector
	x.Name = strings.TrimSpace(x.Name)
	c.Require("name", "系统名称", x.Name, "")
	if utf8.RuneCountInString(x.Name) > maxName {
		c.Add("name", "too_long", "系统名称不得超过100个字符", "")
	}
	now := s.clock.Now()
	if x.MLPS != nil {
		c.Merge("mlps.", checkMLPS(*x.MLPS, now))
	}
	if err := c.Err("system_invalid", "系统信息有误", ""); err != nil {
		return System{}, err
	}
	x.ID, x.DisabledAt, x.Credentials, x.Version, x.CreatedAt = ident.New(), nil, nil, 1, now
	err := s.store.Do(ctx, func(ctx context.Context) error { return s.store.InsertSystem(ctx, x) })
	return x, err
}

// FileMLPS files the 等保 assessment of a system of the principal's own
// department (XN-21): level 2 or more and still valid.
func (s *Service) FileMLPS(ctx context.Context, p Principal, systemID string, m MLPS) (System, error) {
	m.ReportNo, m.AssessedBy = strings.TrimSpace(m.ReportNo), strings.TrimSpace(m.AssessedBy)
	var x System
	err := s.store.Do(ctx, func(ctx context.Context) error {
		var err error
		if x, err = s.ownSystem(ctx, p, systemID); err != nil {
			return err
		}
		if err := checkMLPS(m, s.clock.Now()); err != nil {
			return err
		}
		x.MLPS = &m
		if err := s.store.UpdateSystem(ctx, x); err != nil {
			return err
		}
		x.Version++
		return nil
	})
	return x, err
}

func checkMLPS(m MLPS, now time.Time) error {
	var c fault.Collector
	if m.Level < minMLPS || m.Level > 5 {
		c.Add("level", "out_of_range", "接入共享平台的系统等级保护级别应为第二级至第五级", "XN-21")
	}
	c.Require("report_no", "测评报告编号", m.ReportNo, "XN-21")
	c.Require("assessed_by", "测评机构", m.AssessedBy, "XN-21")
	if utf8.RuneCountInString(m.ReportNo) > maxName || utf8.RuneCountInString(m.AssessedBy) > maxName {
		c.Add("report_no", "too_long", "测评报告编号和测评机构各不得超过100个字符", "XN-21")
	}
	switch {
	case m.ValidUntil.IsZero():
		c.Require("valid_until", "测评有效期", "", "XN-21")
	case !m.ValidUntil.After(now):
		c.Add("valid_until", "expired", "测评已过有效期", "XN-21")
	}
	return c.Err("mlps_invalid", "等级保护测评信息有误", "XN-21")
}

// SystemReady refuses a system that must not be connected now: disabled
// ("system_disabled"), or without a valid 等保 assessment of level 2 or more
// ("mlps_missing", XN-21).
func SystemReady(s System, now time.Time) error {
	if s.DisabledAt != nil && !now.Before(*s.DisabledAt) {
		return fault.New(fault.Forbidden, "system_disabled", "该系统已停用").Under("CN-35").With("system", s.ID)
	}
	if s.MLPS == nil || s.MLPS.Level < minMLPS || !now.Before(s.MLPS.ValidUntil) {
		return fault.New(fault.Forbidden, "mlps_missing", "该系统没有有效的等级保护测评，不得接入").Under("XN-21").With("system", s.ID)
	}
	return nil
}

// System gives one system to its own department and to the authorities whose
// territory contains it.
func (s *Service) System(ctx context.Context, p Principal, id string) (System, error) {
	x, err := s.store.System(ctx, id)
	if err != nil {
		return System{}, err
	}
	if _, err := s.insider(ctx, p, x.Department, "系统"); err != nil {
		if missing(err) {
			err = fault.Missing("系统", id)
		}
		return System{}, err
	}
	return x, nil
}

// Systems gives a department's systems to those who may see one of them.
func (s *Service) Systems(ctx context.Context, p Principal, departmentID string) ([]System, error) {
	if _, err := s.insider(ctx, p, departmentID, "部门"); err != nil {
		return nil, err
	}
	return s.store.Systems(ctx, departmentID)
}

// ownSystem gives a system of the principal's department to those who run it.
func (s *Service) ownSystem(ctx context.Context, p Principal, id string) (System, error) {
	x, err := s.System(ctx, p, id)
	if err != nil {
		return System{}, err
	}
	return x, runsSystems(p, x.Department)
}

func runsSystems(p Principal, departmentID string) error {
	if !p.HasAny(Engineer, Admin) || p.Department.ID != departmentID {
		return forbidden("只有本部门的系统对接人员或者平台管理员可以管理系统")
	}
	return nil
}
