package calendar_test

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/calendar"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/worktime"
	"github.com/shuqiao/shuqiao/law"
)

// memory is a Store and a Ledger of notices.
type memory struct {
	notices []calendar.Notice
	entries []ledger.Entry
}

func (m *memory) Do(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
func (m *memory) CalendarNotices(context.Context) ([]calendar.Notice, error) {
	out := slices.Clone(m.notices)
	slices.SortStableFunc(out, func(a, b calendar.Notice) int { return a.Year*1000 + a.Version - b.Year*1000 - b.Version })
	return out, nil
}
func (m *memory) CountCalendarNotices(context.Context) (int, error) { return len(m.notices), nil }
func (m *memory) InsertCalendarNotice(_ context.Context, n calendar.Notice) error {
	m.notices = append(m.notices, n)
	return nil
}
func (m *memory) AppendIn(_ context.Context, es ...ledger.Entry) ([]ledger.Leaf, error) {
	m.entries = append(m.entries, es...)
	return nil, nil
}

// clocks are the running terms of a test: ten working days each.
type clocks struct{ started []time.Time }

func (c clocks) all() []casework.CaseClock {
	var out []casework.CaseClock
	for i, at := range c.started {
		d := casework.CaseClock{Number: string(rune('a' + i))}
		d.Case, d.StartedAt, d.Provisional = d.Number, at, true
		out = append(out, d)
	}
	return out
}
func (c clocks) ProvisionalClocks(_ context.Context, after casework.Deadline, _ int) ([]casework.CaseClock, error) {
	return c.page(after)
}
func (c clocks) ClocksAcross(_ context.Context, _, _ time.Time, after casework.Deadline, _ int) ([]casework.CaseClock, error) {
	return c.page(after)
}
func (c clocks) page(after casework.Deadline) ([]casework.CaseClock, error) {
	if after.Case != "" {
		return nil, errors.New("a second page")
	}
	base := casework.WorkCalendar{Calendar: release()}
	out := c.all()
	for i := range out {
		due := base.Due(out[i].StartedAt, 10, "working_day")
		out[i].Due, out[i].Provisional = due.At, due.Provisional
	}
	return out, nil
}
func (clocks) Recounted(_ context.Context, d casework.CaseClock, cal procedure.Calendar) (procedure.DueDate, error) {
	return cal.Due(d.StartedAt, 10, "working_day"), nil
}
func (clocks) ClockName(casework.CaseClock) (string, error) { return "答复", nil }

type top struct{ department string }

func (t top) SuperiorAuthority(context.Context, string) (string, error) { return t.department, nil }

func release() *worktime.Calendar {
	days, err := fs.Sub(law.Workdays, "workdays")
	if err != nil {
		panic(err)
	}
	c, err := worktime.Load(days)
	if err != nil {
		panic(err)
	}
	return c
}

var admin = org.Principal{Person: org.Person{ID: "p", Roles: []org.Role{org.Admin}}, Department: org.Department{ID: "top"}, Territory: "130000"}

func newService(at ...time.Time) (*calendar.Service, *memory) {
	m := &memory{}
	return calendar.NewService(calendar.Deps{Store: m, Base: release(), Cases: clocks{at}, Dir: top{"top"}, Ledger: m,
		Clock: clock.NewFake(time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC))}), m
}

// notice2027 has the statutory days of 2027, a bridge and its make-up day.
func notice2027() calendar.Input {
	in := calendar.Input{Year: 2027, Title: "《国务院办公厅关于2027年部分节假日安排的通知》", Document: "国办发明电〔2026〕7号",
		Days: slices.Clone(release().Statutory(2027).Days)}
	in.Days = append(in.Days,
		worktime.SpecialDay{Date: worktime.Date(2027, 10, 4), Name: "国庆节", Kind: worktime.Holiday},
		worktime.SpecialDay{Date: worktime.Date(2027, 10, 9), Name: "国庆节", Kind: worktime.MakeUp})
	return in
}

func codes(err error) []string {
	f, ok := fault.As(err)
	if !ok {
		return nil
	}
	out := []string{f.Code}
	for _, x := range f.Fields {
		out = append(out, x.Path+":"+x.Code)
	}
	return out
}

