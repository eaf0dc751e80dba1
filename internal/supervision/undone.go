package supervision

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Undone reports duties that nobody has done though the facts ask for them: a
// source department that was not designated (CN-41.1), or is not cooperated
// with (CN-39.3), data collected though they can be had by sharing (CN-40.1),
// usage records that are missing (CN-40.5).
func (s *Service) Undone(ctx context.Context) error {
	return errors.Join(s.undesignated(ctx), s.uncooperative(ctx), s.collectedAnyway(ctx), s.unrecorded(ctx))
}

// shared is one element that departments of one authority publish.
type shared struct {
	authority, element string
	providers          []ElementOf
}

func (s *Service) undesignated(ctx context.Context) error {
	list, err := s.Store.SharedElements(ctx)
	if err != nil {
		return err
	}
	at, authorities := map[[2]string]int{}, map[string]string{}
	var groups []shared
	for _, e := range list {
		authority, known := authorities[e.Provider]
		if !known {
			if authority, err = s.Org.SameLevelAuthority(ctx, e.Provider); err != nil {
				return err
			}
			authorities[e.Provider] = authority
		}
		key := [2]string{authority, e.Element}
		i, known := at[key]
		if !known {
			i = len(groups)
			at[key] = i
			groups = append(groups, shared{authority: authority, element: e.Element})
		}
		groups[i].providers = append(groups[i].providers, e)
	}
	for _, g := range groups {
		if err := s.designationDue(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

// designationDue reports an element that was shared, since its second
// department, for longer than an authority may take.
func (s *Service) designationDue(ctx context.Context, g shared) error {
	if len(g.providers) < 2 {
		return nil
	}
	slices.SortFunc(g.providers, func(a, b ElementOf) int { return a.Since.Compare(b.Since) })
	since := g.providers[1].Since
	due := s.Calendar.Due(since, s.DesignationDays, "working_day")
	if s.Clock.Now().Before(due.At) {
		return nil
	}
	if done, err := s.Store.Designated(ctx, g.authority, g.element); err != nil || done {
		return err
	}
	providers := make([]string, len(g.providers))
	for i, p := range g.providers {
		providers[i] = p.Provider
	}
	err := s.see(ctx, Violation{Key: "source:" + g.authority + ":" + g.element + ":" + day(since), Clause: "CN-41.1",
		Department: g.authority, Facts: map[string]any{"element": g.element, "providers": providers, "since": day(since),
			"last_day": due.LastDay, "threshold_working_days": s.DesignationDays}})
	return err
}

func (s *Service) unrecorded(ctx context.Context) error {
	grants, err := s.Store.Unrecorded(ctx, s.Clock.Now().Add(-time.Duration(s.RecordDays)*24*time.Hour))
	if err != nil {
		return err
	}
	for _, g := range grants {
		err := s.see(ctx, Violation{Key: "records:" + g.ID, Clause: "CN-40.5", Department: g.Consumer, Grant: g.ID,
			Resource: g.Resource, Case: g.Case, Facts: map[string]any{"method": string(g.Method),
				"first_used_at": g.DeliveredAt.In(zone).Format(time.RFC3339), "threshold_days": s.RecordDays}})
		if err != nil {
			return err
		}
	}
	return nil
}
