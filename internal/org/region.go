package org

import (
	"context"
	"fmt"
)

// depth orders the levels from the root down.
var depth = map[Level]int{Nation: 0, Province: 1, City: 2, County: 3, Township: 4, Village: 5}

// codeLength is how many digits a region code of the level has.
func codeLength(l Level) int {
	switch l {
	case Township:
		return 9
	case Village:
		return 12
	}
	return 6
}

// BuildTree checks regions, parents first, and fills each Path. A level may be
// skipped (some cities have no counties) but never turned round. Known maps
// codes to paths already kept; it may be nil.
func BuildTree(regions []Region, known map[string]Region) ([]Region, error) {
	seen := make(map[string]Region, len(regions)+len(known))
	for code, r := range known {
		seen[code] = r
	}
	out := make([]Region, 0, len(regions))
	for _, r := range regions {
		d, ok := depth[r.Level]
		if !ok || len(r.Code) != codeLength(r.Level) || !allDigits(r.Code) {
			return nil, fmt.Errorf("org: region %q: code does not fit level %q", r.Code, r.Level)
		}
		if r.Name == "" {
			return nil, fmt.Errorf("org: region %s has no name", r.Code)
		}
		r.Path = r.Code + "/"
		if r.Parent != "" {
			parent, ok := seen[r.Parent]
			if !ok {
				return nil, fmt.Errorf("org: region %s: parent %q is not before it", r.Code, r.Parent)
			}
			if depth[parent.Level] >= d {
				return nil, fmt.Errorf("org: region %s: %s below %s", r.Code, r.Level, parent.Level)
			}
			r.Path = parent.Path + r.Path
		}
		if old, twice := seen[r.Code]; twice && old.Path != r.Path {
			return nil, fmt.Errorf("org: region %s stands in two places", r.Code)
		}
		seen[r.Code] = r
		out = append(out, r)
	}
	return out, nil
}

// LoadRegions checks the regions, parents first, fills their paths and keeps
// them. Loading the same again changes nothing.
func (s *Service) LoadRegions(ctx context.Context, regions []Region) error {
	inside := make(map[string]bool, len(regions))
	for _, r := range regions {
		inside[r.Code] = true
	}
	known := map[string]Region{}
	for _, r := range regions {
		if r.Parent == "" || inside[r.Parent] || known[r.Parent].Code != "" {
			continue
		}
		parent, err := s.store.Region(ctx, r.Parent)
		if err != nil {
			return err
		}
		known[r.Parent] = parent
	}
	tree, err := BuildTree(regions, known)
	if err != nil {
		return err
	}
	return s.store.Do(ctx, func(ctx context.Context) error { return s.store.PutRegions(ctx, tree) })
}

// Region gives one region. Regions are public.
func (s *Service) Region(ctx context.Context, code string) (Region, error) {
	return s.store.Region(ctx, code)
}

// Children gives the regions right below parent, by code.
func (s *Service) Children(ctx context.Context, parent string) ([]Region, error) {
	return s.store.Children(ctx, parent)
}

func allDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
