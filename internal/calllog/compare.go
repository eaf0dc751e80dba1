package calllog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

const (
	portion     = 1000          // lines or calls of one step
	clearing    = 5000          // lines that one step clears away
	abandonment = 6 * time.Hour // an upload that takes longer is none
)

// Compare takes one step of the oldest reconciliation that there is work on,
// and tells whether there is more. A step is a transaction with its place in
// it: replicas may compare at once, and a crash loses no more than a step.
func (s *Service) Compare(ctx context.Context) (more bool, err error) {
	open, err := s.Store.OpenReconciliations(ctx, 20)
	if err != nil {
		return false, err
	}
	for _, r := range open {
		if r.State == Receiving {
			if s.Clock.Now().Sub(r.CreatedAt) > abandonment {
				return true, s.Store.DropReconciliation(ctx, r.ID)
			}
			continue
		}
		next, err := s.Store.NextIndex(ctx)
		if err != nil {
			return false, err
		}
		if next < r.LedgerSize {
			continue
		}
		err = s.Store.Do(ctx, func(ctx context.Context) error { return s.step(ctx, r) })
		if f, ok := fault.As(err); ok && f.Kind == fault.Conflict {
			return false, nil // another replica took the step
		}
		return err == nil, err
	}
	return false, nil
}

func (s *Service) step(ctx context.Context, r Reconciliation) (err error) {
	if r.Counts == nil {
		r.Counts = map[Found]int{}
	}
	var found []Mismatch
	switch r.State {
	case Theirs:
		found, err = s.theirs(ctx, &r)
	case Ours:
		found, err = s.ours(ctx, &r)
	case Clearing:
		var n int
		if n, err = s.Store.ClearRecords(ctx, r.ID, clearing); err == nil && n < clearing {
			r.State = Done
		}
	}
	if err != nil {
		return err
	}
	first := r.Mismatches() + 1
	for i := range found {
		found[i].Seq = first + i
	}
	for _, m := range found {
		r.Counts[m.Kind]++
	}
	if len(found) > 0 {
		if err := s.Store.PutMismatches(ctx, r.ID, found); err != nil {
			return err
		}
	}
	proving := r.State == Clearing && r.FinishedAt == nil
	if proving {
		now := s.Clock.Now()
		r.FinishedAt = &now
	}
	if err := s.Store.UpdateReconciliation(ctx, r); err != nil || !proving {
		return err
	}
	_, err = s.Ledger.AppendIn(ctx, r.entry())
	return err
}

// entry proves what was found, without a line of it.
func (r Reconciliation) entry() ledger.Entry {
	facts := map[string]any{"department": r.Department, "side": r.Side, "from": r.From.UTC(), "to": r.To.UTC(), "lines": r.Lines,
		"log_sha256": r.SHA256, "matched": r.Matched, "found": r.Counts, "person": r.CreatedBy, "basis": "CN-29.2"}
	for name, id := range map[string]string{"grant": r.Grant, "resource": r.Resource} {
		if id != "" {
			facts[name] = id
		}
	}
	return ledger.Entry{ID: r.ID, Kind: ReconciliationKind, At: *r.FinishedAt, Facts: facts}
}

// theirs compares the next lines of their log with the ledger.
func (s *Service) theirs(ctx context.Context, r *Reconciliation) ([]Mismatch, error) {
	lines, err := s.Store.Records(ctx, r.ID, r.AfterReceipt, portion)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.Receipt
	}
	entries := map[string]Call{}
	if len(ids) > 0 {
		leaves, err := s.Store.EntriesByID(ctx, ids)
		if err != nil {
			return nil, err
		}
		leaves = slices.DeleteFunc(leaves, func(l ledger.Leaf) bool { return !isCall(l) })
		slices.SortFunc(leaves, func(a, b ledger.Leaf) int { return cmp.Compare(a.Index, b.Index) })
		calls, err := s.calls(ctx, leaves)
		if err != nil {
			return nil, err
		}
		for _, c := range calls {
			if r.concerns(c) {
				entries[c.Receipt] = c
			}
		}
	}
	var found []Mismatch
	for _, l := range lines {
		c, ok := entries[l.Receipt]
		differ := r.differences(l, c, ok)
		if len(differ) == 0 {
			r.Matched++
		}
		found = append(found, differ...)
	}
	if len(lines) > 0 {
		r.AfterReceipt = lines[len(lines)-1].Receipt
	}
	if len(lines) < portion {
		r.State = Ours
	}
	return found, nil
}

