package catalog

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
)

// CreateDraft makes a resource with its first version, a draft of the
// principal's own department. It may be incomplete; refused are what can never
// be kept ("entry_invalid"), anything marked secret ("secret_refused", CN-3)
// and a department without a complete sharing office (CN-11).
func (s *Service) CreateDraft(ctx context.Context, p org.Principal, e Entry) (Resource, Version, error) {
	if err := compiles(p, p.Department.ID); err != nil {
		return Resource{}, Version{}, err
	}
	if err := s.refuseSecrets(ctx, p, "", e); err != nil {
		return Resource{}, Version{}, err
	}
	e = tidy(e)
	var r Resource
	var v Version
	err := s.store.Do(ctx, func(ctx context.Context) error {
		if err := s.org.RequireOffice(ctx, p.Department.ID); err != nil {
			return err
		}
		now := s.clock.Now()
		r = Resource{ID: ident.New(), Provider: p.Department.ID, Region: p.Department.Region, Pending: 1, Version: 1, CreatedAt: now}
		if err := s.checkDraft(ctx, r, e); err != nil {
			return err
		}
		e = s.settleLevels(e, Entry{}, nil, p.Person.ID)
		serial, err := s.store.NextSerial(ctx, e.ClassCode)
		if err != nil {
			return err
		}
		r.Code = codeOf(e.ClassCode, serial)
		if v, err = s.draft(p, r.ID, 1, e); err != nil {
			return err
		}
		if err := s.store.InsertResource(ctx, r); err != nil {
			return err
		}
		return s.store.InsertVersion(ctx, v)
	})
	return r, v, err
}

func (s *Service) draft(p org.Principal, resource string, number int, e Entry) (Version, error) {
	digest, err := e.Digest()
	return Version{ID: ident.New(), Resource: resource, Number: number, Status: Draft, Entry: e, Digest: digest,
		CreatedBy: p.Person.ID, CreatedAt: s.clock.Now(), Revision: 1}, err
}

// checkDraft is CheckForm with what only the store knows: whether the provider
// has another entry of the name, and whether there is such a class (CN-12).
func (s *Service) checkDraft(ctx context.Context, r Resource, e Entry) error {
	var c fault.Collector
	form(&c, e)
	if err := s.outside(ctx, &c, r, e); err != nil {
		return err
	}
	return c.Err("entry_invalid", "目录条目填写有误", "")
}

// outside tells what stands against an entry in the rest of the catalog: a name
// that is taken, a class that does not exist. A class that was ended since
// keeps what it has.
func (s *Service) outside(ctx context.Context, c *fault.Collector, r Resource, e Entry) error {
	if e.Name != "" {
		taken, err := s.store.NameTaken(ctx, r.Provider, e.Name, r.ID)
		if err != nil {
			return err
		}
		if taken {
			c.Add("name", "name_taken", "本部门已有同名的目录条目", "CN-12")
		}
	}
	if class, _, coded := strings.Cut(r.Code, "/"); classCode.MatchString(e.ClassCode) && (!coded || class != e.ClassCode) {
		f, err := s.scheme.usable(ctx, e.ClassCode)
		if err != nil {
			return err
		}
		if f.Code != "" {
			c.Add(f.Path, f.Code, f.Message, f.Basis)
		}
	}
	return nil
}

// EditDraft replaces the content of the pending version while it is a draft.
// Revision is the one the caller read: somebody else's change in between is
// "changed_meanwhile".
func (s *Service) EditDraft(ctx context.Context, p org.Principal, resourceID string, e Entry, revision int) (Version, error) {
	r, err := s.own(ctx, p, resourceID)
	if err != nil {
		return Version{}, err
	}
	if err := s.refuseSecrets(ctx, p, r.ID, e); err != nil {
		return Version{}, err
	}
	e = tidy(e)
	var v Version
	err = s.store.Do(ctx, func(ctx context.Context) error {
		if r, err = s.store.Resource(ctx, resourceID); err != nil {
			return err
		}
		if r.Pending == 0 {
			return fault.New(fault.Illegal, "no_pending_version", "没有待编辑的版本，请先新建版本").Under("CN-17")
		}
		if v, err = s.store.Version(ctx, r.ID, r.Pending); err != nil {
			return err
		}
		if v.Status != Draft {
			return notDraft()
		}
		if v.Revision != revision {
			return changedMeanwhile()
		}
		if err := s.checkDraft(ctx, r, e); err != nil {
			return err
		}
		samples, err := s.samples(ctx, r)
		if err != nil {
			return err
		}
		v.Entry = s.settleLevels(e, v.Entry, samples, p.Person.ID)
		if v.Digest, err = v.Entry.Digest(); err != nil {
			return err
		}
		if err := s.store.UpdateVersion(ctx, v); err != nil {
			return err
		}
		v.Revision++
		return nil
	})
	return v, err
}

