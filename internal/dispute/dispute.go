package dispute

import (
	"context"
	"maps"
	"slices"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// Procedure is the ID of the procedure in the rulebook.
const Procedure = "dispute"

// Outcome is what was decided.
type Outcome string

// The outcomes.
const (
	Uphold       Outcome = "uphold"        // it stays as it is
	OrderShare   Outcome = "order_share"   // the refused application is to be met
	RestoreGrant Outcome = "restore_grant" // the suspended or ended grant is put back in force
	OrderAct     Outcome = "order_act"     // the side at fault is told to act by law; nothing is done for it
)

// Cases is what this package asks of the casework store.
type Cases interface {
	Case(ctx context.Context, id string) (procedure.Case, error)
	Cases(ctx context.Context, f casework.Filter) ([]procedure.Case, error)
}

// Grants is what this package asks of the store of grants.
type Grants interface {
	Grant(ctx context.Context, id string) (sharing.Grant, error)
	GrantOfCase(ctx context.Context, caseID string) (sharing.Grant, error)
}

// Orders carries out what was decided; *sharing.Service implements it.
type Orders interface {
	IssueOrdered(ctx context.Context, application procedure.Case, order *procedure.Case, act *procedure.Act) error
	RestoreOrdered(ctx context.Context, grant string, order *procedure.Case, act *procedure.Act) error
	Restorable(ctx context.Context, g sharing.Grant) error
}

// Service brings the prepare, checks and effects of the dispute procedure.
type Service struct {
	cases  Cases
	grants Grants
	orders Orders
}

// NewService makes the service.
func NewService(cases Cases, grants Grants, orders Orders) *Service {
	return &Service{cases: cases, grants: grants, orders: orders}
}

// Hooks are the functions that the procedure names.
func (s *Service) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{"dispute.subject": s.subject},
		Checks: map[string]casework.Check{
			"dispute.only_one":      s.onlyOne,
			"dispute.negotiated":    negotiated,
			"dispute.own_claim":     ownClaim,
			"dispute.recorded_days": recordedDays,
			"dispute.outcome_fits":  s.outcomeFits,
		},
		Effects: map[string]casework.Effect{
			"dispute.carry_out":   s.carryOut,
			"dispute.order_share": s.orderShare,
		},
	}
}

// What a dispute is about.
const (
	aboutGrant = "grant"
	aboutCase  = "case"
)

// subject fills a dispute from the case or grant it is about: both sides,
// region and title. To whoever is neither side it does not exist.
func (s *Service) subject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	own := p.Department.ID
	consumer, provider, err := s.sides(ctx, own, c)
	if err != nil {
		return err
	}
	for party, department := range map[string]string{"consumer": consumer, "provider": provider} {
		if given := c.Parties[party]; given != "" && given != department {
			if own != consumer && own != provider {
				return fault.Missing("争议的办件或者授权", c.Subject)
			}
			return fault.New(fault.Invalid, "party_mismatch", "争议双方由办件或者授权确定,不能另行指定").Under("CN-28")
		}
	}
	c.Parties["consumer"], c.Parties["provider"] = consumer, provider
	return nil
}

// sides reads the subject, for a department: a grant or a case between two departments.
func (s *Service) sides(ctx context.Context, own string, c *procedure.Case) (consumer, provider string, err error) {
	g, err := s.grants.Grant(ctx, c.Subject)
	if err == nil {
		of, err := s.cases.Case(ctx, g.Case)
		if err != nil {
			return "", "", err
		}
		c.Facts["about"], c.Region, c.Title = aboutGrant, of.Region, or(c.Title, of.Title)
		return g.Consumer, g.Provider, nil
	}
	if !notFound(err) {
		return "", "", err
	}
	of, err := s.cases.Case(ctx, c.Subject)
	if notFound(err) {
		return "", "", fault.Missing("争议的办件或者授权", c.Subject)
	}
	if err != nil {
		return "", "", err
	}
	consumer, provider = of.Parties["consumer"], of.Parties["provider"]
	if consumer == "" || provider == "" || of.Procedure == Procedure {
		if !slices.Contains(slices.Collect(maps.Values(of.Parties)), own) {
			return "", "", fault.Missing("争议的办件或者授权", c.Subject) // not even that it exists is told
		}
		return "", "", fault.New(fault.Invalid, "not_disputable", "只有需求部门与提供部门之间的办件或者授权可以提出争议").Under("CN-28")
	}
	c.Facts["about"], c.Region, c.Title = aboutCase, of.Region, or(c.Title, of.Title)
	return consumer, provider, nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func notFound(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.NotFound
}

// onlyOne refuses a second dispute about the same thing while the first runs.
// The store holds the same by a unique index.
func (s *Service) onlyOne(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	open, err := s.cases.Cases(ctx, casework.Filter{Procedure: Procedure, Subject: c.Subject, OpenOnly: true, Limit: 2})
	if err != nil {
		return err
	}
	for _, other := range open {
		if other.ID != c.ID {
			return fault.New(fault.Conflict, "dispute_open", "已有正在处理的争议").Under("CN-28").With("case", other.ID).With("number", other.Number)
		}
	}
	return nil
}