// concerns tells whether a call is one that the department knows of as this
// side. Another's call is missing here to it: whether it exists is not told.
func (r *Reconciliation) concerns(c Call) bool {
	mine := r.Side == Consumer && c.Consumer == r.Department || r.Side == Provider && c.Provider == r.Department
	return mine && (r.Grant == "" || c.Grant == r.Grant) && (r.Resource == "" || c.Resource == r.Resource)
}

// differences compares one line with the ledger's call.
func (r *Reconciliation) differences(l Record, c Call, ok bool) []Mismatch {
	var out []Mismatch
	add := func(kind Found, ours, theirs string) {
		m := Mismatch{Kind: kind, Receipt: l.Receipt, Line: l.Line, At: c.At, Grant: c.Grant, Ours: ours, Theirs: theirs}
		if !ok {
			m.At, m.Grant = l.At, l.Grant
		}
		out = append(out, m)
	}
	if l.Again > 0 {
		add(Repeated, "1", strconv.Itoa(l.Again+1))
	}
	if !ok {
		add(MissingHere, "", "")
		return out
	}
	if l.SHA256 != "" && r.Side == Consumer && l.SHA256 != c.SHA256 {
		add(DigestDiffer, c.SHA256, l.SHA256)
	}
	// A provider counts the rows that it sent, before the platform took away
	// what lay outside the scope. How many a verification found is not recorded.
	rows := c.Rows
	if r.Side == Provider {
		rows += c.Dropped
	}
	if l.Rows >= 0 && l.Rows != rows && c.Endpoint != "verify" {
		add(CountDiffers, strconv.Itoa(rows), strconv.Itoa(l.Rows))
	}
	if l.Grant != "" && l.Grant != c.Grant {
		add(GrantDiffers, c.Grant, l.Grant)
	}
	if !l.At.IsZero() && !within(l.At, c.At, r.Tolerance) {
		add(TimeDiffers, c.At.Format(time.RFC3339Nano), l.At.Format(time.RFC3339Nano))
	}
	return out
}

// ours looks for the next calls of the period in their log.
func (s *Service) ours(ctx context.Context, r *Reconciliation) ([]Mismatch, error) {
	q := Query{Side: r.Side, Department: r.Department, Grant: r.Grant, From: r.From, To: r.To, Oldest: true,
		After: r.AfterCall, Limit: portion, Outcome: Answered}
	if r.Refused {
		q.Outcome = Any
	}
	leaves, err := s.Store.Calls(ctx, q)
	if err != nil {
		return nil, err
	}
	all, err := s.calls(ctx, leaves)
	if err != nil {
		return nil, err
	}
	var calls []Call
	var ids []string
	for _, c := range all {
		r.AfterCall = Mark{c.At, c.Index}
		if r.concerns(c) && c.Endpoint != "token" && c.Index < r.LedgerSize {
			calls, ids = append(calls, c), append(ids, c.Receipt)
		}
	}
	if len(leaves) < portion {
		r.State = Clearing
	}
	if len(ids) == 0 {
		return nil, nil
	}
	have, err := s.Store.HaveRecords(ctx, r.ID, ids)
	if err != nil {
		return nil, err
	}
	var found []Mismatch
	for _, c := range calls {
		if !have[c.Receipt] {
			found = append(found, Mismatch{Kind: MissingThere, Receipt: c.Receipt, At: c.At, Grant: c.Grant, Ours: fmt.Sprintf("%d rows", c.Rows)})
		}
	}
	return found, nil
}
