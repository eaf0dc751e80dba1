package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerNode(h *handlers, api huma.API) {
	register(api, http.MethodGet, "/healthz", "healthz", "节点", "进程是否存活", h.healthz, public)
	register(api, http.MethodGet, "/readyz", "readyz", "节点", "是否可以服务", h.readyz, public)
	register(api, http.MethodGet, "/api/v1/version", "version", "节点", "版本", h.version, public)
}

func (h *handlers) healthz(context.Context, *struct{}) (*reply[wire.Health], error) {
	return &reply[wire.Health]{Body: wire.Health{Status: "ok"}}, nil
}

func (h *handlers) readyz(ctx context.Context, _ *struct{}) (*reply[wire.Health], error) {
	if err := h.Ready(ctx); fault.Is(err, "not_ready") { // it names the parts
		return nil, err
	} else if err != nil {
		return nil, fault.New(fault.Unavailable, "not_ready", "节点暂时不能服务").Because(err)
	}
	return &reply[wire.Health]{Body: wire.Health{Status: "ok"}}, nil
}

func (h *handlers) version(context.Context, *struct{}) (*reply[wire.Build], error) {
	return &reply[wire.Build]{Body: wire.Build{Version: h.Version, Node: h.Node}}, nil
}
