package rulebook

import (
	"slices"
	"strings"
)

// Resolution is a term as it is to be applied in a territory on a day, with
// the rules that were weighed.
type Resolution struct {
	// Term is the term asked for, with the length and the extension that
	// prevail; its Clause and its extension's Clause are the prevailing ones. A
	// term whose extension is not allowed has none.
	Term Term
	// Stated is the term asked for as its own instrument states it.
	Stated Term
	// Prevails is the clause whose length applies.
	Prevails Clause
	// ExtensionFrom is the clause that decides on the extension: the one that
	// allows the shortest, or the one that allows none. Zero when no rule
	// weighed knows an extension.
	ExtensionFrom Clause
	// Overrides are the rules that do not apply as they are stated, most senior
	// first; empty when all agree.
	Overrides []Override
}

// Override is a rule that gives way.
type Override struct {
	Term   Term   // as its instrument states it
	Clause Clause // its clause
	Book   Instrument
	// Length: its length gives way. Extension: its extension does.
	Length, Extension bool
}

// weighed is a term with the rank of its book.
type weighed struct {
	term Term
	book *Rulebook
	rank int // index in Rules.Books: the lower the more senior
}

// Stated finds a term as its own instrument states it.
func (r *Rules) Stated(id string) (Term, bool) {
	w, ok := r.find(id)
	return w.term, ok
}

func (r *Rules) find(id string) (weighed, bool) {
	for i, b := range r.Books {
		if t, ok := b.Terms[id]; ok {
			return weighed{t, b, i}, true
		}
	}
	return weighed{}, false
}

// Effective resolves a term among the instruments in force: of the terms for
// the same duty the strictest length and the strictest extension apply,
// whoever states them. So a local term that is laxer than its national
// counterpart is cut to it, and a stricter one prevails in its territory. Two
// equal rules are cited by the more senior one. A counterpart that is not in
// force weighs nothing.
func (r *Rules) Effective(id string) (Resolution, bool) {
	if res, ok := r.effective[id]; ok {
		return res, true
	}
	asked, ok := r.find(id)
	if !ok {
		return Resolution{}, false
	}
	return r.resolve(asked), true
}

func (r *Rules) resolve(asked weighed) Resolution {
	group := r.sameDuty(asked)
	length, extension := group[0], group[0]
	known := group[0].term.Extension != nil
	for _, w := range group[1:] { // the most senior comes first and wins a tie
		if w.term.stricterThan(length.term) {
			length = w
		}
		if w.term.ExtensionLength() < extension.term.ExtensionLength() {
			extension = w
		}
		known = known || w.term.Extension != nil
	}
	res := Resolution{Term: asked.term, Stated: asked.term, Prevails: clauseOf(length.book, length.term.Clause)}
	res.Term.Length, res.Term.Clause = length.term.Length, length.term.Clause
	res.Term.Extension = extension.term.Extension
	if known {
		res.ExtensionFrom = clauseOf(extension.book, extension.term.extensionClause())
	}
	for _, w := range group {
		o := Override{Term: w.term, Clause: clauseOf(w.book, w.term.Clause), Book: w.book.Instrument,
			Length:    w.term.Length != res.Term.Length,
			Extension: w.term.ExtensionLength() != res.Term.ExtensionLength()}
		if o.Length || o.Extension {
			res.Overrides = append(res.Overrides, o)
		}
	}
	return res
}

// sameDuty collects the terms that are weighed for one: its counterparts
// upwards, and the local ones that speak of the same duty, most senior first.
func (r *Rules) sameDuty(asked weighed) []weighed {
	group, in := []weighed{asked}, map[string]bool{asked.term.ID: true}
	for grew := true; grew; {
		grew = false
		add := func(w weighed) {
			if !in[w.term.ID] {
				in[w.term.ID], grew = true, true
				group = append(group, w)
			}
		}
		for _, w := range slices.Clone(group) {
			if up, ok := r.find(w.term.Counterpart); ok && w.term.Counterpart != "" {
				add(up)
			}
		}
		for i, b := range r.Books {
			for _, id := range sortedKeys(b.Terms) {
				if t := b.Terms[id]; in[t.Counterpart] && !t.OwnProcedure {
					add(weighed{t, b, i})
				}
			}
		}
	}
	slices.SortStableFunc(group, func(a, b weighed) int {
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		return strings.Compare(a.term.ID, b.term.ID)
	})
	return group
}

// stricterThan compares two terms for the same duty: the shorter one binds
// more, of two minimum periods the longer one. The check made sure that both
// count alike.
func (t Term) stricterThan(other Term) bool {
	if t.Minimum {
		return t.Length > other.Length
	}
	return t.Length < other.Length
}

// ExtensionLength is by how much the term can be extended; 0: not at all.
func (t Term) ExtensionLength() int {
	if t.Extension == nil {
		return 0
	}
	return t.Extension.Length
}

// extensionClause is the clause that allows the extension or, by its silence,
// none.
func (t Term) extensionClause() string {
	if t.Extension == nil {
		return t.Clause
	}
	return t.Extension.Clause
}

func clauseOf(b *Rulebook, id string) Clause {
	if c, ok := b.Clause(id); ok {
		return c
	}
	return Clause{ID: id}
}
