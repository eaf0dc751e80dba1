package catalog

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Hooks are the functions that the publication procedure names.
func (s *Service) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{"catalog.publication_subject": s.publicationSubject},
		Checks: map[string]casework.Check{
			"catalog.version_is_draft": s.versionIsDraft,
			"catalog.entry_complete":   s.entryComplete,
			"catalog.assessments_done": s.assessmentsDone,
		},
		Effects: map[string]casework.Effect{
			"catalog.bind_case":       s.bindCase,
			"catalog.note_assessment": s.noteAssessment,
			"catalog.mark_submitted":  s.markSubmitted,
			"catalog.mark_draft":      s.markDraft,
			"catalog.publish":         s.publish,
			"catalog.abandon":         s.abandon,
		},
	}
}

// subject gives the version a publication case is about, with its resource.
func (s *Service) subject(ctx context.Context, c *procedure.Case) (Version, Resource, error) {
	v, err := s.store.VersionByID(ctx, c.Subject)
	if err != nil {
		return Version{}, Resource{}, err
	}
	r, err := s.store.Resource(ctx, v.Resource)
	return v, r, err
}

// publicationSubject fills a new publication case from the version: provider,
// region, title, and the facts its actions and clocks go by.
func (s *Service) publicationSubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	v, r, err := s.subject(ctx, c)
	if err != nil {
		return err
	}
	if r.Provider != p.Department.ID {
		return fault.Missing("目录版本", c.Subject)
	}
	c.Parties["provider"], c.Region, c.Title = r.Provider, r.Region, v.Entry.Name
	c.Facts["change"], c.Facts["personal_info"] = "first", "no"
	if r.Published != 0 {
		c.Facts["change"] = "update"
	}
	if v.Entry.PersonalInfo {
		c.Facts["personal_info"] = "yes"
	}
	return nil
}

// versionIsDraft refuses a version that is submitted, published or given up,
// or that another publication case holds.
func (s *Service) versionIsDraft(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	v, r, err := s.subject(ctx, c)
	if err != nil {
		return err
	}
	if v.Status != Draft || r.Pending != v.Number {
		return notDraft()
	}
	if v.Case != "" && v.Case != c.ID {
		return fault.New(fault.Conflict, "publication_open", "该版本已有正在办理的编制与发布事项").Under("CN-16").With("case", v.Case)
	}
	return nil
}

// entryComplete refuses an entry with anything mandatory missing (CN-13.2,
// CN-15.2), or one whose hosted rows could not be kept.
func (s *Service) entryComplete(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	v, r, err := s.subject(ctx, c)
	if err != nil {
		return err
	}
	if err := checkSecrecy(v.Entry); err != nil {
		return err
	}
	samples, err := s.samples(ctx, r)
	if err != nil {
		return err
	}
	return s.checkEntry(ctx, r, v.Entry, samples)
}

// bindCase ties the version to the case that was opened for it, so that no
// second one is.
func (s *Service) bindCase(ctx context.Context, c *procedure.Case, _ *procedure.Act) error {
	v, _, err := s.subject(ctx, c)
	if err != nil {
		return err
	}
	v.Case = c.ID
	return s.store.UpdateVersion(ctx, v)
}

// markSubmitted freezes the version for review and notes its digest.
func (s *Service) markSubmitted(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	v, _, err := s.subject(ctx, c)
	if err != nil {
		return err
	}
	if v.Status != Draft {
		return notDraft()
	}
	// The checks of the step may have read an earlier revision, edited since in
	// another transaction. Asked again after v was read, they judge v or a later
	// revision, and then the update below fails.
	step := procedure.Step{Action: act.Action, Fields: act.Fields}
	if err := s.entryComplete(ctx, c, step); err != nil {
		return err
	}
	if err := s.assessmentsDone(ctx, c, step); err != nil {
		return err
	}
	v.Status, v.Case = Submitted, c.ID
	if v.Digest, err = v.Entry.Digest(); err != nil {
		return err
	}
	noted(act, v)
	return s.store.UpdateVersion(ctx, v)
}

