package rulebook

// Conflict is one point on which two instruments in force in the same place
// state something different for the same duty.
type Conflict struct {
	// Part is "length" or "extension".
	Part string
	// Local is the term of the local instrument, Senior its counterpart.
	Local, Senior Term
	// LocalClause and SeniorClause are their clauses on this part.
	LocalClause, SeniorClause Clause
	// LocalBook and SeniorBook are their instruments.
	LocalBook, SeniorBook Instrument
	// LocalLength and SeniorLength are what they state, in the term's unit; 0
	// of an extension: none is allowed.
	LocalLength, SeniorLength int
	// LocalPrevails: the local rule is the stricter one and stands; otherwise
	// it is laxer and is cut to the senior one.
	LocalPrevails bool
	// From is the first day on which both are in force, YYYY-MM-DD.
	From string
}

// Prevailing is the clause that applies.
func (c Conflict) Prevailing() Clause {
	if c.LocalPrevails {
		return c.LocalClause
	}
	return c.SeniorClause
}

// Conflicts lists every point on which a term and its counterpart differ, in
// the order of the local instruments and their terms.
func Conflicts(books ...*Rulebook) []Conflict {
	books = bySeniority(books)
	var out []Conflict
	for _, b := range books {
		above := seniors(b, books)
		for _, id := range sortedKeys(b.Terms) {
			local := b.Terms[id]
			for _, s := range above {
				if senior, ok := s.Terms[local.Counterpart]; ok && !apart(b.Instrument, s.Instrument) {
					out = append(out, between(b, s, local, senior)...)
				}
			}
		}
	}
	return out
}

func between(b, s *Rulebook, local, senior Term) []Conflict {
	both := Conflict{Local: local, Senior: senior, LocalBook: b.Instrument, SeniorBook: s.Instrument,
		From: max(b.Instrument.InForce, s.Instrument.InForce)}
	var out []Conflict
	if local.Length != senior.Length {
		c := both
		c.Part, c.LocalLength, c.SeniorLength = "length", local.Length, senior.Length
		c.LocalClause, c.SeniorClause = clauseOf(b, local.Clause), clauseOf(s, senior.Clause)
		c.LocalPrevails = local.stricterThan(senior)
		out = append(out, c)
	}
	if local.ExtensionLength() != senior.ExtensionLength() {
		c := both
		c.Part, c.LocalLength, c.SeniorLength = "extension", local.ExtensionLength(), senior.ExtensionLength()
		c.LocalClause, c.SeniorClause = clauseOf(b, local.extensionClause()), clauseOf(s, senior.extensionClause())
		c.LocalPrevails = c.LocalLength < c.SeniorLength
		out = append(out, c)
	}
	return out
}
