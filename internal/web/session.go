package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerSession(h *handlers, api huma.API) {
	register(api, http.MethodPost, "/api/v1/session", "signIn", "会话", "登录", h.signIn, public,
		note("口令正确而缺少动态口令时，code 为 totp_required。成功时写入会话 Cookie；程序可改用返回的 token。"))
	register(api, http.MethodDelete, "/api/v1/session", "signOut", "会话", "退出登录", h.signOut, public,
		note("总是成功：会话已失效时也清除 Cookie。"))
	register(api, http.MethodGet, "/api/v1/me", "me", "会话", "本人信息", h.me)
	register(api, http.MethodPut, "/api/v1/me/password", "changePassword", "会话", "更换口令", h.changePassword,
		note("成功后本人的全部会话失效，须重新登录。"))
	register(api, http.MethodPost, "/api/v1/me/totp", "enrolTotp", "会话", "绑定动态口令", h.enrolTOTP,
		note("返回 otpauth 地址，供验证器扫描；以一次动态口令确认后生效。"))
	register(api, http.MethodPost, "/api/v1/me/totp/confirm", "confirmTotp", "会话", "确认动态口令", h.confirmTOTP)
}

type signInInput struct{ Body wire.SignIn }

type signInOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      wire.Session
}

func (h *handlers) signIn(ctx context.Context, in *signInInput) (*signInOutput, error) {
	if err := h.signIns.allow(clientAddress(ctx)); err != nil {
		return nil, err
	}
	token, p, err := h.Access.SignIn(ctx, in.Body.Username, in.Body.Password, in.Body.TOTP)
	if err != nil {
		return nil, err
	}
	me := toMe(p)
	return &signInOutput{
		SetCookie: h.cookie(ctx, token),
		Body:      wire.Session{Token: token, Person: me.Person, Department: me.Department, Roles: me.Roles, Territory: me.Territory},
	}, nil
}

// cookie makes the session cookie; an empty token takes it away. It has no
// expiry of its own: how long a session lasts is known to package access alone.
func (h *handlers) cookie(ctx context.Context, token string) http.Cookie {
	c := http.Cookie{
		Name: sessionCookie, Value: token, Path: "/",
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: h.SecureCookies || overTLS(ctx),
	}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}

type signOutOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (h *handlers) signOut(ctx context.Context, _ *struct{}) (*signOutOutput, error) {
	// An empty or dead token too: the cookie is HttpOnly, so that nobody but
	// this answer can take it away.
	if t := token(ctx); t != "" {
		if err := h.Access.SignOut(ctx, t); err != nil {
			return nil, err
		}
	}
	return &signOutOutput{SetCookie: h.cookie(ctx, "")}, nil
}

func (h *handlers) me(ctx context.Context, _ *struct{}) (*reply[wire.Me], error) {
	return &reply[wire.Me]{Body: toMe(principal(ctx))}, nil
}

type changePasswordInput struct{ Body wire.ChangePassword }

func (h *handlers) changePassword(ctx context.Context, in *changePasswordInput) (*signOutOutput, error) {
	if err := h.Access.ChangePassword(ctx, principal(ctx), in.Body.Old, in.Body.New); err != nil {
		return nil, err
	}
	return &signOutOutput{SetCookie: h.cookie(ctx, "")}, nil
}

func (h *handlers) enrolTOTP(ctx context.Context, _ *struct{}) (*reply[wire.TOTPEnrolment], error) {
	uri, err := h.Access.EnrolTOTP(ctx, principal(ctx))
	if err != nil {
		return nil, err
	}
	return &reply[wire.TOTPEnrolment]{Body: wire.TOTPEnrolment{URI: uri}}, nil
}

type confirmTOTPInput struct{ Body wire.ConfirmTOTP }

func (h *handlers) confirmTOTP(ctx context.Context, in *confirmTOTPInput) (*struct{}, error) {
	return nil, h.Access.ConfirmTOTP(ctx, principal(ctx), in.Body.Code)
}

func toMe(p org.Principal) wire.Me {
	return wire.Me{
		Person: toPerson(p.Person), Department: toDepartment(p.Department),
		Roles: names(p.Person.Roles), Territory: p.Territory,
	}
}
