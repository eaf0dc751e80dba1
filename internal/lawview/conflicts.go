package lawview

import (
	"fmt"

	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// ConflictRow is a conflict between two instruments, for people and machines.
type ConflictRow struct {
	Part          string        `json:"part"` // "length" or "extension"
	Name          string        `json:"name"`
	Local         ConflictSide  `json:"local"`
	Senior        ConflictSide  `json:"senior"`
	Unit          rulebook.Unit `json:"unit"`
	Prevails      string        `json:"prevails"` // clause
	From          string        `json:"from"`     // first day both are in force
	Why           string        `json:"why"`
	LocalPrevails bool          `json:"local_prevails"`
}

// ConflictSide is what one instrument states.
type ConflictSide struct {
	Term    string `json:"term"`
	Clause  string `json:"clause"`
	Article string `json:"article"`
	Length  int    `json:"length"` // 0 of an extension: none
}

// Conflicts lists every point on which instruments state something different
// for the same duty, and which rule prevails.
func (l *Law) Conflicts() []ConflictRow {
	out := []ConflictRow{}
	for _, c := range rulebook.Conflicts(l.Books...) {
		out = append(out, ConflictRow{
			Part: c.Part, Name: c.Local.Name, Unit: c.Local.Unit, Prevails: c.Prevailing().ID, From: c.From,
			Local:  ConflictSide{c.Local.ID, c.LocalClause.ID, l.Cite(c.LocalClause.ID), c.LocalLength},
			Senior: ConflictSide{c.Senior.ID, c.SeniorClause.ID, l.Cite(c.SeniorClause.ID), c.SeniorLength},
			Why:    why(c), LocalPrevails: c.LocalPrevails,
		})
	}
	return out
}

func why(c rulebook.Conflict) string {
	switch {
	case !c.LocalPrevails:
		return "地方规定宽于上位法,自" + c.From + "起按上位法"
	case c.Local.OwnProcedure:
		return "地方规定更严,在其规定的程序中从其规定"
	}
	return "地方规定更严,在其施行的区域从其规定"
}

// String writes the conflict on one line.
func (r ConflictRow) String() string {
	what := map[string]string{"length": "期限", "extension": "延长"}[r.Part]
	side := func(s ConflictSide) string {
		if s.Length == 0 {
			return fmt.Sprintf("%s(%s)不得延长", s.Clause, s.Article)
		}
		return fmt.Sprintf("%s(%s)%s", s.Clause, s.Article, Length(s.Length, r.Unit))
	}
	return fmt.Sprintf("%s %s: %s ↔ %s → %s;%s", r.Local.Term, what, side(r.Local), side(r.Senior), r.Prevails, r.Why)
}
