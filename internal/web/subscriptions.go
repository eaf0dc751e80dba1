package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/notice"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerSubscriptions(h *handlers, api huma.API) {
	const tag = "工作台"
	register(api, http.MethodGet, "/api/v1/notice-subscriptions", "listNoticeSubscriptions", tag, "本部门的通知订阅", h.subscriptions)
	register(api, http.MethodPost, "/api/v1/notice-subscriptions", "subscribeNotices", tag, "订阅通知", h.subscribe, status(http.StatusCreated),
		note("由本部门共享工作机构负责人或者平台管理员办理。消息推送的签名密钥只在本应答中给出一次。"))
	register(api, http.MethodDelete, "/api/v1/notice-subscriptions/{id}", "unsubscribeNotices", tag, "取消通知订阅", h.unsubscribe)
	register(api, http.MethodGet, "/api/v1/notice-deliveries", "listNoticeDeliveries", tag, "通知的送达情况", h.deliveries,
		note("最新的在前；state=dead 为多次未送达而放弃的。"))
	register(api, http.MethodPost, "/api/v1/notice-deliveries/{id}/retry", "retryNoticeDelivery", tag, "重新发送未送达的通知", h.retryDelivery)
}

func (h *handlers) subscriptions(ctx context.Context, _ *struct{}) (*reply[wire.NoticeSubscriptionList], error) {
	subs, err := h.Notices.Subscriptions(ctx, principal(ctx))
	if err != nil {
		return nil, err
	}
	return &reply[wire.NoticeSubscriptionList]{Body: wire.NoticeSubscriptionList{Items: each(subs, toSubscription)}}, nil
}

type subscribeInput struct{ Body wire.NewNoticeSubscription }

func (h *handlers) subscribe(ctx context.Context, in *subscribeInput) (*reply[wire.NoticeSubscription], error) {
	sub, secret, err := h.Notices.Subscribe(ctx, principal(ctx), notice.ChannelKind(in.Body.Channel), in.Body.Address)
	if err != nil {
		return nil, err
	}
	out := toSubscription(sub)
	out.Secret = secret
	return &reply[wire.NoticeSubscription]{Body: out}, nil
}

func (h *handlers) unsubscribe(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, h.Notices.Unsubscribe(ctx, principal(ctx), in.ID)
}

type deliveriesInput struct {
	State string `query:"state" enum:"waiting,sent,dead" doc:"状态：待发送、已送达、已放弃"`
	After string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) deliveries(ctx context.Context, in *deliveriesInput) (*reply[wire.NoticeDeliveryList], error) {
	ds, err := h.Notices.Deliveries(ctx, principal(ctx), notice.Filter{State: notice.State(in.State), After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return &reply[wire.NoticeDeliveryList]{Body: wire.NoticeDeliveryList{
		Items: each(ds, toDelivery), Next: next(ds, in.Limit, func(d notice.Delivery) string { return d.ID }),
	}}, nil
}

func (h *handlers) retryDelivery(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, h.Notices.Retry(ctx, principal(ctx), in.ID)
}

func toSubscription(s notice.Subscription) wire.NoticeSubscription {
	return wire.NoticeSubscription{ID: s.ID, Channel: string(s.Channel), Address: s.Address, CreatedAt: s.CreatedAt.UTC()}
}

func toDelivery(d notice.Delivery) wire.NoticeDelivery {
	return wire.NoticeDelivery{ID: d.ID, Notice: d.Notice, Subscription: d.Subscription, State: string(d.State), Attempts: d.Attempts,
		NextAt: utcp(d.NextAt), Failure: d.Failure, CreatedAt: d.CreatedAt.UTC(), EndedAt: utcp(d.EndedAt)}
}
