package sharing

import (
	"context"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Cause is by what right a grant is held.
type Cause string

// The causes.
const (
	BySuspension Cause = "suspension" // CN-27.2, and the consumer's own (CN-35.2)
	ByIncident   Cause = "incident"   // emergency cut-off (CN-35.3)
)

// Hold is one reason why one side suspends a grant. A side's flag is set while
// any hold of that side is open: ending one reason never ends another.
type Hold struct {
	ID         string
	Grant      string
	Side       string // consumer, provider, authority
	Cause      Cause
	Case       string // that holds it
	At         time.Time
	ReleasedAt *time.Time
	ReleasedBy string // the case that released it: its own, or a dispute that decided so
}

// HoldStore keeps holds.
type HoldStore interface {
	// InsertHold keeps a new one. A case holds a side once, and of suspensions
	// one side has one: "already_exists".
	InsertHold(ctx context.Context, h Hold) error
	// ReleaseHold ends an open one: "changed_meanwhile" when it is not.
	ReleaseHold(ctx context.Context, h Hold) error
	// Holds gives the open ones of a grant, first first.
	Holds(ctx context.Context, grant string) ([]Hold, error)
	// DeriveFlags writes the three flags of a grant from its open holds, by
	// compare-and-set on g.Version, and gives the grant as it is then. It is
	// called with every change of a hold, so that of two changes at the same
	// time one is told "changed_meanwhile". UpdateGrant leaves the flags alone.
	DeriveFlags(ctx context.Context, g Grant) (Grant, error)
}

// name tells a hold in a grant's history.
func (h Hold) name() string { return h.Side + ":" + string(h.Cause) + ":" + h.Case }

// Suspend holds a grant on one side for a case, with a line of history. What
// the case holds already stays as it is: held is false.
func (s *Service) Suspend(ctx context.Context, grant, side string, cause Cause, c *procedure.Case, act *procedure.Act) (held bool, err error) {
	before, open, err := s.held(ctx, grant)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(open, func(h Hold) bool { return h.Side == side && h.Case == c.ID }) {
		return false, nil
	}
	h := Hold{ID: ident.New(), Grant: grant, Side: side, Cause: cause, Case: c.ID, At: act.At}
	return true, s.rehold(ctx, before, c, act, WasSuspended, open, func() ([]Hold, error) {
		return append(slices.Clone(open), h), s.store.InsertHold(ctx, h)
	})
}

// Release ends the holds of a grant that which picks, with a line of history,
// and gives what still holds it. With nothing to release it writes nothing.
func (s *Service) Release(ctx context.Context, grant string, which func(Hold) bool, c *procedure.Case, act *procedure.Act) (still []Hold, err error) {
	before, open, err := s.held(ctx, grant)
	if err != nil || !slices.ContainsFunc(open, which) {
		return open, err
	}
	err = s.rehold(ctx, before, c, act, WasRestored, open, func() ([]Hold, error) {
		for _, h := range open {
			if !which(h) {
				still = append(still, h)
				continue
			}
			at := act.At
			h.ReleasedAt, h.ReleasedBy = &at, c.ID
			if err := s.store.ReleaseHold(ctx, h); err != nil {
				return nil, err
			}
		}
		return still, nil
	})
	return still, err
}

// held reads a grant, then its holds: whoever changes them after the grant was
// read also changes its version, and the compare-and-set tells.
func (s *Service) held(ctx context.Context, grant string) (Grant, []Hold, error) {
	g, err := s.store.Grant(ctx, grant)
	if err != nil {
		return g, nil, err
	}
	open, err := s.store.Holds(ctx, grant)
	return g, open, err
}

// rehold changes holds and derives the flags from them.
func (s *Service) rehold(ctx context.Context, before Grant, c *procedure.Case, act *procedure.Act, kind ChangeKind, open []Hold, alter func() ([]Hold, error)) error {
	left, err := alter()
	if err != nil {
		return err
	}
	after, err := s.store.DeriveFlags(ctx, before)
	if err != nil {
		return err
	}
	return s.remember(ctx, c, act, kind, before, after, map[string]Delta{"holds": {From: names(open), To: names(left)}})
}

func names(holds []Hold) []string {
	out := make([]string, len(holds))
	for i, h := range holds {
		out[i] = h.name()
	}
	return out
}

// holdStands refuses to end a grant for a suspension that a binding decision
// has lifted: what the decision restored is not ended by the same accusation.
func (s *Service) holdStands(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	open, err := s.store.Holds(ctx, c.Subject)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(open, func(h Hold) bool { return h.Case == c.ID }) {
		return nil
	}
	return fault.New(fault.Illegal, "suspension_lifted", "本件的暂停已经由争议处理决定解除,不能据此终止共享").Under("CN-28")
}
