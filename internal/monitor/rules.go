package monitor

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Kind says what a rule looks at.
type Kind string

// The kinds of rules and signals.
const (
	Volume     Kind = "volume"      // more calls than this grant makes at this hour of the week
	OffHours   Kind = "off_hours"   // calls on rest days or at night, by one that does not
	Sequential Kind = "sequential"  // keys asked for one after the other
	Misses     Kind = "misses"      // keys tried that do not exist
	Refused    Kind = "refused"     // many refusals in a short time
	NewAddress Kind = "new_address" // a system calls from a network that it never called from
)

// Kinds lists them.
var Kinds = []Kind{Volume, OffHours, Sequential, Misses, Refused, NewAddress}

// Measure says what happens when a rule speaks.
type Measure string

// The measures, the mildest first.
const (
	SignalOnly Measure = "signal"
	Slow       Measure = "slow"    // no more than Rate calls a second, on each replica
	Pause      Measure = "pause"   // no calls for a time
	CutOff     Measure = "cut_off" // no calls until somebody lifts it
)

var measures = []Measure{SignalOnly, Slow, Pause, CutOff}

// Rule is one rule of law/risk/monitoring.yaml, where its members are told.
type Rule struct {
	Kind   Kind   `yaml:"kind"`
	Name   string `yaml:"name"`
	Clause string `yaml:"clause"`
	// Window is what the rule looks back on; within it a signal is raised once.
	Window Duration `yaml:"window"`
	Calls  int      `yaml:"calls"`
	Factor int      `yaml:"factor"`
	Weeks  int      `yaml:"weeks"`
	Days   int      `yaml:"days"`
	From   int      `yaml:"from"`
	To     int      `yaml:"to"`
	Gap    int      `yaml:"gap"`
	Digits int      `yaml:"digits"`
	Share  int      `yaml:"share"`
	Codes  []string `yaml:"codes"`

	Measure Measure  `yaml:"measure"`
	Rate    int      `yaml:"rate"`
	For     Duration `yaml:"for"`
	// Quiet is how long the rule is silent about a grant for which somebody
	// dismissed its signal.
	Quiet Duration `yaml:"quiet"`
}

// Duration is a time.Duration written as Go writes it: 10m, 24h.
type Duration time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	x, err := time.ParseDuration(string(text))
	*d = Duration(x)
	return err
}

// Std gives it as the standard library's.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// Rules are at most one for each kind; a kind without a rule is not watched.
type Rules struct{ of map[Kind]Rule }

// Of gives the rule of a kind.
func (r Rules) Of(k Kind) (Rule, bool) {
	x, ok := r.of[k]
	return x, ok
}

// Bounds that keep memory and questions to the store small.
const (
	maxRing  = 512
	maxWeeks = 8
)

// ParseRules reads the rules and refuses a text with anything wrong in it, all
// of it told in one error: a rule that can never speak protects nobody.
func ParseRules(source []byte) (Rules, error) {
	var file struct {
		Rules []Rule `yaml:"rules"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(source))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return Rules{}, fmt.Errorf("monitoring rules: %w", err)
	}
	out := Rules{of: map[Kind]Rule{}}
	var wrong []error
	for i, r := range file.Rules {
		if _, twice := out.of[r.Kind]; twice {
			wrong = append(wrong, fmt.Errorf("monitoring rule %d: a second rule of kind %q", i+1, r.Kind))
		}
		for _, w := range r.faults() {
			wrong = append(wrong, fmt.Errorf("monitoring rule %d (%s): %s", i+1, r.Kind, w))
		}
		out.of[r.Kind] = r
	}
	return out, errors.Join(wrong...)
}

// needs says which numbers each kind must have, and their bounds.
var needs = map[Kind][]string{
	Volume: {"calls", "factor", "weeks", "days"}, OffHours: {"calls", "days", "to"}, Sequential: {"calls", "gap", "digits", "share"},
	Misses: {"calls", "share"}, Refused: {"calls", "codes"}, NewAddress: {"days"},
}

// faults says everything that is wrong with a rule.
func (r Rule) faults() []string {
	required, known := needs[r.Kind]
	if !known {
		return []string{fmt.Sprintf("kind must be one of %v", Kinds)}
	}
	var wrong []string
	bad := func(broken bool, format string, args ...any) {
		if broken {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	bad(strings.TrimSpace(r.Name) == "", "needs a name")
	bad(!strings.HasPrefix(r.Clause, "CN-35"), "clause must be of CN-35")
	bad(r.Window < Duration(time.Minute) || r.Window > Duration(7*24*time.Hour), "window must lie between 1m and 168h")
	ring := r.Kind == Sequential || r.Kind == Misses || r.Kind == Refused
	for name, x := range map[string]struct{ n, low, high int }{
		"calls": {r.Calls, 2, 1 << 30}, "factor": {r.Factor, 2, 1000}, "weeks": {r.Weeks, 1, maxWeeks}, "days": {r.Days, 1, 400},
		"to": {r.To, 1, 24}, "gap": {r.Gap, 1, 1 << 20}, "digits": {r.Digits, 1, 18}, "share": {r.Share, 1, 100}, "codes": {len(r.Codes), 1, 100},
	} {
		need := slices.Contains(required, name)
		bad(need && (x.n < x.low || x.n > x.high), "%s must lie between %d and %d", name, x.low, x.high)
		bad(!need && x.n != 0, "%s means nothing here", name)
	}
	bad(ring && r.Calls > maxRing, "calls must not exceed %d", maxRing)
	bad(r.Kind == OffHours && (r.From < 0 || r.From >= r.To), "from must lie before to")
	bad(r.Kind != OffHours && r.From != 0, "from means nothing here")
	wrong = append(wrong, r.measureFaults()...)
	slices.Sort(wrong)
	return wrong
}

func (r Rule) measureFaults() []string {
	var wrong []string
	if !slices.Contains(measures, r.Measure) {
		return []string{fmt.Sprintf("measure must be one of %v", measures)}
	}
	timed := r.Measure == Slow || r.Measure == Pause
	if timed && (r.For < Duration(time.Minute) || r.For > Duration(7*24*time.Hour)) {
		wrong = append(wrong, "a slowed or paused grant needs for, between 1m and 168h")
	}
	if !timed && r.For != 0 {
		wrong = append(wrong, "for means nothing with this measure")
	}
	if (r.Measure == Slow) != (r.Rate > 0) || r.Rate < 0 {
		wrong = append(wrong, "rate, at least 1 a second, belongs to slow and only to it")
	}
	if r.Quiet < 0 {
		wrong = append(wrong, "quiet must not be negative")
	}
	return wrong
}
