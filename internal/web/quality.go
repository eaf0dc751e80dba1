package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/quality"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Quality measures hosted data; *quality.Service implements it.
type Quality interface {
	Report(ctx context.Context, p org.Principal, resource string) (quality.Report, error)
	FileRules(ctx context.Context, p org.Principal, resource string, read int, rules []quality.Rule) (quality.RuleSet, error)
	Measure(ctx context.Context, p org.Principal, resource string) (quality.Run, error)
}

func registerQuality(h *handlers, api huma.API) {
	const tag = "目录"
	register(api, http.MethodGet, "/api/v1/resources/{id}/quality", "getQuality", tag, "查阅数据质量", h.quality,
		note("登录人员都可以查阅得分；只有计数，没有数据值。"))
	register(api, http.MethodPost, "/api/v1/resources/{id}/quality/runs", "runQuality", tag, "检查数据质量", h.runQuality, status(http.StatusCreated),
		note("由提供部门的人员或者同级主管部门的审核人员进行；检查结果存证。"))
	register(api, http.MethodPut, "/api/v1/resources/{id}/quality/rules", "fileQualityRules", tag, "填报质量规则", h.fileQualityRules,
		note("由提供部门共享工作机构填报，每次形成一个新版本。目录条目本身得出的规则不必填报。"))
}

func (h *handlers) quality(ctx context.Context, in *ByID) (*reply[wire.Quality], error) {
	r, err := h.Quality.Report(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := wire.Quality{Rules: toQualityRules(r.Rules), Trend: each(r.Runs, toQualityPoint)}
	if len(r.Runs) > 0 {
		latest := toQualityRun(r.Runs[0])
		out.Latest = &latest
	}
	return &reply[wire.Quality]{Body: out}, nil
}

func (h *handlers) runQuality(ctx context.Context, in *ByID) (*reply[wire.QualityRun], error) {
	r, err := h.Quality.Measure(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.QualityRun]{Body: toQualityRun(r)}, nil
}

type fileQualityRulesInput struct {
	ByID
	Body wire.FileQualityRules
}

func (h *handlers) fileQualityRules(ctx context.Context, in *fileQualityRulesInput) (*reply[wire.QualityRules], error) {
	s, err := h.Quality.FileRules(ctx, principal(ctx), in.ID, in.Body.Version,
		each(in.Body.Rules, func(r wire.QualityRule) quality.Rule {
			return quality.Rule{Kind: quality.Kind(r.Kind), Item: r.Item, Pattern: r.Pattern, Values: r.Values, Min: r.Min, Max: r.Max}
		}))
	if err != nil {
		return nil, err
	}
	return &reply[wire.QualityRules]{Body: toQualityRules(s)}, nil
}

func toQualityRules(s quality.RuleSet) wire.QualityRules {
	return wire.QualityRules{Version: s.Version, FiledAt: filled(s.At), FiledBy: s.By, Rules: each(s.Rules, func(r quality.Rule) wire.QualityRule {
		return wire.QualityRule{Kind: string(r.Kind), Item: r.Item, Pattern: r.Pattern, Values: r.Values, Min: r.Min, Max: r.Max}
	})}
}

func toQualityPoint(r quality.Run) wire.QualityPoint {
	score := func(d quality.Dimension) *float64 {
		if s, measured := r.Result.Scores[d]; measured {
			return &s
		}
		return nil
	}
	return wire.QualityPoint{ID: r.ID, At: r.At.UTC(), EntryVersion: r.Entry, RulesVersion: r.Rules, Rows: r.Result.Rows,
		Scores: wire.QualityScores{Total: r.Result.Total, Completeness: score(quality.Completeness), Validity: score(quality.Validity),
			Uniqueness: score(quality.Uniqueness), Consistency: score(quality.Consistency), Timeliness: score(quality.Timeliness)}}
}

func toQualityRun(r quality.Run) wire.QualityRun {
	return wire.QualityRun{QualityPoint: toQualityPoint(r), By: r.By, LoadedAt: utcp(r.Result.LoadedAt),
		Outcomes: each(r.Result.Outcomes, func(o quality.Outcome) wire.QualityOutcome {
			return wire.QualityOutcome{Dimension: string(o.Dimension), Kind: string(o.Kind), Item: o.Item, Filed: o.Filed, Checked: o.Checked, Failed: o.Failed}
		})}
}
