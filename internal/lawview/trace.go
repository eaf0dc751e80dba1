package lawview

import (
	"regexp"
	"slices"
	"strings"
)

// TraceRow says what enforces a clause and which tests show it.
type TraceRow struct {
	Clause   string   `json:"clause"`
	Article  string   `json:"article"`
	Gist     string   `json:"gist"`
	Uses     []Use    `json:"uses"`     // in the rulebooks
	Code     []string `json:"code"`     // paths, from the traceability table
	Tests    []string `json:"tests"`    // directory:Function
	Enforced bool     `json:"enforced"` // something carries it out
	Tested   bool     `json:"tested"`   // some test shows it
}

// traced is a row of the traceability table.
type traced struct{ code, tests []string }

var (
	tracedID = regexp.MustCompile(`^(CN|HB|XN)-\d`)
	quoted   = regexp.MustCompile("`([^`]+)`")
)

// Trace joins the rulebooks with the traceability table (docs/traceability.md,
// as text). What is said of an article counts for its paragraphs, and what is
// said of a paragraph for its article.
func (l *Law) Trace(table string) []TraceRow {
	rows := readTrace(table)
	out := []TraceRow{}
	for _, b := range l.Books {
		for _, c := range b.Clauses {
			r := TraceRow{Clause: c.ID, Article: l.Cite(c.ID), Gist: c.Gist, Uses: l.Uses(c.ID), Code: []string{}, Tests: []string{}}
			if r.Uses == nil {
				r.Uses = []Use{}
			}
			parts := l.parts(c.ID)
			for _, part := range parts {
				r.Enforced = r.Enforced || len(l.Uses(part)) > 0
			}
			for _, id := range append([]string{c.ID, article(c.ID)}, parts...) {
				r.Code = join(r.Code, rows[id].code)
				r.Tests = join(r.Tests, rows[id].tests)
			}
			r.Enforced = r.Enforced || len(r.Uses)+len(r.Code) > 0
			r.Tested = len(r.Tests) > 0
			out = append(out, r)
		}
	}
	return out
}

func join(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// readTrace reads the rows of the table: IDs, behaviour, where, tests.
func readTrace(table string) map[string]traced {
	out := map[string]traced{}
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if !strings.HasPrefix(line, "|") || len(cells) != 4 || !tracedID.MatchString(strings.TrimSpace(cells[0])) {
			continue
		}
		for id := range strings.SplitSeq(cells[0], ",") {
			id = strings.TrimSpace(id)
			t := out[id]
			t.code, t.tests = join(t.code, words(cells[2])), join(t.tests, words(cells[3]))
			out[id] = t
		}
	}
	return out
}

func words(cell string) []string {
	var out []string
	for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
		out = append(out, m[1])
	}
	return out
}

// Mark is ● for a clause that is enforced and tested, ◐ for one of the two,
// ○ for a remaining one.
func (r TraceRow) Mark() string {
	switch {
	case r.Enforced && r.Tested:
		return "●"
	case r.Enforced || r.Tested:
		return "◐"
	}
	return "○"
}

// String writes the row for people.
func (r TraceRow) String() string {
	var by []string
	for _, k := range kinds {
		var ids []string
		for _, u := range r.Uses {
			if u.Kind == k.kind {
				ids = append(ids, u.ID)
			}
		}
		if len(ids) > 0 {
			by = append(by, k.name+" "+strings.Join(ids, "、"))
		}
	}
	if len(r.Code) > 0 {
		by = append(by, "代码 "+strings.Join(r.Code, "、"))
	}
	none := func(list []string, sep string) string {
		if len(list) == 0 {
			return "(无)"
		}
		return strings.Join(list, sep)
	}
	return r.Mark() + " " + r.Clause + " " + r.Article + " " + r.Gist +
		"\n    执行: " + none(by, ";") + "\n    证明: " + none(r.Tests, "、")
}
