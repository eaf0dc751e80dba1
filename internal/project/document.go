package project

import (
	"context"
	"fmt"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

var zone = time.FixedZone("Asia/Shanghai", 8*3600)

// series is what the numbers of a kind of document begin with.
var series = map[Kind]string{Certificate: "验收", Refusal: "不予验收", FundingOpinion: "经费意见"}

// certify issues the acceptance certificate. The check before it has seen that
// nothing is missing; it is looked at again, for what the document says.
func (s *Service) certify(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	return s.issue(ctx, c, act, Certificate, []string{"XN-14"})
}

// refuse issues the refusal, with what is missing.
func (s *Service) refuse(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	return s.issue(ctx, c, act, Refusal, []string{"XN-14"})
}

// fundingSubject fills an opinion on funding from the project it is about.
func (s *Service) fundingSubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	project, err := s.cases.Case(ctx, c.Subject)
	if err != nil {
		return err
	}
	if project.Procedure != "project_gate" || project.Parties["department.authority"] != p.Department.ID {
		return fault.Missing("项目", c.Subject)
	}
	c.Parties["department"], c.Region, c.Title = project.Parties["department"], project.Region, project.Title
	return nil
}

// fundingOpinion issues the opinion: favourable when every asset of the
// project is registered and collected, unfavourable otherwise.
func (s *Service) fundingOpinion(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	project, err := s.cases.Case(ctx, c.Subject)
	if err != nil {
		return err
	}
	return s.issue(ctx, &project, act, FundingOpinion, []string{"XN-10", "CN-38.1"})
}

func (s *Service) issue(ctx context.Context, project *procedure.Case, act *procedure.Act, kind Kind, basis []string) error {
	findings, err := s.findings(ctx, project)
	if err != nil {
		return err
	}
	department, err := s.org.Department(ctx, project.Parties["department"])
	if err != nil {
		return err
	}
	authority, err := s.org.Department(ctx, act.Department)
	if err != nil {
		return err
	}
	day := act.At.In(zone)
	name := fmt.Sprintf("%s-%d", series[kind], day.Year())
	n, err := s.store.NextDocument(ctx, name)
	if err != nil {
		return err
	}
	body := Body{Number: fmt.Sprintf("%s-%06d", name, n), Kind: kind, Project: project.Title, Department: department.Name,
		Authority: authority.Name, IssuedOn: day.Format(time.DateOnly), Favourable: len(missing(findings)) == 0,
		Purpose: procedure.Text(act.Fields["purpose"]), Findings: findings, Basis: basis, Opinion: procedure.Text(act.Fields["opinion"])}
	sum, err := body.Sum()
	if err != nil {
		return err
	}
	d := Document{ID: act.ID, Number: body.Number, Kind: kind, Case: project.ID, Department: department.ID, Region: project.Region,
		Title: project.Title, Body: body, Digest: sum, IssuedAt: act.At}
	act.Results["document"], act.Results["number"], act.Results["document_sha256"] = d.ID, d.Number, d.Digest
	act.Results["favourable"] = body.Favourable
	return s.store.InsertDocument(ctx, d)
}

// Document gives one document to the department it is about and to
// authorities whose territory that lies in; for others there is none.
func (s *Service) Document(ctx context.Context, p org.Principal, id string) (Document, error) {
	d, err := s.store.Document(ctx, id)
	if err == nil && d.Department != p.Department.ID && (p.Territory == "" || !rulebook.Covers(p.Territory, d.Region)) {
		err = fault.Missing("文书", id)
	}
	if err != nil {
		return Document{}, err
	}
	return d, nil
}

// Documents lists the documents of the principal's department, or of an
// authority's territory.
func (s *Service) Documents(ctx context.Context, p org.Principal, f Filter) ([]Document, error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	if f.Region = p.Territory; p.Territory == "" {
		f.Department = p.Department.ID
	}
	return s.store.Documents(ctx, f)
}
