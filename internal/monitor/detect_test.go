package monitor

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/worktime"
	"github.com/shuqiao/shuqiao/law"
)

// monday is 10:00 on a plain Monday in Shanghai.
var monday = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

func calendar(t testing.TB) *worktime.Calendar {
	t.Helper()
	days, err := fs.Sub(law.Workdays, "workdays")
	if err != nil {
		t.Fatal(err)
	}
	c, err := worktime.Load(days)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// released are the rules of this release: what the tests show is true of them.
func released(t testing.TB) Rules {
	t.Helper()
	source, err := os.ReadFile("../../law/risk/monitoring.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := ParseRules(source)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rule(t testing.TB, k Kind) Rule {
	t.Helper()
	r, ok := released(t).Of(k)
	if !ok {
		t.Fatalf("no rule of kind %s", k)
	}
	return r
}

// asked are look-ups one second apart, the last one now.
func asked(now time.Time, numbers []uint64, missed func(i int) bool) []lookup {
	out := make([]lookup, len(numbers))
	for i, n := range numbers {
		out[i] = lookup{at: now.Add(-time.Duration(len(numbers)-1-i) * time.Second).UnixMicro(), number: n, numbered: true, missed: missed != nil && missed(i)}
	}
	return out
}

func run(from uint64, n int, step uint64) []uint64 {
	out := make([]uint64, n)
	for i := range out {
		out[i] = from + uint64(i)*step
	}
	return out
}

func TestSequentialKeys(t *testing.T) {
	t.Parallel()
	r := rule(t, Sequential)
	const first = 13010219900101001
	shuffled := run(first, r.Calls, 1)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	few := append(run(first, 12, 1), run(first+1e9, r.Calls-12, 1e6)...)
	for name, c := range map[string]struct {
		numbers []uint64
		want    bool
	}{
		"one after the other":              {run(first, r.Calls, 1), true},
		"every second, for one sex":        {run(first, r.Calls, 2), true},
		"in any order":                     {shuffled, true},
		"one fewer than asked for":         {run(first, r.Calls-1, 1), false},
		"the same key again and again":     {run(first, r.Calls*3, 0), false},
		"a day's births, ten apart":        {run(first, r.Calls, 10), false},
		"a family among strangers":         {few, false},
		"false alarm: a clerk's own cases": {run(first, r.Calls, 97_003), false},
	} {
		f, got := sequential(r, asked(monday, c.numbers, nil), monday)
		if got != c.want {
			t.Errorf("%s: %v, %v", name, got, f.facts)
		}
	}
	if _, got := sequential(r, asked(monday, run(first, r.Calls, 1), nil), monday.Add(r.Window.Std()+time.Minute)); got {
		t.Error("what lies before the window was counted")
	}
}

// Keys drawn by chance from a space that is large for their number raise no
// alarm; a shift of all of them changes nothing.
func TestChanceIsNoEnumeration(t *testing.T) {
	t.Parallel()
	r := rule(t, Sequential)
	rapid.Check(t, func(t *rapid.T) {
		seed, n := rapid.Uint64().Draw(t, "seed"), rapid.IntRange(r.Calls, 400).Draw(t, "n")
		rng := rand.New(rand.NewPCG(seed, 7))
		shift := rapid.Uint64Range(0, 1<<62).Draw(t, "shift")
		numbers, enumeration := make([]uint64, n), make([]uint64, n)
		for i := range numbers {
			numbers[i] = rng.Uint64N(uint64(n)*100) + shift
			enumeration[i] = 1301021990 + uint64(i) + shift
		}
		rng.Shuffle(n, func(i, j int) { enumeration[i], enumeration[j] = enumeration[j], enumeration[i] })
		if f, spoke := sequential(r, asked(monday, numbers, nil), monday); spoke {
			t.Fatalf("chance: %v", f.facts)
		}
		if f, spoke := sequential(r, asked(monday, enumeration, nil), monday); !spoke && n <= 590 {
			t.Fatalf("an enumeration: %v", f.facts)
		}
	})
}

func TestMisses(t *testing.T) {
	t.Parallel()
	r := rule(t, Misses)
	for name, c := range map[string]struct {
		n, every int // of every so many one is found
		want     bool
	}{
		"guessing":                           {r.Calls, 10, true},
		"all guesses wrong":                  {r.Calls, 1 << 30, true},
		"too few to say":                     {r.Calls - 1, 1 << 30, false},
		"false alarm: half are not insured":  {r.Calls * 2, 2, false},
		"false alarm: everybody is on file":  {r.Calls * 2, 1, false},
		"false alarm: a third is on file":    {r.Calls * 2, 3, false},
		"a quarter is on file: not ordinary": {r.Calls * 2, 4, true},
	} {
		ring := asked(monday, run(1, c.n, 1000), func(i int) bool { return (i+1)%c.every != 0 })
		if f, got := misses(r, ring, monday); got != c.want {
			t.Errorf("%s: %v, %v", name, got, f.facts)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	r := rule(t, Refused)
	at := func(n int, apart time.Duration) []int64 {
		var out []int64
		for i := range n {
			out = append(out, monday.Add(-time.Duration(i)*apart).UnixMicro())
		}
		return out
	}
	if _, got := refused(r, at(r.Calls, time.Second), monday); !got {
		t.Error("a burst was not noticed")
	}
	if _, got := refused(r, at(r.Calls-1, time.Second), monday); got {
		t.Error("one fewer is a burst")
	}
	if _, got := refused(r, at(r.Calls, 10*time.Second), monday); got {
		t.Error("false alarm: a mistake now and then, over ten minutes")
	}
}

// past is a grant that makes calls on each hour of each working day for weeks.
func past(until time.Time, weeks int, calls func(at time.Time) int) []Hour {
	var out []Hour
	for at := until.Add(-time.Duration(weeks) * week); at.Before(until); at = at.Add(time.Hour) {
		if n := calls(at); n > 0 {
			out = append(out, Hour{Grant: "g", Start: at, Calls: n})
		}
	}
	return out
}

func TestVolume(t *testing.T) {
	t.Parallel()
	rules, days := released(t), calendar(t)
	r := rule(t, Volume)
	office := func(at time.Time) int {
		if outside(rule(t, OffHours), days, at) {
			return 0
		}
		return 800
	}
	peak := func(at time.Time) int { // Monday at ten is ten times the rest
		if at.In(worktime.Zone()).Weekday() == time.Monday && at.In(worktime.Zone()).Hour() == 10 {
			return 8000
		}
		return office(at)
	}
	for name, c := range map[string]struct {
		history []Hour
		calls   int
		want    bool
	}{
		"six times the usual":                  {past(monday, 4, office), 4801, true},
		"false alarm: three times":             {past(monday, 4, office), 2400, false},
		"false alarm: a known peak":            {past(monday, 4, peak), 8100, false},
		"many times a known peak":              {past(monday, 4, peak), 41_000, true},
		"false alarm: a grant's first week":    {past(monday, 1, office), 50_000, false},
		"false alarm: no history at all":       {nil, 50_000, false},
		"false alarm: few calls, many times":   {past(monday, 4, func(time.Time) int { return 2 }), 900, false},
		"few calls before, now more than rule": {past(monday, 4, func(time.Time) int { return 2 }), r.Calls + 1, true},
	} {
		b := judgePast(rules, days, monday, c.history)
		if f, got := volume(r, b, Hour{Grant: "g", Start: monday, Calls: c.calls}); got != c.want {
			t.Errorf("%s: %v, %v", name, got, f.facts)
		}
	}
}

// An hour that is no more than factor times the busiest before it never alarms.
func TestGrowthIsNoAlarm(t *testing.T) {
	t.Parallel()
	rules, days, r := released(t), calendar(t), rule(t, Volume)
	rapid.Check(t, func(t *rapid.T) {
		level := rapid.IntRange(1, 20_000).Draw(t, "level")
		history := past(monday, rapid.IntRange(1, 8).Draw(t, "weeks"), func(time.Time) int { return level })
		calls := rapid.IntRange(0, r.Factor*level).Draw(t, "calls")
		if f, spoke := volume(r, judgePast(rules, days, monday, history), Hour{Grant: "g", Start: monday, Calls: calls}); spoke {
			t.Fatalf("%v", f.facts)
		}
	})
}

func TestOffHours(t *testing.T) {
	t.Parallel()
	rules, days, r := released(t), calendar(t), rule(t, OffHours)
	at := func(text string) time.Time {
		x, err := time.ParseInLocation("2006-01-02 15", text, worktime.Zone())
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	nightly := func(hour time.Time) int {
		if hour.In(worktime.Zone()).Hour() == 2 {
			return 5000
		}
		return 0
	}
	for name, c := range map[string]struct {
		hour    string
		history func(time.Time) int
		calls   int
		want    bool
	}{
		"at night":                            {"2026-03-03 02", nil, r.Calls + 1, true},
		"on a Saturday":                       {"2026-03-07 10", nil, r.Calls + 1, true},
		"on a holiday in the week":            {"2026-10-01 10", nil, r.Calls + 1, true},
		"false alarm: a make-up Saturday":     {"2026-02-28 10", nil, r.Calls * 9, false},
		"false alarm: in working hours":       {"2026-03-03 10", nil, r.Calls * 9, false},
		"false alarm: somebody stays late":    {"2026-03-03 22", nil, r.Calls / 2, false},
		"false alarm: a batch of every night": {"2026-03-03 02", nightly, r.Calls * 9, false},
		"twice half of it in one night is too much": {"2026-03-03 02", func(h time.Time) int {
			if h.Equal(at("2026-03-03 01")) {
				return r.Calls
			}
			return 0
		}, 1, true},
	} {
		hour := at(c.hour)
		var history []Hour
		if c.history != nil {
			history = past(hour, 4, c.history)
		}
		if f, got := offHours(r, days, judgePast(rules, days, hour, history), Hour{Start: hour, Calls: c.calls}); got != c.want {
			t.Errorf("%s: %v, %v", name, got, f.facts)
		}
	}
}

func TestNumbersOfKeys(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]uint64{
		"130102199001010015": 13010219900101001, "13010219900101002X": 13010219900101002, "13800000001": 13800000001,
		"冀A-2026-00012345": 12345, "no digits": 0, "130102": 0, "": 0, "JZ20260001234567890123": 260001234567890123,
	} {
		got, ok := Number(key, 8)
		if got != want || ok != (want > 0) {
			t.Errorf("%s: %d, %v", key, got, ok)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Range(10_000_000, 9_999_999_999_999).Draw(t, "n")
		a, _ := Number(fmt.Sprint("X-", n), 8)
		b, _ := Number(fmt.Sprint("X-", n+1), 8)
		if b != a+1 {
			t.Fatalf("neighbours %d and %d", a, b)
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"130102199001010015", "x", "", "９９９９９９９９", strings.Repeat("9", 40)} {
		f.Add(s, 8)
	}
	f.Fuzz(func(t *testing.T, key string, digits int) {
		if n, ok := Number(key, digits); ok && n >= 1e18 {
			t.Errorf("%q: %d", key, n)
		}
	})
}

func TestRulesAreChecked(t *testing.T) {
	t.Parallel()
	const good = "{kind: sequential, name: x, clause: CN-35, window: 10m, calls: 60, gap: 3, digits: 8, share: 80, measure: slow, rate: 1, for: 30m}"
	if _, err := ParseRules([]byte("rules: [" + good + "]")); err != nil {
		t.Fatal(err)
	}
	for change, want := range map[string]string{
		"kind: sequential→kind: magic":           "kind must be one of",
		"measure: slow→measure: shout":           "measure must be one of",
		"rate: 1→rate: 0":                        "rate",
		"for: 30m→for: 1s":                       "needs for",
		"for: 30m→for: soon":                     "soon",
		"window: 10m→window: 1s":                 "window",
		"calls: 60→calls: 1":                     "calls must lie",
		"calls: 60→calls: 6000":                  "must not exceed",
		"share: 80→share: 180":                   "share",
		"gap: 3→factor: 3":                       "gap must lie",
		"name: x→name: ' '":                      "needs a name",
		"clause: CN-35→clause: CN-1":             "clause",
		"digits: 8→digits: 8, colour: red":       "colour",
		"measure: slow→measure: cut_off":         "for means nothing",
		"digits: 8→digits: 8, codes: [x]":        "codes means nothing",
		"digits: 8→digits: 8, from: 3":           "from means nothing",
		"digits: 8→digits: 8, quiet: -1h":        "quiet",
		"share: 80→share: 80, days: 2, weeks: 1": "weeks means nothing",
	} {
		from, to, _ := strings.Cut(change, "→")
		if _, err := ParseRules([]byte("rules: [" + strings.Replace(good, from, to, 1) + "]")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", change, err)
		}
	}
	_, err := ParseRules([]byte("rules: [" + good + ", " + good + "]"))
	if err == nil || !strings.Contains(err.Error(), "a second rule") {
		t.Errorf("twice: %v", err)
	}
	_, err = ParseRules([]byte("rules: [" + strings.NewReplacer("gap: 3", "gap: 0", "share: 80", "share: 0").Replace(good) + "]"))
	if err == nil || !strings.Contains(err.Error(), "gap") || !strings.Contains(err.Error(), "share") {
		t.Errorf("not everything is told: %v", err)
	}
}
