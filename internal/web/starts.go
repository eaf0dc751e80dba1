package web

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerStarts(h *handlers, api huma.API) {
	register(api, http.MethodGet, "/api/v1/starts", "listStarts", "案件", "本人可以发起的办理事项", h.starts,
		note("按本人的角色列出；是否具备条件在发起时核对。立案见 POST /api/v1/cases。"))
}

// How much of a case's title the opener writes.
const (
	titleNone     = "none"
	titleOptional = "optional"
	titleRequired = "required"
)

// startForm is what a procedure asks of its opener besides the fields: the
// function that prepares its cases knows, so that it is listed by that
// function's name.
type startForm struct {
	subject, label string
	title          string
	choose         []string // parties that neither the opener nor the subject gives
}

var startForms = map[string]startForm{
	"sharing.application_subject":       {"resource", "申请的目录条目", titleNone, nil},
	"sharing.via_authority_subject":     {"resource", "申请的目录条目", titleNone, []string{"consumer"}},
	"sharing.cross_level_subject":       {"resource", "申请的目录条目", titleNone, []string{"consumer"}},
	"sharing.external_subject":          {"none", "", titleOptional, []string{"consumer"}},
	"sharing.backflow_subject":          {"resource", "请求回流的目录条目", titleNone, nil},
	"sharing.grant_subject":             {"grant", "授权", titleNone, nil},
	"sharing.grant_reply_subject":       {"grant", "授权", titleNone, nil},
	"sharing.suspension_subject":        {"grant", "授权", titleNone, nil},
	"catalog.publication_subject":       {"version", "目录版本", titleNone, nil},
	"catalog.attribute_subject":         {"own_resource", "目录条目", titleNone, nil},
	"catalog.negative_subject":          {"own_resource", "目录条目", titleNone, nil},
	"catalog.change_subject":            {"none", "", titleOptional, []string{"provider"}},
	"catalog.source_subject":            {"element", "标准数据元", titleOptional, []string{"candidate"}},
	"collection.plan_subject":           {"none", "", titleOptional, nil},
	"collection.list_subject":           {"none", "", titleOptional, []string{"department"}},
	"collection.realtime_subject":       {"own_resource", "目录条目", titleNone, nil},
	"collection.library_subject":        {"domain", "基础库领域或者主题", titleOptional, []string{"lead"}},
	"supervision.rectification_subject": {"liability", "违反的责任条款", titleOptional, []string{"department"}},
	"supervision.report_subject":        {"liability", "违反的责任条款", titleOptional, []string{"department"}},
	"supervision.circular_subject":      {"none", "", titleRequired, nil},
	"supervision.inspection_subject":    {"none", "", titleOptional, []string{"department"}},
	"incident.subject":                  {"none", "", titleOptional, nil},
	"contractor.subject":                {"none", "", titleOptional, nil},
	"dispute.subject":                   {"case_or_grant", "有争议的办件或者授权", titleOptional, nil},
	"correction.subject":                {"sealed", "", titleNone, nil},
	"demand.subject":                    {"none", "", titleRequired, nil},
	"project.subject":                   {"none", "", titleRequired, nil},
	"project.funding_subject":           {"project", "项目", titleNone, nil},
	"project.platform_subject":          {"none", "", titleRequired, nil},
}

// starts lists the opening actions that the reader's roles allow, of every
// procedure in force where the reader's department is.
func (h *handlers) starts(ctx context.Context, _ *struct{}) (*reply[wire.StartList], error) {
	p := principal(ctx)
	rules, err := h.Law.InForce(p.Department.Region, h.Clock.Now())
	if err != nil {
		return nil, err
	}
	out := wire.StartList{Items: []wire.Start{}}
	seen := map[string]bool{}
	for _, b := range rules.Books { // most senior first, as Rules.Procedure finds them
		for _, proc := range byArticle(b) {
			if !seen[proc.ID] {
				seen[proc.ID] = true
				out.Items = append(out.Items, startsOf(rules, &b.Instrument, proc, p)...)
			}
		}
	}
	return &reply[wire.StartList]{Body: out}, nil
}

