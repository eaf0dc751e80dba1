package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Organisation is what this package asks of org; *org.Service implements it.
type Organisation interface {
	RequireOffice(ctx context.Context, departmentID string) error
	SameLevelAuthority(ctx context.Context, departmentID string) (string, error)
}

// Acts gives the acts of a case, oldest first; a casework store implements it.
type Acts interface {
	Acts(ctx context.Context, caseID string) ([]procedure.Act, error)
}

// Service keeps the catalog.
type Service struct {
	store  Store
	hosted Hosted
	org    Organisation
	clock  clock.Clock
	record func(context.Context, Refusal) error
	acts   Acts
	scheme *Scheme
}

// Option adds what a service can do without.
type Option func(*Service)

// WithRefusals has every refused attempt to enter something marked secret
// recorded (CN-3). It is called outside any transaction; when it fails, so does
// the call.
func WithRefusals(record func(context.Context, Refusal) error) Option {
	return func(s *Service) { s.record = record }
}

// WithActs binds assessments to what was assessed: with it, an entry edited
// after its assessment must be assessed again (CN-13.1).
func WithActs(acts Acts) Option { return func(s *Service) { s.acts = acts } }

// WithScheme gives the service the classes and standard elements that
// authorities added; without it there are those that every node has.
func WithScheme(x *Scheme) Option { return func(s *Service) { s.scheme = x } }

// NewService makes the service.
func NewService(store Store, hosted Hosted, o Organisation, clk clock.Clock, opts ...Option) *Service {
	s := &Service{store: store, hosted: hosted, org: o, clock: clk, scheme: builtInOnly()}
	for _, opt := range opts {
		opt(s)
	}
	return s
}

// Digest is the SHA-256 of the canonical entry, in hex.
func (e Entry) Digest() (string, error) {
	b, err := e.Canonical()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

func changedMeanwhile() error {
	return fault.New(fault.Conflict, "changed_meanwhile", "内容已被他人修改，请刷新后重试")
}

// compiles refuses whoever does not compile the catalog of the department: the
// clerks and the head of its sharing office do (CN-11).
func compiles(p org.Principal, department string) error {
	if p.Department.ID != department || !p.HasAny(org.Clerk, org.OfficeHead) {
		return fault.New(fault.Forbidden, "role_missing", "只有提供部门共享工作机构的人员可以编制目录").Under("CN-11")
	}
	return nil
}
