// Package orgtest keeps an organisation in memory, for unit tests of features.
// What a real store must do is said by the conformance suite of package store.
package orgtest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Store implements org.Store. Transactions run one at a time and are undone
// when they fail.
type Store struct {
	tx   sync.Mutex
	data data
}

type data struct {
	regions     map[string]org.Region
	authorities map[string]string // region → department
	departments map[string]org.Department
	people      map[string]org.Person
	secrets     map[string]org.Secrets
	systems     map[string]org.System
	credentials map[string]org.Credential
}

// NewStore makes an empty store.
func NewStore() *Store {
	return &Store{data: data{
		regions: map[string]org.Region{}, authorities: map[string]string{},
		departments: map[string]org.Department{}, people: map[string]org.Person{},
		secrets: map[string]org.Secrets{}, systems: map[string]org.System{},
		credentials: map[string]org.Credential{},
	}}
}

func (d data) clone() data {
	return data{maps.Clone(d.regions), maps.Clone(d.authorities), maps.Clone(d.departments),
		maps.Clone(d.people), maps.Clone(d.secrets), maps.Clone(d.systems), maps.Clone(d.credentials)}
}

type inTx struct{}

// Do implements org.Store.
func (s *Store) Do(ctx context.Context, fn func(context.Context) error) error {
	if ctx.Value(inTx{}) == s {
		return fn(ctx)
	}
	s.tx.Lock()
	defer s.tx.Unlock()
	before := s.data.clone()
	err := fn(context.WithValue(ctx, inTx{}, s))
	if err != nil {
		s.data = before
	}
	return err
}

// run gives single calls a transaction of their own.
func (s *Store) run(ctx context.Context, fn func() error) error {
	return s.Do(ctx, func(context.Context) error { return fn() })
}

func get[T any](ctx context.Context, s *Store, m func() map[string]T, what, key string) (T, error) {
	var out T
	err := s.run(ctx, func() error {
		v, ok := m()[key]
		if !ok {
			return fault.Missing(what, key)
		}
		out = v
		return nil
	})
	return out, err
}

func sorted[T any](m map[string]T, keep func(T) bool) []T {
	var out []T
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if keep(m[k]) {
			out = append(out, m[k])
		}
	}
	return out
}

var (
	exists  = fault.New(fault.Conflict, "already_exists", "已经存在")
	changed = fault.New(fault.Conflict, "changed_meanwhile", "内容已被他人修改，请刷新后重试")
)

// PutRegions implements org.Store.
func (s *Store) PutRegions(ctx context.Context, regions []org.Region) error {
	return s.run(ctx, func() error {
		for _, r := range regions {
			s.data.regions[r.Code] = r
		}
		return nil
	})
}

// Region implements org.Store.
func (s *Store) Region(ctx context.Context, code string) (org.Region, error) {
	return get(ctx, s, func() map[string]org.Region { return s.data.regions }, "行政区划", code)
}

// Children implements org.Store.
func (s *Store) Children(ctx context.Context, parent string) (out []org.Region, err error) {
	err = s.run(ctx, func() error {
		out = sorted(s.data.regions, func(r org.Region) bool { return r.Parent == parent })
		return nil
	})
	return out, err
}

// CountRegions implements org.Store.
func (s *Store) CountRegions(ctx context.Context) (n int, err error) {
	err = s.run(ctx, func() error { n = len(s.data.regions); return nil })
	return n, err
}

// SetAuthority implements org.Store.
func (s *Store) SetAuthority(ctx context.Context, region, department string) error {
	return s.run(ctx, func() error { s.data.authorities[region] = department; return nil })
}

// AuthorityOf implements org.Store.
func (s *Store) AuthorityOf(ctx context.Context, region string) (id string, err error) {
	err = s.run(ctx, func() error { id = s.data.authorities[region]; return nil })
	return id, err
}

// TerritoryOf implements org.Store.
func (s *Store) TerritoryOf(ctx context.Context, department string) (code string, err error) {
	err = s.run(ctx, func() error {
		for region, d := range s.data.authorities {
			if d == department {
				code = region
			}
		}
		return nil
	})
	return code, err
}

// InsertDepartment implements org.Store.
func (s *Store) InsertDepartment(ctx context.Context, d org.Department) error {
	return s.run(ctx, func() error {
		for _, x := range s.data.departments {
			if x.USCC == d.USCC {
				return exists
			}
		}
		s.data.departments[d.ID] = d
		return nil
	})
}

// UpdateDepartment implements org.Store.
func (s *Store) UpdateDepartment(ctx context.Context, d org.Department) error {
	return s.run(ctx, func() error {
		if s.data.departments[d.ID].Version != d.Version {
			return changed
		}
		d.Version++
		s.data.departments[d.ID] = d
		return nil
	})
}

// Department implements org.Store.
func (s *Store) Department(ctx context.Context, id string) (org.Department, error) {
	return get(ctx, s, func() map[string]org.Department { return s.data.departments }, "部门", id)
}

