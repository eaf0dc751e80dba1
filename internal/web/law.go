package web

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerLaw(h *handlers, api huma.API) {
	register(api, http.MethodGet, "/api/v1/law/procedures", "listProcedures", "法规", "平台执行的流程、期限与条款", h.procedures,
		note("缺省为本部门所属区划此刻施行的规则。"))
}

type proceduresInput struct {
	Region string `query:"region" doc:"区划代码；缺省为本部门所属区划"`
}

func (h *handlers) procedures(ctx context.Context, in *proceduresInput) (*reply[wire.Procedures], error) {
	region := cmp.Or(in.Region, principal(ctx).Department.Region)
	rules, err := h.Law.InForce(region, h.Clock.Now())
	if err != nil {
		return nil, err
	}
	return &reply[wire.Procedures]{Body: toProcedures(region, rules)}, nil
}

// toProcedures writes the books as one: of two that define the same thing the
// senior one is shown, as it is the one that is run.
func toProcedures(region string, rules *rulebook.Rules) wire.Procedures {
	out := wire.Procedures{Region: region, Procedures: []wire.Procedure{}, Terms: []wire.Term{}, Clauses: []wire.Clause{}}
	procedures, terms := map[string]bool{}, map[string]bool{}
	for _, b := range rules.Books {
		for _, id := range slices.Sorted(maps.Keys(b.Procedures)) {
			if !procedures[id] {
				procedures[id] = true
				out.Procedures = append(out.Procedures, toProcedure(id, b.Procedures[id]))
			}
		}
		for _, id := range slices.Sorted(maps.Keys(b.Terms)) {
			if !terms[id] {
				terms[id] = true
				term, _ := rules.Term(id) // what applies here, not what the local text states
				out.Terms = append(out.Terms, toTerm(id, term))
			}
		}
		out.Clauses = append(out.Clauses, each(b.Clauses, func(c rulebook.Clause) wire.Clause {
			return wire.Clause{ID: c.ID, Article: c.Article, Gist: c.Gist}
		})...)
	}
	return out
}

func toProcedure(id string, p rulebook.Procedure) wire.Procedure {
	return wire.Procedure{
		ID: id, Name: p.Name, Clause: p.Clause, Parties: texts(p.Parties),
		Stages: each(slices.Sorted(maps.Keys(p.Stages)), func(id string) wire.Stage {
			s := p.Stages[id]
			return wire.Stage{ID: id, Name: s.Name, Turn: strs(s.Turn), Final: s.Final}
		}),
		Actions: each(slices.Sorted(maps.Keys(p.Actions)), func(id string) wire.LawAction {
			return toLawAction(id, p.Actions[id], p.Fields)
		}),
	}
}

func toLawAction(id string, a rulebook.Action, fields map[string]rulebook.Field) wire.LawAction {
	out := wire.LawAction{
		ID: id, Name: a.Name, Clause: a.Clause, Opens: a.Opens, From: strs(a.From), To: a.To, By: strs(a.By),
		Fields: []wire.FormField{},
	}
	add := func(names []string, required bool) {
		for _, name := range names {
			f := fields[name]
			out.Fields = append(out.Fields, wire.FormField{
				ID: name, Name: f.Name, Type: string(f.Type), Clause: cmp.Or(f.Clause, a.Clause),
				Required: required, Min: f.Min, Max: f.Max, Options: f.Options,
			})
		}
	}
	add(a.Requires, true)
	add(a.Needs, true)
	add(a.Optional, false)
	return out
}

func toTerm(id string, t rulebook.Term) wire.Term {
	out := wire.Term{ID: id, Name: t.Name, Clause: t.Clause, Length: t.Length, Unit: string(t.Unit), From: t.From}
	if t.Extension != nil {
		out.Extension = t.Extension.Length
	}
	return out
}
