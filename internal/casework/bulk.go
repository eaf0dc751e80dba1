package casework

import (
	"context"
	"errors"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// MaxBulk bounds the cases of one bulk request.
const MaxBulk = 200

// errAborted takes a transaction back whose faults were gathered one by one.
var errAborted = errors.New("casework: bulk opening taken back")

// OpenMany opens all of the cases, or none: one form, many subjects or many
// parties. When any cannot be opened the fault "bulk_invalid" names every
// faulty one: its fields with the path "subjects[2].fields.items", any other
// refusal as the fault of "subjects[2]" with its own code, message and clause.
func (e *Engine) OpenMany(ctx context.Context, p org.Principal, requests []OpenRequest) ([]View, error) {
	if err := bulkSize("subjects", len(requests)); err != nil {
		return nil, err
	}
	var views []View
	var faults fault.Collector
	err := e.Store.Do(ctx, func(ctx context.Context) error {
		// A serialization failure runs this again: nothing of the first run stays.
		views, faults = make([]View, 0, len(requests)), fault.Collector{}
		for i, r := range requests {
			v, err := e.Open(ctx, p, r)
			if err != nil && !gather(&faults, fmt.Sprintf("subjects[%d]", i), err) {
				return err
			}
			views = append(views, v)
		}
		if !faults.Empty() {
			return errAborted
		}
		return nil
	})
	if errors.Is(err, errAborted) {
		return nil, faults.Err("bulk_invalid", "批量办理中有不符合要求的,全部未办理,请一并更正", "")
	}
	return views, err
}

func bulkSize(path string, n int) error {
	var faults fault.Collector
	switch {
	case n == 0:
		faults.Add(path, "required", "没有列明要办理的事项", "")
	case n > MaxBulk:
		faults.Add(path, "too_many", fmt.Sprintf("一次最多办理%d件", MaxBulk), "")
	}
	return faults.Err("bulk_invalid", "批量办理的件数不符合要求", "")
}

// gather takes over a refusal; a fault of the system or of a store that does
// not answer is none of the input's.
func gather(faults *fault.Collector, path string, err error) bool {
	f, ok := fault.As(err)
	if !ok || f.Kind == fault.Unavailable {
		return false
	}
	if !faults.Merge(path+".", err) {
		faults.Add(path, f.Code, f.Message, f.Basis)
	}
	return true
}

// StepRequest is a step on one of many cases.
type StepRequest struct {
	Case string
	TakeRequest
}

// StepResult says what became of a step: the case as it now is, or why it was
// refused.
type StepResult struct {
	Case  string
	View  View
	Fault *fault.Fault // nil: taken
}

// TakeMany takes a step on each of the cases, each in a transaction of its
// own: one that is refused does not hold up the others. An error that is not
// a refusal ends it; the results so far come with it.
func (e *Engine) TakeMany(ctx context.Context, p org.Principal, requests []StepRequest) ([]StepResult, error) {
	if err := bulkSize("cases", len(requests)); err != nil {
		return nil, err
	}
	results := make([]StepResult, 0, len(requests))
	for _, r := range requests {
		v, err := e.Take(ctx, p, r.Case, r.TakeRequest)
		f, refused := fault.As(err)
		if err != nil && !refused {
			return results, fmt.Errorf("step on case %s: %w", r.Case, err)
		}
		results = append(results, StepResult{Case: r.Case, View: v, Fault: f})
	}
	return results, nil
}
