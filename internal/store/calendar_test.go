package store_test

import (
	"context"
	"crypto/rand"
	"reflect"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/calendar"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// Notices read back, are never changed, and a version of a year exists once.
func TestCalendarNoticesAreAppendOnly(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		n := calendar.Notice{ID: ident.New(), Year: 2027, Version: 1, Title: "《通知》", Document: "七号", Digest: "d", At: noon, By: "p", Department: "d",
			Days: []worktime.SpecialDay{{Date: worktime.Date(2027, 1, 1), Name: "元旦", Kind: worktime.Holiday}}}
		second := n
		second.ID, second.Version, second.Replaces, second.Reason = ident.New(), 2, n.ID, "更正"
		ok(t, s.Calendar().InsertCalendarNotice(t.Context(), n))
		ok(t, s.Calendar().InsertCalendarNotice(t.Context(), second))
		twice := second
		twice.ID = ident.New()
		wantFault(t, s.Calendar().InsertCalendarNotice(t.Context(), twice), "changed_meanwhile")
		if got := get(s.Calendar().CalendarNotices(t.Context()))(t); !reflect.DeepEqual(got, []calendar.Notice{n, second}) {
			t.Errorf("got %+v", got)
		}
		if got := get(s.Calendar().CountCalendarNotices(t.Context()))(t); got != 2 {
			t.Errorf("%d notices", got)
		}
		statements := []string{"UPDATE calendar_notices SET title = 'x'", "DELETE FROM calendar_notices"}
		if s.Concurrent() {
			statements = append(statements, "TRUNCATE calendar_notices")
		} else {
			statements = append(statements, "REPLACE INTO calendar_notices SELECT * FROM calendar_notices")
		}
		refused(t, s, statements)
	})
}

// A corrected notice moves terms that were settled, once.
func TestRecomputeAcross(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		asked := time.Date(2026, 9, 24, 10, 0, 0, 0, beijing)
		base := calendarOf(t)
		a := newAsker(t, newWorld(t, s), asked, base)
		id := a.ask(t)
		before := get(s.Cases().Case(t.Context(), id))(t).Clocks["reply"]
		data, _ := base.Year(2026)
		data.Days = append(data.Days, worktime.SpecialDay{Date: worktime.Date(2026, 9, 28), Name: "临时", Kind: worktime.Holiday})
		next := casework.WorkCalendar{Calendar: get(base.With(data))(t)}
		a.Calendar, a.Remind.Before = next, next.Before
		if n := get(a.Recompute(t.Context()))(t); n != 0 || before.Provisional {
			t.Errorf("%d provisional clocks", n)
		}
		from, until := calendar.Span(2025)
		if n := get(a.RecomputeAcross(t.Context(), from, until))(t); n != 0 {
			t.Errorf("%d clocks of another year", n)
		}
		from, until = calendar.Span(2026)
		for _, want := range []int{1, 0} {
			if n := get(a.RecomputeAcross(t.Context(), from, until))(t); n != want {
				t.Errorf("%d clocks counted again, want %d", n, want)
			}
		}
		after := get(s.Cases().Case(t.Context(), id))(t).Clocks["reply"]
		if want := next.Due(before.StartedAt, 10, "working_day"); after.LastDay != want.LastDay || after.LastDay == before.LastDay {
			t.Errorf("from %s to %s, want %s", before.LastDay, after.LastDay, want.LastDay)
		}
	})
}

