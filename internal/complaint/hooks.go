package complaint

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/privacy"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Hooks are the functions that the complaint procedure names.
func (s *Service) Hooks() casework.Hooks {
	return casework.Hooks{
		Checks: map[string]casework.Check{
			"complaint.lodged":       s.lodged,
			"complaint.silent":       s.silent,
			"complaint.transferable": s.transferable,
		},
		Effects: map[string]casework.Effect{"complaint.transfer": s.transfer},
	}
}

// lodged: the case belongs to a complaint that this department is to handle.
func (s *Service) lodged(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	x, err := s.Store.Complaint(ctx, procedure.Text(c.Facts["complaint"]))
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound || err == nil && x.Handler != c.Parties["handler"] {
		return fault.New(fault.Invalid, "complaint_unknown", "没有这件投诉举报").Under("CN-37.2")
	}
	return err
}

// silent: what officials write repeats neither personal identifiers nor the
// complainant's name and contact.
func (s *Service) silent(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	x, err := s.Store.ComplaintOfCase(ctx, c.ID)
	if err != nil {
		return err
	}
	plain, err := s.Sealer.Open(x.Sealed)
	if err != nil {
		return fmt.Errorf("complaint %s: %w", x.ID, err)
	}
	var sealed Content
	if err := json.Unmarshal(plain, &sealed); err != nil {
		return fmt.Errorf("complaint %s: sealed content", x.ID)
	}
	var bad fault.Collector
	for _, name := range []string{"transfer_reasons", "decline_reasons", "finding", "measures", "rework_reasons", "reply"} {
		text := procedure.Text(step.Fields[name])
		switch what := privacy.Find(text); {
		case what != "":
			bad.Add("fields."+name, "personal_data", "文字中不得出现"+what, "CN-37.1")
		case privacy.Holds(text, sealed.Name, sealed.Contact):
			bad.Add("fields."+name, "sealed_value", "文字中不得出现投诉人的姓名和联系方式", "CN-37.1")
		}
	}
	return bad.Err("personal_data", "办件文字中不得出现个人信息", "")
}

// transferable: to a department that exists, has not had the complaint, and is
// not the one complained of.
func (s *Service) transferable(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	x, err := s.Store.ComplaintOfCase(ctx, c.ID)
	if err != nil {
		return err
	}
	to := procedure.Text(step.Fields["transfer_to"])
	var bad fault.Collector
	if _, err := s.known(ctx, &bad, "fields.transfer_to", to); err != nil {
		return err
	}
	switch {
	case to == procedure.Text(c.Facts["about"]):
		bad.Add("fields.transfer_to", "same_department", "不得转给被反映的部门", "CN-37.2")
	case slices.Contains(x.Handlers, to):
		bad.Add("fields.transfer_to", "had_it", "不得转回已经承办过的部门", "CN-37.2")
	}
	return bad.Err("transfer_invalid", "不能转办", "")
}

// transfer gives the complaint to the other department and opens a case there.
func (s *Service) transfer(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	x, err := s.Store.ComplaintOfCase(ctx, c.ID)
	if err != nil {
		return err
	}
	d, err := s.Directory.Department(ctx, procedure.Text(act.Fields["transfer_to"]))
	if err != nil {
		return err
	}
	x.Handler, x.Handlers, x.Case = d.ID, append(x.Handlers, d.ID), ""
	if err := s.Store.UpdateComplaint(ctx, x); err != nil {
		return err
	}
	x.Version++
	fields := map[string]any{"complaint": x.ID, "kind": x.Kind, "transferred_from": c.ID}
	if about := procedure.Text(c.Facts["about"]); about != "" {
		fields["about"] = about
	}
	x.Case, err = s.Cases.OpenAsPlatform(ctx, d.Region, casework.OpenRequest{Procedure: Procedure, Action: "forward_in",
		Subject: x.ID, Title: x.Number, Parties: map[string]string{"handler": d.ID}, Fields: fields})
	if err != nil {
		return err
	}
	act.Results["case"] = x.Case
	return s.Store.UpdateComplaint(ctx, x)
}
