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
}

// NewLibrary makes a library of the given current rulebooks.
func NewLibrary(current ...*Rulebook) *Library {
	l := &Library{books: map[string]*Rulebook{}}
	for _, b := range current {
		l.books[b.Key] = b
		l.current = append(l.current, b)
	}
	slices.SortStableFunc(l.current, func(a, b *Rulebook) int { return seniority(a) - seniority(b) })
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
	day := at.In(zone).Format(time.DateOnly)
	var books []*Rulebook
	for _, b := range l.current {
		in := b.Instrument
		if Covers(in.Region, region) && in.InForce <= day && (in.Until == "" || day <= in.Until) {
			books = append(books, b)
		}
	}
	if len(books) == 0 {
		return nil, fault.Newf(fault.Invalid, "no_rules_in_force", "%s在%s没有施行中的政务数据共享规则", region, day)
	}
	return newRules(books), nil
}

// ByKey gives the rules that a case was received under.
func (l *Library) ByKey(key string) (*Rules, error) {
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
	return newRules(books), nil
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

// Rules are the instruments in force somewhere on a day, as one.
type Rules struct {
	Key   string
	Books []*Rulebook // most senior first
}

func newRules(books []*Rulebook) *Rules {
	keys := make([]string, len(books))
	for i, b := range books {
		keys[i] = b.Key
	}
	return &Rules{Key: strings.Join(keys, "+"), Books: books}
}

// Procedure finds a procedure; the fault is "procedure_unknown".
func (r *Rules) Procedure(id string) (*Procedure, error) {
	for _, b := range r.Books {
		if p, ok := b.Procedures[id]; ok {
			return &p, nil
		}
	}
	return nil, fault.Newf(fault.Invalid, "procedure_unknown", "没有名为“%s”的办理程序", id)
}

// Term finds a term by its ID.
func (r *Rules) Term(id string) (Term, bool) {
	for _, b := range r.Books {
		if t, ok := b.Terms[id]; ok {
			return t, true
		}
	}
	return Term{}, false
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

// ClockTerm picks the term of a clock by the facts of a case; ok is false when
// no term applies.
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
