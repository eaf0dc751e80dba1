package catalog

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// ExpectedUpdate is one resource that a change of the law or of duties asks to
// be updated (CN-17.2), and how far that is.
type ExpectedUpdate struct {
	Case        string // the change
	Resource    string
	Publication string     // publication case that files the update; empty: none yet
	FiledAt     *time.Time // when the updated version went to the authority
	PublishedAt *time.Time
}

// ChangeStore is what Changes needs kept.
type ChangeStore interface {
	InsertExpected(ctx context.Context, u ExpectedUpdate) error
	UpdateExpected(ctx context.Context, u ExpectedUpdate) error
	// ExpectedOfResource gives those not yet published.
	ExpectedOfResource(ctx context.Context, resource string) ([]ExpectedUpdate, error)
	ExpectedOfCase(ctx context.Context, caseID string) ([]ExpectedUpdate, error)
	DropExpected(ctx context.Context, caseID string) error
}

// Changes runs the duty to keep the catalog current: from a change event to
// the last updated entry (CN-17, HB-9, XN-12).
type Changes struct {
	store     ChangeStore
	resources Store
	org       Departments
	cases     Cases
}

// NewChanges makes the service.
func NewChanges(store ChangeStore, resources Store, o Departments, cases Cases) *Changes {
	return &Changes{store: store, resources: resources, org: o, cases: cases}
}

// Hooks are the functions that the procedures catalog_update and
// catalog_publication name.
func (s *Changes) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{"catalog.change_subject": s.subject},
		Checks: map[string]casework.Check{
			"catalog.change_event":        s.event,
			"catalog.update_term_running": s.termRunning,
		},
		Effects: map[string]casework.Effect{
			"catalog.expect_updates": s.expect,
			"catalog.drop_updates":   s.drop,
			"catalog.note_filing":    s.noteFiling,
			"catalog.note_return":    s.noteReturn,
			"catalog.note_published": s.notePublished,
		},
	}
}

// subject fills a new change case, filed by the department itself or by its
// authority.
func (s *Changes) subject(ctx context.Context, _ org.Principal, c *procedure.Case) error {
	if c.Title == "" {
		c.Title = "目录变化更新"
	}
	return regionOfParty(ctx, s.org, c, "provider", "提供部门", "CN-17.2")
}

// event checks a change: it has happened, and what it affects is published by
// this department. Everything wrong is told at once.
func (s *Changes) event(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	if day := procedure.Text(c.Facts["changed_on"]); day > dayOf(step.At) {
		faults.Add("fields.changed_on", "future", "变化尚未发生,期限自变化发生之日起计算", "CN-17.2")
	}
	for i, id := range procedure.Texts(c.Facts["resources"]) {
		path := fmt.Sprintf("fields.resources[%d]", i)
		r, err := s.resources.Resource(ctx, id)
		switch f, ok := fault.As(err); {
		case ok && f.Kind == fault.NotFound, err == nil && r.Provider != c.Parties["provider"]:
			faults.Add(path, "not_found", "不是该提供部门的目录条目", "CN-17.2")
		case err != nil:
			return err
		case r.Published == 0:
			faults.Add(path, "resource_not_published", "该目录条目尚未发布,无须更新", "CN-17.2")
		}
	}
	return faults.Err("change_invalid", "变化事项填写有误", "CN-17.2")
}

// termRunning: an extension is asked for before the term is over.
func (s *Changes) termRunning(_ context.Context, c *procedure.Case, step procedure.Step) error {
	if k, ok := c.Clocks["update"]; !ok || !k.Running() || !step.At.Before(k.Due) {
		return fault.New(fault.Illegal, "term_over", "更新期限已过,不能再申请延长").Under("CN-17.2")
	}
	return nil
}

func (s *Changes) expect(ctx context.Context, c *procedure.Case, _ *procedure.Act) error {
	for _, id := range procedure.Texts(c.Facts["resources"]) {
		if err := s.store.InsertExpected(ctx, ExpectedUpdate{Case: c.ID, Resource: id}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Changes) drop(ctx context.Context, c *procedure.Case, _ *procedure.Act) error {
	return s.store.DropExpected(ctx, c.ID)
}

// noteFiling: an updated version goes to the authority. With the last one of a
// change its clock stops. A version like the published one updates nothing.
func (s *Changes) noteFiling(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	v, r, err := versionOf(ctx, s.resources, c)
	if err != nil {
		return err
	}
	rows, err := s.store.ExpectedOfResource(ctx, r.ID)
	if err != nil || len(rows) == 0 || r.Published == 0 {
		return err
	}
	old, err := s.resources.Version(ctx, r.ID, r.Published)
	if err != nil {
		return err
	}
	if old.Digest == v.Digest {
		return fault.New(fault.Illegal, "nothing_changed", "内容与已发布的版本相同,不能作为对变化事项的更新").Under("CN-17.2")
	}
	for _, u := range rows {
		if u.FiledAt != nil {
			continue
		}
		at := act.At
		u.Publication, u.FiledAt = c.ID, &at
		if err := s.store.UpdateExpected(ctx, u); err != nil {
			return err
		}
		if err := s.moveWhen(ctx, u.Case, "observe_filed", func(x ExpectedUpdate) bool { return x.FiledAt != nil }); err != nil {
			return err
		}
	}
	return nil
}

// moveWhen takes the platform's step on a change once every expected update of
// it has come so far.
func (s *Changes) moveWhen(ctx context.Context, caseID, action string, far func(ExpectedUpdate) bool) error {
	all, err := s.store.ExpectedOfCase(ctx, caseID)
	if err != nil || slices.ContainsFunc(all, func(u ExpectedUpdate) bool { return !far(u) }) {
		return err
	}
	return s.cases.TakeAsPlatform(ctx, caseID, action, nil)
}

// noteReturn: the authority returned the updated version, so it is not filed.
// The clock runs again, counted from the same day and with the extension that
// was granted: a return gives no new term.
func (s *Changes) noteReturn(ctx context.Context, c *procedure.Case, _ *procedure.Act) error {
	_, r, err := versionOf(ctx, s.resources, c)
	if err != nil {
		return err
	}
	rows, err := s.store.ExpectedOfResource(ctx, r.ID)
	if err != nil {
		return err
	}
	for _, u := range rows {
		if u.Publication != c.ID {
			continue
		}
		change, err := s.cases.Case(ctx, u.Case)
		if err != nil {
			return err
		}
		u.Publication, u.FiledAt = "", nil
		if err := s.store.UpdateExpected(ctx, u); err != nil {
			return err
		}
		if change.Stage != "filed" {
			continue
		}
		if err := s.cases.TakeAsPlatform(ctx, u.Case, "observe_returned", nil); err != nil {
			return err
		}
		if change.Clocks["update"].ExtendedBy > 0 {
			if err := s.cases.TakeAsPlatform(ctx, u.Case, "keep_extension", nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// notePublished: with the last updated entry published a change is done.
func (s *Changes) notePublished(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	_, r, err := versionOf(ctx, s.resources, c)
	if err != nil {
		return err
	}
	rows, err := s.store.ExpectedOfResource(ctx, r.ID)
	if err != nil {
		return err
	}
	for _, u := range rows {
		if u.Publication != c.ID {
			continue // filed before the change was known: another update is due
		}
		at := act.At
		u.PublishedAt = &at
		if err := s.store.UpdateExpected(ctx, u); err != nil {
			return err
		}
		if err := s.moveWhen(ctx, u.Case, "observe_published", func(x ExpectedUpdate) bool { return x.PublishedAt != nil }); err != nil {
			return err
		}
	}
	return nil
}
