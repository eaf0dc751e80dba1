package gateway

import (
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/contractor"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// Grants is what the gateway reads of grants; sharing.Store has it.
type Grants interface {
	Grant(ctx context.Context, id string) (sharing.Grant, error)
	GrantsVersion(ctx context.Context) (int64, error)
}

// Systems is what the gateway reads of systems; org.Store has it.
type Systems interface {
	System(ctx context.Context, id string) (org.System, error)
	CredentialByThumb(ctx context.Context, thumb string) (org.Credential, error)
}

// Versions is what the gateway reads of the catalog; catalog.Store has it.
type Versions interface {
	Version(ctx context.Context, resource string, number int) (catalog.Version, error)
}

// Contractors gives the entrustments that name a system; contractor.Store has
// it. A change of one changes the version of the grants.
type Contractors interface {
	EntrustmentsOf(ctx context.Context, system string) ([]contractor.Entrustment, error)
}

// Rows is what the gateway reads of hosted tables; catalog.Hosted has it.
type Rows interface {
	Query(ctx context.Context, q catalog.HostedQuery) ([]catalog.Row, error)
}

// Recorder makes a durable ledger entry; *ledger.Log has it.
type Recorder interface {
	Record(ctx context.Context, e ledger.Entry) (ledger.Leaf, error)
}

// DeliveryObserver is told of the first successful use of a grant (CN-22). It
// may be told more than once, by several replicas even, and must not mind.
type DeliveryObserver interface {
	Observed(ctx context.Context, grantID, caseID string) error
}

// Config is everything the gateway works with. What says "default" may be
// left out, the rest is needed.
type Config struct {
	Clock    clock.Clock
	Store    Store
	Grants   Grants
	Systems  Systems
	Versions Versions
	Hosted   Rows
	Ledger   Recorder
	Delivery DeliveryObserver // default: nobody is told
	// Contractors is asked about each system; default: none is a contractor's.
	Contractors Contractors
	// Cutoffs are what is slowed, paused or cut off; default: nothing.
	Cutoffs Cutoffs
	Monitor Monitor      // default: nobody watches
	Meter   Meter        // default: nobody counts
	Logger  *slog.Logger // default: slog.Default()

	// Name of the node, issuer and audience of its access tokens.
	Name string
	// TokenURLs are the addresses that a client assertion may name as its
	// audience: every address under which /share/token is reached.
	TokenURLs []string
	// TokenKey signs access tokens. All replicas have the same.
	TokenKey ed25519.PrivateKey
	// Secret keys the digests of identifiers in the ledger and seals paging
	// marks; at least 32 bytes, the same on all replicas and for ever, else
	// earlier digests are not found again.
	Secret []byte

	// UpstreamTokens holds, by resource ID, what the node proves itself with to
	// the provider's service, sent in UpstreamHeader; "" is for all others.
	UpstreamTokens map[string]string
	UpstreamHeader string // default: "Authorization"; the token is sent as it is
	// UpstreamTLS is for connections to providers' services: private
	// certificate authorities, the node's own certificate. Default: the
	// machine's authorities.
	UpstreamTLS *tls.Config
	// AllowPlainUpstream lets http:// addresses through. For demonstrations:
	// CN-35 asks for encryption in transit.
	AllowPlainUpstream bool

	RatePerSecond int           // of a grant that names none; default 100
	BodyTimeout   time.Duration // for reading a request body; default 10 s
	// Zone is where a day of the daily quota begins; default UTC+8.
	Zone *time.Location
}

// Bounds of a call. A body above maxBody is refused by its declared length
// where there is one, without reading it.
const (
	maxBody        = 1 << 20
	maxTokenBody   = 64 << 10
	maxPath        = 256
	maxQuery       = 8 << 10
	maxUpstream    = 8 << 20
	maxRows        = 1000
	defaultRows    = 100
	maxConditions  = 20
	maxInValues    = 100
	maxValueBytes  = 512
	maxHeaderRunes = 128
)

// Gateway answers calls. It is safe for concurrent use; make it with New and
// end it with Close.
type Gateway struct {
	Config
	snapshots  *snapshots
	tokens     *tokens
	seal       *cursorSeal
	digests    digester
	quotas     quotas
	deliveries deliveries
	providers  *providers
	checks     []check
}

// New checks the configuration and makes a gateway.
func New(c Config) (*Gateway, error) {
	switch {
	case c.Clock == nil, c.Store == nil, c.Grants == nil, c.Systems == nil, c.Versions == nil, c.Hosted == nil, c.Ledger == nil:
		return nil, errors.New("gateway: Clock, Store, Grants, Systems, Versions, Hosted and Ledger are needed")
	case c.Name == "":
		return nil, errors.New("gateway: the node needs a name")
	case len(c.Secret) < 32:
		return nil, fmt.Errorf("gateway: a secret of %d bytes, at least 32 are needed", len(c.Secret))
	case len(c.TokenKey) != ed25519.PrivateKeySize:
		return nil, errors.New("gateway: no key for access tokens")
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.UpstreamHeader == "" {
		c.UpstreamHeader = "Authorization"
	}
	if c.RatePerSecond <= 0 {
		c.RatePerSecond = 100
	}
	if c.BodyTimeout <= 0 {
		c.BodyTimeout = 10 * time.Second
	}
	if c.Zone == nil {
		c.Zone = time.FixedZone("UTC+8", 8*60*60)
	}
	g := &Gateway{Config: c, providers: newProviders(c.UpstreamTLS)}
	var err error
	if g.tokens, err = newTokens(c.Name, c.TokenKey); err != nil {
		return nil, err
	}
	digestKey, err := subkey(c.Secret, "ledger digests")
	if err != nil {
		return nil, err
	}
	g.digests = digester{key: digestKey}
	cursorKey, err := subkey(c.Secret, "paging marks")
	if err != nil {
		return nil, err
	}
	if g.seal, err = newCursorSeal(cursorKey); err != nil {
		return nil, err
	}
	g.snapshots = newSnapshots(c.Clock, c.Grants, c.Systems, c.Versions)
	g.snapshots.contractors, g.snapshots.cutoffs, g.snapshots.plainUpstream = c.Contractors, c.Cutoffs, c.AllowPlainUpstream
	g.checks = []check{
		g.checkAuthenticate, g.checkCutCaller, g.checkSystem, g.checkGrant, g.checkCutGrant, g.checkContractor, g.checkPurpose, g.checkScope, g.checkQuota,
	}
	return g, nil
}

// subkey derives a key for one use, so that no two uses share one.
func subkey(secret []byte, use string) ([]byte, error) {
	return hkdf.Key(sha256.New, secret, nil, "shuqiao gateway "+use, 32)
}

// Sweep forgets client assertions that expired an hour ago and can be used no
// more; somebody should call it now and then. It tells how many went.
func (g *Gateway) Sweep(ctx context.Context) (int, error) {
	return g.Store.ForgetAssertions(ctx, g.Clock.Now().Add(-time.Hour))
}

// Close waits for deliveries that are being told, and gives idle connections
// to providers back. No call may begin afterwards.
func (g *Gateway) Close() {
	g.deliveries.wait()
	g.providers.close()
}
