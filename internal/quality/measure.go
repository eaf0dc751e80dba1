package quality

import (
	"context"
	"hash/maphash"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// Bounds of what a run holds in memory.
const (
	pageRows = 1000
	maxSeen  = 1 << 20 // digests of values seen, over all rules that look for repetition
)

// Hosted reads hosted rows; a hosted store of the catalog implements it.
type Hosted interface {
	Query(ctx context.Context, q catalog.HostedQuery) ([]catalog.Row, error)
	Count(ctx context.Context, resource string, where []catalog.Condition) (int, error)
}

// unique looks for rows that have the same values twice.
type unique struct {
	Outcome
	items []string
	seen  map[uint64]struct{}
}

// measurement is one run over one resource.
type measurement struct {
	hosted   Hosted
	resource string
	items    []catalog.Item
	checks   []check
	uniques  []*unique
	page     int // rows
	room     int // digests
	// progress is told after each page how many rows of how many were read; its
	// error ends the run.
	progress func(ctx context.Context, read, of int64) error
	done     int64 // rows read, over all readings

	seed   maphash.Seed // digests mean nothing outside this run
	rows   int64
	failed map[Dimension]int64 // rows
}

// plan makes the measurement of an entry's items under the filed rules. Rules
// on items that the entry no longer has are left out.
func plan(h Hosted, resource string, items []catalog.Item, rules []Rule, ask outside) (*measurement, error) {
	m := &measurement{hosted: h, resource: resource, items: items, page: pageRows, room: maxSeen, seed: maphash.MakeSeed(), failed: map[Dimension]int64{}}
	if ask.keys == nil {
		ask.keys = m.keys
	}
	m.checks = implied(items, ask)
	var keys []string
	for _, x := range keysOf(items) {
		keys = append(keys, x.Code)
	}
	m.uniques = []*unique{{Outcome: Outcome{Dimension: Uniqueness, Kind: KeyUnique, Item: strings.Join(keys, ",")}, items: keys}}
	for _, r := range rules {
		for _, x := range items {
			switch {
			case x.Code != r.Item:
			case r.Kind == Unique:
				m.uniques = append(m.uniques, &unique{Outcome: Outcome{Dimension: Uniqueness, Kind: Unique, Item: r.Item, Filed: true}, items: []string{r.Item}})
			default:
				if r.Kind == Compare && !slices.ContainsFunc(items, func(y catalog.Item) bool { return y.Code == r.Other }) {
					continue
				}
				c, err := filed(items, x, r, ask)
				if err != nil {
					return nil, err
				}
				m.checks = append(m.checks, c)
			}
		}
	}
	return m, nil
}

// run reads the rows: once for the checks, and as often as the digests of their
// values do not fit into memory. Each reading looks at its own part of them.
func (m *measurement) run(ctx context.Context) error {
	n, err := m.hosted.Count(ctx, m.resource, nil)
	if f, ok := fault.As(err); n == 0 && err == nil || ok && f.Kind == fault.NotFound {
		return noRows()
	}
	if err != nil {
		return err
	}
	parts := 1 + (n*len(m.uniques)-1)/m.room
	for part := range parts {
		for _, u := range m.uniques {
			u.seen = map[uint64]struct{}{}
		}
		if err := m.read(ctx, part, parts, int64(n)*int64(parts)); err != nil {
			return err
		}
	}
	for _, u := range m.uniques {
		u.seen = nil
		m.failed[Uniqueness] += u.Failed // a row that fails two rules counts twice, at most all rows
	}
	return nil
}

func (m *measurement) read(ctx context.Context, part, parts int, all int64) error {
	q := catalog.HostedQuery{Resource: m.resource, Items: m.items, Limit: m.page}
	keys := keysOf(m.items)
	for {
		rows, err := m.hosted.Query(ctx, q)
		if err != nil {
			return err
		}
		if part == 0 {
			if err := m.judge(ctx, rows); err != nil {
				return err
			}
		}
		for _, u := range m.uniques {
			for _, r := range rows {
				u.look(m.seed, r, part, parts)
			}
		}
		m.done += int64(len(rows))
		if m.progress != nil {
			if err := m.progress(ctx, m.done, max(all, m.done)); err != nil {
				return err
			}
		}
		if len(rows) < m.page {
			return nil
		}
		q.After = nil
		for _, k := range keys {
			q.After = append(q.After, text(rows[len(rows)-1][k.Code]))
		}
	}
}

// judge runs the checks over a page and counts the rows that fail, once for
// each dimension.
func (m *measurement) judge(ctx context.Context, rows []catalog.Row) error {
	m.rows += int64(len(rows))
	wrong := map[Dimension][]bool{}
	for i := range m.checks {
		c := &m.checks[i]
		verdicts, err := c.judge(ctx, rows)
		if err != nil {
			return err
		}
		if wrong[c.Dimension] == nil {
			wrong[c.Dimension] = make([]bool, len(rows))
		}
		for n, v := range verdicts {
			if v != skipped {
				c.Checked++
			}
			if v == failed {
				c.Failed++
				wrong[c.Dimension][n] = true
			}
		}
	}
	for d, rows := range wrong {
		for _, w := range rows {
			if w {
				m.failed[d]++
			}
		}
	}
	return nil
}

// look counts the row when its values belong to the part.
func (u *unique) look(seed maphash.Seed, r catalog.Row, part, parts int) {
	var b strings.Builder
	for _, item := range u.items {
		if empty(r[item]) {
			return
		}
		b.WriteString(strings.Map(func(c rune) rune {
			if unicode.IsSpace(c) {
				return -1
			}
			return c
		}, text(r[item])))
		b.WriteByte(0)
	}
	digest := maphash.String(seed, b.String())
	if digest%uint64(parts) != uint64(part) {
		return
	}
	u.Checked++
	if _, twice := u.seen[digest]; twice {
		u.Failed++
		return
	}
	u.seen[digest] = struct{}{}
}

// keys gives those of the values that are the key of a row.
func (m *measurement) keys(ctx context.Context, values []string) (map[string]bool, error) {
	return keysAmong(ctx, m.hosted, m.resource, m.items, values)
}

// result sums up. The zero loaded leaves timeliness unmeasured.
func (m *measurement) result(now, loaded time.Time, frequency string) Result {
	out := Result{Rows: m.rows, Scores: map[Dimension]float64{}}
	for _, c := range m.checks {
		out.Outcomes = append(out.Outcomes, c.Outcome)
	}
	for _, u := range m.uniques {
		out.Outcomes = append(out.Outcomes, u.Outcome)
	}
	for _, o := range out.Outcomes {
		if o.Unmeasured != "" {
			continue
		}
		out.Scores[o.Dimension] = share(m.rows, m.failed[o.Dimension])
	}
	if !loaded.IsZero() {
		out.LoadedAt = &loaded
		if period, regular := periods[frequency]; regular {
			late := Outcome{Dimension: Timeliness, Kind: Age, Checked: 1}
			age := now.Sub(loaded)
			if age > period {
				late.Failed = 1
			}
			out.Scores[Timeliness] = freshness(age, period)
			out.Outcomes = append(out.Outcomes, late)
		}
	}
	out.Total = total(out.Scores)
	return out
}
