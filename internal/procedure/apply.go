package procedure

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Apply takes one step: it gives the next case and the act, or a refusal that
// names the clause. The case given is not changed. A new case (Version 0)
// takes an opening action.
//
// Refusals, in the order they are looked for: "case_closed",
// "changed_meanwhile", "action_unknown", "actor_not_entitled",
// "already_done", "step_not_allowed", "condition_not_met", "fields_invalid".
func Apply(rules *rulebook.Rules, cal Calendar, c *Case, step Step) (*Case, *Act, error) {
	p, err := rules.Procedure(c.Procedure)
	if err != nil {
		return nil, nil, err
	}
	a, relation, err := legal(p, c, step)
	if err != nil {
		return nil, nil, err
	}
	fields, err := checkFields(p, a, step.Fields, c.Facts)
	if err != nil {
		return nil, nil, err
	}
	next := c.clone()
	next.RulesKey = rules.Key
	next.Version++
	next.MovedAt = step.At
	if next.Version == 1 {
		next.OpenedAt = step.At
	}
	if a.To != "" {
		next.Stage = a.To
	}
	next.Taken[a.ID]++
	maps.Copy(next.Facts, fields)
	if p.Stages[next.Stage].Final {
		at := step.At
		next.ClosedAt = &at
	}
	if err := next.runClocks(rules, p, cal, a, fields, step.At); err != nil {
		return nil, nil, err
	}
	act := &Act{
		ID: ident.New(), Case: c.ID, Version: next.Version, Procedure: c.Procedure, RulesKey: rules.Key,
		Action: a.ID, Clause: a.Clause,
		Person: step.Actor.Person, System: step.Actor.System, Department: step.Actor.Department,
		Relation: relation, At: step.At, From: c.Stage, To: next.Stage, Fields: fields, Results: map[string]any{},
	}
	return next, act, nil
}

// legal finds the action and the relation the actor takes it in.
func legal(p *rulebook.Procedure, c *Case, step Step) (rulebook.Action, string, error) {
	none := rulebook.Action{}
	a, ok := p.Actions[step.Action]
	if !ok {
		return none, "", fault.Newf(fault.Invalid, "action_unknown", "“%s”没有“%s”这一步", p.Name, step.Action).Under(p.Clause)
	}
	if step.Expect != 0 && step.Expect != c.Version {
		return none, "", Changed(c)
	}
	relation, entitled := entitled(a, step.Actor)
	if !entitled {
		return none, "", fault.Newf(fault.Forbidden, "actor_not_entitled", "“%s”应由%s办理", a.Name, relationNames(p, a.By)).
			Under(a.Clause).With("may_act", a.By)
	}
	if !c.Open() && c.Version > 0 {
		return none, "", fault.Newf(fault.Illegal, "case_closed", "本件已办结(%s),不能再“%s”", p.Stages[c.Stage].Name, a.Name).
			Under(a.Clause).With("stage", c.Stage)
	}
	if a.Once && c.Taken[a.ID] > 0 {
		msg := a.Again
		if msg == "" {
			msg = "“" + a.Name + "”只能办理一次"
		}
		return none, "", fault.New(fault.Illegal, "already_done", msg).Under(a.Clause).With("stage", c.Stage)
	}
	if a.Opens != (c.Version == 0) || !a.Opens && !slices.Contains(a.From, c.Stage) {
		return none, "", fault.Newf(fault.Illegal, "step_not_allowed", "本件现处于“%s”阶段,不能“%s”", p.Stages[c.Stage].Name, a.Name).
			Under(a.Clause).With("stage", c.Stage).With("legal_from", a.From)
	}
	if !rulebook.Holds(a.When, c.Facts) {
		return none, "", fault.Newf(fault.Illegal, "condition_not_met", "本件不具备“%s”的前提", a.Name).
			Under(a.Clause).With("when", a.When)
	}
	return a, relation, nil
}

// Changed is the refusal for a case that moved on under the actor's eyes.
func Changed(c *Case) *fault.Fault {
	return fault.New(fault.Conflict, "changed_meanwhile", "本件已被他人先行办理,请查看最新进展后再办").
		With("stage", c.Stage).With("version", c.Version)
}

func entitled(a rulebook.Action, actor Actor) (string, bool) {
	for _, r := range a.By {
		if slices.Contains(actor.Relations, r) {
			return r, true
		}
	}
	return "", false
}

// Legal lists the actions that an actor with these relations may take now, in
// the rulebook's stable order.
func Legal(p *rulebook.Procedure, c *Case, actor Actor) []rulebook.Action {
	var out []rulebook.Action
	for _, id := range sortedNames(p.Actions) {
		if a, _, err := legal(p, c, Step{Action: id, Actor: actor}); err == nil {
			out = append(out, a)
		}
	}
	return out
}

var roleNames = map[string]string{
	"clerk": "经办人", "office_head": "共享工作机构负责人", "department_head": "部门负责人",
	"engineer": "系统对接人员", "auditor": "审计人员",
}

// RelationName is a relation in words: 提供部门共享工作机构负责人.
func RelationName(p *rulebook.Procedure, relation string) string {
	switch relation {
	case rulebook.Platform:
		return "平台"
	case rulebook.CommonSuperior:
		return "共同的上级主管部门"
	case rulebook.Anyone:
		return "任何人"
	}
	party, role := rulebook.SplitRelation(relation)
	if rulebook.Computed(party) {
		return PartyName(p, party)
	}
	return p.Parties[party] + roleNames[role]
}

