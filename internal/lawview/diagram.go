package lawview

import (
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// reserved are the words that mean something to Mermaid and cannot name a
// state.
var reserved = []string{"end", "state", "note", "class", "classdef", "default", "direction", "style", "fork", "join", "choice", "as"}

func stateID(id string) string {
	if slices.Contains(reserved, strings.ToLower(id)) {
		return id + "_"
	}
	return id
}

// plain takes out of a label what Mermaid reads as syntax.
var plain = strings.NewReplacer(":", "\uff1a", ";", "\uff1b", "#", "\uff03", `"`, "'", "\n", " ",
	"[", "\u3014", "]", "\u3015", "{", "\u3014", "}", "\u3015", "<", "\u3008", ">", "\u3009", "%", "\uff05")

// Diagram draws a procedure as a Mermaid state diagram: stages in the order in
// which a case can reach them, each step with its clause. Steps that leave a
// case where it is are not drawn.
func Diagram(p rulebook.Procedure) string {
	var out strings.Builder
	out.WriteString("stateDiagram-v2\n")
	order := stageOrder(p)
	for _, id := range order {
		out.WriteString("    state \"" + plain.Replace(p.Stages[id].Name) + "\" as " + stateID(id) + "\n")
	}
	edge := func(from, to string, a rulebook.Action) {
		out.WriteString("    " + from + " --> " + to + ": " + plain.Replace(a.Name) + " " + a.Clause + "\n")
	}
	for _, id := range sorted(p.Actions) {
		if a := p.Actions[id]; a.Opens {
			edge("[*]", stateID(a.To), a)
		}
	}
	for _, from := range order {
		for _, id := range sorted(p.Actions) {
			if a := p.Actions[id]; a.To != "" && a.To != from && slices.Contains(a.From, from) {
				edge(stateID(from), stateID(a.To), a)
			}
		}
		if p.Stages[from].Final {
			out.WriteString("    " + stateID(from) + " --> [*]\n")
		}
	}
	return out.String()
}

// stageOrder lists the stages as a case meets them, final ones last.
func stageOrder(p rulebook.Procedure) []string {
	var order []string
	meet := func(id string) {
		if id != "" && !slices.Contains(order, id) {
			order = append(order, id)
		}
	}
	for _, id := range sorted(p.Actions) {
		if p.Actions[id].Opens {
			meet(p.Actions[id].To)
		}
	}
	for i := 0; i < len(order); i++ {
		for _, id := range sorted(p.Actions) {
			if slices.Contains(p.Actions[id].From, order[i]) {
				meet(p.Actions[id].To)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b string) int {
		switch fa, fb := p.Stages[a].Final, p.Stages[b].Final; {
		case fa == fb:
			return 0
		case fb:
			return -1
		}
		return 1
	})
	return order
}
