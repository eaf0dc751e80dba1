package lawview

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Law is the rulebooks of a release, seen together.
type Law struct {
	Books   []*rulebook.Rulebook // most senior first
	library *rulebook.Library
}

// New looks at these rulebooks.
func New(books ...*rulebook.Rulebook) *Law {
	lib := rulebook.NewLibrary(books...)
	return &Law{Books: lib.Current(), library: lib}
}

// clause finds a clause with its book.
func (l *Law) clause(id string) (rulebook.Clause, *rulebook.Rulebook, bool) {
	for _, b := range l.Books {
		if c, ok := b.Clause(id); ok {
			return c, b, true
		}
	}
	return rulebook.Clause{ID: id}, nil, false
}

// term finds a term, as stated, with its book.
func (l *Law) term(id string) (rulebook.Term, *rulebook.Rulebook, bool) {
	for _, b := range l.Books {
		if t, ok := b.Terms[id]; ok {
			return t, b, true
		}
	}
	return rulebook.Term{}, nil, false
}

// Cite names a clause for people: 《政务数据共享条例》第二十一条第一款.
func (l *Law) Cite(id string) string {
	c, b, ok := l.clause(id)
	if !ok {
		return id
	}
	return "《" + b.Instrument.Name + "》" + c.Article
}

// complete is the first day on which every instrument is in force: the day
// that generated pages show.
func (l *Law) complete() time.Time {
	var day string
	for _, b := range l.Books {
		day = max(day, b.Instrument.InForce)
	}
	at, err := time.ParseInLocation(time.DateOnly, day, time.FixedZone("Asia/Shanghai", 8*3600))
	if err != nil { // Parse checked it
		panic(err)
	}
	return at
}

// territories are the regions in which the rules differ, the widest first.
func (l *Law) territories() []string {
	var out []string
	for _, b := range l.Books {
		if !slices.Contains(out, b.Instrument.Region) {
			out = append(out, b.Instrument.Region)
		}
	}
	return out
}

// Length writes a length for people: 10个工作日, 3年.
func Length(n int, unit rulebook.Unit) string {
	words := map[rulebook.Unit]string{
		rulebook.WorkingDay: "个工作日", rulebook.CalendarDay: "日", rulebook.Month: "个月", rulebook.Year: "年",
	}
	return fmt.Sprint(n) + words[unit]
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// article is the ID of a clause's whole article: CN-21 of CN-21.1.
func article(id string) string {
	whole, _, _ := strings.Cut(id, ".")
	return whole
}
