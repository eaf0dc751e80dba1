package org

import (
	"context"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/password"
)

// Service answers who is who and registers them. It holds no state of its own
// beyond the password hasher.
type Service struct {
	store     Store
	clock     clock.Clock
	passwords *password.Hasher
}

// NewService makes the service of a node.
func NewService(store Store, clk clock.Clock) *Service {
	return &Service{store: store, clock: clk, passwords: password.NewHasher(0)}
}

// Passwords is the node's one password hasher: sign-in shares it, so that its
// bound on memory holds for all of them together.
func (s *Service) Passwords() *password.Hasher { return s.passwords }

// Principal is somebody signed in: the person, the department the person acts
// for, and the territory when that department is an authority.
type Principal struct {
	Person     Person
	Department Department
	// Territory is the code of the region whose authority the department is;
	// empty for other departments.
	Territory string
	// Session names the session for logs; it is not the token.
	Session string
}

// Has tells whether the principal may act in a role. A supervisor is one only
// while the department is an authority (CN-8).
func (p Principal) Has(r Role) bool {
	if r == Supervisor && p.Territory == "" {
		return false
	}
	return p.Person.Has(r) && !p.Person.Disabled
}

// HasAny tells whether the principal may act in one of the roles.
func (p Principal) HasAny(roles ...Role) bool {
	for _, r := range roles {
		if p.Has(r) {
			return true
		}
	}
	return false
}

// Principal gives the person with department and territory. It does not ask
// whether the person is signed in: access does.
func (s *Service) Principal(ctx context.Context, personID string) (Principal, error) {
	person, err := s.store.Person(ctx, personID)
	if err != nil {
		return Principal{}, err
	}
	d, err := s.store.Department(ctx, person.Department)
	if err != nil {
		return Principal{}, err
	}
	territory, err := s.store.TerritoryOf(ctx, d.ID)
	if err != nil {
		return Principal{}, err
	}
	return Principal{Person: person, Department: d, Territory: territory}, nil
}

// forbidden is the refusal to somebody who is known and may not do this.
func forbidden(message string) error {
	return fault.New(fault.Forbidden, "role_missing", message)
}
