package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerSystems(h *handlers, api huma.API) {
	const tag = "系统"
	register(api, http.MethodGet, "/api/v1/systems", "listSystems", tag, "列出部门的系统", h.systems)
	register(api, http.MethodPost, "/api/v1/systems", "createSystem", tag, "登记系统", h.createSystem, status(http.StatusCreated))
	register(api, http.MethodGet, "/api/v1/systems/{id}", "getSystem", tag, "查询系统", h.system)
	register(api, http.MethodPut, "/api/v1/systems/{id}/mlps", "fileMlps", tag, "备案等保测评", h.fileMLPS,
		note("没有有效的二级以上等保测评，系统不得接入（XN-21）。"))
	register(api, http.MethodPost, "/api/v1/systems/{id}/credentials", "addCredential", tag, "登记系统凭证", h.addCredential,
		status(http.StatusCreated), note("只登记公钥；平台不保存任何私钥。"))
	register(api, http.MethodDelete, "/api/v1/systems/{id}/credentials/{credential}", "revokeCredential", tag, "吊销系统凭证", h.revokeCredential)
}

type systemsInput struct {
	Department string `query:"department" doc:"部门编号；缺省为本部门"`
}

func (h *handlers) systems(ctx context.Context, in *systemsInput) (*reply[wire.SystemList], error) {
	p := principal(ctx)
	department := in.Department
	if department == "" {
		department = p.Department.ID
	}
	ss, err := h.Org.Systems(ctx, p, department)
	if err != nil {
		return nil, err
	}
	return &reply[wire.SystemList]{Body: wire.SystemList{Items: each(ss, toSystem)}}, nil
}

type createSystemInput struct{ Body wire.NewSystem }

func (h *handlers) createSystem(ctx context.Context, in *createSystemInput) (*reply[wire.System], error) {
	p := principal(ctx)
	s := org.System{Department: p.Department.ID, Name: in.Body.Name}
	if in.Body.MLPS != nil {
		m := fromMLPS(*in.Body.MLPS)
		s.MLPS = &m
	}
	return systemReply(h.Org.RegisterSystem(ctx, p, s))
}

func (h *handlers) system(ctx context.Context, in *ByID) (*reply[wire.System], error) {
	return systemReply(h.Org.System(ctx, principal(ctx), in.ID))
}

type fileMLPSInput struct {
	ByID
	Body wire.MLPS
}

func (h *handlers) fileMLPS(ctx context.Context, in *fileMLPSInput) (*reply[wire.System], error) {
	return systemReply(h.Org.FileMLPS(ctx, principal(ctx), in.ID, fromMLPS(in.Body)))
}

type addCredentialInput struct {
	ByID
	Body wire.NewCredential
}

func (h *handlers) addCredential(ctx context.Context, in *addCredentialInput) (*reply[wire.Credential], error) {
	c, err := h.Org.AddCredential(ctx, principal(ctx), in.ID, fromNewCredential(in.Body))
	if err != nil {
		return nil, err
	}
	return &reply[wire.Credential]{Body: toCredential(c)}, nil
}

type credentialInput struct {
	ByID
	Credential string `path:"credential" minLength:"1" maxLength:"64" doc:"凭证编号"`
}

func (h *handlers) revokeCredential(ctx context.Context, in *credentialInput) (*struct{}, error) {
	return nil, h.Org.RevokeCredential(ctx, principal(ctx), in.ID, in.Credential)
}

func systemReply(s org.System, err error) (*reply[wire.System], error) {
	if err != nil {
		return nil, err
	}
	return &reply[wire.System]{Body: toSystem(s)}, nil
}

func toSystem(s org.System) wire.System {
	out := wire.System{
		ID: s.ID, Department: s.Department, Name: s.Name, DisabledAt: utcp(s.DisabledAt),
		Credentials: each(s.Credentials, toCredential), Version: s.Version, CreatedAt: s.CreatedAt.UTC(),
	}
	if m := s.MLPS; m != nil {
		out.MLPS = &wire.MLPS{Level: m.Level, ReportNo: m.ReportNo, AssessedBy: m.AssessedBy, ValidUntil: m.ValidUntil.UTC()}
	}
	return out
}

func toCredential(c org.Credential) wire.Credential {
	return wire.Credential{
		ID: c.ID, System: c.System, Kind: string(c.Kind), Thumb: c.Thumb,
		NotAfter: c.NotAfter.UTC(), RevokedAt: utcp(c.RevokedAt), CreatedAt: c.CreatedAt.UTC(),
	}
}

func fromMLPS(m wire.MLPS) org.MLPS {
	return org.MLPS{Level: m.Level, ReportNo: m.ReportNo, AssessedBy: m.AssessedBy, ValidUntil: m.ValidUntil.UTC()}
}

func fromNewCredential(c wire.NewCredential) org.CredentialInput {
	in := org.CredentialInput{Kind: org.CredentialKind(c.Kind), PEM: c.PEM, JWK: c.JWK}
	if c.NotAfter != nil {
		in.NotAfter = c.NotAfter.UTC()
	}
	return in
}
