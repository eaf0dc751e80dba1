package supervision

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
)

// The names of this package's procedures.
const (
	rectification = "rectification"
	circular      = "circular"
)

// Report takes a violation in and opens its rectification case, in one
// transaction. It is idempotent by Key: the first report opens the case, every
// later or simultaneous one finds it (opened is false). ID, Role, Source and At
// are filled when empty; At is the moment of the report.
func (s *Service) Report(ctx context.Context, v Violation) (stored Violation, opened bool, err error) {
	if v.Key == "" || utf8.RuneCountInString(v.Key) > 200 {
		return v, false, fault.New(fault.Invalid, "violation_key", "违规情形应有不超过200字的唯一标识")
	}
	r, err := s.route(ctx, v.Clause, v.Department)
	if err != nil {
		return v, false, err
	}
	v.ID, v.Role, v.Source = cmp.Or(v.ID, ident.New()), r.Item.Role, cmp.Or(v.Source, Detected)
	if v.At.IsZero() {
		v.At = s.Clock.Now()
	}
	if v.Facts, err = plain(v.Facts); err != nil {
		return v, false, err
	}
	err = s.Store.Do(ctx, func(ctx context.Context) error {
		var err error
		if opened, err = s.Store.InsertViolation(ctx, v); err != nil {
			return err
		}
		if !opened {
			stored, err = s.Store.ViolationByKey(ctx, v.Key)
			return err
		}
		stored = v
		if stored.Rectification, err = s.Cases.OpenAsPlatform(ctx, r.Region, detection(v, r)); err != nil {
			return fmt.Errorf("rectification of %s by %s: %w", v.Clause, v.Department, err)
		}
		return s.Store.LinkViolation(ctx, v.ID, stored.Rectification)
	})
	return stored, opened && err == nil, err
}

// detection is the request that opens the case, with the facts attached.
func detection(v Violation, r Route) casework.OpenRequest {
	fields := map[string]any{"violation": v.ID, "violated": v.Clause, "source": string(v.Source), "gist": r.Gist}
	facts := maps.Clone(v.Facts)
	if len(r.Parallel) > 0 {
		if facts == nil {
			facts = map[string]any{}
		}
		facts["also_under"] = r.Parallel
	}
	if len(facts) > 0 {
		fields["facts"] = facts
	}
	for name, id := range map[string]string{"origin": v.Case, "grant": v.Grant, "resource": v.Resource} {
		if ident.Valid(id) {
			fields[name] = id
		}
	}
	return casework.OpenRequest{Procedure: rectification, Action: "detect", Subject: v.ID, Title: title(r),
		Parties: map[string]string{"department": v.Department}, Fields: fields}
}

func title(r Route) string { return r.Gist + "(" + r.Article + ")" }

// plain makes facts what JSON makes of them, so that what is stored, digested
// and shown is one thing.
func plain(facts map[string]any) (map[string]any, error) {
	raw, err := json.Marshal(facts)
	if err != nil {
		return nil, fmt.Errorf("facts of a violation: %w", err)
	}
	var out map[string]any
	return out, json.Unmarshal(raw, &out)
}

// HandleMessage handles an outbox message of casework.ViolationKind: a clock
// with an overdue clause has run out.
func (s *Service) HandleMessage(ctx context.Context, m casework.Message) error {
	var in casework.Violation
	if err := json.Unmarshal(m.Payload, &in); err != nil {
		return fmt.Errorf("violation message %s: %w", m.ID, err)
	}
	clause := in.Clause
	if _, err := ItemOf(clause); err != nil {
		if clause, err = s.generalItem(ctx, in); err != nil {
			return err
		}
	}
	f := in.Facts
	facts := map[string]any{"case_number": f.Number, "title": f.Title, "procedure": f.Procedure, "clock": f.ClockName,
		"term_clause": f.TermClause, "started_at": f.StartedAt.In(zone).Format(time.RFC3339),
		"due": f.Due.In(zone).Format(time.RFC3339), "last_day": f.LastDay}
	if clause != in.Clause {
		facts["duty"] = in.Clause
	}
	if f.Provisional {
		facts["provisional"] = true
	}
	_, _, err := s.Report(ctx, Violation{Key: in.Key, Clause: clause, Department: in.Department,
		Case: cmp.Or(f.Case, m.Case), Facts: facts, At: in.At})
	return err
}
