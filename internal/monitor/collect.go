package monitor

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Observation is what the gateway tells of a call whose record is durable.
// Keys never leave this process: see the package comment.
type Observation struct {
	At time.Time
	// Grant is empty when the call was refused before it was clear that the
	// system may use it: others must not bring measures upon a grant.
	Grant, System, Consumer, Provider, Resource string
	Remote                                      string // address and port of the caller
	Code                                        string // of the refusal; empty: answered
	// Keys are the numbers of the keys asked for, where they have one; Asked
	// is how many keys there were, Missed how many of them found nothing.
	Keys          []uint64
	Asked, Missed int
}

// Bounds of what is held in memory. What does not fit is counted, see Dropped.
const (
	maxTallies   = 100_000
	maxFresh     = 64  // addresses of one grant between two ticks
	maxPastHours = 4   // hours of one grant between two ticks
	maxSeen      = 256 // addresses of one grant that are known not to be new
	idle         = 2 * time.Hour
)

// Collector holds what the calls of this replica look like until Tick judges
// it. Observe costs a few map look-ups under a lock that calls of one grant
// share for well under a microsecond. It is safe for concurrent use.
type Collector struct {
	keys, refusals int // sizes of the rings
	codes          []string
	digits         int
	tallies        sync.Map // grant or system ID → *tally
	count          atomic.Int64
	dropped        atomic.Int64
	observed       atomic.Int64
}

// NewCollector makes one for the rules.
func NewCollector(r Rules) *Collector {
	c := &Collector{}
	if x, ok := r.Of(Sequential); ok {
		c.keys, c.digits = x.Calls, x.Digits
	}
	if x, ok := r.Of(Misses); ok {
		c.keys = max(c.keys, x.Calls)
	}
	if x, ok := r.Of(Refused); ok {
		c.refusals, c.codes = x.Calls, x.Codes
	}
	return c
}

// Number gives the number of a key as the rule for sequential keys asks.
func (c *Collector) Number(key string) (uint64, bool) {
	if c.digits == 0 {
		return 0, false
	}
	return Number(key, c.digits)
}

// Dropped counts what did not fit into memory and was not judged.
func (c *Collector) Dropped() int64 { return c.dropped.Load() }

// Observed counts the calls that were told.
func (c *Collector) Observed() int64 { return c.observed.Load() }

// subject is what a tally is about: a grant, or a system alone.
type subject struct{ Grant, System, Consumer, Provider, Resource string }

type seenHost struct{ system, host string }

// address is a network that a system called from.
type address struct {
	system, network string
}

// tally is what is held of one grant.
type tally struct {
	mu       sync.Mutex
	who      subject
	shift    uint64 // added to every number
	ring     []lookup
	next     int
	refusals []int64
	nextRef  int
	hours    []Hour // not yet in the store
	hosts    map[seenHost]struct{}
	fresh    []address // not yet compared with the store
	dirty    bool
	gone     bool // no longer among the tallies
	last     time.Time

	// Of Tick alone.
	past     baseline
	pastHour time.Time
}

// Observe takes a call in.
func (c *Collector) Observe(o Observation) {
	c.observed.Add(1)
	t := c.tally(o)
	for t != nil {
		t.mu.Lock()
		if !t.gone {
			break
		}
		t.mu.Unlock() // forgotten just now
		t = c.tally(o)
	}
	if t == nil {
		c.dropped.Add(1)
		return
	}
	defer t.mu.Unlock()
	t.dirty, t.last, t.who.System = true, o.At, o.System
	c.countHour(t, o)
	c.noteKeys(t, o)
	if o.Code != "" && c.refusals > 0 && slices.Contains(c.codes, o.Code) {
		t.refusals, t.nextRef = push(t.refusals, t.nextRef, c.refusals, o.At.UnixMicro())
	}
	c.noteHost(t, o)
}

func (c *Collector) tally(o Observation) *tally {
	id := o.Grant
	if id == "" {
		id = o.System
	}
	if t, ok := c.tallies.Load(id); ok {
		return t.(*tally)
	}
	if id == "" || c.count.Load() >= maxTallies {
		return nil
	}
	t, known := c.tallies.LoadOrStore(id, &tally{shift: rand.Uint64N(1 << 62),
		who: subject{o.Grant, o.System, o.Consumer, o.Provider, o.Resource}})
	if !known {
		c.count.Add(1)
	}
	return t.(*tally)
}

func (c *Collector) countHour(t *tally, o Observation) {
	if o.Grant == "" {
		return
	}
	n := len(t.hours)
	// Hours begin alike in every zone that is whole hours from UTC.
	if n == 0 || o.At.Sub(t.hours[n-1].Start) >= time.Hour || o.At.Before(t.hours[n-1].Start) {
		if n == maxPastHours {
			c.dropped.Add(1)
			return
		}
		t.hours = append(t.hours, Hour{Grant: o.Grant, Start: o.At.Truncate(time.Hour)})
		n++
	}
	h := &t.hours[n-1]
	h.Calls++
	h.Keys += o.Asked
	h.Misses += o.Missed
	if o.Code != "" {
		h.Refused++
	}
}

func (c *Collector) noteKeys(t *tally, o Observation) {
	if c.keys == 0 {
		return
	}
	at := o.At.UnixMicro()
	for i := range o.Asked {
		l := lookup{at: at, missed: i < o.Missed}
		if i < len(o.Keys) {
			l.number, l.numbered = o.Keys[i]+t.shift, true
		}
		t.ring, t.next = push(t.ring, t.next, c.keys, l)
	}
}

// push puts x into a ring that grows to size.
func push[T any](ring []T, next, size int, x T) ([]T, int) {
	if len(ring) < size {
		return append(ring, x), 0
	}
	ring[next] = x
	return ring, (next + 1) % size
}

// noteHost keeps the network of a host that was not seen before.
func (c *Collector) noteHost(t *tally, o Observation) {
	i := strings.LastIndexByte(o.Remote, ':')
	if i < 0 {
		return
	}
	key := seenHost{o.System, o.Remote[:i]}
	if _, seen := t.hosts[key]; seen {
		return
	}
	if t.hosts == nil || len(t.hosts) >= maxSeen {
		t.hosts = map[seenHost]struct{}{} // they are compared with the store again
	}
	key.host = strings.Clone(key.host)
	t.hosts[key] = struct{}{}
	network := Network(o.Remote)
	switch {
	case network == "":
	case len(t.fresh) >= maxFresh:
		c.dropped.Add(1)
		delete(t.hosts, key)
	default:
		t.fresh = append(t.fresh, address{o.System, network})
	}
}

// Network gives the /24 (IPv4) or /48 (IPv6) network of "address:port"; "" when
// it is none.
func Network(remote string) string {
	a, err := netip.ParseAddrPort(remote)
	if err != nil {
		return ""
	}
	ip, bits := a.Addr().Unmap().WithZone(""), 48
	if ip.Is4() {
		bits = 24
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}
