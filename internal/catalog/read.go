package catalog

import (
	"context"
	"slices"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// seesDrafts tells whether the principal sees what is not published yet: the
// provider's own people and those of its same-level authority (CN-16).
func (s *Service) seesDrafts(ctx context.Context, p org.Principal, r Resource) (bool, error) {
	return s.seesDraftsOf(ctx, p, r.Provider)
}

func (s *Service) seesDraftsOf(ctx context.Context, p org.Principal, provider string) (bool, error) {
	if p.Department.ID == provider {
		return true, nil
	}
	if p.Territory == "" {
		return false, nil
	}
	authority, err := s.org.SameLevelAuthority(ctx, provider)
	if fault.Is(err, "no_authority") {
		return false, nil
	}
	return authority == p.Department.ID, err
}

// Get gives a resource with its published version, which everybody signed in
// may see, and its pending one, which only the own department and its
// same-level authority may. Either may be nil, never both.
func (s *Service) Get(ctx context.Context, p org.Principal, resourceID string) (r Resource, published, pending *Version, err error) {
	if r, err = s.store.Resource(ctx, resourceID); err != nil {
		return Resource{}, nil, nil, err
	}
	if r.Published != 0 {
		if published, err = s.version(ctx, r.ID, r.Published); err != nil {
			return Resource{}, nil, nil, err
		}
	}
	insider, err := s.seesDrafts(ctx, p, r)
	if err != nil {
		return Resource{}, nil, nil, err
	}
	if insider && r.Pending != 0 {
		if pending, err = s.version(ctx, r.ID, r.Pending); err != nil {
			return Resource{}, nil, nil, err
		}
	}
	if published == nil && pending == nil && !insider {
		return Resource{}, nil, nil, missing(resourceID)
	}
	if !insider {
		r.Pending = 0
		hide(published)
	}
	return r, published, pending, nil
}

func (s *Service) version(ctx context.Context, resource string, number int) (*Version, error) {
	v, err := s.store.Version(ctx, resource, number)
	return &v, err
}

// hide takes out what only provider and authority need to know: where the
// provider's service is, who compiled the entry and on what its levels rest.
func hide(v *Version) {
	if v == nil {
		return
	}
	v.Entry.Upstream, v.CreatedBy, v.Case, v.Reason = nil, "", "", ""
	v.Entry.Items = slices.Clone(v.Entry.Items)
	for i := range v.Entry.Items {
		v.Entry.Items[i].LevelBasis = nil
	}
}

// Published gives the published version of a resource, for other features;
// a resource without one is "resource_not_published".
func (s *Service) Published(ctx context.Context, resourceID string) (Resource, Version, error) {
	r, err := s.store.Resource(ctx, resourceID)
	if err != nil {
		return Resource{}, Version{}, err
	}
	if r.Published == 0 {
		return Resource{}, Version{}, notPublished()
	}
	v, err := s.store.Version(ctx, r.ID, r.Published)
	return r, v, err
}

func notPublished() error {
	return fault.New(fault.Illegal, "resource_not_published", "该目录条目没有已发布的版本").Under("CN-16")
}

// Versions gives the versions of a resource: those that are or were published
// to everybody, the others to whom Get shows a pending one.
func (s *Service) Versions(ctx context.Context, p org.Principal, resourceID string) ([]Version, error) {
	r, err := s.store.Resource(ctx, resourceID)
	if err != nil {
		return nil, err
	}
	insider, err := s.seesDrafts(ctx, p, r)
	if err != nil {
		return nil, err
	}
	all, err := s.store.Versions(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	var out []Version
	for _, v := range all {
		switch {
		case insider:
			out = append(out, v)
		case v.Status == PublishedV || v.Status == Superseded:
			hide(&v)
			out = append(out, v)
		}
	}
	if len(out) == 0 {
		return nil, missing(resourceID)
	}
	return out, nil
}

// Bounds of a list.
const (
	defaultLimit = 50
	maxLimit     = 200
)

// List gives the catalog inside the filter. Without Published it is the list of
// one provider with drafts, the principal's own when none is named; those of
// others are refused to all but the provider's same-level authority.
func (s *Service) List(ctx context.Context, p org.Principal, f Filter) ([]Summary, error) {
	if f.Limit <= 0 {
		f.Limit = defaultLimit
	}
	f.Limit = min(f.Limit, maxLimit)
	if f.Published {
		return s.store.List(ctx, f)
	}
	if f.Provider == "" {
		f.Provider = p.Department.ID
	}
	insider, err := s.seesDraftsOf(ctx, p, f.Provider)
	if err != nil {
		return nil, err
	}
	if !insider {
		return nil, fault.New(fault.Forbidden, "drafts_hidden", "未发布的目录条目只对本部门和同级主管部门可见").Under("CN-16")
	}
	return s.store.List(ctx, f)
}
