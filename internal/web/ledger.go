package web

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// The ledger is public: entries hold digests and metadata, never personal
// data, and an entry is found only by its UUID, which those concerned were
// given. Whoever can ask can also check, which is what a public log is for.
func registerLedger(h *handlers, api huma.API) {
	const tag = "存证"
	register(api, http.MethodGet, "/ledger/v1/checkpoint", "ledgerCheckpoint", tag, "最新的签名检查点", h.checkpoint, public,
		plainText, note("C2SP tlog-checkpoint 文本。"))
	register(api, http.MethodGet, "/ledger/v1/key", "ledgerKey", tag, "检查点的验证公钥", h.ledgerKey, public,
		plainText, note("即 ledger.pub；请经另外的途径核对。"))
	register(api, http.MethodGet, "/ledger/v1/entries/{id}/receipt", "ledgerReceipt", tag, "一条存证的凭据", h.receipt, public, receiptSchema,
		note("存证原文、包含证明与签名检查点；用 shuqiao proof verify 离线验证。无需登录：存证只含摘要与元数据，且只能凭编号查询。"))
	register(api, http.MethodGet, "/ledger/v1/consistency", "ledgerConsistency", tag, "两个检查点之间的一致性证明", h.consistency, public,
		note("RFC 6962 一致性证明。"))
}

// rawReply is a body that is sent byte for byte.
type rawReply struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func plainText(o *huma.Operation) {
	o.Responses["200"] = &huma.Response{
		Description: "OK",
		Content:     map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}
}

func receiptSchema(o *huma.Operation) {
	o.Responses["200"] = &huma.Response{
		Description: "OK",
		Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{
			Type: huma.TypeObject, AdditionalProperties: true, Description: "凭据文件 receipt.json 的内容，应原样保存",
		}}},
	}
}

func (h *handlers) checkpoint(ctx context.Context, _ *struct{}) (*rawReply, error) {
	signed, err := h.Ledger.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	return &rawReply{ContentType: "text/plain; charset=utf-8", Body: signed}, nil
}

func (h *handlers) ledgerKey(context.Context, *struct{}) (*rawReply, error) {
	return &rawReply{ContentType: "text/plain; charset=utf-8", Body: []byte(h.Ledger.PublicKey())}, nil
}

func (h *handlers) receipt(ctx context.Context, in *ByID) (*rawReply, error) {
	r, err := h.Ledger.Prove(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &rawReply{ContentType: "application/json", Body: r.Encode()}, nil
}

type consistencyInput struct {
	From uint64 `query:"from" required:"true" doc:"较小的树的叶子数"`
	To   uint64 `query:"to" required:"true" doc:"较大的树的叶子数"`
}

func (h *handlers) consistency(ctx context.Context, in *consistencyInput) (*reply[wire.ConsistencyProof], error) {
	hashes, err := h.Ledger.Consistency(ctx, in.From, in.To)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ConsistencyProof]{Body: wire.ConsistencyProof{
		From: in.From, To: in.To, Hashes: each(hashes, base64.StdEncoding.EncodeToString),
	}}, nil
}