// byArticle orders a book's procedures as its articles stand.
func byArticle(b *rulebook.Rulebook) []*rulebook.Procedure {
	var out []*rulebook.Procedure
	for _, id := range slices.Sorted(maps.Keys(b.Procedures)) {
		proc := b.Procedures[id]
		out = append(out, &proc)
	}
	slices.SortStableFunc(out, func(a, b *rulebook.Procedure) int {
		return cmp.Compare(articleNumber(a.Clause), articleNumber(b.Clause))
	})
	return out
}

func startsOf(rules *rulebook.Rules, in *rulebook.Instrument, proc *rulebook.Procedure, p org.Principal) []wire.Start {
	form, known := startForms[proc.Prepare]
	if !known {
		return nil
	}
	var out []wire.Start
	for _, id := range slices.Sorted(maps.Keys(proc.Actions)) {
		a := proc.Actions[id]
		if !a.Opens || !slices.ContainsFunc(a.By, func(relation string) bool { return mayStart(p, relation) }) {
			continue
		}
		law := toLawAction(id, a, proc.Fields)
		out = append(out, wire.Start{
			Procedure: proc.ID, ProcedureName: proc.Name, Clause: proc.Clause, Article: rules.Cite(proc.Clause),
			Instrument: in.Name, Chapter: chapter(in.Code, proc.Clause),
			Who:     each(a.By, func(relation string) string { return procedure.RelationName(proc, relation) }),
			Subject: form.subject, SubjectLabel: form.label, Title: form.title, Parties: startParties(proc, a, form),
			Action: wire.Action{ID: id, Name: a.Name, Clause: a.Clause, Article: rules.Cite(a.Clause), Fields: law.Fields},
		})
	}
	return out
}

// mayStart tells whether the person could hold the relation to a case of the
// own department, or, for an authority, to one of its territory.
func mayStart(p org.Principal, relation string) bool {
	if relation == rulebook.Platform || relation == rulebook.Anyone {
		return false
	}
	if rulebook.Computed(relation) {
		return p.Territory != "" && p.Has(org.Supervisor)
	}
	_, role := rulebook.SplitRelation(relation)
	return p.Has(org.Role(role))
}

// startParties are the departments to be named. An action of a party's own
// people is taken in its own name.
func startParties(proc *rulebook.Procedure, a rulebook.Action, form startForm) []wire.StartParty {
	own, _ := rulebook.SplitRelation(a.By[0])
	out := []wire.StartParty{}
	for _, party := range form.choose {
		if party != own {
			out = append(out, wire.StartParty{Party: party, Label: proc.Parties[party]})
		}
	}
	return out
}

// chapters gives the first article of each chapter of an instrument.
var chapters = map[string][]struct {
	from int
	name string
}{
	"cn-809": {{1, "第一章 总则"}, {8, "第二章 管理体制"}, {12, "第三章 目录管理"}, {18, "第四章 共享使用"},
		{30, "第五章 平台支撑"}, {34, "第六章 保障措施"}, {39, "第七章 法律责任"}, {43, "第八章 附则"}},
	"hebei-2023": {{1, "第一章 总则"}, {7, "第二章 目录管理"}, {11, "第三章 共享应用"}, {20, "第四章 平台支撑"},
		{25, "第五章 安全保障"}, {29, "第六章 法律责任"}, {32, "第七章 附则"}},
	"county-2024": {{1, "第一章 总则"}, {12, "第二章 数据登记汇聚"}, {15, "第三章 数据共享"}, {18, "第四章 数据安全"},
		{22, "第五章 监督保障"}, {26, "第六章 责任追究"}, {29, "第七章 附则"}},
}

func chapter(instrument, clause string) string {
	name, n := "", articleNumber(clause)
	for _, c := range chapters[instrument] {
		if n >= c.from {
			name = c.name
		}
	}
	return name
}

// articleNumber is 35 of CN-35.3.
func articleNumber(clause string) int {
	_, rest, _ := strings.Cut(clause, "-")
	number, _, _ := strings.Cut(rest, ".")
	n, _ := strconv.Atoi(number) // a clause without a number stands first
	return n
}