// Behind a fence the log takes nothing, whoever asks; what was appended with
// the fence is the last, and a checkpoint of it can still be signed.
func TestAFenceStopsTheLog(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		skey, _, err := ledger.GenerateKey("fence.test", rand.Reader)
		ok(t, err)
		log := get(ledger.New(s.Ledger(), get(ledger.LoadSigner(skey))(t), "fence.test", clock.NewFake(noon)))(t)
		entry := func() ledger.Entry {
			return ledger.Entry{ID: ident.New(), Kind: ledger.Act, At: noon, Facts: struct{}{}}
		}
		get(log.AppendIn(ctx, entry()))(t)
		if f := get(s.Node().Fenced(ctx))(t); f != nil {
			t.Errorf("fenced: %+v", f)
		}
		fence := store.Fence{ID: ident.New(), Kind: store.HandedOver, At: noon, Facts: `{"a": 1}`}
		ok(t, s.Do(ctx, func(ctx context.Context) error {
			if _, err := log.AppendIn(ctx, entry()); err != nil {
				return err
			}
			return s.Node().PutFence(ctx, fence)
		}))
		_, err = log.AppendIn(ctx, entry())
		wantFault(t, err, "node_fenced")
		if head := get(log.Head(ctx))(t); head.Size != 2 {
			t.Errorf("size %d", head.Size)
		}
		get(log.Checkpoint(ctx))(t)
		if f := get(s.Node().Fenced(ctx))(t); f == nil || f.ID != fence.ID || f.Kind != fence.Kind {
			t.Errorf("fence %+v", f)
		}
		last := entry()
		ok(t, s.Do(ctx, func(ctx context.Context) error {
			if err := s.Node().LiftFences(ctx, noon, last.ID); err != nil {
				return err
			}
			_, err := log.AppendIn(ctx, last)
			return err
		}))
		if f := get(s.Node().Fenced(ctx))(t); f != nil {
			t.Errorf("still fenced: %+v", f)
		}
		get(log.Verify(ctx))(t)
	})
}

// House-keeping takes portions, the oldest first, and only what is done with.
func TestHousekeeping(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, h := t.Context(), s.Housekeeping()
		old, fresh := noon.Add(-40*24*time.Hour), noon.Add(-time.Hour)
		var waiting []string
		for i := range 6 {
			m := casework.Message{ID: ident.New(), Kind: "k", Payload: []byte("{}"), At: old}
			ok(t, s.Cases().PutMessages(ctx, []casework.Message{m}))
			switch {
			case i < 3:
				ok(t, s.Cases().MarkMessages(ctx, []string{m.ID}, old.Add(time.Duration(i)*time.Second)))
			case i == 3:
				ok(t, s.Cases().MarkMessages(ctx, []string{m.ID}, fresh))
			default:
				waiting = append(waiting, m.ID)
			}
		}
		for _, want := range []int{2, 1, 0} {
			if n := get(h.Messages(ctx, noon.Add(-30*24*time.Hour), 2))(t); n != want {
				t.Errorf("cleared %d messages, want %d", n, want)
			}
		}
		if got := get(s.Text(ctx, "SELECT count(*) FROM outbox"))(t); got != "3" || len(waiting) != 2 {
			t.Errorf("%s messages left", got)
		}
		for _, day := range []string{"2023-01-01", "2023-01-02", "2026-01-01"} {
			get(s.Gateway().TakeCalls(ctx, "g", day, 1, 10))(t)
		}
		for _, want := range []int{1, 1, 0} {
			if n := get(h.DailyCalls(ctx, "2023-06-01", 1))(t); n != want {
				t.Errorf("cleared %d counters, want %d", n, want)
			}
		}
		if n := get(s.Gateway().CallsTaken(ctx, "g", "2026-01-01"))(t); n != 1 {
			t.Errorf("%d calls left", n)
		}
		get(s.Gateway().TakeAssertion(ctx, "s", "old", old))(t)
		get(s.Gateway().TakeAssertion(ctx, "s", "fresh", noon))(t)
		if n := get(h.Assertions(ctx, fresh, 10))(t); n != 1 {
			t.Errorf("cleared %d assertions", n)
		}
		if taken := get(s.Gateway().TakeAssertion(ctx, "s", "fresh", noon))(t); taken {
			t.Error("an assertion that still lives was forgotten")
		}
		if n := get(h.RefusedCalls(ctx, "2023-06-01", 10))(t); n != 0 {
			t.Errorf("cleared %d counters of refusals", n)
		}
	})
}
