package sharing

import (
	"context"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Grant reads one grant for one of its two sides, or for the authority or an
// auditor whose territory the provider or consumer lies in.
func (s *Service) Grant(ctx context.Context, p org.Principal, id string) (Grant, error) {
	g, err := s.store.Grant(ctx, id)
	if err != nil {
		return Grant{}, err
	}
	ok, err := s.mayRead(ctx, p, g)
	if err != nil {
		return Grant{}, err
	}
	if !ok {
		return Grant{}, fault.Missing("授权", id)
	}
	return g, nil
}

func (s *Service) mayRead(ctx context.Context, p org.Principal, g Grant) (bool, error) {
	if p.Department.ID == g.Consumer || p.Department.ID == g.Provider {
		return true, nil
	}
	if p.Territory == "" || !p.Has(org.Supervisor) && !p.Has(org.Auditor) {
		return false, nil
	}
	for _, side := range []string{g.Consumer, g.Provider} {
		d, err := s.systems.Department(ctx, side)
		if err != nil {
			return false, err
		}
		if rulebook.Covers(p.Territory, d.Region) {
			return true, nil
		}
	}
	return false, nil
}

// Grants lists the grants of the reader's department, on either side.
func (s *Service) Grants(ctx context.Context, p org.Principal, f GrantFilter) ([]Grant, error) {
	if f.Consumer != p.Department.ID && f.Provider != p.Department.ID {
		f.Consumer, f.Provider = p.Department.ID, p.Department.ID
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	return s.store.Grants(ctx, f)
}
