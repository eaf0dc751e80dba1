package lawview

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Show writes what there is about a clause, a term or a procedure, for people.
// Its fault is "law_unknown".
func (l *Law) Show(w io.Writer, id string, at time.Time) error {
	if c, b, ok := l.clause(id); ok {
		return l.showClause(w, c, b)
	}
	if row, ok := l.Term(id, at); ok {
		return l.showTerm(w, row)
	}
	for _, b := range l.Books {
		if p, ok := b.Procedures[id]; ok {
			_, err := io.WriteString(w, l.procedurePage(p, b.Instrument))
			return err
		}
	}
	return fault.Newf(fault.NotFound, "law_unknown", "没有编号为“%s”的条款、期限或程序;shuqiao law trace列出全部条款,shuqiao law terms列出全部期限", id)
}

func (l *Law) showClause(w io.Writer, c rulebook.Clause, b *rulebook.Rulebook) error {
	var out strings.Builder
	in := b.Instrument
	fmt.Fprintf(&out, "%s  %s\n  %s\n  %s,自%s起在%s施行\n", c.ID, l.Cite(c.ID), c.Gist, in.Number, in.InForce, in.Region)
	uses := l.Uses(c.ID)
	for _, k := range kinds {
		head := k.name + ":\n"
		for _, u := range uses {
			if u.Kind == k.kind {
				out.WriteString(head)
				fmt.Fprintf(&out, "  %-40s %s%s\n", u.ID, u.Name, l.termWords(u))
				head = ""
			}
		}
	}
	if len(uses) == 0 {
		out.WriteString("规则中没有直接引用本条的内容。\n")
	}
	if parts := l.parts(c.ID); len(parts) > 0 {
		fmt.Fprintf(&out, "各款(项): %s\n", strings.Join(parts, " "))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (l *Law) termWords(u Use) string {
	t, _, ok := l.term(u.ID)
	if u.Kind != "term" || !ok {
		return ""
	}
	return " " + stated(t)
}

// parts are the paragraphs and items of an article that have IDs of their own.
func (l *Law) parts(id string) []string {
	var out []string
	for _, b := range l.Books {
		for _, c := range b.Clauses {
			if c.ID != id && article(c.ID) == id {
				out = append(out, c.ID)
			}
		}
	}
	return out
}

// stated writes a term as its instrument states it: 10个工作日,可延长10个工作日.
func stated(t rulebook.Term) string {
	s := Length(t.Length, t.Unit)
	if t.Minimum {
		s = "不少于" + s
	}
	if x := t.Extension; x != nil {
		s += ",可延长" + Length(x.Length, x.Unit)
	}
	return s
}

func (l *Law) showTerm(w io.Writer, row TermRow) error {
	var out strings.Builder
	t, _, _ := l.term(row.ID)
	fmt.Fprintf(&out, "%s  %s\n  %s(%s),自%s之日起计算\n  %s\n", row.ID, row.Name, row.Article, row.Clause, row.From, stated(t))
	if row.Extension != nil {
		fmt.Fprintf(&out, "  延长须经%s同意(%s)\n", relationWords(row.Extension.Consent), row.Extension.Clause)
	}
	if row.Counterpart != "" {
		fmt.Fprintf(&out, "  与上位法的%s规定同一事项\n", row.Counterpart)
	}
	for _, e := range row.Effective {
		fmt.Fprintf(&out, "适用于%s: %s\n", e.Region, effectiveWords(e, row.Minimum))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func effectiveWords(e EffectiveRow, minimum bool) string {
	s := Length(e.Length, e.Unit)
	if minimum {
		s = "不少于" + s
	}
	s += "(" + e.Clause + ")"
	switch {
	case e.Extension > 0:
		s += ",可延长" + Length(e.Extension, e.Unit) + "(" + e.ExtensionClause + ")"
	case e.ExtensionClause != "":
		s += ",不得延长(" + e.ExtensionClause + ")"
	}
	if len(e.Overrides) > 0 {
		var gives []string
		for _, o := range e.Overrides {
			what := "期限"
			switch {
			case o.Length && o.Extension:
				what = "期限和延长"
			case o.Extension:
				what = "延长"
			}
			gives = append(gives, o.Clause+"的"+what)
		}
		s += ";不适用" + strings.Join(gives, "、")
	}
	return s
}

// relationWords names a relation outside of any procedure.
func relationWords(relation string) string {
	return procedure.RelationName(&rulebook.Procedure{Parties: map[string]string{"provider": "提供部门", "consumer": "需求部门"}}, relation)
}
