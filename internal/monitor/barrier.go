package monitor

import (
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// Barriers are cut-offs by what they stop, for look-ups at each call. The zero
// value stops nothing; a value is never changed.
type Barriers struct {
	of map[barrier][]Cutoff
}

type barrier struct {
	target Target
	id     string
}

// NewBarriers sorts cut-offs. Those that end by themselves are judged by the
// moment of each call.
func NewBarriers(open []Cutoff) *Barriers {
	b := &Barriers{}
	for _, c := range open {
		if b.of == nil {
			b.of = map[barrier][]Cutoff{}
		}
		key := barrier{c.Target, c.TargetID}
		b.of[key] = append(b.of[key], c)
	}
	return b
}

// Caller gives the refusal of everything that a system asks for, if there is
// one: everything, its department or the system itself is cut off.
func (b *Barriers) Caller(system, consumer string, at time.Time) error {
	if len(b.of) == 0 {
		return nil
	}
	for _, key := range [...]barrier{{All, ""}, {Consumer, consumer}, {System, system}} {
		if c := b.stops(key, at); c != nil {
			return c.refusal()
		}
	}
	return nil
}

// Granted gives the refusal of calls on a grant, if there is one, else the
// calls a second that it is slowed to; 0: it is not.
func (b *Barriers) Granted(grant, resource, provider string, at time.Time) (slow int, err error) {
	if len(b.of) == 0 {
		return 0, nil
	}
	for _, key := range [...]barrier{{Provider, provider}, {Resource, resource}, {Grant, grant}} {
		if c := b.stops(key, at); c != nil {
			return 0, c.refusal()
		}
	}
	for _, c := range b.of[barrier{Grant, grant}] {
		if c.Measure == Slow && c.InForce(at) && (slow == 0 || c.Rate < slow) {
			slow = c.Rate
		}
	}
	return slow, nil
}

// stops gives the cut-off or pause in force; one without an end comes first.
func (b *Barriers) stops(key barrier, at time.Time) *Cutoff {
	var found *Cutoff
	for i, c := range b.of[key] {
		if c.Measure != Slow && c.InForce(at) && (found == nil || c.Until == nil) {
			found = &b.of[key][i]
		}
	}
	return found
}

// stopped says for each target what a call is refused with.
var stopped = map[Target]struct{ code, message string }{
	All:      {"cut_off_all", "本平台的数据共享服务已紧急停止"},
	System:   {"cut_off_system", "该系统的调用已被紧急停止"},
	Consumer: {"cut_off_consumer", "本部门的全部调用已被紧急停止"},
	Provider: {"cut_off_provider", "提供部门的共享服务已被紧急停止"},
	Resource: {"cut_off_resource", "该数据资源的共享服务已被紧急停止"},
	Grant:    {"cut_off_grant", "该授权的调用已被紧急停止"},
}

// refusal says what is stopped and until when; why is told to those concerned
// by notice, not to every caller.
func (c *Cutoff) refusal() error {
	s := stopped[c.Target]
	code, end := s.code, "，恢复前不予应答。"
	f := fault.New(fault.Forbidden, code, s.message+end).Under("CN-35")
	if c.Until != nil {
		until := c.Until.In(worktime.Zone())
		f = fault.New(fault.Forbidden, code, s.message+"，"+until.Format("1月2日15时04分")+"以后可以再试。").Under("CN-35").
			With("until", c.Until.UTC().Format(time.RFC3339))
	}
	return f.With("cutoff", c.ID)
}
