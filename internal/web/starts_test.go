package web

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/web/wire"
	"github.com/shuqiao/shuqiao/law"
)

func releasedLaw(t *testing.T) (*rulebook.Library, []*rulebook.Rulebook) {
	t.Helper()
	names, err := fs.Glob(law.Rulebooks, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var books []*rulebook.Rulebook
	for _, name := range names {
		source, err := law.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := rulebook.Parse(source)
		if err != nil {
			t.Fatal(name, err)
		}
		books = append(books, b)
	}
	return rulebook.NewLibrary(books...), books
}

// A procedure that somebody with an account may open and that has no line in
// the table would be missing from the console without a word.
func TestEveryProcedureThatPeopleOpenHasAForm(t *testing.T) {
	t.Parallel()
	_, books := releasedLaw(t)
	used := map[string]bool{}
	for _, b := range books {
		for id, p := range b.Procedures {
			for _, a := range p.Actions {
				people := slices.ContainsFunc(a.By, func(r string) bool { return r != rulebook.Platform && r != rulebook.Anyone })
				if !a.Opens || !people {
					continue
				}
				form, known := startForms[p.Prepare]
				if !known {
					t.Errorf("%s of %s: no form for %q", id, b.Instrument.Code, p.Prepare)
				}
				used[p.Prepare] = true
				for _, field := range slices.Concat(a.Requires, a.Needs, a.Optional) {
					if field == "subject" || field == "title" || strings.HasPrefix(field, "party_") {
						t.Errorf("%s.%s: the console needs this name for itself", id, field)
					}
				}
				if _, own := p.Parties["consumer"]; slices.Contains(form.choose, "consumer") && !own {
					t.Errorf("%s: no party to choose", id)
				}
			}
			if chapter(b.Instrument.Code, p.Clause) == "" {
				t.Errorf("%s: %s is in no chapter", id, p.Clause)
			}
		}
	}
	for prepare := range startForms {
		if !used[prepare] {
			t.Errorf("%s: a form that nothing uses", prepare)
		}
	}
}

func startsFor(t *testing.T, p org.Principal) map[string]wire.Start {
	t.Helper()
	library, _ := releasedLaw(t)
	now := time.Date(2026, 1, 5, 2, 0, 0, 0, time.UTC)
	h := &handlers{Deps: Deps{Law: library, Clock: clock.NewFake(now)}}
	got, err := h.starts(context.WithValue(context.Background(), principalKey{}, p), nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]wire.Start{}
	for _, s := range got.Body.Items {
		out[s.Procedure+"/"+s.Action.ID] = s
	}
	return out
}

func person(territory string, roles ...org.Role) org.Principal {
	return org.Principal{Person: org.Person{ID: "p1", Roles: roles}, Territory: territory,
		Department: org.Department{ID: "d1", Region: "130100"}}
}

func TestStartsFollowTheRoles(t *testing.T) {
	t.Parallel()
	clerk := startsFor(t, person("", org.Clerk))
	authority := startsFor(t, person("130100", org.Supervisor))
	outside := startsFor(t, person("", org.Supervisor)) // the role alone makes nobody an authority
	for id, want := range map[string]struct{ clerk, authority bool }{
		"incident/report_incident":        {true, false},
		"contractor/draft":                {true, false},
		"collection_plan/draft":           {true, false},
		"correction/report":               {true, false},
		"violation_report/file":           {true, true},
		"inspection/plan":                 {false, true},
		"circular/draft":                  {false, true},
		"circular/propose":                {false, false}, // the platform's
		"complaint/lodge":                 {false, false}, // the public's
		"collection_list/derive":          {false, true},
		"platform_integration/register":   {false, false}, // the office head's
		"project_gate/file":               {false, false}, // of a county's rules, which are not in force in a city
		"application_via_authority/draft": {true, false},
	} {
		if _, got := clerk[id]; got != want.clerk {
			t.Errorf("%s for a clerk: %v", id, got)
		}
		if _, got := authority[id]; got != want.authority {
			t.Errorf("%s for an authority's supervisor: %v", id, got)
		}
		if _, got := outside[id]; got {
			t.Errorf("%s for a supervisor without a territory", id)
		}
	}
	incident := clerk["incident/report_incident"]
	if incident.Chapter != "第六章 保障措施" || incident.Subject != "none" || incident.Title != "optional" ||
		len(incident.Action.Fields) != 10 || !strings.Contains(incident.Article, "第三十五条第三款") ||
		!slices.Contains(incident.Who, "事发部门经办人") {
		t.Errorf("%+v", incident)
	}
}

// An authority that drafts for a department names it; a department that drafts
// for itself does not.
func TestStartsAskForTheDepartmentsThatDoNotFollow(t *testing.T) {
	t.Parallel()
	if got := startsFor(t, person("", org.Clerk))["application_via_authority/draft"].Parties; len(got) != 0 {
		t.Errorf("%v", got)
	}
	got := startsFor(t, person("130100", org.Supervisor))
	for id, want := range map[string]wire.StartParty{
		"application_via_authority/draft_for": {Party: "consumer", Label: "需求部门"},
		"inspection/plan":                     {Party: "department", Label: "被检查部门"},
		"library/establish":                   {Party: "lead", Label: "牵头部门"},
	} {
		if !slices.Equal(got[id].Parties, []wire.StartParty{want}) {
			t.Errorf("%s: %v", id, got[id].Parties)
		}
	}
}
