package rulebook

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// zone is the zone in which an instrument's days begin.
var zone = time.FixedZone("Asia/Shanghai", 8*3600)

// Library holds every rulebook the node knows, those of earlier releases
// included, and picks the rules in force. It is safe for concurrent use.
type Library struct {
	mu      sync.RWMutex
	books   map[string]*Rulebook // by key, current and past
	current []*Rulebook          // the texts this release brings, most senior first
	rules   map[string]*Rules    // by joined key; rules are resolved once
	since   []period             // of current, in its order
	chosen  map[uint64]*Rules    // by the set of current books in force, one bit each
}

// period is when an instrument is in force: from the instant its first day
// begins, and before the one at which its last day is over, if it has one.
type period struct{ from, to time.Time }

func (p period) holds(at time.Time) bool {
	return !at.Before(p.from) && (p.to.IsZero() || at.Before(p.to))
}

// inForce reads an instrument's period; the days were checked by Parse.
func inForce(in Instrument) period {
	var p period
	if day, err := time.ParseInLocation(time.DateOnly, in.InForce, zone); err == nil {
		p.from = day
	}
	if day, err := time.ParseInLocation(time.DateOnly, in.Until, zone); err == nil {
		p.to = day.AddDate(0, 0, 1)
	}
	return p
}

// maxCurrent is how many instruments a library can hold: bits of a set.
const maxCurrent = 64

// NewLibrary makes a library of the given current rulebooks, at most 64.
func NewLibrary(current ...*Rulebook) *Library {
	if len(current) > maxCurrent {
		panic("rulebook: more than 64 instruments")
	}
	l := &Library{books: map[string]*Rulebook{}, rules: map[string]*Rules{}, chosen: map[uint64]*Rules{}}
	for _, b := range current {
		l.books[b.Key] = b
		l.current = append(l.current, b)
	}
	slices.SortStableFunc(l.current, func(a, b *Rulebook) int { return seniority(a) - seniority(b) })
	for _, b := range l.current {
		l.since = append(l.since, inForce(b.Instrument))
	}
	return l
}

func seniority(b *Rulebook) int {
	return slices.Index([]Rank{National, Provincial, City, County}, b.Instrument.Rank)
}

// Remember adds a text of an earlier release, for the cases received under it.
func (l *Library) Remember(b *Rulebook) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.books[b.Key]; !ok {
		l.books[b.Key] = b
	}
}

// Current gives the texts of this release, the most senior first.
func (l *Library) Current() []*Rulebook { return slices.Clone(l.current) }

// InForce gives the rules in force in a region at a moment. Its fault is
// "no_rules_in_force".
func (l *Library) InForce(region string, at time.Time) (*Rules, error) {
	var set uint64
	for i, b := range l.current {
		if l.since[i].holds(at) && Covers(b.Instrument.Region, region) {
			set |= 1 << i
		}
	}
	if set == 0 {
		return nil, fault.Newf(fault.Invalid, "no_rules_in_force", "%s在%s没有施行中的政务数据共享规则", region, at.In(zone).Format(time.DateOnly))
	}
	l.mu.RLock()
	rules, ok := l.chosen[set]
	l.mu.RUnlock()
	if ok {
		return rules, nil
	}
	var books []*Rulebook
	for i, b := range l.current {
		if set&(1<<i) != 0 {
			books = append(books, b)
		}
	}
	rules = l.joined(joinKeys(books), books)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.chosen[set] = rules
	return rules, nil
}

// ByKey gives the rules that a case was received under.
func (l *Library) ByKey(key string) (*Rules, error) {
	l.mu.RLock()
	rules, ok := l.rules[key]
	l.mu.RUnlock()
	if ok {
		return rules, nil
	}
	books, err := l.named(key)
	if err != nil {
		return nil, err
	}
	return l.joined(key, books), nil
}

