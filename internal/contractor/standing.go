package contractor

import (
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Entrustment is an approved entrustment. It is immutable but for its end.
type Entrustment struct {
	ID         string
	Case       string
	Department string // that entrusts
	Contractor string // name
	USCC       string
	Work       string   // build, operate, maintain, store, process
	Systems    []string // that the contractor operates
	Grants     []string // under which these systems may call
	Resources  []string // of the department, that the contractor may process
	Agreement  string   // digest of the contract
	NotBefore  time.Time
	NotAfter   time.Time  // exclusive
	StoppedAt  *time.Time // access was stopped before the end
	EndedAt    *time.Time // the case was closed: data returned or destroyed
	InHouse    bool       // since EndedAt the department runs the systems itself
	Version    int
	CreatedAt  time.Time
}

// Status of an entrustment at a moment.
type Status string

// The derived states.
const (
	Waiting Status = "not_yet"
	Active  Status = "active"
	Stopped Status = "stopped"
	Expired Status = "expired"
	Ended   Status = "ended"
)

// StatusAt derives the status.
func (e Entrustment) StatusAt(now time.Time) Status {
	switch {
	case e.EndedAt != nil && !now.Before(*e.EndedAt):
		return Ended
	case e.StoppedAt != nil && !now.Before(*e.StoppedAt):
		return Stopped
	case !now.Before(e.NotAfter):
		return Expired
	case now.Before(e.NotBefore):
		return Waiting
	}
	return Active
}

// returned tells whether the department runs the systems itself again.
func (e Entrustment) returned(now time.Time) bool {
	return e.InHouse && e.StatusAt(now) == Ended
}

// Standing decides on a call of a system under a grant, by all entrustments that
// name the system. mark is the entrustment that the call bears; "" for a system
// that its department runs itself. Faults: "entrustment_over" when no entrustment
// of an entrusted system is in force, "outside_entrustment" when none in force
// covers the grant.
func Standing(all []Entrustment, grant string, now time.Time) (mark string, err error) {
	inForce := false
	var last *Entrustment // of those that have begun
	for i, e := range all {
		status := e.StatusAt(now)
		if status == Active {
			if slices.Contains(e.Grants, grant) {
				return e.ID, nil
			}
			inForce = true
		}
		if !now.Before(e.NotBefore) && (last == nil || later(e, *last)) {
			last = &all[i]
		}
	}
	switch {
	case inForce:
		return "", fault.New(fault.Forbidden, "outside_entrustment", "该系统由受托方操作，此授权不在受托范围之内。").Under("CN-36.1")
	case last == nil || last.returned(now):
		return "", nil
	}
	return "", fault.New(fault.Forbidden, "entrustment_over", "该系统由受托方操作，委托已到期、停止或者结束，受托方的访问随之终止。").Under("CN-36.1")
}

// later orders entrustments by their beginning, then by their making.
func later(a, b Entrustment) bool {
	if !a.NotBefore.Equal(b.NotBefore) {
		return a.NotBefore.After(b.NotBefore)
	}
	return a.ID > b.ID
}

// ActiveFor gives the entrustments of a system that are in force.
func ActiveFor(all []Entrustment, system string, now time.Time) []Entrustment {
	var out []Entrustment
	for _, e := range all {
		if e.StatusAt(now) == Active && slices.Contains(e.Systems, system) {
			out = append(out, e)
		}
	}
	return out
}
