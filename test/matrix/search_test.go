package matrix

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// move is one step of a path.
type move struct {
	action, relation string
	fields           map[string]any
}

// path leads to a stage: the facts a case is prepared with, and the steps.
type path struct {
	facts map[string]any
	moves []move
}

// value makes a legal value of a field's type.
func value(f rulebook.Field) any {
	switch f.Type {
	case rulebook.Date:
		return "2026-12-31"
	case rulebook.Integer:
		return float64(max(f.Min, 1))
	case rulebook.Boolean:
		return true
	case rulebook.Choice:
		return slices.Sorted(maps.Keys(f.Options))[0]
	case rulebook.TextList:
		return []any{"甲"}
	case rulebook.ID:
		return ident.New()
	case rulebook.IDList:
		return []any{ident.New()}
	case rulebook.Object:
		return []any{}
	case rulebook.Digest:
		return strings.Repeat("ab", 32)
	}
	return strings.Repeat("文", max(f.Min, 2))
}

// fill brings everything an action asks for.
func fill(p *rulebook.Procedure, a rulebook.Action) map[string]any {
	fields := map[string]any{}
	for _, name := range slices.Concat(a.Requires, a.Needs) {
		fields[name] = value(p.Fields[name])
	}
	if f, ok := p.Fields[procedure.ExtensionDays]; ok && slices.Contains(slices.Concat(a.Optional, a.Needs, a.Requires), f.ID) && extends(p, a.ID) {
		fields[f.ID] = value(f)
	}
	return fields
}

// extends tells whether the action extends a clock.
func extends(p *rulebook.Procedure, action string) bool {
	for _, k := range p.Clocks {
		if slices.Contains(k.Extends, action) {
			return true
		}
	}
	return false
}

// decisive lists the choice fields that conditions of actions or clocks go by.
func decisive(p *rulebook.Procedure) []string {
	set := map[string]bool{}
	for _, a := range p.Actions {
		for f := range a.When {
			set[f] = true
		}
	}
	for _, k := range p.Clocks {
		for _, t := range k.Terms {
			for f := range t.When {
				set[f] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// variants gives every combination of values of the fields named.
func variants(p *rulebook.Procedure, names []string) []map[string]any {
	out := []map[string]any{{}}
	for _, name := range names {
		var grown []map[string]any
		for _, base := range out {
			for _, option := range slices.Sorted(maps.Keys(p.Fields[name].Options)) {
				next := maps.Clone(base)
				next[name] = option
				grown = append(grown, next)
			}
		}
		out = grown
	}
	return out
}

// paths finds a shortest way to every stage, breadth first over the pure
// kernel. A stage that no legal sequence reaches fails the test.
func paths(t *testing.T, rules *rulebook.Rules, cal procedure.Calendar, p *rulebook.Procedure) map[string]path {
	t.Helper()
	type node struct {
		c procedure.Case
		path
	}
	names := decisive(p)
	var queue []node
	for _, facts := range variants(p, names) {
		queue = append(queue, node{c: procedure.Case{ID: ident.New(), Procedure: p.ID, Region: "130102", Parties: map[string]string{},
			Facts: maps.Clone(facts), Clocks: map[string]procedure.ClockState{}, Taken: map[string]int{}}, path: path{facts: facts}})
	}
	found, seen := map[string]path{}, map[string]bool{}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, id := range slices.Sorted(maps.Keys(p.Actions)) {
			a := p.Actions[id]
			mine := slices.DeleteFunc(slices.Clone(names), func(f string) bool { return !slices.Contains(slices.Concat(a.Requires, a.Optional, a.Needs), f) })
			for _, chosen := range variants(p, mine) {
				fields := fill(p, a)
				maps.Copy(fields, chosen)
				next, _, err := procedure.Apply(rules, cal, &n.c, procedure.Step{Action: id, At: morning, Fields: fields,
					Actor: procedure.Actor{Relations: []string{a.By[0]}}})
				if err != nil {
					continue
				}
				key := state(next, names)
				if seen[key] {
					continue
				}
				seen[key] = true
				to := path{facts: n.facts, moves: append(slices.Clone(n.moves), move{id, a.By[0], fields})}
				if _, ok := found[next.Stage]; !ok {
					found[next.Stage] = to
				}
				if next.Open() && len(to.moves) < 25 {
					queue = append(queue, node{*next, to})
				}
			}
		}
	}
	for stage := range p.Stages {
		if _, ok := found[stage]; !ok {
			t.Errorf("%s: no legal sequence of steps reaches the stage %s", p.ID, stage)
		}
	}
	return found
}

// state is what decides what is legal next.
func state(c *procedure.Case, names []string) string {
	facts := map[string]any{}
	for _, f := range names {
		facts[f] = c.Facts[f]
	}
	var once []string
	for a, n := range c.Taken {
		if n > 0 {
			once = append(once, a)
		}
	}
	slices.Sort(once)
	b, err := json.Marshal([]any{c.Stage, facts, once})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// declared is the obvious oracle: does the rulebook let this relation take
// this action now?
func declared(a rulebook.Action, relation string, c *procedure.Case) bool {
	return slices.Contains(a.By, relation) && c.Open() && !a.Opens && slices.Contains(a.From, c.Stage) &&
		(!a.Once || c.Taken[a.ID] == 0) && rulebook.Holds(a.When, c.Facts)
}

var morning = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

func sentence(stage, action, relation string) string {
	return fmt.Sprintf("stage %s, action %s by %s", stage, action, relation)
}
