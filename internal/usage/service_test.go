package usage

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

var now = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

// memory is a store, a ledger and the grants of one reader.
type memory struct {
	grant   sharing.Grant
	records []Record
	entries []ledger.Entry
}

func (m *memory) Do(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
func (m *memory) InsertUsage(_ context.Context, r Record) error {
	m.records = append(m.records, r)
	return nil
}
func (m *memory) Usage(_ context.Context, id string) (Record, error) {
	for _, r := range m.records {
		if r.ID == id {
			return r, nil
		}
	}
	return Record{}, fault.Missing("使用记录", id)
}
func (m *memory) UsageOf(context.Context, string, int, string) ([]Record, error) {
	return m.records, nil
}
func (m *memory) CallsByMonth(context.Context, string) ([]Month, error) { return nil, nil }
func (m *memory) AppendIn(_ context.Context, e ...ledger.Entry) ([]ledger.Leaf, error) {
	m.entries = append(m.entries, e...)
	return nil, nil
}
func (m *memory) Grant(_ context.Context, p org.Principal, id string) (sharing.Grant, error) {
	if id != m.grant.ID || p.Department.ID != m.grant.Consumer && p.Department.ID != m.grant.Provider {
		return sharing.Grant{}, fault.Missing("授权", id)
	}
	return m.grant, nil
}

func world() (*memory, *Service, org.Principal) {
	m := &memory{grant: sharing.Grant{ID: ident.New(), Consumer: "c", Provider: "p", CreatedAt: now.AddDate(0, -1, 0), DailyCalls: 10}}
	clerk := org.Principal{Person: org.Person{ID: "x", Roles: []org.Role{org.Clerk}}, Department: org.Department{ID: "c"}}
	return m, NewService(m, m, m, clock.NewFake(now)), clerk
}

func good() Input {
	return Input{Scenario: "低保核对", Process: "逐户比对", Effect: "核对12户", Storage: "业务库", Destruction: "办结后删除", User: "zhang.san-01",
		Approver: "li4", Content: "姓名、区划", From: now.Add(-time.Hour), To: now, Way: "file_download", Medium: "file"}
}

func TestFile(t *testing.T) {
	t.Parallel()
	m, s, clerk := world()
	r, err := s.File(t.Context(), clerk, m.grant.ID, good())
	if err != nil {
		t.Fatal(err)
	}
	if !r.RetainUntil.Equal(now.AddDate(3, 0, 0)) || len(m.records) != 1 || len(m.entries) != 1 || m.entries[0].ID != r.ID {
		t.Errorf("%+v, %d records, %d entries", r, len(m.records), len(m.entries))
	}
	fixed := good()
	fixed.Corrects = r.ID
	if _, err := s.File(t.Context(), clerk, m.grant.ID, fixed); err != nil {
		t.Error(err)
	}
	provider := clerk
	provider.Department.ID = "p"
	if _, err := s.File(t.Context(), provider, m.grant.ID, good()); !fault.Is(err, "not_consumer") {
		t.Errorf("the provider filed: %v", err)
	}
	if list, err := s.List(t.Context(), provider, m.grant.ID, 0, ""); err != nil || len(list) != 2 {
		t.Errorf("the provider reads %d, %v", len(list), err)
	}
	stranger := clerk
	stranger.Department.ID = "z"
	if _, err := s.List(t.Context(), stranger, m.grant.ID, 0, ""); !fault.Is(err, "not_found") {
		t.Errorf("a stranger: %v", err)
	}
	if _, counted, err := s.Calls(t.Context(), stranger, m.grant.ID); !fault.Is(err, "not_found") || counted {
		t.Errorf("a stranger: %v", err)
	}
}

func TestEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	m, s, clerk := world()
	_, err := s.File(t.Context(), clerk, m.grant.ID, Input{Corrects: ident.New()})
	f, ok := fault.As(err)
	if !ok || f.Code != "record_invalid" {
		t.Fatalf("%v", err)
	}
	var paths []string
	for _, x := range f.Fields {
		paths = append(paths, x.Path)
	}
	want := []string{"scenario", "process", "effect", "storage", "destruction", "content", "user", "approver", "from", "way", "medium", "corrects"}
	if !slices.Equal(paths, want) {
		t.Errorf("got %v\nwant %v", paths, want)
	}
	if len(m.records)+len(m.entries) != 0 {
		t.Error("something was kept")
	}
}

func TestWhatARecordMayNotSay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil       func(*Input)
		field, code string
	}{
		"identity number":     {func(i *Input) { i.Content = "查询11010519491231002X的记录" }, "content", "personal_data"},
		"telephone":           {func(i *Input) { i.Process = "致电13800000000" }, "process", "personal_data"},
		"a name as account":   {func(i *Input) { i.User = "张三" }, "user", "format"},
		"a number as account": {func(i *Input) { i.Approver = "11010519491231002X" }, "approver", "personal_data"},
		"the future":          {func(i *Input) { i.To = now.Add(1) }, "to", "future"},
		"backwards":           {func(i *Input) { i.To = i.From.Add(-1) }, "to", "order"},
		"before the grant":    {func(i *Input) { i.From = now.AddDate(-1, 0, 0) }, "from", "before_grant"},
		"unknown way":         {func(i *Input) { i.Way = "pigeon" }, "way", "not_in_list"},
		"too long":            {func(i *Input) { i.Effect = strings.Repeat("长", 2001) }, "effect", "too_long"},
	} {
		m, s, clerk := world()
		in := good()
		c.spoil(&in)
		_, err := s.File(t.Context(), clerk, m.grant.ID, in)
		f, ok := fault.As(err)
		if !ok || len(f.Fields) != 1 || f.Fields[0].Path != c.field || f.Fields[0].Code != c.code {
			t.Errorf("%s: %v", name, err)
		}
		if f != nil && strings.Contains(err.Error(), "1949") {
			t.Errorf("%s: the refusal repeats it", name)
		}
	}
}

// Never less than three years from the last day of use nor from filing.
func TestRetention(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		used := now.Add(time.Duration(rapid.Int64Range(-1e6, 1e6).Draw(t, "used")) * time.Minute)
		filed := now.Add(time.Duration(rapid.Int64Range(-1e6, 1e6).Draw(t, "filed")) * time.Minute)
		until := retainUntil(used, filed)
		if until.Before(used.AddDate(3, 0, 0)) || until.Before(filed.AddDate(3, 0, 0)) || until.Sub(later(used, filed)) < 3*365*24*time.Hour {
			t.Fatalf("%v %v %v", used, filed, until)
		}
	})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
