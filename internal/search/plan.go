package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// clause must match; it does when all units of one of its alternatives do.
type clause struct {
	run          string
	alternatives [][]*unit
}

// plan is a query ready to run.
type plan struct {
	clauses  []clause
	nothing  bool   // a text without a character to look for
	whole    string // the folded text, for exact codes and names
	synonyms []string
	split    []string
}

// maxClauses bounds the runs of a query that are looked at.
const maxClauses = 16

// newPlan reads the text of a query.
func newPlan(text string, synonyms *Synonyms) *plan {
	p := &plan{whole: strings.TrimSpace(folded(text))}
	runs := runsOf(text)
	p.nothing = len(runs) == 0 && p.whole != ""
	for _, r := range runs[:min(len(runs), maxClauses)] {
		c := clause{run: r, alternatives: [][]*unit{{newUnit(r)}}}
		for _, other := range synonyms.of(r) {
			p.synonyms = append(p.synonyms, other)
			c.alternatives = append(c.alternatives, unitsOf(runsOf(other)))
		}
		p.clauses = append(p.clauses, c)
	}
	return p
}

func unitsOf(runs []string) []*unit {
	var out []*unit
	for _, r := range runs {
		out = append(out, newUnit(r))
	}
	return out
}

// exact tells that the index alone decides.
func (p *plan) exact() bool {
	for _, c := range p.clauses {
		for _, a := range c.alternatives {
			if slices.ContainsFunc(a, func(u *unit) bool { return !u.exact() }) {
				return false
			}
		}
	}
	return true
}

// units gives all units, for highlighting.
func (p *plan) units() []*unit {
	var out []*unit
	for _, c := range p.clauses {
		for _, a := range c.alternatives {
			out = append(out, a...)
		}
	}
	return out
}

// functionWords join words and are not looked for when a run is cut.
const functionWords = "的之与和及或"

// cut gives the plan with the long Chinese runs that are found nowhere cut into
// parts that are found, longest first; false: there is none.
func (p *plan) cut(found func([]*unit) bool) (*plan, bool) {
	out := &plan{whole: p.whole, synonyms: p.synonyms}
	for _, c := range p.clauses {
		if !isHanRun(c.run) || utf8.RuneCountInString(c.run) < 3 || found(c.alternatives[0]) {
			out.clauses = append(out.clauses, c)
			continue
		}
		parts := cutRun([]rune(c.run), found)
		if len(parts) < 2 {
			return nil, false
		}
		out.split = append(out.split, parts...)
		for _, part := range parts {
			out.clauses = append(out.clauses, clause{run: part, alternatives: [][]*unit{{newUnit(part)}}})
		}
	}
	return out, len(out.split) > 0
}

// cutRun cuts where the longest part found ends; nil: a part is found nowhere.
func cutRun(chars []rune, found func([]*unit) bool) []string {
	var parts []string
	for from := 0; from < len(chars); {
		to := from + 1
		for to < len(chars) && found([]*unit{newUnit(string(chars[from : to+1]))}) {
			to++
		}
		part := string(chars[from:to])
		switch {
		case to == from+1 && strings.Contains(functionWords, part):
		case to == from+1 && !found([]*unit{newUnit(part)}):
			return nil
		default:
			parts = append(parts, part)
		}
		from = to
	}
	return parts
}