// Departments implements org.Store, without Limit and After.
func (s *Store) Departments(ctx context.Context, f org.DepartmentFilter) (out []org.Department, err error) {
	err = s.run(ctx, func() error {
		out = sorted(s.data.departments, func(d org.Department) bool {
			return (f.Region == "" || d.Region == f.Region) && (f.Sector == "" || d.Sector == f.Sector) &&
				strings.HasPrefix(s.data.regions[d.Region].Path, f.RegionPath) && strings.Contains(d.Name, f.Text)
		})
		return nil
	})
	return out, err
}

// InsertPerson implements org.Store.
func (s *Store) InsertPerson(ctx context.Context, p org.Person) error {
	return s.run(ctx, func() error {
		for _, x := range s.data.people {
			if x.Username == p.Username {
				return exists
			}
		}
		s.data.people[p.ID] = p
		return nil
	})
}

// UpdatePerson implements org.Store.
func (s *Store) UpdatePerson(ctx context.Context, p org.Person) error {
	return s.run(ctx, func() error {
		if s.data.people[p.ID].Version != p.Version {
			return changed
		}
		p.Version++
		s.data.people[p.ID] = p
		return nil
	})
}

// Person implements org.Store.
func (s *Store) Person(ctx context.Context, id string) (org.Person, error) {
	return get(ctx, s, func() map[string]org.Person { return s.data.people }, "人员", id)
}

// PersonByUsername implements org.Store.
func (s *Store) PersonByUsername(ctx context.Context, username string) (out org.Person, err error) {
	err = s.run(ctx, func() error {
		for _, p := range s.data.people {
			if p.Username == username {
				out = p
				return nil
			}
		}
		return fault.Missing("人员", username)
	})
	return out, err
}

// People implements org.Store.
func (s *Store) People(ctx context.Context, department string) (out []org.Person, err error) {
	err = s.run(ctx, func() error {
		out = sorted(s.data.people, func(p org.Person) bool { return p.Department == department })
		return nil
	})
	return out, err
}

// Secrets implements org.Store.
func (s *Store) Secrets(ctx context.Context, person string) (org.Secrets, error) {
	return get(ctx, s, func() map[string]org.Secrets { return s.data.secrets }, "账号", person)
}

// PutSecrets implements org.Store.
func (s *Store) PutSecrets(ctx context.Context, x org.Secrets) error {
	return s.run(ctx, func() error { s.data.secrets[x.Person] = x; return nil })
}

// InsertSystem implements org.Store.
func (s *Store) InsertSystem(ctx context.Context, x org.System) error {
	return s.run(ctx, func() error { s.data.systems[x.ID] = x; return nil })
}

// UpdateSystem implements org.Store.
func (s *Store) UpdateSystem(ctx context.Context, x org.System) error {
	return s.run(ctx, func() error {
		if s.data.systems[x.ID].Version != x.Version {
			return changed
		}
		x.Version++
		s.data.systems[x.ID] = x
		return nil
	})
}

// System implements org.Store.
func (s *Store) System(ctx context.Context, id string) (org.System, error) {
	x, err := get(ctx, s, func() map[string]org.System { return s.data.systems }, "系统", id)
	if err != nil {
		return x, err
	}
	err = s.run(ctx, func() error {
		x.Credentials = sorted(s.data.credentials, func(c org.Credential) bool { return c.System == id })
		return nil
	})
	return x, err
}

// Systems implements org.Store.
func (s *Store) Systems(ctx context.Context, department string) (out []org.System, err error) {
	err = s.run(ctx, func() error {
		out = sorted(s.data.systems, func(x org.System) bool { return x.Department == department })
		slices.SortFunc(out, func(a, b org.System) int { return cmp.Compare(a.ID, b.ID) })
		return nil
	})
	return out, err
}

// InsertCredential implements org.Store.
func (s *Store) InsertCredential(ctx context.Context, c org.Credential) error {
	return s.run(ctx, func() error {
		for _, x := range s.data.credentials {
			if x.Thumb == c.Thumb {
				return exists
			}
		}
		s.data.credentials[c.ID] = c
		return nil
	})
}

// RevokeCredential implements org.Store.
func (s *Store) RevokeCredential(ctx context.Context, id string, at time.Time) error {
	return s.run(ctx, func() error {
		c, ok := s.data.credentials[id]
		if !ok {
			return fault.Missing("凭证", id)
		}
		c.RevokedAt = &at
		s.data.credentials[id] = c
		return nil
	})
}

// CredentialByThumb implements org.Store.
func (s *Store) CredentialByThumb(ctx context.Context, thumb string) (out org.Credential, err error) {
	err = s.run(ctx, func() error {
		for _, c := range s.data.credentials {
			if c.Thumb == thumb {
				out = c
				return nil
			}
		}
		return fault.Missing("凭证", thumb)
	})
	return out, err
}
