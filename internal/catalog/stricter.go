package catalog

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Leave is the authority's reviewed consent to a stricter sharing attribute of
// a resource (CN-15.1). It holds for the version it departs from: the next
// stricter step needs a review of its own.
type Leave struct {
	ID        string
	Resource  string
	Version   int // the published version it departs from
	Attribute Attribute
	// Removed are the purposes that may be taken from the list of a conditional
	// resource.
	Removed []string
	Case    string
	At      time.Time
}

// Stricter tells whether the new entry is shared on stricter terms than the
// old one: a stricter attribute, or fewer purposes of a conditional resource.
// The purposes taken away are given too.
func Stricter(old, fresh Entry) (stricter bool, removed []string) {
	before, after := slices.Index(attributes, old.Attribute), slices.Index(attributes, fresh.Attribute)
	if before < 0 || after != before {
		return before >= 0 && after > before, nil
	}
	if fresh.Attribute == Conditional {
		for _, p := range old.Purposes {
			if !slices.Contains(fresh.Purposes, p) {
				removed = append(removed, p)
			}
		}
	}
	return len(removed) > 0, removed
}

// attributeSubject fills a review of a stricter attribute from the resource.
func (s *Reviews) attributeSubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	r, err := ownResource(ctx, s.resources, p, c.Subject, "CN-15.1")
	if err != nil {
		return err
	}
	if r.Published == 0 {
		return notPublished()
	}
	v, err := s.resources.Version(ctx, r.ID, r.Published)
	if err != nil {
		return err
	}
	c.Parties["provider"], c.Region, c.Title = r.Provider, r.Region, v.Entry.Name
	c.Facts["attribute_now"] = string(v.Entry.Attribute)
	return nil
}

// attributeWanted refuses a change that is not a stricter one: that needs no
// review of this kind.
func (s *Reviews) attributeWanted(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	r, err := s.resources.Resource(ctx, c.Subject)
	if err != nil {
		return err
	}
	v, err := s.resources.Version(ctx, r.ID, r.Published)
	if err != nil {
		return err
	}
	wanted := v.Entry
	wanted.Attribute = Attribute(procedure.Text(c.Facts["attribute_wanted"]))
	removed := procedure.Texts(c.Facts["removed_purposes"])
	var faults fault.Collector
	for _, p := range removed {
		if !slices.Contains(v.Entry.Purposes, p) {
			faults.Add("fields.removed_purposes", "unknown_purpose", "目录没有列明用途“"+p+"”", "CN-15.2")
		}
	}
	wanted.Purposes = slices.DeleteFunc(slices.Clone(v.Entry.Purposes), func(p string) bool { return slices.Contains(removed, p) })
	if stricter, _ := Stricter(v.Entry, wanted); !stricter && faults.Empty() {
		faults.Add("fields.attribute_wanted", "not_stricter", "拟变更的共享属性不严于现行属性,无须办理此项审核", "CN-15.1")
	}
	if wanted.Attribute == Withheld && !citation.MatchString(procedure.Text(c.Facts["legal_basis"])) {
		faults.Add("fields.legal_basis", "no_citation", "依据应写明名称和条款,如《××法》第×条", "CN-15.2")
	}
	return faults.Err("attribute_change_invalid", "共享属性变更填写有误", "")
}

// allowStricter keeps the authority's consent.
func (s *Reviews) allowStricter(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	r, err := s.resources.Resource(ctx, c.Subject)
	if err != nil {
		return err
	}
	act.Results["resource"], act.Results["version"] = r.ID, r.Published
	return s.store.InsertLeave(ctx, Leave{ID: act.ID, Resource: r.ID, Version: r.Published,
		Attribute: Attribute(procedure.Text(c.Facts["attribute_wanted"])),
		Removed:   procedure.Texts(c.Facts["removed_purposes"]), Case: c.ID, At: act.At})
}

// attributeReviewed refuses to file or publish an entry that is stricter than
// the published one without the authority's review with reasons (CN-15.1).
func (s *Reviews) attributeReviewed(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	v, r, err := versionOf(ctx, s.resources, c)
	if err != nil || r.Published == 0 {
		return err
	}
	old, err := s.resources.Version(ctx, r.ID, r.Published)
	if err != nil {
		return err
	}
	stricter, removed := Stricter(old.Entry, v.Entry)
	if !stricter {
		return nil
	}
	leaves, err := s.store.Leaves(ctx, r.ID, r.Published)
	if err != nil {
		return err
	}
	covered := slices.ContainsFunc(leaves, func(l Leave) bool {
		outside := func(p string) bool { return !slices.Contains(l.Removed, p) }
		return l.Attribute == v.Entry.Attribute && !slices.ContainsFunc(removed, outside)
	})
	if covered {
		return nil
	}
	message := "共享属性比已发布的版本更严,应先办理共享属性从严变更审核"
	if len(removed) > 0 {
		message = "减少了使用用途“" + strings.Join(removed, "、") + "”,应先办理共享属性从严变更审核"
	}
	return fault.New(fault.Illegal, "attribute_not_reviewed", message).Under("CN-15.1").With("published", string(old.Entry.Attribute))
}
