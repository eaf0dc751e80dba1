package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
		serial, err := s.store.NextSerial(ctx, e.ClassCode)
		if err != nil {
			return err
		}
		r.Code = fmt.Sprintf("%s/%06d", e.ClassCode, serial)
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
// has another entry of the name (CN-12), and the class code the resource's code
// was made from.
func (s *Service) checkDraft(ctx context.Context, r Resource, e Entry) error {
	var c fault.Collector
	form(&c, e)
	if e.Name != "" {
		taken, err := s.store.NameTaken(ctx, r.Provider, e.Name, r.ID)
		if err != nil {
			return err
		}
		if taken {
			c.Add("name", "name_taken", "本部门已有同名的目录条目", "CN-12")
		}
	}
	if class, _, coded := strings.Cut(r.Code, "/"); coded && e.ClassCode != class {
		c.Add("class_code", "fixed", "资源代码已按原分类编定，分类代码不能修改；需要更换分类的，请另行编制", "CN-12")
	}
	return c.Err("entry_invalid", "目录条目填写有误", "")
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
		v.Entry = e
		if v.Digest, err = e.Digest(); err != nil {
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
func (s *Service) NewVersion(ctx context.Context, p org.Principal, resourceID string) (Version, error) {
	var v Version
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
		&e.OpenAttribute, &e.SecrecyMarking} {
		*t = strings.TrimSpace(*t)
	}
	e.Methods = slices.Clone(e.Methods)
	e.Purposes = slices.Clone(e.Purposes)
	for i := range e.Purposes {
		e.Purposes[i] = strings.TrimSpace(e.Purposes[i])
	}
	e.Items = slices.Clone(e.Items)
	for i := range e.Items {
		x := &e.Items[i]
		for _, t := range []*string{&x.Code, &x.Name, &x.Type, &x.Format, &x.Description, &x.Element} {
			*t = strings.TrimSpace(*t)
		}
	}
	if e.Upstream != nil {
		u := *e.Upstream
		u.URL = strings.TrimSpace(u.URL)
		e.Upstream = &u
	}
	return e
}
