package lawview

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Generated is how every generated page begins.
const Generated = "<!-- 由shuqiao law docs从law/中的规则生成,不要手工修改。 -->\n"

// Pages generates docs/law: README.md, terms.md and a page for each procedure,
// by file name.
func (l *Law) Pages() map[string]string {
	pages := map[string]string{"README.md": l.indexPage(), "terms.md": l.termsPage()}
	for _, b := range l.Books {
		for id, p := range b.Procedures {
			pages[id+".md"] = l.procedurePage(p, b.Instrument)
		}
	}
	return pages
}

func (l *Law) indexPage() string {
	var out strings.Builder
	out.WriteString(Generated + "\n# 法定程序与期限\n\n期限见[全部期限](terms.md)。\n")
	for _, b := range l.Books {
		in := b.Instrument
		fmt.Fprintf(&out, "\n## %s\n\n%s,自%s起在%s施行。%d个条款,%d个期限,%d个程序。\n",
			in.Name, in.Number, in.InForce, in.Region, len(b.Clauses), len(b.Terms), len(b.Procedures))
		t := table{head: []string{"程序", "ID", "条款", "当事方", "阶段", "步骤"}}
		for _, id := range sorted(b.Procedures) {
			p := b.Procedures[id]
			t.add(fmt.Sprintf("[%s](%s.md)", p.Name, id), code(id), p.Clause, parties(p), fmt.Sprint(len(p.Stages)), fmt.Sprint(len(p.Actions)))
		}
		out.WriteString(t.String())
	}
	return out.String()
}

func (l *Law) termsPage() string {
	var out strings.Builder
	out.WriteString(Generated + "\n# 全部期限\n\n期限从事件的次日起算,届满于最后一个工作日24时;延长在原届满日之上相加。" +
		"“适用”一栏是各文件全部施行后在各区域实际适用的期限。\n")
	t := table{head: []string{"期限", "ID", "条款", "规定", "起算", "延长须经", "适用"}}
	for _, row := range l.Terms(l.complete()) {
		term, _, _ := l.term(row.ID)
		consent := ""
		if row.Extension != nil {
			consent = relationWords(row.Extension.Consent) + "同意"
		}
		t.add(row.Name, code(row.ID), row.Clause+" "+row.Article, stated(term), row.From, consent, applies(row))
	}
	out.WriteString(t.String())
	out.WriteString("\n## 不同文件的不同规定\n\n地方规定可以严于上位法,不得宽于上位法。\n")
	c := table{head: []string{"期限", "地方规定", "上位法", "适用", "理由"}}
	for _, r := range l.Conflicts() {
		c.add(r.Name+map[string]string{"length": "", "extension": "的延长"}[r.Part], sideWords(r.Local, r.Unit), sideWords(r.Senior, r.Unit), r.Prevails, r.Why)
	}
	out.WriteString(c.String())
	return out.String()
}

func sideWords(s ConflictSide, unit rulebook.Unit) string {
	if s.Length == 0 {
		return s.Clause + " 不得延长"
	}
	return s.Clause + " " + Length(s.Length, unit)
}

// applies writes what applies in each territory, those that agree as one.
func applies(row TermRow) string {
	var lines []string
	for _, e := range row.Effective {
		words := effectiveWords(e, row.Minimum)
		if i := slices.IndexFunc(lines, func(s string) bool { return strings.HasSuffix(s, ": "+words) }); i >= 0 {
			lines[i] = strings.TrimSuffix(lines[i], ": "+words) + "、" + e.Region + ": " + words
			continue
		}
		lines = append(lines, e.Region+": "+words)
	}
	return strings.Join(lines, "<br>")
}

func (l *Law) procedurePage(p rulebook.Procedure, in rulebook.Instrument) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n# %s\n\n`%s`,依据%s(%s)。当事方:%s。\n", Generated, p.Name, p.ID, l.Cite(p.Clause), p.Clause, parties(p))
	if in.Rank != rulebook.National {
		fmt.Fprintf(&out, "\n仅在%s施行的区域(%s)办理。\n", in.Name, in.Region)
	}
	fmt.Fprintf(&out, "\n```mermaid\n%s```\n", Diagram(p))
	out.WriteString("\n## 阶段\n")
	out.WriteString(stagesTable(p))
	out.WriteString("\n## 步骤\n")
	out.WriteString(l.actionsTable(p))
	if len(p.Clocks) > 0 {
		out.WriteString("\n## 时钟\n")
		out.WriteString(l.clocksTable(p, in))
	}
	if len(p.Fields) > 0 {
		out.WriteString("\n## 填报项\n")
		out.WriteString(fieldsTable(p))
	}
	return out.String()
}

