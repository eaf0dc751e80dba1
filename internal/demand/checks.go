package demand

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/privacy"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Bounds of a demand.
const (
	maxItems = 200
	maxName  = 100 // characters of an item's name
)

// Hooks are the functions that the procedures demand, demand_assignment and
// catalog_publication name.
func (s *Service) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{"demand.subject": s.subject},
		Checks: map[string]casework.Check{
			"demand.form":              s.form,
			"demand.assignable":        s.assignable,
			"demand.not_there_already": s.notThereAlready,
			"demand.resource_there":    s.resourceThere,
			"demand.mergeable":         s.mergeable,
			"demand.collection_known":  s.collectionKnown,
			"demand.holder_known":      s.holderKnown,
			"demand.day_ahead":         s.dayAhead,
			"demand.own_resource":      s.ownResource,
			"demand.cited":             cited,
		},
		Effects: map[string]casework.Effect{
			"demand.announce":           s.announce,
			"demand.assign":             s.assign,
			"demand.answer":             s.answer,
			"demand.merge":              s.merge,
			"demand.reopen":             s.reopen,
			"demand.close":              s.close,
			"demand.cancel_assignments": s.cancelAssignments,
			"demand.report_confirmed":   s.reportConfirmed,
			"demand.report_declined":    s.reportDeclined,
			"demand.report_catalogued":  s.reportCatalogued,
			"demand.link":               s.link,
			"demand.note_published":     s.notePublished,
		},
	}
}

// subject fills a new demand: it is about itself, its title names the data.
func (s *Service) subject(_ context.Context, p org.Principal, c *procedure.Case) error {
	if c.Title = strings.TrimSpace(c.Title); c.Title == "" {
		var faults fault.Collector
		faults.Add("title", "required", "标题应写明需要的数据的名称", "CN-20.1")
		return faults.Err("title_missing", "没有写明需要的数据的名称", "CN-20.1")
	}
	c.Subject, c.Region = c.ID, p.Department.Region
	return nil
}

// form checks what a department writes. What is needed is shown to every
// department, so that it holds no personal data. What is not filled yet is not
// wrong yet; the rulebook says when it must be.
func (s *Service) form(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	texts := map[string]string{"title": c.Title}
	for _, name := range []string{"data", "purpose", "basis", "scenario", "scope", "urgency_reasons", "search_words"} {
		texts["fields."+name] = procedure.Text(c.Facts[name])
	}
	items := procedure.Texts(c.Facts["wanted_items"])
	if len(items) > maxItems {
		faults.Add("fields.wanted_items", "too_many", fmt.Sprintf("一件需求不得超过%d项", maxItems), "CN-20.1")
	}
	for i, x := range items {
		path := fmt.Sprintf("fields.wanted_items[%d]", i)
		texts[path] = x
		if utf8.RuneCountInString(x) > maxName {
			faults.Add(path, "too_long", fmt.Sprintf("数据项名称不得超过%d个字符", maxName), "CN-20.1")
		}
	}
	for _, path := range sortedKeys(texts) {
		if what := privacy.Find(texts[path]); what != "" {
			faults.Add(path, "personal_data", "需求向各部门公布,文字中不得出现"+what, "CN-37.1")
		}
	}
	final := step.Action == "propose" || step.Action == "consent"
	if final && procedure.Text(c.Facts["urgency"]) == "urgent" && procedure.Text(c.Facts["urgency_reasons"]) == "" {
		faults.Add("fields.urgency_reasons", "required", "紧急的需求应当说明理由", "CN-20.1")
	}
	if holder := procedure.Text(c.Facts["suspected_holder"]); holder != "" {
		if holder == c.Parties["consumer"] {
			faults.Add("fields.suspected_holder", "own_department", "不是本部门,本部门的数据无须申请共享", "CN-20.1")
		} else if err := s.exists(ctx, &faults, "fields.suspected_holder", holder); err != nil {
			return err
		}
	}
	return faults.Err("demand_invalid", "需求填写有误,请一并更正", "")
}

func (s *Service) exists(ctx context.Context, faults *fault.Collector, path, department string) error {
	_, err := s.Org.Department(ctx, department)
	if missing(err) {
		faults.Add(path, "not_found", "没有这个部门", "CN-20.1")
		return nil
	}
	return err
}

// assignable: to another department that exists. One that said already that it
// cannot is asked again for a reason only.
func (s *Service) assignable(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	to := procedure.Text(step.Fields["assignee"])
	if to == c.Parties["consumer"] {
		faults.Add("fields.assignee", "own_department", "不能分派给需求部门自己", "CN-20.1")
	} else if err := s.exists(ctx, &faults, "fields.assignee", to); err != nil {
		return err
	}
	before, err := s.Store.AssignedOf(ctx, c.ID)
	if err != nil {
		return err
	}
	had := slices.ContainsFunc(before, func(a Assigned) bool { return a.Provider == to })
	if had && procedure.Text(step.Fields["opinion"]) == "" {
		faults.Add("fields.opinion", "required", "该部门已经答复过本件需求,再次分派应当说明理由", "CN-20.1")
	}
	return faults.Err("assignment_invalid", "不能这样分派", "CN-20.1")
}

