package catalog

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/org"
)

// PublishedItem is a data item of a published entry, as searches across the
// whole catalog see it.
type PublishedItem struct {
	Resource      string
	ResourceName  string
	Provider      string
	Region        string    // provider's region
	Attribute     Attribute // the item's own, else its entry's
	Code          string
	Name          string
	Element       string // standard data element; "": none
	Authoritative bool
}

// Source is the designation of a source department (数源部门, CN-19.2) for one
// standard data element among the departments of one government.
type Source struct {
	ID           string
	Authority    string // department that designated it
	Region       string // the authority's region
	Element      string
	Name         string // of the element, in words
	Department   string // the source department
	Case         string
	DesignatedAt time.Time
	EndedAt      *time.Time // when another took its place
}

// Consultation is the question to one department about a source department.
type Consultation struct {
	Case       string // the consultation's own case
	Of         string // designation case
	Department string
	Opinion    string // "agree", "disagree"; empty: no answer yet
	AnsweredAt *time.Time
}

// SourceStore is what Sources needs kept.
type SourceStore interface {
	ItemsOfElement(ctx context.Context, element string) ([]PublishedItem, error)
	// ItemsWithElement gives the items of a territory that name a standard
	// element, ordered by element.
	ItemsWithElement(ctx context.Context, region string) ([]PublishedItem, error)

	// Source gives the running designation; none is the fault "not_found".
	Source(ctx context.Context, authority, element string) (Source, error)
	// Sources gives the running designations of a territory, by element.
	Sources(ctx context.Context, region string) ([]Source, error)
	// ReplaceSource ends the running designation of the element, if any, and
	// begins this one.
	ReplaceSource(ctx context.Context, s Source) error

	InsertConsultation(ctx context.Context, c Consultation) error
	AnswerConsultation(ctx context.Context, caseID, opinion string, at time.Time) error
	Consultations(ctx context.Context, of string) ([]Consultation, error)
}

// Sources runs the designation of source departments and what follows from it.
type Sources struct {
	store     SourceStore
	resources Store
	org       Departments
	cases     Cases
}

// NewSources makes the service.
func NewSources(store SourceStore, resources Store, o Departments, cases Cases) *Sources {
	return &Sources{store: store, resources: resources, org: o, cases: cases}
}

// Undesignated is a standard element that several departments of one
// government have and for which nobody is designated (CN-19.2, CN-41.1).
type Undesignated struct {
	Element     string
	Departments []string // IDs of the providers, in the order they were met
	Items       []PublishedItem
}

// Undesignated lists the standard elements that several departments of the
// principal's government have without a designated source: the authority's
// open duty. Others than the people of an authority get an empty list.
func (s *Sources) Undesignated(ctx context.Context, p org.Principal) ([]Undesignated, error) {
	if p.Territory == "" {
		return nil, nil
	}
	items, err := s.store.ItemsWithElement(ctx, p.Territory)
	if err != nil {
		return nil, err
	}
	own := s.authorities()
	var out []Undesignated
	for start := 0; start < len(items); {
		end := start
		u := Undesignated{Element: items[start].Element}
		for ; end < len(items) && items[end].Element == u.Element; end++ {
			authority, err := own(ctx, items[end].Provider)
			if err != nil {
				return nil, err
			}
			if authority == p.Department.ID {
				u.Items = append(u.Items, items[end])
				u.Departments = appendNew(u.Departments, items[end].Provider)
			}
		}
		start = end
		if len(u.Departments) < 2 {
			continue
		}
		if _, err := s.store.Source(ctx, p.Department.ID, u.Element); err == nil {
			continue
		} else if !notFound(err) {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}

// Designated lists the running designations of a territory; "" is the
// principal's own region.
func (s *Sources) Designated(ctx context.Context, p org.Principal, region string) ([]Source, error) {
	if region == "" {
		region = p.Department.Region
	}
	return s.store.Sources(ctx, region)
}

// SourceFor gives the source department that is designated for an element
// where a department is; found is false when none is.
func (s *Sources) SourceFor(ctx context.Context, department, element string) (source Source, found bool, err error) {
	authority, err := s.org.SameLevelAuthority(ctx, department)
	if err != nil {
		return Source{}, false, err
	}
	source, err = s.store.Source(ctx, authority, element)
	if notFound(err) {
		return Source{}, false, nil
	}
	return source, err == nil, err
}

// authorities remembers the same-level authorities asked for within one call.
func (s *Sources) authorities() func(ctx context.Context, department string) (string, error) {
	known := map[string]string{}
	return func(ctx context.Context, department string) (string, error) {
		if a, ok := known[department]; ok {
			return a, nil
		}
		a, err := s.org.SameLevelAuthority(ctx, department)
		if err == nil {
			known[department] = a
		}
		return a, err
	}
}

func appendNew(list []string, x string) []string {
	for _, y := range list {
		if x == y {
			return list
		}
	}
	return append(list, x)
}