// named finds the rulebooks of a joined key.
func (l *Library) named(key string) ([]*Rulebook, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var books []*Rulebook
	for _, k := range strings.Split(key, "+") {
		b, ok := l.books[k]
		if !ok {
			return nil, fmt.Errorf("rulebook %q is not in the library", k)
		}
		books = append(books, b)
	}
	return books, nil
}

// joined gives the rules of these books, which are resolved once for all.
func (l *Library) joined(key string, books []*Rulebook) *Rules {
	l.mu.RLock()
	rules, ok := l.rules[key]
	l.mu.RUnlock()
	if ok {
		return rules
	}
	rules = newRules(books)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rules[key] = rules
	return rules
}

// Covers tells whether the region code lies in the territory whose root is
// given: 130000 covers 130102 and 130102001001; 100000 covers everything.
func Covers(root, code string) bool {
	if root == "100000" {
		return true
	}
	prefix := root
	for len(prefix) == 6 || len(prefix) == 4 {
		if !strings.HasSuffix(prefix, "00") {
			break
		}
		prefix = prefix[:len(prefix)-2]
	}
	return strings.HasPrefix(code, prefix)
}

// Rules are the instruments in force somewhere on a day, as one. They are not
// changed once made.
type Rules struct {
	Key   string      // the keys of the books, joined by "+"
	Books []*Rulebook // most senior first

	effective map[string]Resolution // by term ID
}

func joinKeys(books []*Rulebook) string {
	keys := make([]string, len(books))
	for i, b := range books {
		keys[i] = b.Key
	}
	return strings.Join(keys, "+")
}

// newRules joins books, most senior first, and resolves every term.
func newRules(books []*Rulebook) *Rules {
	r := &Rules{Key: joinKeys(books), Books: books}
	effective := map[string]Resolution{}
	for _, b := range books {
		for id := range b.Terms {
			if w, ok := r.find(id); ok {
				effective[id] = r.resolve(w)
			}
		}
	}
	r.effective = effective
	return r
}

// Procedure finds a procedure, in whichever instrument it is: one that only a
// local instrument knows can be run in its territory alone. The fault is
// "procedure_unknown".
func (r *Rules) Procedure(id string) (*Procedure, error) {
	for _, b := range r.Books {
		if p, ok := b.Procedures[id]; ok {
			return &p, nil
		}
	}
	return nil, fault.Newf(fault.Invalid, "procedure_unknown", "没有名为“%s”的办理程序", id)
}

// Term finds a term by its ID, as it is to be applied: with the length, the
// extension and the clause that prevail here (see Effective). Stated has what
// its instrument says.
func (r *Rules) Term(id string) (Term, bool) {
	res, ok := r.Effective(id)
	return res.Term, ok
}

// Clause finds a clause by its ID; an unknown one is given back bare.
func (r *Rules) Clause(id string) Clause {
	for _, b := range r.Books {
		if c, ok := b.Clause(id); ok {
			return c
		}
	}
	return Clause{ID: id}
}

// Cite names a clause for people: 《政务数据共享条例》第二十一条第一款.
func (r *Rules) Cite(id string) string {
	for _, b := range r.Books {
		if c, ok := b.Clause(id); ok {
			return "《" + b.Instrument.Name + "》" + c.Article
		}
	}
	return id
}

// ClockTerm picks the term of a clock by the facts of a case, as it is to be
// applied here; ok is false when no term applies.
func (r *Rules) ClockTerm(k Clock, facts map[string]any) (Term, bool) {
	for _, t := range k.Terms {
		if Holds(t.When, facts) {
			return r.Term(t.Term)
		}
	}
	return Term{}, false
}

// Holds tells whether every fact named has one of the accepted values.
func Holds(when map[string][]string, facts map[string]any) bool {
	for name, accepted := range when {
		v, _ := facts[name].(string)
		if !slices.Contains(accepted, v) {
			return false
		}
	}
	return true
}
