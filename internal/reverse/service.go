package reverse

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
)

// The kinds of entries in the ledger: a source was registered or ended, a
// schema was read, drafts were made.
const (
	SourceEntry ledger.Kind = "reverse_source"
	ReadEntry   ledger.Kind = "reverse_read"
)

// Bounds of what a department keeps.
const (
	maxSources = 50
	keepRuns   = 20
	maxName    = 100
)

// Deps is what a Service works with.
type Deps struct {
	Store   Store
	Sealer  Sealer
	Reader  Reader
	Catalog Catalog
	Ledger  Ledger
	Clock   clock.Clock
	// Refused records an attempt to enter what is marked secret (CN-3).
	Refused func(context.Context, catalog.Refusal) error
	Advisor Advisor // nil: nothing is proposed beyond the schema
	Limits  Limits  // zero: DefaultLimits
}

// Service reads sources and makes drafts of them. It is safe for concurrent use.
type Service struct{ Deps }

// NewService makes the service.
func NewService(d Deps) *Service {
	if d.Limits == (Limits{}) {
		d.Limits = DefaultLimits
	}
	return &Service{d}
}

func engineersOnly(p org.Principal) error {
	if !p.Has(org.Engineer) {
		return fault.New(fault.Forbidden, "role_missing", "数据源由本部门的系统对接人员登记和测试").Under("CN-35")
	}
	return nil
}

// works refuses whoever has nothing to do with sources.
func works(p org.Principal) error {
	if !p.HasAny(org.Engineer, org.Clerk, org.OfficeHead) {
		return fault.New(fault.Forbidden, "role_missing", "反向编目由本部门的系统对接人员和共享工作机构的人员办理").Under("CN-11")
	}
	return nil
}

// source gives a source to the people of its department who work with it; to
// others it does not exist.
func (s *Service) source(ctx context.Context, p org.Principal, id string) (Source, error) {
	if err := works(p); err != nil {
		return Source{}, err
	}
	src, err := s.Store.ReverseSource(ctx, id)
	if err == nil && src.Department != p.Department.ID {
		return Source{}, fault.Missing("数据源", id)
	}
	return src, err
}

// Register adds a source of the engineer's own department. Refusals:
// "role_missing", "source_invalid" with every faulty field,
// "address_not_allowed", "file_not_allowed", "too_many_sources".
func (s *Service) Register(ctx context.Context, p org.Principal, name string, c Connection) (Source, error) {
	if err := engineersOnly(p); err != nil {
		return Source{}, err
	}
	name, c = strings.TrimSpace(name), c.Complete()
	var f fault.Collector
	f.Require("name", "数据源名称", name, "")
	if len([]rune(name)) > maxName || clean(name) != name {
		f.Add("name", "format", "名称不超过100个字符，不得含控制字符", "")
	}
	if Marked(name) {
		f.Add("name", "secret", "涉及国家秘密、工作秘密的内容不得进入本平台", "CN-3")
	}
	c.check(&f)
	if err := f.Err("source_invalid", "数据源的内容不符合要求", ""); err != nil {
		return Source{}, err
	}
	if err := s.Reader.Approve(c); err != nil {
		return Source{}, err
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return Source{}, fmt.Errorf("seal source: %w", err)
	}
	src := Source{ID: ident.New(), Department: p.Department.ID, Name: name, Engine: c.Engine, Sealed: s.Sealer.Seal(plain),
		CreatedBy: p.Person.ID, CreatedAt: s.Clock.Now()}
	return src, s.Store.Do(ctx, func(ctx context.Context) error {
		have, err := s.Store.ReverseSources(ctx, p.Department.ID)
		if err != nil {
			return err
		}
		if len(have) >= maxSources {
			return fault.Newf(fault.Illegal, "too_many_sources", "每个部门最多%d个数据源", maxSources)
		}
		if err := s.Store.InsertSource(ctx, src); err != nil {
			return err
		}
		return s.note(ctx, SourceEntry, src, map[string]any{"act": "registered", "person": p.Person.ID, "engine": string(src.Engine)})
	})
}

// note appends an entry: which source, never where it is.
func (s *Service) note(ctx context.Context, kind ledger.Kind, src Source, facts map[string]any) error {
	facts["source"], facts["department"], facts["basis"] = src.ID, src.Department, basis
	_, err := s.Ledger.AppendIn(ctx, ledger.Entry{ID: ident.New(), Kind: kind, At: s.Clock.Now(), Facts: facts})
	return err
}

// Sources lists those of the principal's department.
func (s *Service) Sources(ctx context.Context, p org.Principal) ([]Source, error) {
	if err := works(p); err != nil {
		return nil, err
	}
	return s.Store.ReverseSources(ctx, p.Department.ID)
}

// Remove ends a source; its connection is wiped, its snapshots stay with the
// entries made of them.
func (s *Service) Remove(ctx context.Context, p org.Principal, id string) error {
	if err := engineersOnly(p); err != nil {
		return err
	}
	src, err := s.source(ctx, p, id)
	if err != nil {
		return err
	}
	return s.Store.Do(ctx, func(ctx context.Context) error {
		if err := s.Store.EndSource(ctx, id, s.Clock.Now()); err != nil {
			return err
		}
		return s.note(ctx, SourceEntry, src, map[string]any{"act": "ended", "person": p.Person.ID})
	})
}

// Test connects to a source and gives the server's version. Refusals beside
// those of Reader.Approve: "source_unreachable", "source_login_failed",
// "source_tls".
func (s *Service) Test(ctx context.Context, p org.Principal, id string) (string, error) {
	if err := engineersOnly(p); err != nil {
		return "", err
	}
	src, err := s.source(ctx, p, id)
	if err != nil {
		return "", err
	}
	c, err := s.open(src)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	version, err := s.Reader.Version(ctx, c)
	return Cut(clean(version), maxName), err
}

// testTime bounds a test of a connection, which a person waits for.
const testTime = 15 * time.Second

func (s *Service) open(src Source) (Connection, error) {
	plain, err := s.Sealer.Open(src.Sealed)
	if err != nil {
		return Connection{}, fmt.Errorf("unseal source %s: %w", src.ID, err)
	}
	var c Connection
	if err := json.Unmarshal(plain, &c); err != nil {
		return Connection{}, fmt.Errorf("unseal source %s: not a connection", src.ID)
	}
	return c, s.Reader.Approve(c) // the operator may have changed their mind
}