// held gives the submitted version of this very case.
func (s *Service) held(ctx context.Context, c *procedure.Case) (Version, Resource, error) {
	v, r, err := s.subject(ctx, c)
	if err == nil && (v.Status != Submitted || v.Case != c.ID) {
		err = fault.New(fault.Illegal, "version_not_submitted", "该版本不在本事项的审核之中").Under("CN-16")
	}
	return v, r, err
}

// markDraft gives a returned version back to its editors.
func (s *Service) markDraft(ctx context.Context, c *procedure.Case, _ *procedure.Act) error {
	v, _, err := s.held(ctx, c)
	if err != nil {
		return err
	}
	v.Status = Draft
	return s.store.UpdateVersion(ctx, v)
}

// publish makes the version the published one (CN-16). The earlier one is kept
// as superseded; a hosted resource gets its table.
func (s *Service) publish(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	v, r, err := s.held(ctx, c)
	if err != nil {
		return err
	}
	digest, err := v.Entry.Digest()
	if err != nil {
		return err
	}
	if digest != v.Digest {
		// Never seen: a submitted version cannot be edited. What was reviewed
		// must be what is published.
		return fault.New(fault.Conflict, "changed_meanwhile", "审核的内容与待发布的内容不一致").Under("CN-16")
	}
	if r.Published != 0 {
		old, err := s.store.Version(ctx, r.ID, r.Published)
		if err != nil {
			return err
		}
		old.Status = Superseded
		if err := s.store.UpdateVersion(ctx, old); err != nil {
			return err
		}
	}
	at := act.At
	v.Status, v.PublishedAt = PublishedV, &at
	if err := s.store.UpdateVersion(ctx, v); err != nil {
		return err
	}
	r.Published, r.Pending = v.Number, 0
	if r, err = s.recode(ctx, r, v.Entry.ClassCode, at); err != nil {
		return err
	}
	if err := s.store.UpdateResource(ctx, r); err != nil {
		return err
	}
	noted(act, v)
	if v.Entry.Collection == HostedCopy && v.Entry.Attribute != Withheld {
		return s.hosted.CreateTable(ctx, r.ID, v.Entry.Items)
	}
	return nil
}

// recode gives a resource that is published under another class a code of that
// class. The earlier code is kept: it still finds the resource and is never
// given to another (CN-12).
func (s *Service) recode(ctx context.Context, r Resource, class string, at time.Time) (Resource, error) {
	if before, _, _ := strings.Cut(r.Code, "/"); before == class {
		return r, nil
	}
	if err := s.store.KeepCode(ctx, r.Code, r.ID, at); err != nil {
		return r, err
	}
	serial, err := s.store.NextSerial(ctx, class)
	r.Code = codeOf(class, serial)
	return r, err
}

func codeOf(class string, serial int) string { return fmt.Sprintf("%s/%06d", class, serial) }

// abandon gives the version up with its case. A version that another case
// holds, or that is published already, stays as it is.
func (s *Service) abandon(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	v, r, err := s.subject(ctx, c)
	if err != nil {
		return err
	}
	if v.Case != "" && v.Case != c.ID || v.Status != Draft && v.Status != Submitted {
		return nil
	}
	v.Status = Abandoned
	noted(act, v)
	if err := s.store.UpdateVersion(ctx, v); err != nil {
		return err
	}
	if r.Pending != v.Number {
		return nil
	}
	r.Pending = 0
	return s.store.UpdateResource(ctx, r)
}

// noted keeps with the act which content it was about.
func noted(act *procedure.Act, v Version) {
	if act.Results == nil {
		act.Results = map[string]any{}
	}
	act.Results["digest"], act.Results["version"], act.Results["resource"] = v.Digest, v.Number, v.Resource
}
