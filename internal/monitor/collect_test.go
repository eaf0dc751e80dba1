package monitor

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Nothing that is observed is lost on the way, however many observe and drain.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	c := NewCollector(released(t))
	const callers, each = 8, 2000
	var wg sync.WaitGroup
	total := map[string]Hour{}
	take := func(again bool) {
		for i, d := range c.drain(monday) {
			if again && i%2 == 0 {
				d.putBack() // the store did not take it
				continue
			}
			for _, h := range d.hours {
				x := total[h.Grant]
				x.Calls, x.Refused, x.Keys, x.Misses = x.Calls+h.Calls, x.Refused+h.Refused, x.Keys+h.Keys, x.Misses+h.Misses
				total[h.Grant] = x
			}
		}
	}
	for k := range callers {
		wg.Go(func() {
			for i := range each {
				o := Observation{At: monday.Add(time.Duration(i) * time.Millisecond), Grant: fmt.Sprint("g", i%5), System: "s", Remote: "10.0.0.7:4711", Asked: 2, Missed: 1}
				if i%10 == k {
					o.Code, o.Asked, o.Missed = "scope_exceeded", 0, 0
				}
				c.Observe(o)
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for stop := false; !stop; {
		select {
		case <-done:
			stop = true
		default:
			take(true)
		}
	}
	take(false)
	var all Hour
	for _, h := range total {
		all.Calls, all.Refused, all.Keys, all.Misses = all.Calls+h.Calls, all.Refused+h.Refused, all.Keys+h.Keys, all.Misses+h.Misses
	}
	refusals := callers * each / 10
	if want := (Hour{Calls: callers * each, Refused: refusals, Keys: 2 * (callers*each - refusals), Misses: callers*each - refusals}); all != want {
		t.Errorf("got %+v, want %+v", all, want)
	}
	if c.Dropped() != 0 || c.Observed() != callers*each {
		t.Errorf("%d dropped of %d", c.Dropped(), c.Observed())
	}
}

// Grants that nobody calls are forgotten, and come back.
func TestIdleGrantsAreForgotten(t *testing.T) {
	t.Parallel()
	c := NewCollector(released(t))
	o := Observation{At: monday, Grant: "g", System: "s", Remote: "10.0.0.7:1"}
	c.Observe(o)
	c.drain(monday)
	c.drain(monday.Add(idle + time.Second))
	if c.count.Load() != 0 {
		t.Error("still there")
	}
	c.Observe(o)
	if got := c.drain(monday); len(got) != 1 || got[0].hours[0].Calls != 1 {
		t.Errorf("%+v", got)
	}
}

// What there is no room for is counted.
func TestDropsAreCounted(t *testing.T) {
	t.Parallel()
	c := NewCollector(released(t))
	for i := range maxFresh + 3 {
		c.Observe(Observation{At: monday, Grant: "g", System: "s", Remote: fmt.Sprintf("10.0.%d.1:9", i)})
	}
	for i := range maxPastHours + 2 {
		c.Observe(Observation{At: monday.Add(time.Duration(i) * time.Hour), Grant: "g", System: "s", Remote: "10.0.0.1:9"})
	}
	if c.Dropped() != 3+2 {
		t.Errorf("%d", c.Dropped())
	}
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"10.1.2.3:4711": "10.1.2.0/24", "[2001:db8:1:2::3]:80": "2001:db8:1::/48", "[::ffff:10.1.2.3]:1": "10.1.2.0/24",
		"[fe80::1%eth0]:1": "fe80::/48", "nonsense": "", "": "",
	} {
		if got := Network(remote); got != want {
			t.Errorf("%s: %q", remote, got)
		}
	}
}

func TestBarriers(t *testing.T) {
	t.Parallel()
	soon, over := monday.Add(time.Minute), monday.Add(-time.Minute)
	b := NewBarriers([]Cutoff{
		{ID: "1", Target: System, TargetID: "s", Measure: CutOff},
		{ID: "2", Target: Consumer, TargetID: "d", Measure: CutOff, Until: &soon},
		{ID: "3", Target: Provider, TargetID: "p", Measure: CutOff},
		{ID: "4", Target: Resource, TargetID: "r", Measure: CutOff, Until: &over},
		{ID: "5", Target: Grant, TargetID: "g", Measure: Slow, Rate: 5},
		{ID: "6", Target: Grant, TargetID: "g", Measure: Slow, Rate: 2, Until: &soon},
		{ID: "7", Target: Grant, TargetID: "h", Measure: Pause, Until: &soon},
		{ID: "8", Target: Grant, TargetID: "i", Measure: CutOff, LiftedAt: &over},
	})
	code := func(err error) string {
		f, _ := fault.As(err)
		if f == nil {
			return ""
		}
		return f.Code + " " + f.Basis
	}
	caller := func(system, consumer string, at time.Time) string { return code(b.Caller(system, consumer, at)) }
	granted := func(g, r, p string, at time.Time) string {
		slow, err := b.Granted(g, r, p, at)
		if err != nil {
			return code(err)
		}
		return fmt.Sprint(slow)
	}
	for what, c := range map[string][2]string{
		"a system":            {caller("s", "x", monday), "cut_off_system CN-35"},
		"a department":        {caller("x", "d", monday), "cut_off_consumer CN-35"},
		"its time is over":    {caller("x", "d", soon), ""},
		"another":             {caller("x", "x", monday), ""},
		"its provider":        {granted("x", "x", "p", monday), "cut_off_provider CN-35"},
		"a resource, over":    {granted("x", "r", "x", monday), "0"},
		"slowed twice":        {granted("g", "x", "x", monday), "2"},
		"slowed once":         {granted("g", "x", "x", soon), "5"},
		"paused":              {granted("h", "x", "x", monday), "cut_off_grant CN-35"},
		"the pause has ended": {granted("h", "x", "x", soon), "0"},
		"lifted":              {granted("i", "x", "x", monday), "0"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %q, want %q", what, c[0], c[1])
		}
	}
	all := NewBarriers([]Cutoff{{ID: "9", Target: All, Measure: CutOff}})
	if got := code(all.Caller("x", "x", monday)); got != "cut_off_all CN-35" {
		t.Errorf("everything: %q", got)
	}
	if err := (&Barriers{}).Caller("s", "d", monday); err != nil {
		t.Error(err)
	}
}

func BenchmarkObserve(b *testing.B) {
	c := NewCollector(released(b))
	o := Observation{At: monday, Grant: "0190f3c0-0000-7000-8000-000000000001", System: "0190f3c0-0000-7000-8000-000000000002", Remote: "10.0.0.7:4711",
		Asked: 1, Keys: []uint64{13010219900101001}}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c.Observe(o)
		}
	})
}
