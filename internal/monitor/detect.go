package monitor

import (
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/worktime"
)

// lookup is one key that was asked for. The number is shifted (see Collector);
// numbered is false where the key has no number to compare.
type lookup struct {
	at       int64 // µs since 1970
	number   uint64
	numbered bool
	missed   bool
}

// finding is what a detector saw: numbers, without any content of a call.
type finding struct {
	kind  Kind
	facts map[string]any
}

// since gives what lies within the window before now.
func since(ring []lookup, now time.Time, window time.Duration) []lookup {
	from := now.Add(-window).UnixMicro()
	out := make([]lookup, 0, len(ring))
	for _, l := range ring {
		if l.at > from {
			out = append(out, l)
		}
	}
	return out
}

// sequential speaks when most of the different keys within the window have
// their neighbour close by. The order of the calls does not matter: shuffling
// an enumeration hides nothing.
func sequential(r Rule, ring []lookup, now time.Time) (finding, bool) {
	var numbers []uint64
	for _, l := range since(ring, now, r.Window.Std()) {
		if l.numbered {
			numbers = append(numbers, l.number)
		}
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	if len(numbers) < r.Calls || len(numbers) < 2 {
		return finding{}, false
	}
	near := 0
	for i, n := range numbers[1:] {
		if n-numbers[i] <= uint64(r.Gap) {
			near++
		}
	}
	share := near * 100 / (len(numbers) - 1)
	return finding{Sequential, map[string]any{"different_keys": len(numbers), "near_percent": share, "gap": r.Gap,
		"threshold_percent": r.Share}}, share >= r.Share
}

// misses speaks when most keys within the window found nothing.
func misses(r Rule, ring []lookup, now time.Time) (finding, bool) {
	seen := since(ring, now, r.Window.Std())
	missed := 0
	for _, l := range seen {
		if l.missed {
			missed++
		}
	}
	if len(seen) < r.Calls {
		return finding{}, false
	}
	share := missed * 100 / len(seen)
	return finding{Misses, map[string]any{"keys": len(seen), "missed": missed, "missed_percent": share, "threshold_percent": r.Share}},
		share >= r.Share
}

// refused speaks when the last r.Calls refusals lie within the window.
func refused(r Rule, times []int64, now time.Time) (finding, bool) {
	from, n := now.Add(-r.Window.Std()).UnixMicro(), 0
	for _, at := range times {
		if at > from {
			n++
		}
	}
	return finding{Refused, map[string]any{"refused_calls": n, "threshold": r.Calls, "minutes": int(r.Window.Std().Minutes())}}, n >= r.Calls
}

// Hour is what one grant did in an hour, on all replicas.
type Hour struct {
	Grant   string
	Start   time.Time
	Calls   int // answered and refused
	Refused int
	Keys    int // asked for
	Misses  int // of these, found nothing
}

const week = 7 * 24 * time.Hour

// baseline is what a grant's past says about an hour: nothing until there is
// enough of it.
type baseline struct {
	known    bool
	expected int // calls in this hour, rounded up
	// usual: it calls outside working hours as a matter of course.
	usual bool
	// dayOff are the calls outside working hours earlier on the same day.
	dayOff int
}

// judgePast computes the baseline of the hour from the hours before it.
func judgePast(rules Rules, days *worktime.Calendar, hour time.Time, past []Hour) baseline {
	var b baseline
	if r, ok := rules.Of(Volume); ok {
		b.known, b.expected = expected(r, hour, past)
	}
	r, ok := rules.Of(OffHours)
	if !ok {
		return b
	}
	off := map[worktime.Day]int{}
	for _, h := range past {
		if h.Start.Before(hour) && outside(r, days, h.Start) {
			off[worktime.DayOf(h.Start)] += h.Calls
		}
	}
	today := worktime.DayOf(hour)
	habit := 0
	for day, calls := range off {
		if day != today && today-day <= 28 && calls > r.Calls {
			habit++
		}
	}
	b.usual, b.dayOff = habit >= r.Days, off[today]
	return b
}

// expected is the larger of two means: of the same hour in the last weeks, in
// which an hour without calls counts as 0, and of all hours with calls. The
// second keeps silent about work that was moved to another hour, the first
// about a known peak.
func expected(r Rule, hour time.Time, past []Hour) (known bool, calls int) {
	var first time.Time
	at := map[int64]int{}
	active, sum := 0, 0
	for _, h := range past {
		if !h.Start.Before(hour) || h.Calls == 0 {
			continue
		}
		if first.IsZero() || h.Start.Before(first) {
			first = h.Start
		}
		at[h.Start.Unix()] = h.Calls
		active++
		sum += h.Calls
	}
	if active == 0 || hour.Sub(first) < time.Duration(r.Days)*24*time.Hour {
		return false, 0
	}
	same, weeks := 0, 0
	for k := 1; k <= r.Weeks; k++ {
		if then := hour.Add(-time.Duration(k) * week); !then.Before(first) {
			same += at[then.Unix()]
			weeks++
		}
	}
	calls = (sum + active - 1) / active
	if weeks > 0 {
		calls = max(calls, (same+weeks-1)/weeks)
	}
	return true, calls
}

// volume speaks when an hour has factor times what is expected of it.
func volume(r Rule, b baseline, h Hour) (finding, bool) {
	return finding{Volume, map[string]any{"calls": h.Calls, "expected": b.expected, "factor": r.Factor, "hour": stamp(h.Start)}},
		b.known && h.Calls > r.Calls && h.Calls > r.Factor*b.expected
}

// offHours speaks when a grant calls outside working hours and does not do so
// as a matter of course.
func offHours(r Rule, days *worktime.Calendar, b baseline, h Hour) (finding, bool) {
	calls := b.dayOff + h.Calls
	return finding{OffHours, map[string]any{"calls": calls, "day": worktime.DayOf(h.Start).String(), "from": r.From, "to": r.To,
		"workday": days.IsWorkday(worktime.DayOf(h.Start))}}, !b.usual && outside(r, days, h.Start) && calls > r.Calls
}

// outside tells whether the hour is outside working hours.
func outside(r Rule, days *worktime.Calendar, hour time.Time) bool {
	clock := hour.In(worktime.Zone()).Hour()
	return clock < r.From || clock >= r.To || !days.IsWorkday(worktime.DayOf(hour))
}

func stamp(t time.Time) string { return t.In(worktime.Zone()).Format(time.RFC3339) }

// Number turns a key into the number that sequential keys are told by: its
// last run of digits, at most the 18 rightmost of them. The check digit of an
// 18-character identity or credit code says nothing and is left out, so that
// neighbours are one apart. Keys with fewer digits than the rule asks for have
// no number.
func Number(key string, digits int) (uint64, bool) {
	if len(key) == 18 && !strings.ContainsFunc(key, notCode) {
		key = key[:17]
	}
	end := len(key)
	for end > 0 && (key[end-1] < '0' || key[end-1] > '9') {
		end--
	}
	begin := end
	for begin > 0 && end-begin < 18 && key[begin-1] >= '0' && key[begin-1] <= '9' {
		begin--
	}
	if end-begin < digits || end == begin {
		return 0, false
	}
	var n uint64
	for _, c := range []byte(key[begin:end]) {
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

// notCode tells what an identity or credit code does not hold.
func notCode(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') }