// What is wrong with a notice is refused, with the place that is wrong.
func TestNoticesThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*calendar.Input)
		want   string
	}{
		"a day twice": {func(in *calendar.Input) { in.Days = append(in.Days, in.Days[0]) }, ".date:duplicate"},
		"another year": {func(in *calendar.Input) {
			in.Days = append(in.Days, worktime.SpecialDay{Date: worktime.Date(2026, 12, 31), Name: "元旦", Kind: worktime.Holiday})
		}, ".date:other_year"},
		"a make-up day that is worked anyway": {func(in *calendar.Input) {
			in.Days = append(in.Days, worktime.SpecialDay{Date: worktime.Date(2027, 3, 3), Name: "元旦", Kind: worktime.MakeUp})
		}, ".kind:not_weekend"},
		"an unknown kind":         {func(in *calendar.Input) { in.Days[0].Kind = "half" }, ".kind:not_in_list"},
		"a day without a name":    {func(in *calendar.Input) { in.Days[0].Name = " " }, ".name:required"},
		"a statutory day missing": {func(in *calendar.Input) { in.Days = in.Days[1:] }, "days:statutory_holiday_missing"},
		"no title":                {func(in *calendar.Input) { in.Title = " " }, "title:required"},
		"no days":                 {func(in *calendar.Input) { in.Days = nil }, "days:required"},
		"too many days":           {func(in *calendar.Input) { in.Days = make([]worktime.SpecialDay, 400) }, "days:too_many"},
		"a year out of range":     {func(in *calendar.Input) { in.Year = 3027 }, "year:out_of_range"},
		"nothing to replace":      {func(in *calendar.Input) { in.Replaces = "x" }, "replaces:not_found"},
		"a different 2026":        {func(in *calendar.Input) { in.Year, in.Days = 2026, changed2026() }, "replaces:required"},
		"a 2026 without reason": {func(in *calendar.Input) {
			in.Year, in.Days, in.Replaces = 2026, changed2026(), "release-2026"
		}, "reason:required"},
		"a 2026 that replaces another": {func(in *calendar.Input) {
			in.Year, in.Days, in.Replaces, in.Reason = 2026, changed2026(), "release-2025", "更正"
		}, "replaces:not_in_force"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, m := newService()
			in := notice2027()
			c.change(&in)
			_, err := s.File(t.Context(), admin, in, false)
			got := codes(err)
			if !slices.ContainsFunc(got, func(x string) bool { return strings.HasSuffix(x, c.want) }) || got[0] != "calendar_invalid" {
				t.Errorf("got %v (%v), want %s", got, err, c.want)
			}
			if len(m.notices)+len(m.entries) != 0 {
				t.Error("it was kept")
			}
		})
	}
}

func changed2026() []worktime.SpecialDay {
	data, _ := release().Year(2026)
	return append(data.Days, worktime.SpecialDay{Date: worktime.Date(2026, 12, 31), Name: "元旦", Kind: worktime.Holiday, Source: "关于2027年的通知"})
}