// PartyName is a party in words: 提供部门, 提供部门的同级主管部门.
func PartyName(p *rulebook.Procedure, party string) string {
	if party == rulebook.CommonSuperior {
		return "共同的上级主管部门"
	}
	if of, ok := strings.CutSuffix(party, rulebook.AuthoritySuffix); ok {
		return p.Parties[of] + "的同级主管部门"
	}
	if of, ok := strings.CutSuffix(party, rulebook.SuperiorSuffix); ok {
		return p.Parties[of] + "的上级主管部门"
	}
	return p.Parties[party]
}

func relationNames(p *rulebook.Procedure, relations []string) string {
	names := make([]string, len(relations))
	for i, r := range relations {
		names[i] = RelationName(p, r)
	}
	return strings.Join(names, "或")
}

func (c *Case) clone() *Case {
	n := *c
	n.Parties = cloneMap(c.Parties)
	n.Facts = cloneMap(c.Facts)
	n.Clocks = cloneMap(c.Clocks)
	n.Taken = cloneMap(c.Taken)
	return &n
}

func cloneMap[V any](m map[string]V) map[string]V {
	out := make(map[string]V, len(m)+1)
	maps.Copy(out, m)
	return out
}

// runClocks stops, starts and extends the case's clocks for an action. A
// clock that an action both stops and starts is started afresh.
func (c *Case) runClocks(rules *rulebook.Rules, p *rulebook.Procedure, cal Calendar, a rulebook.Action, fields map[string]any, at time.Time) error {
	for _, id := range sortedNames(p.Clocks) {
		k := p.Clocks[id]
		state, have := c.Clocks[id]
		if have && state.Running() && (slices.Contains(k.Stops, a.ID) || !c.Open()) {
			stopped := at
			state.StoppedAt = &stopped
			c.Clocks[id] = state
		}
		if slices.Contains(k.Extends, a.ID) && have {
			extended, err := extend(rules, cal, k, state, fields, c.Facts, a)
			if err != nil {
				return err
			}
			c.Clocks[id] = extended
		}
		if slices.Contains(k.Starts, a.ID) {
			t, ok := rules.ClockTerm(k, c.Facts)
			if !ok {
				continue
			}
			from, err := CountedFrom(k, c.Facts, at)
			if err != nil {
				return err
			}
			due := cal.Due(from, t.Length, string(t.Unit))
			if k.LastDayField != "" {
				from = at // the order's term runs from the order
			}
			c.Clocks[id] = ClockState{Term: t.ID, Clause: t.Clause, StartedAt: from, Due: due.At, LastDay: due.LastDay,
				WorkingDays: due.WorkingDays, Provisional: due.Provisional}
		}
	}
	return nil
}

// CountedFrom gives the instant that a clock counts from: the starting act, the
// day a date field holds, or the day before the last day that a field holds.
func CountedFrom(k rulebook.Clock, facts map[string]any, at time.Time) (time.Time, error) {
	day, back := Text(facts[k.FromField]), 0
	if last := Text(facts[k.LastDayField]); last != "" {
		day, back = last, 1
	}
	if day == "" {
		return at, nil
	}
	parsed, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return at, err
	}
	// Noon of that day, in the region's zone: any instant of it counts alike.
	return time.Date(parsed.Year(), parsed.Month(), parsed.Day()-back, 4, 0, 0, 0, time.UTC), nil
}

// ExtensionDays is the field by which an extending action says how long.
const ExtensionDays = "extension_days"

// extend adds to the original end: not to the day the extension was granted
// (CN-21.1).
func extend(rules *rulebook.Rules, cal Calendar, k rulebook.Clock, s ClockState, fields, facts map[string]any, a rulebook.Action) (ClockState, error) {
	t, ok := rules.Term(s.Term)
	if !ok || t.Extension == nil {
		return s, fault.Newf(fault.Illegal, "term_not_extensible", "“%s”不能延长", k.Name).Under(s.Clause)
	}
	if s.ExtendedBy > 0 {
		return s, fault.Newf(fault.Illegal, "already_extended", "“%s”已延长过一次", k.Name).Under(t.Extension.Clause)
	}
	days, ok := fields[ExtensionDays].(int)
	if !ok {
		days, ok = asInt(facts[ExtensionDays])
	}
	if !ok || days < 1 || days > t.Extension.Length {
		var faults fault.Collector
		faults.Add("fields."+ExtensionDays, "range", "延长的期限最长不得超过法定上限", t.Extension.Clause)
		return s, faults.Err("fields_invalid", "延长的期限不符合规定", a.Clause)
	}
	due := cal.Extend(DueDate{At: s.Due, LastDay: s.LastDay, WorkingDays: s.WorkingDays, Provisional: s.Provisional}, days, string(t.Extension.Unit))
	s.Due, s.LastDay, s.Provisional = due.At, due.LastDay, due.Provisional
	s.WorkingDays = due.WorkingDays
	s.ExtendedBy = days
	return s, nil
}

func asInt(v any) (int, bool) {
	switch x := v.(type) {
	case int:
		return x, true
	case float64: // after a round trip through JSON
		return int(x), x == float64(int(x))
	}
	return 0, false
}

// Replay rebuilds a case from its seed (the case before its first act) and its
// acts, under the rules each act was taken under.
func Replay(rulesByKey func(key string) (*rulebook.Rules, error), cal Calendar, seed *Case, acts []Act) (*Case, error) {
	c := seed
	for _, act := range acts {
		rules, err := rulesByKey(act.RulesKey)
		if err != nil {
			return nil, err
		}
		next, _, err := Apply(rules, cal, c, Step{Action: act.Action, At: act.At, Fields: act.Fields,
			Actor: Actor{Person: act.Person, System: act.System, Department: act.Department, Relations: []string{act.Relation}}})
		if err != nil {
			return nil, err
		}
		c = next
	}
	return c, nil
}
