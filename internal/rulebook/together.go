package rulebook

import (
	"fmt"
	"slices"
)

// CheckTogether checks rulebooks against each other, after Parse has checked
// each by itself: what one cites from another is there, in a more senior
// instrument of the same territory; a term and its counterpart can be
// compared; nothing is defined twice where both are in force. Everything wrong
// is told at once in a *Faults error.
func CheckTogether(books ...*Rulebook) error {
	books = bySeniority(books)
	var faults []string
	for i, b := range books {
		faults = append(faults, crossFaults(b, seniors(b, books))...)
		for _, other := range books[:i] {
			faults = append(faults, twiceDefined(other, b)...)
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return &Faults{Instrument: "together", List: faults}
}

func bySeniority(books []*Rulebook) []*Rulebook {
	sorted := slices.Clone(books)
	slices.SortStableFunc(sorted, func(a, b *Rulebook) int { return seniority(a) - seniority(b) })
	return sorted
}

// seniors are the instruments above one, in force in its whole territory.
func seniors(b *Rulebook, books []*Rulebook) []*Rulebook {
	var out []*Rulebook
	for _, s := range books {
		if seniority(s) < seniority(b) && Covers(s.Instrument.Region, b.Instrument.Region) {
			out = append(out, s)
		}
	}
	return out
}

// crossFaults checks what a rulebook takes from those above it.
func crossFaults(b *Rulebook, above []*Rulebook) []string {
	var faults []string
	failf := func(format string, args ...any) {
		faults = append(faults, b.Instrument.Code+": "+fmt.Sprintf(format, args...))
	}
	for _, ref := range b.abroad {
		found := slices.ContainsFunc(above, func(s *Rulebook) bool {
			if ref.kind == "clause" {
				_, ok := s.Clause(ref.id)
				return ok
			}
			_, ok := s.Terms[ref.id]
			return ok
		})
		if !found {
			failf("%s: unknown %s %q", ref.place, ref.kind, ref.id)
		}
	}
	for _, id := range sortedKeys(b.Terms) {
		t := b.Terms[id]
		for _, s := range above {
			c, ok := s.Terms[t.Counterpart]
			if !ok {
				continue
			}
			if !comparable(t, c) {
				failf("term %s: cannot be compared with its counterpart %s: both must count in the same unit, and both be a minimum or neither", id, c.ID)
			}
		}
	}
	return faults
}

// comparable tells whether two terms, and their extensions, count alike.
func comparable(a, b Term) bool {
	units := map[Unit]bool{a.Unit: true, b.Unit: true}
	for _, t := range []Term{a, b} {
		if t.Extension != nil {
			units[t.Extension.Unit] = true
		}
	}
	return a.Minimum == b.Minimum && len(units) == 1
}

// twiceDefined finds what two rulebooks both define although they can be in
// force in the same place: the senior one would hide the other.
func twiceDefined(a, b *Rulebook) []string {
	if !Covers(a.Instrument.Region, b.Instrument.Region) && !Covers(b.Instrument.Region, a.Instrument.Region) {
		return nil
	}
	if a.Instrument.Code == b.Instrument.Code && apart(a.Instrument, b.Instrument) {
		return nil // an earlier and a later text of one instrument
	}
	var faults []string
	failf := func(kind, id string) {
		faults = append(faults, fmt.Sprintf("%s %s: defined in both %s and %s", kind, id, a.Instrument.Code, b.Instrument.Code))
	}
	for _, id := range sortedKeys(b.Terms) {
		if _, ok := a.Terms[id]; ok {
			failf("term", id)
		}
	}
	for _, id := range sortedKeys(b.Procedures) {
		if _, ok := a.Procedures[id]; ok {
			failf("procedure", id)
		}
	}
	for _, c := range b.Clauses {
		if _, ok := a.Clause(c.ID); ok {
			failf("clause", c.ID)
		}
	}
	return faults
}

// apart tells whether two instruments are never in force on the same day.
func apart(a, b Instrument) bool {
	return a.Until != "" && a.Until < b.InForce || b.Until != "" && b.Until < a.InForce
}