func stagesTable(p rulebook.Procedure) string {
	t := table{head: []string{"阶段", "ID", "该谁办"}}
	for _, id := range stageOrder(p) {
		who := relations(p, p.Stages[id].Turn)
		if p.Stages[id].Final {
			who = "办结"
		}
		t.add(p.Stages[id].Name, code(id), who)
	}
	return t.String()
}

func (l *Law) actionsTable(p rulebook.Procedure) string {
	t := table{head: []string{"步骤", "ID", "条款", "从", "到", "谁可以办", "必填"}}
	order := stageOrder(p)
	ids := sorted(p.Actions)
	first := func(id string) int { // opening steps, then by the stage they start from
		at := len(order)
		for _, s := range p.Actions[id].From {
			at = min(at, slices.Index(order, s))
		}
		if p.Actions[id].Opens {
			at = -1
		}
		return at
	}
	slices.SortStableFunc(ids, func(a, b string) int { return first(a) - first(b) })
	for _, id := range ids {
		a := p.Actions[id]
		from, to := stageNames(p, a.From), p.Stages[a.To].Name
		if a.Opens {
			from = "(立案)"
		}
		if a.To == "" {
			to = "(不变)"
		}
		name := a.Name
		if a.Once {
			name += "(限一次)"
		}
		t.add(name, code(id), a.Clause, from, to, relations(p, a.By), fieldNames(p, append(slices.Clone(a.Requires), a.Needs...)))
	}
	return t.String()
}

func (l *Law) clocksTable(p rulebook.Procedure, in rulebook.Instrument) string {
	t := table{head: []string{"时钟", "期限", "起", "止", "延长", "谁的责任", "超期"}}
	for _, id := range sorted(p.Clocks) {
		k := p.Clocks[id]
		overdue := ""
		if k.Overdue != nil {
			overdue = k.Overdue.Clause
		}
		t.add(k.Name, l.clockTerms(p, k, in), actionNames(p, k.Starts), actionNames(p, k.Stops), actionNames(p, k.Extends), relations(p, []string{k.Owner}), overdue)
	}
	return t.String()
}

func (l *Law) clockTerms(p rulebook.Procedure, k rulebook.Clock, in rulebook.Instrument) string {
	var lines []string
	for _, ct := range k.Terms {
		t, _, _ := l.term(ct.Term)
		var when []string
		for _, f := range sorted(ct.When) {
			for _, v := range ct.When[f] {
				name := p.Fields[f].Options[v]
				if name == "" {
					name = v
				}
				when = append(when, name)
			}
		}
		line := stated(t) + "(" + t.Clause + ")"
		if e, ok := l.cut(ct.Term, in); ok {
			line += ",适用" + effectiveWords(e, t.Minimum)
		}
		if len(when) > 0 {
			line = strings.Join(when, "、") + ": " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "<br>")
}

// cut gives what applies of a term in an instrument's territory where that is
// not what the term states.
func (l *Law) cut(id string, in rulebook.Instrument) (EffectiveRow, bool) {
	row, _ := l.Term(id, l.complete())
	for _, e := range row.Effective {
		if e.Region == in.Region && slices.ContainsFunc(e.Overrides, func(o OverrideRow) bool { return o.Term == id }) {
			return e, true
		}
	}
	return EffectiveRow{}, false
}

func fieldsTable(p rulebook.Procedure) string {
	t := table{head: []string{"填报项", "ID", "类型", "条款", "可选值"}}
	for _, id := range sorted(p.Fields) {
		f := p.Fields[id]
		var options []string
		for _, v := range sorted(f.Options) {
			options = append(options, f.Options[v])
		}
		t.add(f.Name, code(id), fieldTypes[f.Type], f.Clause, strings.Join(options, "、"))
	}
	return t.String()
}

var fieldTypes = map[rulebook.FieldType]string{
	rulebook.Text: "文字", rulebook.Date: "日期", rulebook.Integer: "整数", rulebook.Boolean: "是否", rulebook.Choice: "选项",
	rulebook.TextList: "多项文字", rulebook.ID: "编号", rulebook.IDList: "多个编号", rulebook.Object: "结构", rulebook.Digest: "材料摘要",
}

func parties(p rulebook.Procedure) string {
	var names []string
	for _, id := range sorted(p.Parties) {
		names = append(names, p.Parties[id])
	}
	return strings.Join(names, "、")
}

func relations(p rulebook.Procedure, list []string) string {
	var names []string
	for _, r := range list {
		names = append(names, procedure.RelationName(&p, r))
	}
	return strings.Join(names, "、")
}

func stageNames(p rulebook.Procedure, ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, p.Stages[id].Name)
	}
	return strings.Join(names, "、")
}

func actionNames(p rulebook.Procedure, ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, p.Actions[id].Name)
	}
	return strings.Join(names, "、")
}

func fieldNames(p rulebook.Procedure, ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, p.Fields[id].Name)
	}
	return strings.Join(names, "、")
}
