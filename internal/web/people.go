package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerPeople(h *handlers, api huma.API) {
	const tag = "组织"
	register(api, http.MethodGet, "/api/v1/departments/{id}/people", "listPeople", tag, "列出部门的人员", h.people)
	register(api, http.MethodPost, "/api/v1/departments/{id}/people", "createPerson", tag, "开设人员账号", h.createPerson, status(http.StatusCreated))
}

func (h *handlers) people(ctx context.Context, in *ByID) (*reply[wire.PersonList], error) {
	ps, err := h.Org.People(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.PersonList]{Body: wire.PersonList{Items: each(ps, toPerson)}}, nil
}

type createPersonInput struct {
	ByID
	Body wire.NewPerson
}

func (h *handlers) createPerson(ctx context.Context, in *createPersonInput) (*reply[wire.Person], error) {
	person, err := h.Org.RegisterPerson(ctx, principal(ctx), org.Person{
		Department: in.ID, Name: in.Body.Name, Username: in.Body.Username,
		Roles: each(in.Body.Roles, func(r string) org.Role { return org.Role(r) }),
	}, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return &reply[wire.Person]{Body: toPerson(person)}, nil
}

func toPerson(p org.Person) wire.Person {
	return wire.Person{
		ID: p.ID, Department: p.Department, Name: p.Name, Username: p.Username,
		Roles: names(p.Roles), Disabled: p.Disabled, Version: p.Version, CreatedAt: p.CreatedAt.UTC(),
	}
}
