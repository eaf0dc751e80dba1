package demand

import (
	"context"
	"maps"
	"slices"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// announce puts a demand on the board.
func (s *Service) announce(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	return s.Store.InsertDemand(ctx, Demand{
		ID: c.ID, Number: c.Number, Department: c.Parties["consumer"], Region: c.Region, Name: c.Title,
		Data: procedure.Text(c.Facts["data"]), Items: procedure.Texts(c.Facts["wanted_items"]), Scope: procedure.Text(c.Facts["scope"]),
		Words: procedure.Text(c.Facts["search_words"]), Urgency: procedure.Text(c.Facts["urgency"]), State: Open, AnnouncedAt: act.At})
}

// carried are the fields of a demand that an assignment takes over.
var carried = []string{"data", "wanted_items", "purpose", "basis", "scenario", "scope", "urgency"}

// assign opens the department's own case. What lies outside of what the asker's
// authority oversees goes to the common superior authority first (CN-9).
func (s *Service) assign(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	consumer, provider := c.Parties["consumer"], procedure.Text(act.Fields["assignee"])
	d, err := s.Org.Department(ctx, provider)
	if err != nil {
		return err
	}
	common, err := s.Org.CommonSuperiorAuthority(ctx, consumer, provider)
	if err != nil {
		return err
	}
	action := "assign"
	if common != c.Parties["consumer.authority"] {
		action = "refer"
	}
	fields := map[string]any{"demand": c.ID}
	for _, name := range carried {
		fields[name] = c.Facts[name]
	}
	if opinion := procedure.Text(act.Fields["opinion"]); opinion != "" {
		fields["assigning_opinion"] = opinion
	}
	id, err := s.Cases.OpenAsPlatform(ctx, d.Region, casework.OpenRequest{Procedure: Assignment, Action: action, Subject: c.ID,
		Title: c.Title, Parties: map[string]string{"consumer": consumer, "provider": provider}, Fields: fields})
	if err != nil {
		return err
	}
	act.Results["assignment"] = id
	return s.Store.InsertAssigned(ctx, Assigned{ID: id, Demand: c.ID, Provider: provider, Open: true, CreatedAt: act.At})
}

// answer notes the resource that answers the demand and tells who needs it, with
// what of the demand it covers.
func (s *Service) answer(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	d, err := s.Store.Demand(ctx, c.ID)
	if err != nil {
		return err
	}
	r, err := s.Catalog.Resource(ctx, procedure.Text(act.Fields["resource"]))
	if err != nil {
		return err
	}
	v, err := s.Catalog.Version(ctx, r.ID, r.Published)
	if err != nil {
		return err
	}
	covered, lacking := s.cover(d.Items, v.Entry.Items)
	act.Results["covered"], act.Results["missing"] = sortedKeys(covered), lacking
	d.State, d.Resource = Answered, r.ID
	if err := s.Store.UpdateDemand(ctx, d); err != nil {
		return err
	}
	what := "“" + v.Entry.Name + "”(" + r.Code + ")"
	own := "你部门需要的“" + d.Name + "”已有目录条目" + what + ",可以由本件直接起草共享申请,并请评价是否满足需要"
	if err := s.Cases.Tell(ctx, casework.Telling{Case: c.ID, Subject: about(d), Text: own, Clause: "CN-20.2", To: offices(d.Department)}); err != nil {
		return err
	}
	return s.tellJoined(ctx, d, "你部门也需要的“"+d.Name+"”已有目录条目"+what+",可以申请共享", "CN-20.2")
}

// merge makes the asker and all who joined it join the other demand.
func (s *Service) merge(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	d, err := s.Store.Demand(ctx, c.ID)
	if err != nil {
		return err
	}
	into, err := s.Store.Demand(ctx, procedure.Text(act.Fields["merged_into"]))
	if err != nil {
		return err
	}
	joined, err := s.Store.Joins(ctx, d.ID)
	if err != nil {
		return err
	}
	joined = append(joined, Join{Department: d.Department, Person: act.Person, Note: d.Number, JoinedAt: act.At})
	for _, j := range joined {
		if j.Department == into.Department {
			continue
		}
		j.Demand = into.ID
		if err := s.Store.PutJoin(ctx, j); err != nil {
			return err
		}
	}
	if err := s.tellJoined(ctx, d, "你部门也需要的“"+d.Name+"”已并入"+about(into)+",有了结果再告知", "CN-20.1"); err != nil {
		return err
	}
	at := act.At
	d.State, d.MergedInto, d.ClosedAt = Closed, into.ID, &at
	return s.Store.UpdateDemand(ctx, d)
}

// reopen: the authority goes on looking.
func (s *Service) reopen(ctx context.Context, c *procedure.Case, _ *procedure.Act) error {
	d, err := s.Store.Demand(ctx, c.ID)
	if err != nil {
		return err
	}
	d.State, d.Resource = Open, ""
	return s.Store.UpdateDemand(ctx, d)
}

// outcomes say to those who joined how a demand ended without a resource.
var outcomes = map[string]string{
	"withdraw":        "提出的部门已经撤回,仍需要的可以自行提出",
	"answer_none":     "没有部门掌握,已转入收集安排",
	"answer_withheld": "依法不能共享",
}

// close takes a demand off the board. One that was never announced is not on it.
func (s *Service) close(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	d, err := s.Store.Demand(ctx, c.ID)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	at := act.At
	d.State, d.ClosedAt = Closed, &at
	if err := s.Store.UpdateDemand(ctx, d); err != nil {
		return err
	}
	how, ok := outcomes[act.Action]
	if !ok {
		return nil // they were told when it was answered
	}
	return s.tellJoined(ctx, d, "你部门也需要的“"+d.Name+"”:"+how, act.Clause)
}

func (s *Service) cancelAssignments(ctx context.Context, c *procedure.Case, _ *procedure.Act) error {
	all, err := s.Store.AssignedOf(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if !a.Open {
			continue
		}
		if err := s.Cases.TakeAsPlatform(ctx, a.ID, "cancel", nil); err != nil {
			return err
		}
		a.Open = false
		if err := s.Store.UpdateAssigned(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) reportConfirmed(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	return s.Cases.TakeAsPlatform(ctx, c.Subject, "observe_confirmed", map[string]any{"catalogue_by": act.Fields["catalogue_by"]})
}

// answers says in the demand's words how an assignment ended.
var answers = map[string]string{"decline": "not_mine", "decline_withheld": "withheld", "refuse_assignment": "not_agreed"}

// reportDeclined gives the demand back to the authority, with whom the
// department believes to have the data, or the law that forbids sharing.
func (s *Service) reportDeclined(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	if _, err := s.end(ctx, c.ID); err != nil {
		return err
	}
	fields := map[string]any{"last_answer": answers[act.Action], "reasons": act.Fields["reasons"]}
	for _, name := range []string{"believed_holder", "legal_basis"} {
		if v := act.Fields[name]; v != nil {
			fields[name] = v
		}
	}
	return s.Cases.TakeAsPlatform(ctx, c.Subject, "observe_declined", fields)
}

func (s *Service) reportCatalogued(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	if _, err := s.end(ctx, c.ID); err != nil {
		return err
	}
	return s.Cases.TakeAsPlatform(ctx, c.Subject, "observe_catalogued", map[string]any{"resource": act.Fields["resource"]})
}

func (s *Service) end(ctx context.Context, id string) (Assigned, error) {
	a, err := s.Store.Assigned(ctx, id)
	if err != nil {
		return a, err
	}
	a.Open = false
	return a, s.Store.UpdateAssigned(ctx, a)
}

func (s *Service) tellJoined(ctx context.Context, d Demand, text, clause string) error {
	joined, err := s.Store.Joins(ctx, d.ID)
	if err != nil {
		return err
	}
	var to []casework.Turn
	for _, j := range joined {
		to = append(to, offices(j.Department)...)
	}
	// No case: those who joined are no party to it.
	return s.Cases.Tell(ctx, casework.Telling{Subject: about(d), Text: text, Clause: clause, To: to})
}

// offices are the people of a department who are told of a demand.
func offices(department string) []casework.Turn {
	return []casework.Turn{{Department: department, Relation: "consumer.clerk"}, {Department: department, Relation: "consumer.office_head"}}
}

func about(d Demand) string { return d.Number + "《" + d.Name + "》" }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// moved tells whether somebody else was first: the step is done or void.
func moved(err error) bool {
	return fault.Is(err, "case_closed") || fault.Is(err, "step_not_allowed")
}
