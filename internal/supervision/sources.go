package supervision

import (
	"context"
	"time"
)

// Rival is a published entry of another department than the designated source
// that calls the element's item authoritative and was not published anew since.
type Rival struct {
	Designation  string
	Authority    string // that designated
	Element      string
	Source       string // the designated department
	Provider     string // of the entry
	Resource     string
	PublishedAt  time.Time
	DesignatedAt time.Time
}

// Anyway is an element that a department was told not to collect and that it
// publishes since, with nothing granted to it that holds the element.
type Anyway struct {
	Plan        string // declined case
	Department  string
	Element     string
	Resource    string
	DeclinedAt  time.Time
	PublishedAt time.Time
}

// uncooperative reports entries that were not brought in line with a source
// department's designation (CN-39.3): an older authoritative copy beside the
// source is what CN-19.2 designates a source against.
func (s *Service) uncooperative(ctx context.Context) error {
	list, err := s.Store.Rivals(ctx)
	if err != nil {
		return err
	}
	for _, r := range list {
		due := s.Calendar.Due(r.DesignatedAt, watched.Cooperation.WorkingDays, "working_day")
		if s.Clock.Now().Before(due.At) {
			continue
		}
		own, err := s.Org.SameLevelAuthority(ctx, r.Provider)
		if err != nil {
			return err
		}
		if own != r.Authority {
			continue // another government's designation does not bind it
		}
		err = s.see(ctx, Violation{Key: "rival:" + r.Designation + ":" + r.Resource, Clause: watched.Cooperation.Clause, Department: r.Provider,
			Resource: r.Resource, Facts: map[string]any{"element": r.Element, "source_department": r.Source, "designated_on": day(r.DesignatedAt),
				"published_on": day(r.PublishedAt), "last_day": due.LastDay, "threshold_working_days": watched.Cooperation.WorkingDays}})
		if err != nil {
			return err
		}
	}
	return nil
}

// collectedAnyway reports what was collected though the authority declined it
// as to be had by sharing (CN-40.1).
func (s *Service) collectedAnyway(ctx context.Context) error {
	list, err := s.Store.CollectedAnyway(ctx)
	if err != nil {
		return err
	}
	for _, x := range list {
		err := s.see(ctx, Violation{Key: "collected:" + x.Plan + ":" + x.Resource, Clause: "CN-40.1", Department: x.Department, Case: x.Plan,
			Resource: x.Resource, Facts: map[string]any{"element": x.Element, "declined_on": day(x.DeclinedAt), "published_on": day(x.PublishedAt)}})
		if err != nil {
			return err
		}
	}
	return nil
}
