package project

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

const (
	maxAssets = 200
	maxName   = 100 // characters
)

// Hooks are the functions that the procedures project_gate, funding_opinion
// and platform_integration name.
func (s *Service) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{
			"project.subject":          s.subject,
			"project.funding_subject":  s.fundingSubject,
			"project.platform_subject": s.platformSubject,
		},
		Checks: map[string]casework.Check{
			"project.form":      s.form,
			"project.ready":     s.ready,
			"project.not_ready": s.notReady,

			"project.platform_existing":  s.platformExisting,
			"project.platform_term":      s.platformTerm,
			"project.platform_resources": s.platformResources,
			"project.platform_ready":     s.platformReady,
		},
		Effects: map[string]casework.Effect{
			"project.note_findings":   s.noteFindings,
			"project.note_platform":   s.notePlatform,
			"project.certify":         s.certify,
			"project.refuse":          s.refuse,
			"project.funding_opinion": s.fundingOpinion,
		},
	}
}

// subject fills a new project case: it is about itself.
func (s *Service) subject(_ context.Context, p org.Principal, c *procedure.Case) error {
	c.Subject, c.Region = c.ID, p.Department.Region
	if c.Title == "" {
		return fault.New(fault.Invalid, "title_missing", "应写明项目名称").Under("XN-14")
	}
	return nil
}

// form checks the list of assets and the links to the catalog: everything
// wrong at once.
func (s *Service) form(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	var faults fault.Collector
	var assets []Asset
	if err := procedure.Decode(c.Facts["assets"], &assets); err != nil {
		faults.Add("fields.assets", "structure", "数据资产应为列表,每项写明name(名称),可写resource(目录条目编号)", "XN-14")
	}
	if len(assets) > maxAssets {
		faults.Add("fields.assets", "too_many", fmt.Sprintf("一个项目不得超过%d项数据资产", maxAssets), "XN-14")
	}
	names := map[string]bool{}
	for i, a := range assets {
		path := fmt.Sprintf("fields.assets[%d]", i)
		if strings.TrimSpace(a.Name) == "" || utf8.RuneCountInString(a.Name) > maxName || names[a.Name] {
			faults.Add(path+".name", "invalid", "数据资产名称空白、过长或者重复", "XN-14")
		}
		names[a.Name] = true
		if err := s.ownResource(ctx, &faults, c, path+".resource", a.Resource); err != nil {
			return err
		}
	}
	var links []Link
	if err := procedure.Decode(c.Facts["links"], &links); err != nil {
		faults.Add("fields.links", "structure", "应为列表,每项写明asset(数据资产名称)、resource(目录条目编号)", "XN-14")
	}
	for i, l := range links {
		path := fmt.Sprintf("fields.links[%d]", i)
		if !names[l.Asset] {
			faults.Add(path+".asset", "unknown_asset", "清单中没有数据资产“"+l.Asset+"”", "XN-14")
		}
		if l.Resource == "" {
			faults.Require(path+".resource", "目录条目", "", "XN-14")
		}
		if err := s.ownResource(ctx, &faults, c, path+".resource", l.Resource); err != nil {
			return err
		}
	}
	return faults.Err("project_invalid", "项目数据资产填写有误", "XN-14")
}

func (s *Service) ownResource(ctx context.Context, faults *fault.Collector, c *procedure.Case, path, id string) error {
	if id == "" {
		return nil
	}
	r, err := s.catalog.Resource(ctx, id)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound || err == nil && r.Provider != c.Parties["department"] {
		faults.Add(path, "not_found", "不是本部门的目录条目", "XN-14")
		return nil
	}
	return err
}

// findings says of every asset how far it is, from the catalog, the hosted
// tables and the calls.
func (s *Service) findings(ctx context.Context, c *procedure.Case) ([]Finding, error) {
	var assets []Asset
	var links []Link
	if err := procedure.Decode(c.Facts["assets"], &assets); err != nil {
		return nil, err
	}
	if err := procedure.Decode(c.Facts["links"], &links); err != nil {
		return nil, err
	}
	linked := map[string]string{}
	for _, l := range links {
		linked[l.Asset] = l.Resource
	}
	out := make([]Finding, 0, len(assets))
	for _, a := range assets {
		f := Finding{Asset: a.Name, Resource: a.Resource}
		if linked[a.Name] != "" {
			f.Resource = linked[a.Name]
		}
		if err := s.look(ctx, &f); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// look fills in what is registered and collected.
func (s *Service) look(ctx context.Context, f *Finding) error {
	if f.Resource == "" {
		f.Why = "尚未登记为目录条目"
		return nil
	}
	r, err := s.catalog.Resource(ctx, f.Resource)
	if err != nil {
		return err
	}
	f.Code = r.Code
	if r.Published == 0 {
		f.Why = "目录条目尚未发布"
		return nil
	}
	f.Registered = true
	v, err := s.catalog.Version(ctx, r.ID, r.Published)
	if err != nil {
		return err
	}
	switch {
	case v.Entry.Attribute == catalog.Withheld:
		f.Collected = true // what is not shared is not collected either (HB-12.1)
	case v.Entry.Collection == catalog.LinkedService:
		if f.Collected, err = s.store.Called(ctx, r.ID); err != nil {
			return err
		}
		if !f.Collected {
			f.Why = "逻辑接入的服务尚无成功调用"
		}
	default:
		n, err := s.rows.Count(ctx, r.ID, nil)
		if e, ok := fault.As(err); ok && e.Kind == fault.NotFound {
			n, err = 0, nil
		}
		if err != nil {
			return err
		}
		if f.Collected = n > 0; !f.Collected {
			f.Why = "物理汇聚的数据尚未装载"
		}
	}
	return nil
}

// missing are the findings that keep a project from being accepted.
func missing(findings []Finding) []Finding {
	out := []Finding{}
	for _, f := range findings {
		if !f.Done() {
			out = append(out, f)
		}
	}
	return out
}

// ready refuses to accept a project before all its assets are registered and
// collected; the refusal names each (XN-14).
func (s *Service) ready(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	findings, err := s.findings(ctx, c)
	if err != nil {
		return err
	}
	var faults fault.Collector
	for i, f := range findings {
		if !f.Done() {
			faults.Add(fmt.Sprintf("fields.assets[%d]", i), "asset_missing", "“"+f.Asset+"”:"+f.Why, "XN-14")
		}
	}
	f, ok := fault.As(faults.Err("assets_missing", "数据资产尚未全部登记汇聚,不予通过验收", "XN-14"))
	if !ok {
		return nil
	}
	f.Kind = fault.Illegal
	return f.With("findings", missing(findings))
}

// notReady refuses to refuse: when all is registered and collected this gate
// has no reason left.
func (s *Service) notReady(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	findings, err := s.findings(ctx, c)
	if err != nil {
		return err
	}
	if len(missing(findings)) == 0 {
		return fault.New(fault.Illegal, "assets_complete", "数据资产已全部登记汇聚,不得以此不予通过验收").Under("XN-14")
	}
	return nil
}

func (s *Service) noteFindings(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	findings, err := s.findings(ctx, c)
	act.Results["findings"] = findings
	return err
}
