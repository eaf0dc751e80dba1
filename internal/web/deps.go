package web

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/notice"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/usage"
)

// Deps is what the handlers call. Every member but Console, Node and Version
// is needed for serving; none for the OpenAPI document.
type Deps struct {
	Access  Access
	Org     Org
	Catalog Catalog
	Scheme  Scheme
	Search  Search
	Cases   Cases
	Notices Notices
	Grants  Grants
	Risks   Risks
	Ledger  Ledger
	// Witnesses tells how the witnesses of the log stand to it; Witness takes
	// checkpoints of other logs, nil: this node witnesses none.
	Witnesses Witnesses
	Witness   Witness
	// OpenEntries shows the ledger's entry bundles to everybody; otherwise to
	// an authority's supervisors and auditors.
	OpenEntries bool
	// Lookups answers who looked at a person's data.
	Lookups Lookups
	Law     Law
	Usage   Usage
	Quality Quality
	Reverse Reverse
	Imports Imports
	// Calendar files holiday notices.
	Calendar Calendar
	Monitor  Monitor
	Clock    clock.Clock

	Supervision Supervision

	Corrections Corrections
	Complaints  Complaints
	Contractors Contractors

	NegativeList NegativeList
	Sources      Sources
	Collection   Collection
	SourceMaps   SourceMaps
	Forms        Forms
	Projects     Projects

	Demands Demands
	Carts   Carts

	CallLogs CallLogs
	// Logger takes the access log; nil: slog.Default().
	Logger *slog.Logger

	DCAT DCAT
	// Harvester finds the registered system that sends a request, by its
	// certificate or access token; nil: systems are not served the catalog.
	Harvester func(r *http.Request) (system string, err error)
	// PublicCatalog shows entries that are open to society to everybody.
	PublicCatalog bool

	// Ready tells whether the node can serve, its database above all.
	Ready func(ctx context.Context) error
	// Console holds the built console, index.html at its root. When there is
	// no index.html its address says how to build it.
	Console fs.FS
	// Version of the program, and the node's name.
	Version, Node string
	// SecureCookies marks the session cookie Secure even when this process
	// sees no TLS, as behind a proxy that terminates it.
	SecureCookies bool
	// SignInEvery and SignInBurst bound the sign-in attempts of one client
	// address; zero: one a second, 60 at once: an office behind
	// one address signs in together in the morning, and accounts lock themselves.
	SignInEvery time.Duration
	SignInBurst int
}

// Access is sign-in and sessions; *access.Service implements it.
type Access interface {
	SignIn(ctx context.Context, username, password, totp string) (token string, p org.Principal, err error)
	Authenticate(ctx context.Context, token string) (org.Principal, error)
	SignOut(ctx context.Context, token string) error
	ChangePassword(ctx context.Context, p org.Principal, old, fresh string) error
	EnrolTOTP(ctx context.Context, p org.Principal) (uri string, err error)
	ConfirmTOTP(ctx context.Context, p org.Principal, code string) error
	TOTPEnrolled(ctx context.Context, p org.Principal) (bool, error)
	RemoveTOTP(ctx context.Context, p org.Principal, code string) error
	ResetTOTP(ctx context.Context, p org.Principal, personID string) error
	EndSessions(ctx context.Context, p org.Principal) error
}

// Org is the organisation; *org.Service implements it.
type Org interface {
	Region(ctx context.Context, code string) (org.Region, error)
	Children(ctx context.Context, parent string) ([]org.Region, error)
	SetAuthority(ctx context.Context, p org.Principal, region, departmentID string) error
	SameLevelAuthority(ctx context.Context, departmentID string) (string, error)
	CommonSuperiorAuthority(ctx context.Context, a, b string) (string, error)

	Department(ctx context.Context, id string) (org.Department, error)
	Departments(ctx context.Context, f org.DepartmentFilter) ([]org.Department, error)
	RegisterDepartment(ctx context.Context, p org.Principal, d org.Department) (org.Department, error)
	FileSharingOffice(ctx context.Context, p org.Principal, departmentID string, o org.SharingOffice) (org.Department, error)

	People(ctx context.Context, p org.Principal, departmentID string) ([]org.Person, error)
	RegisterPerson(ctx context.Context, p org.Principal, person org.Person, password string) (org.Person, error)
	UpdatePerson(ctx context.Context, p org.Principal, person org.Person) (org.Person, error)

	System(ctx context.Context, p org.Principal, id string) (org.System, error)
	Systems(ctx context.Context, p org.Principal, departmentID string) ([]org.System, error)
	RegisterSystem(ctx context.Context, p org.Principal, s org.System) (org.System, error)
	AddCredential(ctx context.Context, p org.Principal, systemID string, in org.CredentialInput) (org.Credential, error)
	RevokeCredential(ctx context.Context, p org.Principal, systemID, credentialID string) error
	FileMLPS(ctx context.Context, p org.Principal, systemID string, m org.MLPS) (org.System, error)
}

