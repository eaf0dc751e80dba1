package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/cart"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Carts keeps what people have put aside to apply for; *cart.Service
// implements it.
type Carts interface {
	View(ctx context.Context, p org.Principal) (cart.Cart, error)
	Put(ctx context.Context, p org.Principal, e cart.Entry) (cart.Line, error)
	Remove(ctx context.Context, p org.Principal, resources ...string) error
	Apply(ctx context.Context, p org.Principal, a cart.Application) ([]casework.View, error)
}

func registerCart(h *handlers, api huma.API) {
	const tag = "目录"
	register(api, http.MethodGet, "/api/v1/cart", "getCart", tag, "本人的数据车", h.cart,
		note("按提供部门分组；每次查看都重新核对各条目现在能否申请。"))
	register(api, http.MethodPut, "/api/v1/cart/entries/{resource}", "putCartEntry", tag, "放入数据车，或者改变所选的内容", h.putCartEntry)
	register(api, http.MethodDelete, "/api/v1/cart/entries/{resource}", "removeCartEntry", tag, "从数据车中取出", h.removeCartEntry)
	register(api, http.MethodDelete, "/api/v1/cart", "clearCart", tag, "清空数据车", h.clearCart)
	register(api, http.MethodPost, "/api/v1/cart/apply", "applyCart", tag, "以数据车提出共享申请", h.applyCart, status(http.StatusCreated),
		note("一张共同的表单，每个目录条目一件申请。全部立案，或者全部不立；有误的字段以 subjects[2].fields.items 的形式一次列出，subjects 给出次序。已申请的从数据车取出。"))
}

func (h *handlers) cart(ctx context.Context, _ *struct{}) (*reply[wire.Cart], error) {
	c, err := h.Carts.View(ctx, principal(ctx))
	if err != nil {
		return nil, err
	}
	return &reply[wire.Cart]{Body: wire.Cart{Entries: c.Entries, Ready: c.Ready, Bound: c.Bound, Purposes: strs(c.Purposes),
		Groups: each(c.Groups, func(g cart.Group) wire.CartGroup {
			return wire.CartGroup{Provider: g.Provider, ProviderName: g.ProviderName, Lines: each(g.Lines, toCartLine)}
		})}}, nil
}

// ByResource names a catalog entry in the path. It is exported because the router
// reads embedded types only if they are.
type ByResource struct {
	Resource string `path:"resource" minLength:"1" maxLength:"64" doc:"目录条目编号"`
}

type putCartEntryInput struct {
	ByResource
	Body wire.CartChoice
}

func (h *handlers) putCartEntry(ctx context.Context, in *putCartEntryInput) (*reply[wire.CartLine], error) {
	b := in.Body
	l, err := h.Carts.Put(ctx, principal(ctx), cart.Entry{Resource: in.Resource, Items: b.Items, Clear: b.ClearItems,
		Method: catalog.Method(b.Method), Mode: sharing.Mode(b.Mode),
		Rows: each(b.Rows, func(c wire.CartCondition) catalog.Condition {
			return catalog.Condition{Item: c.Item, Op: catalog.Op(c.Op), Values: c.Values}
		})})
	if err != nil {
		return nil, err
	}
	return &reply[wire.CartLine]{Body: toCartLine(l)}, nil
}

func (h *handlers) removeCartEntry(ctx context.Context, in *ByResource) (*struct{}, error) {
	return nil, h.Carts.Remove(ctx, principal(ctx), in.Resource)
}

func (h *handlers) clearCart(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, h.Carts.Remove(ctx, principal(ctx))
}

type applyCartInput struct{ Body wire.CartApplication }

func (h *handlers) applyCart(ctx context.Context, in *applyCartInput) (*reply[wire.BulkResults], error) {
	views, err := h.Carts.Apply(ctx, principal(ctx), cart.Application(in.Body))
	if err != nil {
		return nil, err
	}
	out := wire.BulkResults{Items: []wire.BulkResult{}, Done: len(views)}
	for i, v := range views {
		out.Items = append(out.Items, done(i, v))
	}
	return &reply[wire.BulkResults]{Body: out}, nil
}

func toCartLine(l cart.Line) wire.CartLine {
	return wire.CartLine{Resource: l.Resource, Code: l.Code, Name: l.Name, Attribute: string(l.Attribute), Purposes: strs(l.Purposes),
		Methods: names(l.Methods), Ready: l.Ready(), AddedAt: l.AddedAt.UTC(),
		Offered: each(l.Offered, func(x catalog.Item) wire.CartItem {
			return wire.CartItem{Code: x.Code, Name: x.Name, Masked: x.Masked, Attribute: string(x.Attribute)}
		}),
		Choice: wire.CartChoice{Items: l.Items, ClearItems: l.Clear, Method: string(l.Method), Mode: string(l.Mode),
			Rows: each(l.Rows, func(c catalog.Condition) wire.CartCondition {
				return wire.CartCondition{Item: c.Item, Op: string(c.Op), Values: strs(c.Values)}
			})},
		Notes: each(l.Notes, func(n cart.Note) wire.CartNote {
			return wire.CartNote{Field: n.Path, Code: n.Code, Message: n.Message, Basis: n.Basis, Blocks: n.Blocks, About: n.About}
		})}
}
