package sharing

import (
	"context"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// Mode is what a grant's calls may learn.
type Mode string

// The modes.
const (
	Query  Mode = "query"  // rows
	Verify Mode = "verify" // only match or no match
)

// Grant is an agreed application in force (授权). Its status is derived from
// its facts and the time, never stored.
type Grant struct {
	ID              string
	Case            string // the application
	Resource        string
	ResourceVersion int
	Consumer        string   // department
	Provider        string   // department
	Systems         []string // consuming systems that may call
	Items           []string // item codes that may be asked for
	Clear           []string // of these, those shown in clear though the item is masked
	Rows            []catalog.Condition
	Purpose         string   // purpose code a call must name
	MorePurposes    []string // purposes that the provider agreed to later (CN-25.1)
	Scenario        string
	Mode            Mode
	Method          catalog.Method
	NotBefore       time.Time
	NotAfter        time.Time // exclusive
	RatePerSecond   int       // 0: the node's default
	DailyCalls      int       // 0: unlimited
	// Suspension flags, one for each side: set while a hold of that side is
	// open (see Hold). They are derived, never written alone.
	SuspendedConsumer  bool
	SuspendedProvider  bool
	SuspendedAuthority bool
	TerminatedAt       *time.Time
	DeliveredAt        *time.Time // first successful use
	DisposedAt         *time.Time // the provider confirmed that the data were disposed of (CN-27.1)
	Version            int
	CreatedAt          time.Time
}

// Status of a grant at a moment.
type Status string

// The derived states.
const (
	Active     Status = "active"
	Waiting    Status = "not_yet"
	Expired    Status = "expired"
	Suspended  Status = "suspended"
	Terminated Status = "terminated"
)

// StatusAt derives the status.
func (g Grant) StatusAt(now time.Time) Status {
	switch {
	case g.TerminatedAt != nil && !now.Before(*g.TerminatedAt):
		return Terminated
	case g.SuspendedConsumer || g.SuspendedProvider || g.SuspendedAuthority:
		return Suspended
	case now.Before(g.NotBefore):
		return Waiting
	case !now.Before(g.NotAfter):
		return Expired
	}
	return Active
}

// Permits tells whether a call may name this purpose.
func (g Grant) Permits(purpose string) bool {
	return purpose == g.Purpose || slices.Contains(g.MorePurposes, purpose)
}

// Store is what this package needs kept.
type Store interface {
	HistoryStore
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	InsertGrant(ctx context.Context, g Grant) error // unique per case: "already_exists"
	UpdateGrant(ctx context.Context, g Grant) error // g.Version is the version read; the flags stay
	Grant(ctx context.Context, id string) (Grant, error)
	GrantOfCase(ctx context.Context, caseID string) (Grant, error)
	Grants(ctx context.Context, f GrantFilter) ([]Grant, error)
	// GrantsVersion changes whenever any grant, system or credential changes:
	// the gateway's cache asks for it. One cheap row.
	GrantsVersion(ctx context.Context) (int64, error)
}

// GrantFilter narrows a list of grants. Consumer and Provider both given: either
// side (the grants of one department).
type GrantFilter struct {
	Consumer string
	Provider string
	Resource string
	Limit    int
	After    string
}
