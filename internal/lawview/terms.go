package lawview

import (
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// TermRow is a term with everything said about it.
type TermRow struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	Clause     string        `json:"clause"`
	Article    string        `json:"article"`
	Instrument string        `json:"instrument"` // code: "cn-809"
	Title      string        `json:"instrument_name"`
	Region     string        `json:"region"`   // the instrument's territory
	InForce    string        `json:"in_force"` // YYYY-MM-DD
	Length     int           `json:"length"`
	Unit       rulebook.Unit `json:"unit"`
	From       string        `json:"from"` // the event it is counted from
	Minimum    bool          `json:"minimum"`
	// Configured: the law asks for the act without saying how soon, and the
	// length is the platform's setting or that of a decision.
	Configured bool          `json:"configured"`
	Extension  *ExtensionRow `json:"extension"` // null: none
	// Counterpart is the senior term for the same duty.
	Counterpart string `json:"counterpart,omitempty"`
	// OwnProcedure: it counts in a procedure of its own instrument only.
	OwnProcedure bool `json:"own_procedure,omitempty"`
	// Effective is what applies, for each territory in which the rules differ.
	Effective []EffectiveRow `json:"effective"`
}

// ExtensionRow is a term's extension as stated.
type ExtensionRow struct {
	Length  int           `json:"length"`
	Unit    rulebook.Unit `json:"unit"`
	Consent string        `json:"consent"`
	Clause  string        `json:"clause"`
}

// EffectiveRow is what applies in one territory.
type EffectiveRow struct {
	Region    string        `json:"region"`
	Length    int           `json:"length"`
	Unit      rulebook.Unit `json:"unit"`
	Extension int           `json:"extension"` // 0: none
	Clause    string        `json:"clause"`    // the one that prevails
	// ExtensionClause decides on the extension; empty: no rule knows one.
	ExtensionClause string        `json:"extension_clause,omitempty"`
	Overrides       []OverrideRow `json:"overrides"` // what gives way
}

// OverrideRow is a rule that gives way, and in what.
type OverrideRow struct {
	Clause    string `json:"clause"`
	Term      string `json:"term"`
	Length    bool   `json:"length"`    // its length gives way
	Extension bool   `json:"extension"` // its extension does
}

// Terms lists every term of every instrument, in the order of the clauses,
// with what applies on a day.
func (l *Law) Terms(at time.Time) []TermRow {
	out := []TermRow{}
	for _, b := range l.Books {
		ids := sorted(b.Terms)
		place := func(id string) int {
			return slices.IndexFunc(b.Clauses, func(c rulebook.Clause) bool { return c.ID == b.Terms[id].Clause })
		}
		slices.SortStableFunc(ids, func(x, y string) int { return place(x) - place(y) })
		for _, id := range ids {
			out = append(out, l.row(b, b.Terms[id], at))
		}
	}
	return out
}

func (l *Law) row(b *rulebook.Rulebook, t rulebook.Term, at time.Time) TermRow {
	in := b.Instrument
	row := TermRow{
		ID: t.ID, Name: t.Name, Clause: t.Clause, Article: l.Cite(t.Clause), Instrument: in.Code, Title: in.Name, Region: in.Region,
		InForce: in.InForce, Length: t.Length, Unit: t.Unit, From: t.From, Minimum: t.Minimum, Configured: t.Configured,
		Counterpart: t.Counterpart, OwnProcedure: t.OwnProcedure, Effective: []EffectiveRow{},
	}
	if x := t.Extension; x != nil {
		row.Extension = &ExtensionRow{x.Length, x.Unit, x.Consent, x.Clause}
	}
	for _, region := range l.territories() {
		rules, err := l.library.InForce(region, at)
		if err != nil {
			continue // nothing in force there yet
		}
		if res, ok := rules.Effective(t.ID); ok {
			row.Effective = append(row.Effective, effective(region, res))
		}
	}
	return row
}

func effective(region string, res rulebook.Resolution) EffectiveRow {
	e := EffectiveRow{Region: region, Length: res.Term.Length, Unit: res.Term.Unit, Extension: res.Term.ExtensionLength(),
		Clause: res.Prevails.ID, ExtensionClause: res.ExtensionFrom.ID, Overrides: []OverrideRow{}}
	for _, o := range res.Overrides {
		e.Overrides = append(e.Overrides, OverrideRow{o.Clause.ID, o.Term.ID, o.Length, o.Extension})
	}
	return e
}

// Term gives one term's row.
func (l *Law) Term(id string, at time.Time) (TermRow, bool) {
	t, b, ok := l.term(id)
	if !ok {
		return TermRow{}, false
	}
	return l.row(b, t, at), true
}

// String writes the term for people, on one line.
func (r TermRow) String() string {
	s := r.Name + ": "
	if r.Minimum {
		s += "不少于"
	}
	s += Length(r.Length, r.Unit)
	if r.Extension != nil {
		s += ",可延长" + Length(r.Extension.Length, r.Extension.Unit)
	}
	s += ",自" + r.From + "起"
	for _, e := range r.Effective {
		extension := 0
		if r.Extension != nil {
			extension = r.Extension.Length
		}
		if e.Length != r.Length || e.Extension != extension {
			s += ";在" + e.Region + "适用" + effectiveWords(e, r.Minimum)
		}
	}
	return s
}
