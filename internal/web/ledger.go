package web

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/web/wire"
	"github.com/shuqiao/shuqiao/internal/witness"
)

// The ledger is public: entries hold digests and metadata, never personal
// data. Hashes, proofs and checkpoints are for everybody, one entry for whoever
// was given its UUID; all entries, from which one sees who asks whom how often,
// only where the operator opens them (see ledger_tiles.go).
func registerLedger(h *handlers, api huma.API) {
	const tag = "存证"
	register(api, http.MethodGet, "/ledger/v1/checkpoint", "ledgerCheckpoint", tag, "最新的签名检查点", h.checkpoint, public,
		plainText, note("C2SP tlog-checkpoint 文本,附已取得的见证联署(C2SP tlog-cosignature)。日志的瓦片在 /ledger/v1/tile/ 之下(C2SP tlog-tiles),见 docs/proofs.md。"))
	register(api, http.MethodGet, "/ledger/v1/witnessed/checkpoint", "ledgerWitnessedCheckpoint", tag, "达到见证法定数的最新检查点", h.witnessedCheckpoint, public,
		plainText, missing, note("没有配置见证方或尚未达到法定数时为 404。瓦片在 /ledger/v1/witnessed/tile/ 之下。"))
	register(api, http.MethodGet, "/ledger/v1/witnesses", "ledgerWitnesses", tag, "各见证方与本日志是否一致", h.witnesses, public)
	register(api, http.MethodGet, "/ledger/v1/key", "ledgerKey", tag, "检查点的验证公钥", h.ledgerKey, public,
		plainText, note("即 ledger.pub；请经另外的途径核对。"))
	register(api, http.MethodGet, "/ledger/v1/entries/{id}/receipt", "ledgerReceipt", tag, "一条存证的凭据", h.receipt, public, receiptSchema,
		note("存证原文、包含证明与签名检查点；用 shuqiao proof verify 离线验证。无需登录：存证只含摘要与元数据，且只能凭编号查询。"))
	register(api, http.MethodGet, "/ledger/v1/entries/{id}/tlog-proof", "ledgerTlogProof", tag, "一条存证的凭据(C2SP tlog-proof 文本)", h.tlogProof, public, plainText,
		note("与凭据内容相同的文本格式,存证原文在 extra 一行;用 shuqiao proof verify 或任何支持该格式的工具验证。"))
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

// missing declares the 404 of an operation whose path has no parameter.
func missing(o *huma.Operation) {
	o.Responses["404"] = &huma.Response{Ref: "#/components/responses/" + refusalTexts[http.StatusNotFound].name}
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
	signed, err := h.Ledger.Published(ctx)
	if err != nil {
		return nil, err
	}
	return &rawReply{ContentType: "text/plain; charset=utf-8", Body: signed}, nil
}

func (h *handlers) witnessedCheckpoint(ctx context.Context, _ *struct{}) (*rawReply, error) {
	_, signed, err := h.Ledger.Witnessed(ctx)
	if err != nil {
		return nil, err
	}
	return &rawReply{ContentType: "text/plain; charset=utf-8", Body: signed}, nil
}

func (h *handlers) witnesses(ctx context.Context, _ *struct{}) (*reply[wire.WitnessList], error) {
	list, err := h.Witnesses.Standings(ctx)
	if err != nil {
		return nil, err
	}
	return &reply[wire.WitnessList]{Body: wire.WitnessList{Items: each(list, func(s witness.Standing) wire.WitnessStanding {
		w := wire.WitnessStanding{Witness: s.Witness, Size: s.Size, Diverged: s.Diverged}
		if s.Size > 0 {
			at := s.At.UTC()
			w.At = &at
		}
		if s.Diverged != "" {
			since := s.Since.UTC()
			w.Since = &since
		}
		return w
	})}}, nil
}

func (h *handlers) tlogProof(ctx context.Context, in *ByID) (*rawReply, error) {
	r, err := h.Ledger.Prove(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &rawReply{ContentType: "text/plain; charset=utf-8", Body: r.TlogProof()}, nil
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
