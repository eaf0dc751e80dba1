package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerClocks(h *handlers, api huma.API) {
	register(api, http.MethodGet, "/api/v1/clocks", "listClocks", "工作台", "辖区内逾期和即将到期的期限", h.clocks,
		note("供主管部门的审核人员和审计人员查看；最先到期的在前（CN-29.1）。"))
}

type clocksInput struct {
	Overdue string `query:"overdue" enum:"true,false" doc:"true：只列逾期的；false：只列即将到期的；缺省：都列"`
	Within  int    `query:"within" minimum:"0" maximum:"60" default:"3" doc:"即将到期：多少个工作日之内"`
	After   string `query:"after" maxLength:"160" doc:"上一页的 next"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) clocks(ctx context.Context, in *clocksInput) (*reply[wire.TerritoryClockList], error) {
	q := casework.ClockQuery{WorkingDays: in.Within, After: in.After, Limit: in.Limit}
	if in.Overdue != "" {
		overdue := in.Overdue == "true"
		q.Overdue = &overdue
	}
	lines, err := h.Cases.Clocks(ctx, principal(ctx), q)
	if err != nil {
		return nil, err
	}
	return &reply[wire.TerritoryClockList]{Body: wire.TerritoryClockList{
		Items: each(lines, toTerritoryClock), Next: next(lines, in.Limit, casework.ClockLine.Cursor),
	}}, nil
}

func toTerritoryClock(l casework.ClockLine) wire.TerritoryClock {
	return wire.TerritoryClock{
		Case: l.Case, Number: l.Number, Title: l.Title, Procedure: l.Procedure, ProcedureName: l.ProcedureName,
		Clock: l.Clock, Name: l.Name, Department: l.Department, DepartmentName: l.DepartmentName,
		Relation: l.Relation, RelationName: l.RelationName, Clause: l.Clause, Article: l.Article,
		StartedAt: l.StartedAt.UTC(), Due: l.Due.UTC(), LastDay: l.LastDay, WorkingDaysLeft: l.WorkingDaysLeft,
		Overdue: l.Overdue, Provisional: l.Provisional, ExtendedBy: l.ExtendedBy,
	}
}