// Only the administrator of the highest authority may.
func TestWhoMayFile(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]org.Principal{
		"a supervisor":               {Person: org.Person{Roles: []org.Role{org.Supervisor}}, Department: admin.Department, Territory: admin.Territory},
		"an admin of a department":   {Person: admin.Person, Department: org.Department{ID: "top"}},
		"an admin with one above":    {Person: admin.Person, Department: org.Department{ID: "county"}, Territory: "130102"},
		"an account that is blocked": {Person: org.Person{Roles: []org.Role{org.Admin}, Disabled: true}, Department: admin.Department, Territory: admin.Territory},
	} {
		s, m := newService()
		if _, err := s.File(t.Context(), p, notice2027(), true); !fault.Is(err, "not_highest_authority") || len(m.notices) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A dry run changes nothing and tells what would; filing is seen after a
// refresh, has its entry, and is not taken twice; a correction is one.
func TestFileAndCorrect(t *testing.T) {
	t.Parallel()
	started := time.Date(2027, 9, 24, 2, 0, 0, 0, time.UTC)
	s, m := newService(started)
	before := s.Live.Due(started, 10, "working_day")
	out, err := s.File(t.Context(), admin, notice2027(), true)
	if err != nil || len(m.notices) != 0 || out.Notice.ID != "" {
		t.Fatalf("dry run: %+v, %v", out, err)
	}
	if i := out.Impact; !i.All || i.Looked != 1 || i.Moved != 0 && i.Terms[0].LastDay == i.Terms[0].NewLastDay || i.Settled != 1 {
		t.Errorf("impact %+v", i)
	}
	dry := out.Impact
	if out, err = s.File(t.Context(), admin, notice2027(), false); err != nil {
		t.Fatal(err)
	}
	if len(m.entries) != 1 || m.entries[0].Kind != calendar.NoticeFiled || m.entries[0].Facts.(calendar.NoticeFacts).Digest != out.Notice.Digest {
		t.Errorf("entries %+v", m.entries)
	}
	if got := s.Live.Due(started, 10, "working_day"); got != before {
		t.Errorf("before the refresh: %+v", got)
	}
	change, err := s.Refresh(t.Context())
	if err != nil || !slices.Equal(change.Learned, []int{2027}) || len(change.Corrected) != 0 {
		t.Errorf("%+v, %v", change, err)
	}
	if change, err = s.Refresh(t.Context()); err != nil || !change.None() {
		t.Errorf("again: %+v, %v", change, err)
	}
	after := s.Live.Due(started, 10, "working_day")
	if after.Provisional || dry.Moved == 1 != (after.LastDay != before.LastDay) || dry.Moved == 1 && dry.Terms[0].NewLastDay != after.LastDay {
		t.Errorf("due %+v, dry run said %+v", after, dry)
	}
	if _, err := s.File(t.Context(), admin, notice2027(), false); !fault.Is(err, "calendar_unchanged") {
		t.Errorf("twice: %v", err)
	}
	corrected := notice2027()
	corrected.Days = slices.DeleteFunc(corrected.Days, func(d worktime.SpecialDay) bool { return d.Kind == worktime.MakeUp })
	corrected.Replaces, corrected.Reason = out.Notice.ID, "补班日有误"
	if out, err = s.File(t.Context(), admin, corrected, false); err != nil || out.Notice.Version != 2 {
		t.Fatalf("%+v, %v", out, err)
	}
	if change, err := s.Refresh(t.Context()); err != nil || !slices.Equal(change.Corrected, []int{2027}) || len(change.Learned) != 0 {
		t.Errorf("%+v, %v", change, err)
	}
	years, err := s.Years(t.Context(), 2026, 2028)
	if err != nil || len(years) != 3 || years[0].ID != "release-2026" || years[1].ID != out.Notice.ID || len(years[1].Filed) != 2 || years[1].Provisional || !years[2].Provisional || years[2].ID != "" {
		t.Errorf("%+v, %v", years, err)
	}
	if _, err := s.Years(t.Context(), 2028, 2026); !fault.Is(err, "query_invalid") {
		t.Errorf("years backwards: %v", err)
	}
}

// A replica that reads the notices later counts like the one that took them.
func TestReplicasAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, m := newService()
		in := notice2027()
		for i := range rapid.IntRange(1, 3).Draw(t, "corrections") {
			month := rapid.IntRange(6, 8).Draw(t, "month")
			in.Days = append(notice2027().Days, worktime.SpecialDay{Date: worktime.Date(2027, time.Month(month), 10+i), Name: "临时", Kind: worktime.Holiday})
			if len(m.notices) > 0 {
				in.Replaces, in.Reason = m.notices[len(m.notices)-1].ID, "更正"
			}
			if _, err := a.File(context.Background(), admin, in, false); err != nil && !fault.Is(err, "calendar_unchanged") {
				t.Fatal(err)
			}
			if rapid.Bool().Draw(t, "refresh") {
				_, _ = a.Refresh(context.Background())
			}
		}
		deps := a.Deps
		b := calendar.NewService(deps)
		_, err1 := a.Refresh(context.Background())
		_, err2 := b.Refresh(context.Background())
		from := time.Date(2027, 5, rapid.IntRange(1, 90).Draw(t, "day"), 4, 0, 0, 0, time.UTC)
		if x, y := a.Live.Due(from, 20, "working_day"), b.Live.Due(from, 20, "working_day"); x != y || err1 != nil || err2 != nil {
			t.Fatalf("%+v and %+v, %v, %v", x, y, err1, err2)
		}
	})
}

// Lists of days as people write them.
func TestParseCSV(t *testing.T) {
	t.Parallel()
	days, err := calendar.ParseCSV("\ufeff日期,名称,类型\n2027-01-01,元旦,放假\r\n2027-01-09, 元旦 ,上班\n2027-02-05,春节,HOLIDAY\n")
	if err != nil || len(days) != 3 || days[0].Kind != worktime.Holiday || days[1].Kind != worktime.MakeUp || days[1].Name != "元旦" {
		t.Errorf("%+v, %v", days, err)
	}
	_, err = calendar.ParseCSV("2027-01-01,元旦\n1月2日,元旦,放假\n2027-01-03,元旦,半天\n")
	if got := codes(err); !slices.Equal(got, []string{"calendar_invalid", "csv[1]:format", "csv[2]:format", "csv[3]:not_in_list"}) {
		t.Errorf("got %v", got)
	}
	if _, err := calendar.ParseCSV("2027-01-01,\"元旦,放假"); !fault.Is(err, "calendar_invalid") {
		t.Errorf("an open quote: %v", err)
	}
	in, err := calendar.ParseFile([]byte(`{"year":2027,"source":"通知","days":[{"date":"2027-01-01","name":"元旦","kind":"holiday"}]}`))
	if err != nil || in.Title != "通知" || len(in.Days) != 1 {
		t.Errorf("%+v, %v", in, err)
	}
	if _, err := calendar.ParseFile([]byte(`{"yaer":2027}`)); !fault.Is(err, "calendar_invalid") {
		t.Errorf("an unknown member: %v", err)
	}
}

// Whatever comes in a file is read or refused, and never more.
func FuzzParseFile(f *testing.F) {
	f.Add([]byte("2027-01-01,元旦,放假\n"))
	f.Add([]byte(`{"year":2027,"days":[]}`))
	base := release()
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := calendar.ParseFile(data)
		if err == nil {
			_, err = calendar.Check(base, in)
		}
		if _, ok := fault.As(err); err != nil && !ok {
			t.Errorf("%v is no refusal", err)
		}
	})
}