// Catalog is the catalog; *catalog.Service implements it.
type Catalog interface {
	CreateDraft(ctx context.Context, p org.Principal, e catalog.Entry) (catalog.Resource, catalog.Version, error)
	EditDraft(ctx context.Context, p org.Principal, resourceID string, e catalog.Entry, revision int) (catalog.Version, error)
	NewVersion(ctx context.Context, p org.Principal, resourceID, reason string) (catalog.Version, error)
	Diff(ctx context.Context, p org.Principal, resourceID string, from, to int) (catalog.Difference, error)
	Advise(ctx context.Context, e catalog.Entry) (catalog.Advice, error)
	AdviseOn(ctx context.Context, p org.Principal, resourceID string) (catalog.Advice, error)
	Get(ctx context.Context, p org.Principal, resourceID string) (catalog.Resource, *catalog.Version, *catalog.Version, error)
	Versions(ctx context.Context, p org.Principal, resourceID string) ([]catalog.Version, error)
	List(ctx context.Context, p org.Principal, f catalog.Filter) ([]catalog.Summary, error)
	LoadRows(ctx context.Context, p org.Principal, resourceID string, rows []catalog.Row) error
}

// Cases runs the procedures; *casework.Engine implements it.
type Cases interface {
	Open(ctx context.Context, p org.Principal, r casework.OpenRequest) (casework.View, error)
	Take(ctx context.Context, p org.Principal, caseID string, r casework.TakeRequest) (casework.View, error)
	OpenMany(ctx context.Context, p org.Principal, r []casework.OpenRequest) ([]casework.View, error)
	TakeMany(ctx context.Context, p org.Principal, r []casework.StepRequest) ([]casework.StepResult, error)
	View(ctx context.Context, p org.Principal, caseID string) (casework.View, error)
	Cases(ctx context.Context, p org.Principal, f casework.Filter) ([]procedure.Case, error)
	Todos(ctx context.Context, p org.Principal, limit int) ([]casework.TodoView, error)
	Notices(ctx context.Context, p org.Principal, limit int) ([]casework.Notice, error)
	Clocks(ctx context.Context, p org.Principal, q casework.ClockQuery) ([]casework.ClockLine, error)
	Openings(ctx context.Context, p org.Principal, parties map[string]string, prepares ...string) ([]casework.Opening, error)
}

// Notices manages where a department's notices are sent; *notice.Service
// implements it.
type Notices interface {
	Subscribe(ctx context.Context, p org.Principal, kind notice.ChannelKind, address string) (notice.Subscription, string, error)
	Unsubscribe(ctx context.Context, p org.Principal, id string) error
	Subscriptions(ctx context.Context, p org.Principal) ([]notice.Subscription, error)
	Deliveries(ctx context.Context, p org.Principal, f notice.Filter) ([]notice.Delivery, error)
	Retry(ctx context.Context, p org.Principal, id string) error
}

// Grants reads the grants; *sharing.Service implements it.
type Grants interface {
	Grant(ctx context.Context, p org.Principal, id string) (sharing.Grant, error)
	Grants(ctx context.Context, p org.Principal, f sharing.GrantFilter) ([]sharing.Grant, error)
	History(ctx context.Context, p org.Principal, id string) ([]sharing.GrantChange, error)
	ThirdParties(ctx context.Context, p org.Principal, id string) ([]sharing.ThirdParty, error)
	Responsibility(ctx context.Context, p org.Principal, id string) ([]sharing.Duty, error)
}

// Usage keeps the usage records; *usage.Service implements it.
type Usage interface {
	File(ctx context.Context, p org.Principal, grant string, in usage.Input) (usage.Record, error)
	List(ctx context.Context, p org.Principal, grant string, limit int, after string) ([]usage.Record, error)
	Calls(ctx context.Context, p org.Principal, grant string) (months []usage.Month, counted bool, err error)
}

// Risks lists what departments hold in combination; *sharing.Flows implements
// it.
type Risks interface {
	Risks(ctx context.Context, p org.Principal) ([]sharing.RiskView, error)
}

// Ledger is the public side of the ledger; *ledger.Log implements it.
type Ledger interface {
	Published(ctx context.Context) ([]byte, error)
	Witnessed(ctx context.Context) (ledger.Checkpoint, []byte, error)
	Resource(ctx context.Context, r ledger.Resource) ([]byte, error)
	Prove(ctx context.Context, id string) (*ledger.Receipt, error)
	Consistency(ctx context.Context, m, n uint64) ([][]byte, error)
	PublicKey() string
}

// Law gives the rules in force; *rulebook.Library implements it.
type Law interface {
	InForce(region string, at time.Time) (*rulebook.Rules, error)
}
