package rulebook

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"
)

// Faults lists everything wrong with a rulebook, each with its place.
type Faults struct {
	Instrument string
	List       []string
}

// Error implements error.
func (f *Faults) Error() string {
	return fmt.Sprintf("rulebook %s: %d faults:\n  %s", f.Instrument, len(f.List), strings.Join(f.List, "\n  "))
}

// roles that a relation may end in; "authority" is the supervisor of the
// party's same-level authority, "superior" the one of the authority above it.
var roles = map[string]bool{
	"clerk": true, "office_head": true, "department_head": true, "engineer": true, "auditor": true, "authority": true, "superior": true,
}

// Platform is the relation of the system itself: steps it observes.
const Platform = "platform"

// CommonSuperior is the relation of the common superior authority of a case's
// two parties.
const CommonSuperior = "common_superior.authority"

// Anyone is the relation of a member of the public, without an account: only
// opening actions may name it (CN-37).
const Anyone = "anyone"

// Suffixes of the parties that are computed for a party of a procedure.
const (
	AuthoritySuffix = ".authority" // its same-level authority
	SuperiorSuffix  = ".superior"  // the authority above that one
)

// Computed tells whether a party is an authority computed for another.
func Computed(party string) bool {
	return strings.HasSuffix(party, AuthoritySuffix) || strings.HasSuffix(party, SuperiorSuffix)
}

// SplitRelation divides a relation into the party whose department holds it
// and the role asked for. An authority is a party of its own:
// "provider.authority" is held by that party with role "authority".
func SplitRelation(relation string) (party, role string) {
	i := strings.LastIndexByte(relation, '.')
	if i < 0 {
		return relation, ""
	}
	if Computed(relation) {
		return relation, relation[i+1:]
	}
	return relation[:i], relation[i+1:]
}

type checker struct {
	book   *Rulebook
	faults []string
}

func (c *checker) failf(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *checker) clause(place, id string) {
	if id == "" {
		c.failf("%s: no clause", place)
	} else if _, ok := c.book.Clause(id); ok {
		return
	} else if !c.abroad(place, "clause", id, !strings.HasPrefix(id, c.book.Instrument.Prefix+"-")) {
		c.failf("%s: unknown clause %q", place, id)
	}
}

// abroad notes a reference to what only a more senior instrument can have, for
// CheckTogether; false: there is none to have it.
func (c *checker) abroad(place, kind, id string, possible bool) bool {
	if !possible || c.book.Instrument.Rank == National {
		return false
	}
	c.book.abroad = append(c.book.abroad, reference{place, kind, id})
	return true
}

// check gives every fault of the rulebook, in a stable order.
func (b *Rulebook) check() []string {
	c := &checker{book: b}
	c.instrument()
	seen := map[string]bool{}
	for _, cl := range b.Clauses {
		if seen[cl.ID] {
			c.failf("clause %s: listed twice", cl.ID)
		}
		seen[cl.ID] = true
		if cl.Article == "" || cl.Gist == "" {
			c.failf("clause %s: needs article and gist", cl.ID)
		}
		if !strings.HasPrefix(cl.ID, c.book.Instrument.Prefix+"-") {
			c.failf("clause %s: does not begin with the instrument's prefix %q", cl.ID, c.book.Instrument.Prefix+"-")
		}
	}
	for _, id := range sortedKeys(b.Terms) {
		c.term(b.Terms[id])
	}
	for _, id := range sortedKeys(b.Procedures) {
		p := b.Procedures[id]
		c.procedure(&p)
	}
	return c.faults
}

func (c *checker) instrument() {
	in := c.book.Instrument
	if in.Code == "" || in.Prefix == "" || in.Name == "" || in.Region == "" {
		c.failf("instrument: needs code, prefix, name and region")
	}
	if !slices.Contains([]Rank{National, Provincial, City, County}, in.Rank) {
		c.failf("instrument: unknown rank %q", in.Rank)
	}
	for name, day := range map[string]string{"in_force": in.InForce, "until": in.Until} {
		if day == "" && name == "until" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			c.failf("instrument: %s is not a day: %q", name, day)
		}
	}
}

func (c *checker) term(t Term) {
	place := "term " + t.ID
	c.clause(place, t.Clause)
	if t.Length <= 0 {
		c.failf("%s: length must be positive", place)
	}
	c.unit(place, t.Unit)
	if t.Name == "" || t.From == "" {
		c.failf("%s: needs name and from", place)
	}
	if x := t.Extension; x != nil {
		c.clause(place+" extension", x.Clause)
		c.unit(place+" extension", x.Unit)
		if x.Length <= 0 {
			c.failf("%s extension: length must be positive", place)
		}
		if _, role := SplitRelation(x.Consent); !roles[role] {
			c.failf("%s extension: unknown actor %q", place, x.Consent)
		}
	}
	if t.OwnProcedure && t.Counterpart == "" {
		c.failf("%s: own_procedure is said of a term with a counterpart", place)
	}
	if t.Counterpart != "" && !c.abroad(place, "counterpart", t.Counterpart, true) {
		c.failf("%s: a national term has no counterpart", place)
	}
}

func (c *checker) unit(place string, u Unit) {
	if !slices.Contains([]Unit{WorkingDay, CalendarDay, Month, Year}, u) {
		c.failf("%s: unknown unit %q", place, u)
	}
}