// NewVersion starts a new pending version beside the published one, as a copy
// of it; of a resource never published, as a copy of its last attempt (CN-17).
// The reason says why, in the caller's words; it may be empty.
func (s *Service) NewVersion(ctx context.Context, p org.Principal, resourceID, reason string) (Version, error) {
	var v Version
	if reason = strings.TrimSpace(reason); utf8.RuneCountInString(reason) > maxLong {
		var c fault.Collector
		tooLong(&c, "reason", reason, maxLong, "CN-17")
		return v, c.Err("entry_invalid", "目录条目填写有误", "")
	}
	err := s.store.Do(ctx, func(ctx context.Context) error {
		r, err := s.own(ctx, p, resourceID)
		if err != nil {
			return err
		}
		if err := s.org.RequireOffice(ctx, r.Provider); err != nil {
			return err
		}
		if r.Pending != 0 {
			return fault.New(fault.Conflict, "pending_exists", "已有正在编制或者审核的版本").Under("CN-17").With("pending", r.Pending)
		}
		all, err := s.store.Versions(ctx, r.ID)
		if err != nil {
			return err
		}
		number, from := 0, Entry{}
		for _, old := range all {
			if old.Number > number {
				number = old.Number
				if r.Published == 0 {
					from = old.Entry
				}
			}
			if old.Number == r.Published {
				from = old.Entry
			}
		}
		if v, err = s.draft(p, r.ID, number+1, from); err != nil {
			return err
		}
		v.Reason = reason
		if err := s.store.InsertVersion(ctx, v); err != nil {
			return err
		}
		r.Pending = v.Number
		return s.store.UpdateResource(ctx, r)
	})
	return v, err
}

// own gives a resource of the principal's department to those who compile its
// catalog. To others a resource never published is as if it did not exist.
func (s *Service) own(ctx context.Context, p org.Principal, resourceID string) (Resource, error) {
	r, err := s.store.Resource(ctx, resourceID)
	if err != nil {
		return Resource{}, err
	}
	if err := compiles(p, r.Provider); err != nil {
		if insider, inErr := s.seesDrafts(ctx, p, r); inErr != nil {
			return Resource{}, inErr
		} else if r.Published == 0 && !insider {
			return Resource{}, missing(resourceID)
		}
		return Resource{}, err
	}
	return r, nil
}

func missing(id string) error { return fault.Missing("目录条目", id) }

func notDraft() error {
	return fault.New(fault.Illegal, "version_not_draft", "该版本已报送，退回之前不能修改").Under("CN-16")
}

// tidy trims every text, so that blanks count as missing and equal names are
// equal.
func tidy(e Entry) Entry {
	for _, t := range []*string{&e.Name, &e.ClassCode, &e.Abstract, &e.Format, &e.Frequency, &e.UseConditions,
		&e.ScopeOfUse, &e.LegalBasis, &e.WithheldReason, &e.SourceSystem, &e.DutyBasis, &e.Contact,
		&e.OpenAttribute, &e.SecrecyMarking, &e.Category} {
		*t = strings.TrimSpace(*t)
	}
	e.Methods = slices.Clone(e.Methods)
	e.Purposes = slices.Clone(e.Purposes)
	for i := range e.Purposes {
		e.Purposes[i] = strings.TrimSpace(e.Purposes[i])
	}
	e.Related = slices.Clone(e.Related)
	for i := range e.Related {
		e.Related[i] = strings.TrimSpace(e.Related[i])
	}
	// Of the format and its kind one tells the other: nobody types it twice.
	if main, _, _ := strings.Cut(e.Format, "/"); e.FormatKind == "" && slices.Contains(formats, main) {
		code, _ := CodeOf(VocabFormatKind, main)
		e.FormatKind = FormatKind(code)
	} else if e.Format == "" && slices.Contains(formatKinds, e.FormatKind) {
		e.Format = Label(VocabFormatKind, string(e.FormatKind))
	}
	e.Items = slices.Clone(e.Items)
	for i := range e.Items {
		x := &e.Items[i]
		for _, t := range []*string{&x.Code, &x.Name, &x.Type, &x.Format, &x.Description, &x.Element, &x.EnglishName, &x.ElementNote} {
			*t = strings.TrimSpace(*t)
		}
	}
	for i := range e.Items {
		if d := e.Items[i].Domain; d != nil && len(d.Values) == 0 && d.Min+d.Max+d.Pattern+d.Scheme == "" {
			e.Items[i].Domain = nil
		}
	}
	if e.Upstream != nil {
		u := *e.Upstream
		u.URL = strings.TrimSpace(u.URL)
		e.Upstream = &u
	}
	return e
}
