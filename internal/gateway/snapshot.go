package gateway

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/contractor"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/monitor"
	"github.com/shuqiao/shuqiao/internal/org"
)

// How old what the gateway knows may be. Within fresh nothing is asked; until
// stale one caller asks and the others go on; beyond it all wait for the
// answer, and without one nothing is let through. A suspension therefore takes
// effect everywhere within a second of its commit.
const (
	fresh    = 500 * time.Millisecond
	stale    = 900 * time.Millisecond
	loadTime = 3 * time.Second // for one question to the store
)

// snapshot is what the gateway knows at one GrantsVersion. It fills as calls
// ask and is thrown away whole when the version changes. A call works on one
// snapshot from beginning to end.
//
// What is put in after the version moved on is newer than the version says,
// never older, and goes with the next question: that is harmless.
type snapshot struct {
	version int64
	checked atomic.Int64 // µs since 1970 when the version was last asked for
	from    *snapshots
	loads   singleflight.Group
	systems sync.Map // ID → *system
	thumbs  sync.Map // thumbprint → thumb
	grants  sync.Map // ID → *grant
	cutoffs atomic.Pointer[monitor.Barriers]
}

type thumb struct{ system, credential string }

// system is a system with what is derived from it.
type system struct {
	org.System
	keys []assertionKey // of the client assertion credentials
	// entrusted are all entrustments that name the system: which one is in
	// force depends on the moment of each call.
	entrusted []contractor.Entrustment
}

func (s *system) credential(id string) (org.Credential, bool) {
	for _, c := range s.Credentials {
		if c.ID == id {
			return c, true
		}
	}
	return org.Credential{}, false
}

type snapshots struct {
	clock    clock.Clock
	grants   Grants
	systems  Systems
	versions Versions
	// plainUpstream lets http:// addresses of providers through.
	plainUpstream bool
	// contractors may be nil.
	contractors Contractors
	// cutoffs may be nil.
	cutoffs Cutoffs
	current atomic.Pointer[snapshot]
	asking  atomic.Bool
	flight  singleflight.Group
}

func newSnapshots(clk clock.Clock, g Grants, s Systems, v Versions) *snapshots {
	return &snapshots{clock: clk, grants: g, systems: s, versions: v}
}

// get gives the snapshot to decide by at this moment.
func (s *snapshots) get(ctx context.Context, now time.Time) (*snapshot, error) {
	cur := s.current.Load()
	if cur != nil {
		age := now.Sub(time.UnixMicro(cur.checked.Load()))
		switch {
		case age < 0: // the clock was set back: ask
		case age < fresh:
			return cur, nil
		case age < stale:
			if !s.asking.CompareAndSwap(false, true) {
				return cur, nil
			}
			defer s.asking.Store(false)
		}
	}
	v, err, _ := s.flight.Do("version", func() (any, error) { return s.refresh(ctx) })
	if err != nil {
		return nil, fault.New(fault.Unavailable, "authorisation_unavailable", "暂时无法核对授权，请稍后重试。").
			Under("CN-35").Because(err)
	}
	return v.(*snapshot), nil
}

func (s *snapshots) refresh(ctx context.Context) (*snapshot, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTime)
	defer cancel()
	asked := s.clock.Now().UnixMicro()
	version, err := s.grants.GrantsVersion(ctx)
	if err != nil {
		return nil, err
	}
	if cur := s.current.Load(); cur != nil && cur.version == version {
		cur.checked.Store(asked)
		return cur, nil
	}
	next := &snapshot{version: version, from: s}
	next.checked.Store(asked)
	s.current.Store(next)
	return next, nil
}

// system gives a system by its ID, or the fault "credential_unknown".
func (n *snapshot) system(ctx context.Context, id string) (*system, error) {
	return load(ctx, n, &n.systems, "system "+id, id, func(ctx context.Context) (*system, error) {
		s, err := n.from.systems.System(ctx, id)
		if err != nil {
			return nil, missing(err, unauthenticated("credential_unknown", "该系统未登记。"))
		}
		x := &system{System: s, keys: assertionKeys(s.Credentials)}
		if n.from.contractors != nil {
			if x.entrusted, err = n.from.contractors.EntrustmentsOf(ctx, id); err != nil {
				return nil, plain{err}
			}
		}
		return x, nil
	})
}

// byThumb gives the system that a key belongs to.
func (n *snapshot) byThumb(ctx context.Context, print string) (*system, org.Credential, error) {
	unknown := unauthenticated("credential_unknown", "该证书未登记。")
	t, err := load(ctx, n, &n.thumbs, "thumb "+print, print, func(ctx context.Context) (thumb, error) {
		c, err := n.from.systems.CredentialByThumb(ctx, print)
		if err != nil {
			return thumb{}, missing(err, unknown)
		}
		return thumb{c.System, c.ID}, nil
	})
	if err != nil {
		return nil, org.Credential{}, err
	}
	s, err := n.system(ctx, t.system)
	if err != nil {
		return nil, org.Credential{}, err
	}
	cred, ok := s.credential(t.credential)
	if !ok {
		return nil, org.Credential{}, unknown
	}
	return s, cred, nil
}

// grant gives a grant, compiled.
func (n *snapshot) grant(ctx context.Context, id string) (*grant, error) {
	return load(ctx, n, &n.grants, "grant "+id, id, func(ctx context.Context) (*grant, error) {
		g, err := n.from.grants.Grant(ctx, id)
		if err != nil {
			return nil, missing(err, grantNotFound())
		}
		v, err := n.from.versions.Version(ctx, g.Resource, g.ResourceVersion)
		if err != nil {
			return nil, plain{err}
		}
		return compile(g, v, n.from.plainUpstream)
	})
}

// load gives what is known or asks for it, once for all who wait. What does
// not exist is asked for each time: remembering it would let a caller fill
// the memory.
func load[T any](ctx context.Context, n *snapshot, m *sync.Map, flight, key string, ask func(context.Context) (T, error)) (T, error) {
	if v, ok := m.Load(key); ok {
		return v.(T), nil
	}
	v, err, _ := n.loads.Do(flight, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTime)
		defer cancel()
		v, err := ask(ctx)
		if err != nil {
			return nil, err
		}
		m.Store(key, v)
		return v, nil
	})
	if err != nil {
		var none T
		if _, ok := fault.As(err); ok {
			return none, err
		}
		return none, fault.New(fault.Unavailable, "authorisation_unavailable", "暂时无法核对授权，请稍后重试。").
			Under("CN-35").Because(err)
	}
	return v.(T), nil
}

// missing puts the gateway's own fault in the place of a NotFound; any other
// fault of a store is no answer to a caller's question and becomes plain.
func missing(err, own error) error {
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return own
	}
	return plain{err}
}

// plain hides a fault from fault.As: it speaks of the platform's inside.
type plain struct{ error }
