package complaint

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Event is one line of what happened to a complaint, without names of people.
type Event struct {
	At   time.Time
	What string
}

// Progress is what the complainant sees.
type Progress struct {
	Number     string
	Kind       string // in words
	Department string // that handles it now
	LodgedAt   time.Time
	Stage      string
	StageName  string
	Closed     bool
	LastDay    string // of the running term; "" when none runs
	Overdue    bool
	Reasons    string // of not accepting it
	Result     string // in words, once answered
	Measures   string
	Reply      string
	Events     []Event
}

// Follow tells the complainant where the complaint stands.
func (s *Service) Follow(ctx context.Context, number, code string) (Progress, error) {
	c, err := s.open(ctx, number, code)
	if err != nil {
		return Progress{}, err
	}
	file, err := s.Files.Case(ctx, c.Case)
	if err != nil {
		return Progress{}, err
	}
	rules, err := s.Rules.ByKey(file.RulesKey)
	if err != nil {
		return Progress{}, err
	}
	proc, err := rules.Procedure(file.Procedure)
	if err != nil {
		return Progress{}, err
	}
	d, err := s.Directory.Department(ctx, c.Handler)
	if err != nil {
		return Progress{}, err
	}
	p := Progress{Number: c.Number, Kind: proc.Fields["kind"].Options[c.Kind], Department: d.Name, LodgedAt: c.CreatedAt,
		Stage: file.Stage, StageName: proc.Stages[file.Stage].Name, Closed: !file.Open()}
	if k, ok := file.Clocks["handling"]; ok && k.Running() {
		p.LastDay, p.Overdue = k.LastDay, !s.Clock.Now().Before(k.Due)
	}
	switch file.Stage { // nothing is shown before it is final
	case "not_accepted":
		p.Reasons = procedure.Text(file.Facts["decline_reasons"])
	case "answered":
		p.Result = proc.Fields["result"].Options[procedure.Text(file.Facts["result"])]
		p.Measures, p.Reply = procedure.Text(file.Facts["measures"]), procedure.Text(file.Facts["reply"])
	}
	p.Events, err = s.events(ctx, file)
	return p, err
}

// events follows the complaint back through the departments that had it.
func (s *Service) events(ctx context.Context, file procedure.Case) ([]Event, error) {
	var out []Event
	for {
		acts, err := s.Files.Acts(ctx, file.ID)
		if err != nil {
			return nil, err
		}
		rules, err := s.Rules.ByKey(file.RulesKey)
		if err != nil {
			return nil, err
		}
		proc, err := rules.Procedure(file.Procedure)
		if err != nil {
			return nil, err
		}
		var here []Event
		for _, a := range acts {
			if a.Action == "rework" { // an inner matter of the department
				continue
			}
			here = append(here, Event{At: a.At, What: proc.Actions[a.Action].Name})
		}
		out = append(here, out...)
		before := procedure.Text(file.Facts["transferred_from"])
		if before == "" {
			return out, nil
		}
		if file, err = s.Files.Case(ctx, before); err != nil {
			return nil, err
		}
	}
}

// SealedRead is the ledger kind of a reading of sealed content: who and which,
// never what.
const SealedRead ledger.Kind = "sealed_read"

// Read opens a complaint for a clerk or head of the department that handles it
// now, and records that it did.
func (s *Service) Read(ctx context.Context, p org.Principal, caseID string) (Content, error) {
	var out Content
	err := s.Store.Do(ctx, func(ctx context.Context) error {
		if _, err := s.Cases.View(ctx, p, caseID); err != nil {
			return err // not theirs to know
		}
		c, err := s.Store.ComplaintOfCase(ctx, caseID)
		if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
			// A transferred case: its complaint is with another department now.
			return notHandler()
		}
		if err != nil {
			return err
		}
		if c.Handler != p.Department.ID || !p.HasAny(org.Clerk, org.OfficeHead, org.DepartmentHead) {
			return notHandler()
		}
		plain, err := s.Sealer.Open(c.Sealed)
		if err != nil {
			return fmt.Errorf("complaint %s: %w", c.ID, err)
		}
		if err := json.Unmarshal(plain, &out); err != nil {
			return fmt.Errorf("complaint %s: sealed content", c.ID)
		}
		_, err = s.Ledger.AppendIn(ctx, ledger.Entry{ID: ident.New(), Kind: SealedRead, At: s.Clock.Now(), Facts: map[string]any{
			"case": caseID, "record": c.ID, "department": p.Department.ID, "person": p.Person.ID, "basis": "CN-37.2"}})
		return err
	})
	if err != nil {
		return Content{}, err
	}
	return out, nil
}

func notHandler() error {
	return fault.New(fault.Forbidden, "not_handler", "投诉举报的内容只限现承办部门的经办人和负责人查看").Under("CN-37.1")
}
