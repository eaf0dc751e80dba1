package monitor

import (
	"slices"
	"time"
)

// drained is what one grant did since the last tick, and its rings.
type drained struct {
	t        *tally
	who      subject
	ring     []lookup
	refusals []int64
	hours    []Hour
	fresh    []address
}

// drain takes what was observed since the last time and forgets grants that
// nobody has called for long.
func (c *Collector) drain(now time.Time) []drained {
	var out []drained
	c.tallies.Range(func(id, v any) bool {
		t := v.(*tally)
		t.mu.Lock()
		defer t.mu.Unlock()
		switch {
		case t.dirty:
			out = append(out, drained{t, t.who, slices.Clone(t.ring), slices.Clone(t.refusals), t.hours, t.fresh})
			t.dirty, t.hours, t.fresh = false, nil, nil
		case now.Sub(t.last) > idle:
			t.gone = true
			c.tallies.Delete(id)
			c.count.Add(-1)
		}
		return true
	})
	return out
}

// putBack gives what could not be stored back, to be taken again.
func (d drained) putBack() {
	d.t.mu.Lock()
	defer d.t.mu.Unlock()
	d.t.dirty = true
	d.t.fresh = append(d.fresh, d.t.fresh...)
	for i := len(d.hours) - 1; i >= 0; i-- {
		h := d.hours[i]
		if j := slices.IndexFunc(d.t.hours, func(x Hour) bool { return x.Start.Equal(h.Start) }); j >= 0 {
			x := &d.t.hours[j]
			x.Calls, x.Refused, x.Keys, x.Misses = x.Calls+h.Calls, x.Refused+h.Refused, x.Keys+h.Keys, x.Misses+h.Misses
			continue
		}
		d.t.hours = slices.Insert(d.t.hours, 0, h)
	}
}

// again has it judged at the next tick though nothing new was observed.
func (d drained) again() {
	d.t.mu.Lock()
	defer d.t.mu.Unlock()
	d.t.dirty = true
}

// forget empties the rings that a finding rests on: what was told once is not
// told again in the next window unless it goes on.
func (d drained) forget(k Kind) {
	d.t.mu.Lock()
	defer d.t.mu.Unlock()
	switch k {
	case Sequential, Misses:
		d.t.ring, d.t.next = nil, 0
	case Refused:
		d.t.refusals, d.t.nextRef = nil, 0
	}
}
