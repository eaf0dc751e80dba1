package lawview

import (
	"slices"

	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Use is something in the rulebooks that rests on a clause.
type Use struct {
	Kind string `json:"kind"` // "term", "procedure", "action", "check", "stage", "field", "clock", "breach"
	ID   string `json:"id"`   // "reply_conditional", "application.agree"
	Name string `json:"name"`
}

// kinds are the kinds of use, in the order in which they are told, and their
// names.
var kinds = []struct{ kind, name string }{
	{"procedure", "程序"}, {"term", "期限"}, {"clock", "时钟"}, {"action", "步骤"}, {"check", "检查"},
	{"stage", "阶段"}, {"field", "填报项"}, {"breach", "超期即违反"},
}

// Uses lists what rests on a clause, by kind and then by ID.
func (l *Law) Uses(clause string) []Use {
	var out []Use
	add := func(kind, id, name string) {
		if u := (Use{kind, id, name}); !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	for _, b := range l.Books {
		for _, id := range sorted(b.Terms) {
			t := b.Terms[id]
			if t.Clause == clause || t.Extension != nil && t.Extension.Clause == clause {
				add("term", id, t.Name)
			}
		}
		for _, id := range sorted(b.Procedures) {
			l.procedureUses(b.Procedures[id], clause, add)
		}
	}
	rank := func(u Use) int {
		return slices.IndexFunc(kinds, func(k struct{ kind, name string }) bool { return k.kind == u.Kind })
	}
	slices.SortStableFunc(out, func(a, b Use) int { return rank(a) - rank(b) })
	return out
}

// procedureUses finds the uses in one procedure. A stage rests on the clause
// of the steps that lead to it, a clock on that of its terms.
func (l *Law) procedureUses(p rulebook.Procedure, clause string, add func(kind, id, name string)) {
	if p.Clause == clause {
		add("procedure", p.ID, p.Name)
	}
	for _, id := range sorted(p.Actions) {
		a := p.Actions[id]
		if a.Clause != clause {
			continue
		}
		add("action", p.ID+"."+id, a.Name)
		for _, c := range a.Checks {
			add("check", c, p.Name+":"+a.Name)
		}
		if a.To != "" {
			add("stage", p.ID+"."+a.To, p.Stages[a.To].Name)
		}
	}
	for _, id := range sorted(p.Fields) {
		if p.Fields[id].Clause == clause {
			add("field", p.ID+"."+id, p.Fields[id].Name)
		}
	}
	for _, id := range sorted(p.Clocks) {
		k := p.Clocks[id]
		for _, ct := range k.Terms {
			if t, _, ok := l.term(ct.Term); ok && t.Clause == clause {
				add("clock", p.ID+"."+id, k.Name)
			}
		}
		if k.Overdue != nil && k.Overdue.Clause == clause {
			add("breach", p.ID+"."+id, k.Name)
		}
	}
}