// notThereAlready: who assigns a demand that a published entry seems to meet
// in full says why it does not. The refusal is the report.
func (s *Service) notThereAlready(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	if procedure.Text(step.Fields["not_there"]) != "" {
		return nil
	}
	m, err := s.match(ctx, c.ID, c.Parties["consumer"], wanted(c))
	if err != nil {
		return err
	}
	var names []string
	var whole []ResourceMatch
	for _, r := range m.Resources {
		if r.Complete && r.Attribute != string(catalog.Withheld) {
			names, whole = append(names, "“"+r.Name+"”("+r.Code+")"), append(whole, r)
		}
	}
	if len(whole) == 0 {
		return nil
	}
	var faults fault.Collector
	faults.Add("fields.not_there", "already_there",
		"目录中已有"+strings.Join(names, "、")+",含全部需要的数据项。应答复目录中已有,或者说明已有目录不能满足需要的理由", "CN-20.1")
	f, _ := fault.As(faults.Err("already_there", "目录中已有可以满足需要的条目", "CN-20.1"))
	return f.With("resources", whole)
}

// resourceThere: what the authority answers with can be applied for.
func (s *Service) resourceThere(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	r, err := s.Catalog.Resource(ctx, procedure.Text(step.Fields["resource"]))
	switch {
	case missing(err) || err == nil && r.Published == 0:
		faults.Add("fields.resource", "resource_not_published", "没有这个已发布的目录条目", "CN-16")
	case err != nil:
		return err
	case r.Provider == c.Parties["consumer"]:
		faults.Add("fields.resource", "own_resource", "这是需求部门自己的目录条目", "CN-20.2")
	default:
		v, err := s.Catalog.Version(ctx, r.ID, r.Published)
		if err != nil {
			return err
		}
		if v.Entry.Attribute == catalog.Withheld {
			faults.Add("fields.resource", "resource_withheld", "此目录条目属于不予共享类,不能据以申请", "CN-14")
		}
	}
	return faults.Err("answer_invalid", "不能以此目录条目答复", "")
}

// mergeable: into another demand that is being handled.
func (s *Service) mergeable(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	into := procedure.Text(step.Fields["merged_into"])
	d, err := s.Store.Demand(ctx, into)
	var faults fault.Collector
	switch {
	case missing(err):
		faults.Add("fields.merged_into", "not_found", "没有这件需求", "CN-20.1")
	case err != nil:
		return err
	case into == c.ID:
		faults.Add("fields.merged_into", "same_demand", "不能并入本件自己", "CN-20.1")
	case d.State == Closed:
		faults.Add("fields.merged_into", "demand_closed", "该件需求已经办结,不能并入", "CN-20.1")
	}
	return faults.Err("merge_invalid", "不能并入该件需求", "CN-20.1")
}

// collectionKnown: the plan or designation that the authority refers to is one
// that it handles.
func (s *Service) collectionKnown(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	id, route := procedure.Text(step.Fields["related_case"]), procedure.Text(step.Fields["route"])
	if id == "" {
		return nil
	}
	var faults fault.Collector
	x, err := s.Cases.Case(ctx, id)
	known := false
	for _, department := range x.Parties {
		known = known || department == c.Parties["consumer.authority"]
	}
	switch {
	case missing(err) || err == nil && !known:
		faults.Add("fields.related_case", "not_found", "没有这个办件", "CN-19")
	case err != nil:
		return err
	case x.Procedure != route:
		faults.Add("fields.related_case", "other_procedure", "该办件与选择的后续办理不一致", "CN-19")
	}
	return faults.Err("related_case_invalid", "引用的办件有误", "CN-19")
}

// holderKnown: the department that is believed to have the data exists and is
// neither the one that declines nor the one that asks.
func (s *Service) holderKnown(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	holder := procedure.Text(step.Fields["believed_holder"])
	if holder == "" {
		return nil
	}
	var faults fault.Collector
	if holder == c.Parties["provider"] || holder == c.Parties["consumer"] {
		faults.Add("fields.believed_holder", "party", "应为需求部门和承接部门以外的部门", "CN-20.1")
	} else if err := s.exists(ctx, &faults, "fields.believed_holder", holder); err != nil {
		return err
	}
	return faults.Err("holder_invalid", "认为掌握数据的部门填写有误", "CN-20.1")
}

// dayAhead: a promise is of a day to come, within two years; another promise
// of another day.
func (s *Service) dayAhead(_ context.Context, _ *procedure.Case, step procedure.Step) error {
	day := procedure.Text(step.Fields["catalogue_by"])
	now := step.At.In(zone)
	var faults fault.Collector
	if day <= now.Format(time.DateOnly) || day > now.AddDate(2, 0, 0).Format(time.DateOnly) {
		faults.Add("fields.catalogue_by", "range", "应在今日之后、两年之内", "CN-20.1")
	}
	return faults.Err("dates_invalid", "承诺的日期不符合规定", "CN-20.1")
}

// ownResource: a department links an entry of its own, drafts included.
func (s *Service) ownResource(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	id := procedure.Text(step.Fields["resource"])
	if id == "" {
		return nil
	}
	r, err := s.Catalog.Resource(ctx, id)
	if missing(err) || err == nil && r.Provider != c.Parties["provider"] {
		var faults fault.Collector
		faults.Add("fields.resource", "not_found", "不是本部门的目录条目", "CN-20.1")
		return faults.Err("resource_invalid", "关联的目录条目有误", "CN-20.1")
	}
	return err
}

var citation = regexp.MustCompile(`《[^《》]+》.*?第[零〇一二三四五六七八九十百千两0-9]+条`)

// cited: data are held back for a law only, named with its article (CN-14).
func cited(_ context.Context, _ *procedure.Case, step procedure.Step) error {
	if citation.MatchString(procedure.Text(step.Fields["legal_basis"])) {
		return nil
	}
	var faults fault.Collector
	faults.Add("fields.legal_basis", "no_citation", "应写明法律法规的名称和条款,如《××法》第×条", "CN-14")
	return faults.Err("withheld_without_basis", "不能共享没有法律法规依据", "CN-14")
}

var zone = time.FixedZone("Asia/Shanghai", 8*3600)

func missing(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.NotFound
}
