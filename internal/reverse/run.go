package reverse

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
)

const (
	// lease is how long a run may take before another replica tries.
	lease = 10 * time.Minute
	// maxAttempts ends a run that every replica died of.
	maxAttempts = 3
)

// Start asks for a reading of a source; a worker does it. With sample, up to
// SampleRows rows of each table are looked at. While another run of the source
// is under way it is "run_in_progress".
func (s *Service) Start(ctx context.Context, p org.Principal, source string, sample bool) (Run, error) {
	src, err := s.source(ctx, p, source)
	if err != nil {
		return Run{}, err
	}
	if sample {
		if err := engineersOnly(p); err != nil {
			return Run{}, fault.New(fault.Forbidden, "role_missing", "抽样查看数据由本部门的系统对接人员决定").Under("CN-35")
		}
	}
	if _, err := s.open(src); err != nil {
		return Run{}, err
	}
	r := Run{ID: ident.New(), Source: source, State: Waiting, Sample: sample, AskedBy: p.Person.ID, AskedAt: s.Clock.Now()}
	err = s.Store.InsertRun(ctx, r)
	if fault.Is(err, "already_exists") {
		return Run{}, fault.New(fault.Conflict, "run_in_progress", "该数据源的上一次读取尚未结束，请稍后查看结果").Because(err)
	}
	return r, err
}

// Runs lists the runs of a source, newest first, without schemas.
func (s *Service) Runs(ctx context.Context, p org.Principal, source string) ([]Run, error) {
	if _, err := s.source(ctx, p, source); err != nil {
		return nil, err
	}
	return s.Store.ReverseRuns(ctx, source, keepRuns)
}

// Run gives a run with its schema.
func (s *Service) Run(ctx context.Context, p org.Principal, id string) (Run, error) {
	r, _, err := s.run(ctx, p, id)
	return r, err
}

func (s *Service) run(ctx context.Context, p org.Principal, id string) (Run, Source, error) {
	if err := works(p); err != nil {
		return Run{}, Source{}, err
	}
	r, err := s.Store.ReverseRun(ctx, id)
	if err != nil {
		return Run{}, Source{}, err
	}
	src, err := s.source(ctx, p, r.Source)
	if fault.Is(err, "not_found") {
		err = fault.Missing("读取记录", id)
	}
	return r, src, err
}

func (s *Service) doneRun(ctx context.Context, p org.Principal, id string) (Run, Source, error) {
	r, src, err := s.run(ctx, p, id)
	if err == nil && r.State != Done {
		err = fault.New(fault.Illegal, "run_not_done", "读取尚未完成或者没有成功").With("state", string(r.State))
	}
	return r, src, err
}

// Work does one waiting run, if there is one, and reports whether there was.
func (s *Service) Work(ctx context.Context) (bool, error) {
	r, ok, err := s.Store.ClaimRun(ctx, s.Clock.Now(), lease)
	if err != nil || !ok {
		return false, err
	}
	src, err := s.Store.ReverseSource(ctx, r.Source)
	var secrets []Secret
	if err == nil && r.Attempts > maxAttempts {
		err = fault.New(fault.Unavailable, "interrupted", "读取多次中断")
	}
	if err == nil {
		r.Schema, secrets, err = s.read(ctx, src, r.Sample)
	}
	if ctx.Err() != nil {
		return false, ctx.Err() // the node is stopping; the lease gives the run to the next
	}
	now := s.Clock.Now()
	r.State, r.EndedAt = Done, &now
	if err == nil {
		r.Tables = len(r.Schema.Tables)
		r.Digest, err = r.Schema.Digest()
	}
	if err != nil {
		r.State, r.Schema, r.Tables = Failed, Schema{Tables: []Table{}}, 0
		r.Failure, r.Message = "internal_error", "读取时发生系统内部错误"
		if f, isFault := fault.As(err); isFault {
			r.Failure, r.Message, err = f.Code, f.Message, nil
		}
		secrets = nil
	}
	if recErr := s.recordSecrets(ctx, r, src, secrets); recErr != nil {
		return false, recErr // the lease gives the run to the next
	}
	return true, joinErr(s.finish(ctx, r, src), err)
}

func joinErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (s *Service) read(ctx context.Context, src Source, sample bool) (Schema, []Secret, error) {
	c, err := s.open(src)
	if err != nil {
		return Schema{}, nil, err
	}
	limits := s.Limits
	if limits.Rows = 0; sample {
		limits.Rows = SampleRows
	}
	ctx, cancel := context.WithTimeout(ctx, limits.Time)
	defer cancel()
	schema, err := s.Reader.Read(ctx, c, limits)
	if err != nil {
		return Schema{}, nil, err
	}
	schema, secrets := Finish(schema)
	return schema, secrets, nil
}

// recordSecrets records that tables were refused: their number and fields,
// never their content (CN-3). The person is who asked for the run.
func (s *Service) recordSecrets(ctx context.Context, r Run, src Source, secrets []Secret) error {
	if len(secrets) == 0 || s.Refused == nil {
		return nil
	}
	refusal := catalog.Refusal{Person: r.AskedBy, Department: src.Department, At: s.Clock.Now()}
	for _, x := range secrets {
		for _, f := range x.Fields {
			if len(refusal.Fields) < 200 {
				refusal.Fields = append(refusal.Fields, "tables["+itoa(x.Table)+"]."+f)
			}
		}
	}
	return s.Refused(ctx, refusal)
}

func (s *Service) finish(ctx context.Context, r Run, src Source) error {
	return s.Store.Do(ctx, func(ctx context.Context) error {
		ok, err := s.Store.FinishRun(ctx, r, keepRuns)
		if err != nil || !ok || src.ID == "" {
			return err
		}
		return s.note(ctx, ReadEntry, src, map[string]any{"act": "read", "run": r.ID, "person": r.AskedBy, "state": string(r.State),
			"failure": r.Failure, "schema_sha256": r.Digest, "tables": r.Tables, "sampled": r.Sample})
	})
}
