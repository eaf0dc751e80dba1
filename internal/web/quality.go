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
	Ask(ctx context.Context, p org.Principal, resource string) (quality.Job, error)
	Job(ctx context.Context, p org.Principal, resource, id string) (quality.Job, error)
	Stop(ctx context.Context, p org.Principal, resource, id string) (quality.Job, error)
	Departments(ctx context.Context, p org.Principal, region, after string, limit int) ([]quality.DepartmentScore, error)
	Department(ctx context.Context, p org.Principal, department string, kind quality.FindingKind, afterScore float64, after string, limit int) (quality.DepartmentReport, error)
}

func registerQuality(h *handlers, api huma.API) {
	const tag = "目录"
	register(api, http.MethodGet, "/api/v1/resources/{id}/quality", "getQuality", tag, "查阅数据质量", h.quality,
		note("登录人员都可以查阅得分；只有计数，没有数据值。"))
	register(api, http.MethodPost, "/api/v1/resources/{id}/quality/runs", "runQuality", tag, "检查数据质量", h.runQuality, status(http.StatusAccepted),
		note("由提供部门的人员或者同级主管部门的审核人员发起，在后台进行；检查结果存证。此外按更新频率自动检查。"))
	register(api, http.MethodGet, "/api/v1/resources/{id}/quality/runs/{run}", "getQualityJob", tag, "质量检查的进度", h.qualityJob)
	register(api, http.MethodDelete, "/api/v1/resources/{id}/quality/runs/{run}", "stopQualityJob", tag, "停止质量检查", h.stopQualityJob, status(http.StatusOK),
		note("排队的立即取消；正在进行的在读完这一段后停止。"))
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
	if r.Job != nil {
		job := toQualityJob(*r.Job)
		out.Job = &job
	}
	if r.Entry != nil {
		out.Entry = &wire.EntryQuality{Version: r.Entry.Version, Score: r.Entry.Score, At: r.Entry.At.UTC(), Findings: each(r.Entry.Findings, toFinding)}
	}
	return &reply[wire.Quality]{Body: out}, nil
}

func (h *handlers) runQuality(ctx context.Context, in *ByID) (*reply[wire.QualityJob], error) {
	j, err := h.Quality.Ask(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.QualityJob]{Body: toQualityJob(j)}, nil
}

type qualityJobInput struct {
	ByID
	Run string `path:"run" maxLength:"64" doc:"质量检查的编号，发起时的应答给出"`
}

func (h *handlers) qualityJob(ctx context.Context, in *qualityJobInput) (*reply[wire.QualityJob], error) {
	j, err := h.Quality.Job(ctx, principal(ctx), in.ID, in.Run)
	if err != nil {
		return nil, err
	}
	return &reply[wire.QualityJob]{Body: toQualityJob(j)}, nil
}

func (h *handlers) stopQualityJob(ctx context.Context, in *qualityJobInput) (*reply[wire.QualityJob], error) {
	j, err := h.Quality.Stop(ctx, principal(ctx), in.ID, in.Run)
	if err != nil {
		return nil, err
	}
	return &reply[wire.QualityJob]{Body: toQualityJob(j)}, nil
}

func toQualityJob(j quality.Job) wire.QualityJob {
	return wire.QualityJob{ID: j.ID, State: string(j.State), By: j.By, QueuedAt: j.QueuedAt.UTC(), StartedAt: utcp(j.StartedAt), EndedAt: utcp(j.EndedAt),
		Read: j.Read, Total: j.Total, Stopping: j.Stopping, Run: j.Run, Code: j.Code, Message: j.Message}
}

func toFinding(f quality.Finding) wire.EntryFinding {
	return wire.EntryFinding{Kind: string(f.Kind), Text: f.Kind.Word(), Failed: f.Failed, Checked: f.Checked}
}

type fileQualityRulesInput struct {
	ByID
	Body wire.FileQualityRules
}

func (h *handlers) fileQualityRules(ctx context.Context, in *fileQualityRulesInput) (*reply[wire.QualityRules], error) {
	s, err := h.Quality.FileRules(ctx, principal(ctx), in.ID, in.Body.Version,
		each(in.Body.Rules, func(r wire.QualityRule) quality.Rule {
			return quality.Rule{Kind: quality.Kind(r.Kind), Item: r.Item, Pattern: r.Pattern, Values: r.Values, Min: r.Min, Max: r.Max,
				Resource: r.Resource, Target: r.Target, Op: r.Op, Other: r.Other}
		}))
	if err != nil {
		return nil, err
	}
	return &reply[wire.QualityRules]{Body: toQualityRules(s)}, nil
}

func toQualityRules(s quality.RuleSet) wire.QualityRules {
	return wire.QualityRules{Version: s.Version, FiledAt: filled(s.At), FiledBy: s.By, Rules: each(s.Rules, func(r quality.Rule) wire.QualityRule {
		return wire.QualityRule{Kind: string(r.Kind), Item: r.Item, Pattern: r.Pattern, Values: r.Values, Min: r.Min, Max: r.Max,
			Resource: r.Resource, Target: r.Target, Op: r.Op, Other: r.Other}
	})}
}

func toQualityPoint(r quality.Run) wire.QualityPoint {
	score := func(d quality.Dimension) *float64 {
		if s, measured := r.Result.Scores[d]; measured {
			return &s
		}
		return nil
	}
	return wire.QualityPoint{ID: r.ID, Band: string(quality.BandOf(r.Result.Total)), At: r.At.UTC(), EntryVersion: r.Entry, RulesVersion: r.Rules, Rows: r.Result.Rows,
		Scores: wire.QualityScores{Total: r.Result.Total, Completeness: score(quality.Completeness), Validity: score(quality.Validity),
			Uniqueness: score(quality.Uniqueness), Consistency: score(quality.Consistency), Timeliness: score(quality.Timeliness)}}
}

func toQualityRun(r quality.Run) wire.QualityRun {
	return wire.QualityRun{QualityPoint: toQualityPoint(r), By: r.By, LoadedAt: utcp(r.Result.LoadedAt),
		Outcomes: each(r.Result.Outcomes, func(o quality.Outcome) wire.QualityOutcome {
			return wire.QualityOutcome{Dimension: string(o.Dimension), Kind: string(o.Kind), Item: o.Item, Filed: o.Filed, Checked: o.Checked, Failed: o.Failed,
				Other: o.Other, Unmeasured: o.Unmeasured}
		})}
}