func (c *checker) procedure(p *Procedure) {
	place := "procedure " + p.ID
	c.clause(place, p.Clause)
	if p.Name == "" || p.Number == "" {
		c.failf("%s: needs name and number", place)
	}
	for _, id := range sortedKeys(p.Fields) {
		c.field(place+" field "+id, p.Fields[id])
	}
	for _, id := range sortedKeys(p.Actions) {
		c.action(p, p.Actions[id])
	}
	for _, id := range sortedKeys(p.Clocks) {
		c.clock(p, p.Clocks[id])
	}
	c.stages(p)
}

func (c *checker) field(place string, f Field) {
	if f.Name == "" {
		c.failf("%s: needs a name", place)
	}
	if f.Clause != "" {
		c.clause(place, f.Clause)
	}
	known := []FieldType{Text, Date, Integer, Boolean, Choice, TextList, ID, IDList, Object, Digest}
	if !slices.Contains(known, f.Type) {
		c.failf("%s: unknown type %q", place, f.Type)
	}
	if (f.Type == Choice) != (len(f.Options) > 0) {
		c.failf("%s: options belong to a choice, and a choice needs them", place)
	}
}

func (c *checker) relation(p *Procedure, place, relation string) {
	if relation == Platform || relation == CommonSuperior || relation == Anyone {
		return
	}
	party, role := SplitRelation(relation)
	party = strings.TrimSuffix(strings.TrimSuffix(party, AuthoritySuffix), SuperiorSuffix)
	if _, ok := p.Parties[party]; !ok || !roles[role] {
		c.failf("%s: unknown actor %q", place, relation)
	}
}

func (c *checker) action(p *Procedure, a Action) {
	place := "procedure " + p.ID + " action " + a.ID
	c.clause(place, a.Clause)
	if a.Name == "" {
		c.failf("%s: needs a name", place)
	}
	if len(a.By) == 0 {
		c.failf("%s: nobody may take it", place)
	}
	for _, r := range a.By {
		c.relation(p, place, r)
	}
	for _, r := range a.By {
		if r == Anyone && !a.Opens {
			c.failf("%s: anyone may only open a case", place)
		}
	}
	if a.Opens == (len(a.From) > 0) {
		c.failf("%s: an opening action has no from, any other has one", place)
	}
	if a.Opens && a.To == "" {
		c.failf("%s: an opening action needs to", place)
	}
	for _, s := range append(slices.Clone(a.From), a.To) {
		if _, ok := p.Stages[s]; !ok && s != "" {
			c.failf("%s: unknown stage %q", place, s)
		}
	}
	for _, s := range a.From {
		if p.Stages[s].Final {
			c.failf("%s: starts from the final stage %q", place, s)
		}
	}
	for _, r := range a.Notify {
		c.relation(p, place, r)
	}
	for _, f := range slices.Concat(a.Requires, a.Optional, a.Needs, sortedKeys(a.When)) {
		if _, ok := p.Fields[f]; !ok {
			c.failf("%s: unknown field %q", place, f)
		}
	}
}

func (c *checker) clock(p *Procedure, k Clock) {
	place := "procedure " + p.ID + " clock " + k.ID
	if k.Name == "" || len(k.Terms) == 0 || len(k.Starts) == 0 || len(k.Stops) == 0 {
		c.failf("%s: needs name, terms, starts and stops", place)
	}
	c.relation(p, place, k.Owner)
	if f, ok := p.Fields[k.FromField]; k.FromField != "" && (!ok || f.Type != Date) {
		c.failf("%s: from_field %q is not a date field", place, k.FromField)
	}
	if f, ok := p.Fields[k.LastDayField]; k.LastDayField != "" && (!ok || f.Type != Date || k.FromField != "") {
		c.failf("%s: last_day_field %q is not a date field, or from_field is given too", place, k.LastDayField)
	}
	for _, t := range k.Terms {
		if _, ok := c.book.Terms[t.Term]; !ok && !c.abroad(place, "term", t.Term, true) {
			c.failf("%s: unknown term %q", place, t.Term)
		}
		for f := range t.When {
			if _, ok := p.Fields[f]; !ok {
				c.failf("%s: unknown field %q", place, f)
			}
		}
	}
	for _, a := range slices.Concat(k.Starts, k.Stops, k.Extends) {
		if _, ok := p.Actions[a]; !ok {
			c.failf("%s: unknown action %q", place, a)
		}
	}
	if k.Overdue != nil {
		c.clause(place+" overdue", k.Overdue.Clause)
	}
}

// stages checks that every stage can be reached and that from every one that
// is not final a final one can be.
func (c *checker) stages(p *Procedure) {
	reached, ends := map[string]bool{}, map[string]bool{}
	for _, a := range p.Actions {
		if a.Opens {
			reached[a.To] = true
		}
	}
	for id, s := range p.Stages {
		ends[id] = s.Final
	}
	for grew := true; grew; {
		grew = false
		for _, a := range p.Actions {
			for _, s := range a.From {
				if reached[s] && a.To != "" && !reached[a.To] {
					reached[a.To], grew = true, true
				}
				if ends[a.To] && !ends[s] {
					ends[s], grew = true, true
				}
			}
		}
	}
	for _, id := range sortedKeys(p.Stages) {
		s, place := p.Stages[id], "procedure "+p.ID+" stage "+id
		if s.Name == "" {
			c.failf("%s: needs a name", place)
		}
		if !reached[id] {
			c.failf("%s: cannot be reached", place)
		}
		if !ends[id] {
			c.failf("%s: has no way out to a final stage", place)
		}
		for _, r := range s.Turn {
			c.relation(p, place, r)
		}
		if !s.Final && len(s.Turn) == 0 {
			c.failf("%s: nobody's turn", place)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := slices.Collect(maps.Keys(m))
	sort.Strings(keys)
	return keys
}
