package store_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/usage"
)

func TestGrantHistoryIsAppendOnly(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		g := w.grant()
		g.MorePurposes = []string{"核验"}
		disposed := noon
		g.DisposedAt = &disposed
		ok(t, s.Sharing().InsertGrant(w.ctx, g))
		if got := get(s.Sharing().Grant(w.ctx, g.ID))(t); !reflect.DeepEqual(got, g) {
			t.Errorf("got  %+v\nwant %+v", got, g)
		}
		change := func(version int) sharing.GrantChange {
			return sharing.GrantChange{ID: ident.New(), Grant: g.ID, Version: version, Case: g.Case, Act: ident.New(), Kind: sharing.WasSuspended,
				Clause: "CN-27.2", Department: w.provider.ID, At: noon,
				Changed: map[string]sharing.Delta{"suspended_provider": {From: false, To: true}, "items": {From: []any{"a"}, To: []any{}}}}
		}
		second, first := change(2), change(1)
		ok(t, s.Sharing().InsertGrantChange(w.ctx, second))
		ok(t, s.Sharing().InsertGrantChange(w.ctx, first))
		if got, want := get(s.Sharing().GrantChanges(w.ctx, g.ID))(t), []sharing.GrantChange{first, second}; !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		wantFault(t, s.Sharing().InsertGrantChange(w.ctx, change(2)), "already_exists")
		consent := sharing.ThirdParty{ID: ident.New(), Grant: g.ID, Case: g.Case, Name: "某银行", Items: []string{"name"}, Use: "核验", Until: noon, At: noon}
		ok(t, s.Sharing().InsertThirdParty(w.ctx, consent))
		if got := get(s.Sharing().ThirdParties(w.ctx, g.ID))(t); !reflect.DeepEqual(got, []sharing.ThirdParty{consent}) {
			t.Errorf("%+v", got)
		}
		statements := []string{"UPDATE grant_changes SET kind = 'closed'", "DELETE FROM grant_changes",
			"UPDATE third_party_consents SET name = 'x'", "DELETE FROM third_party_consents"}
		if s.Concurrent() {
			statements = append(statements, "TRUNCATE grant_changes", "TRUNCATE third_party_consents")
		}
		refused(t, s, statements)
	})
}

func refused(t *testing.T, s *store.Store, statements []string) {
	t.Helper()
	for _, statement := range statements {
		if err := s.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s went through", statement)
		}
	}
}

// A usage record is never changed, not deleted within its three years, and
// cannot be kept for less.
func TestUsageRecordsAreKept(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		g := w.grant()
		ok(t, s.Sharing().InsertGrant(w.ctx, g))
		record := func(filed time.Time, years int) usage.Record {
			return usage.Record{ID: ident.New(), Grant: g.ID, Consumer: g.Consumer, Provider: g.Provider, FiledBy: w.person.ID, FiledAt: filed,
				RetainUntil: filed.AddDate(years, 0, 0), Input: usage.Input{Scenario: "场景", Process: "过程", Effect: "成效", Storage: "存储",
					Destruction: "销毁", User: "u1", Approver: "u2", Content: "姓名", From: filed, To: filed, Way: "file_download", Medium: "file"}}
		}
		today := time.Now().UTC().Truncate(time.Microsecond)
		kept := record(today, 3)
		ok(t, s.Usage().InsertUsage(w.ctx, kept))
		if got := get(s.Usage().Usage(w.ctx, kept.ID))(t); !reflect.DeepEqual(got, kept) {
			t.Errorf("got  %+v\nwant %+v", got, kept)
		}
		if err := s.Usage().InsertUsage(w.ctx, record(today, 2)); err == nil {
			t.Error("a record that is kept for two years was taken")
		}
		statements := []string{"UPDATE usage_records SET effect = 'x'", "UPDATE usage_records SET retain_until = 0", "DELETE FROM usage_records"}
		if s.Concurrent() {
			statements = append(statements, "TRUNCATE usage_records")
		} else {
			statements = append(statements, "REPLACE INTO usage_records SELECT * FROM usage_records")
		}
		refused(t, s, statements)

		old := record(today.AddDate(-4, 0, 0), 3)
		ok(t, s.Usage().InsertUsage(w.ctx, old))
		ok(t, s.Exec(w.ctx, "DELETE FROM usage_records WHERE id = '"+old.ID+"'"))
		if got := get(s.Usage().UsageOf(w.ctx, g.ID, 10, ""))(t); len(got) != 1 || got[0].ID != kept.ID {
			t.Errorf("%d records left", len(got))
		}
	})
}

func TestCallsByMonth(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		for day, n := range map[string]int{"2026-02-27": 3, "2026-02-28": 4, "2026-03-01": 5} {
			get(s.Gateway().TakeCalls(t.Context(), "g", day, n, 100))(t)
		}
		want := []usage.Month{{Month: "2026-03", Calls: 5}, {Month: "2026-02", Calls: 7}}
		if got := get(s.Usage().CallsByMonth(t.Context(), "g"))(t); !reflect.DeepEqual(got, want) {
			t.Errorf("%v", got)
		}
		if got := get(s.Usage().CallsByMonth(t.Context(), "none"))(t); len(got) != 0 {
			t.Errorf("%v", got)
		}
	})
}
