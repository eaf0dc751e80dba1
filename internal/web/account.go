package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerAccount(h *handlers, api huma.API) {
	register(api, http.MethodGet, "/api/v1/me/totp", "getTotp", "会话", "是否已绑定动态口令", h.totp)
	register(api, http.MethodPost, "/api/v1/me/totp/remove", "removeTotp", "会话", "解除绑定动态口令", h.removeTOTP,
		note("须填写当前的动态口令；设备遗失的，由平台管理员解除。"))
	register(api, http.MethodDelete, "/api/v1/me/sessions", "endSessions", "会话", "结束本人的全部登录", h.endSessions,
		note("包括此次登录；在其他设备上的登录同时失效。"))
	register(api, http.MethodPut, "/api/v1/people/{id}", "editPerson", "组织", "修改人员账号", h.editPerson,
		note("姓名、角色和停用；由平台管理员办理。"))
	register(api, http.MethodDelete, "/api/v1/people/{id}/totp", "resetTotp", "组织", "解除人员的动态口令", h.resetTOTP,
		note("设备遗失时由平台管理员办理；该人员的登录同时失效。"))
}

func (h *handlers) totp(ctx context.Context, _ *struct{}) (*reply[wire.TOTPState], error) {
	enrolled, err := h.Access.TOTPEnrolled(ctx, principal(ctx))
	if err != nil {
		return nil, err
	}
	return &reply[wire.TOTPState]{Body: wire.TOTPState{Enrolled: enrolled}}, nil
}

func (h *handlers) removeTOTP(ctx context.Context, in *confirmTOTPInput) (*struct{}, error) {
	return nil, h.Access.RemoveTOTP(ctx, principal(ctx), in.Body.Code)
}

func (h *handlers) endSessions(ctx context.Context, _ *struct{}) (*signOutOutput, error) {
	if err := h.Access.EndSessions(ctx, principal(ctx)); err != nil {
		return nil, err
	}
	return &signOutOutput{SetCookie: h.cookie(ctx, "")}, nil
}

type editPersonInput struct {
	ByID
	Body wire.EditPerson
}

func (h *handlers) editPerson(ctx context.Context, in *editPersonInput) (*reply[wire.Person], error) {
	person, err := h.Org.UpdatePerson(ctx, principal(ctx), org.Person{
		ID: in.ID, Name: in.Body.Name, Disabled: in.Body.Disabled, Version: in.Body.Version,
		Roles: each(in.Body.Roles, func(r string) org.Role { return org.Role(r) }),
	})
	if err != nil {
		return nil, err
	}
	return &reply[wire.Person]{Body: toPerson(person)}, nil
}

func (h *handlers) resetTOTP(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, h.Access.ResetTOTP(ctx, principal(ctx), in.ID)
}
