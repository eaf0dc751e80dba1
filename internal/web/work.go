package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerWork(h *handlers, api huma.API) {
	register(api, http.MethodGet, "/api/v1/todos", "listTodos", "工作台", "我的待办", h.todos, note("最紧急的在前。"))
	register(api, http.MethodGet, "/api/v1/notices", "listNotices", "工作台", "我的通知", h.notices, note("最新的在前。"))
}

type limitInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) todos(ctx context.Context, in *limitInput) (*reply[wire.TodoList], error) {
	todos, err := h.Cases.Todos(ctx, principal(ctx), in.Limit)
	if err != nil {
		return nil, err
	}
	return &reply[wire.TodoList]{Body: wire.TodoList{Items: each(todos, toTodo)}}, nil
}

func (h *handlers) notices(ctx context.Context, in *limitInput) (*reply[wire.NoticeList], error) {
	notices, err := h.Cases.Notices(ctx, principal(ctx), in.Limit)
	if err != nil {
		return nil, err
	}
	return &reply[wire.NoticeList]{Body: wire.NoticeList{Items: each(notices, toNotice)}}, nil
}

func toTodo(t casework.TodoView) wire.Todo {
	return wire.Todo{
		Case: toCase(t.Case), ProcedureName: t.ProcedureName, StageName: t.StageName,
		Relation: t.Relation, RelationName: t.RelationName,
		Due: utcp(t.Due), LastDay: t.LastDay, WorkingDaysLeft: t.WorkingDaysLeft,
		Overdue: t.Overdue, Provisional: t.Provisional, Clause: t.Clause, Article: t.Article,
	}
}

func toNotice(n casework.Notice) wire.Notice {
	return wire.Notice{
		ID: n.ID, Case: n.Case, Relation: n.Relation, Text: n.Text,
		Clause: n.Clause, Due: utcp(n.Due), At: n.At.UTC(),
	}
}
