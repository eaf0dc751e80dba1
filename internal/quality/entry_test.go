package quality

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

func fullEntry() catalog.Entry {
	return catalog.Entry{Name: "婚姻登记信息", Abstract: "全省各级婚姻登记机关办理的结婚、离婚和补领证件的登记结果", Format: "MySQL", FormatKind: catalog.FormatDatabase,
		Category: "民政", ScopeOfUse: "行政审批", UseConditions: "依职责", SourceSystem: "婚姻登记系统", DutyBasis: "婚姻登记条例", OpenAttribute: "not_open",
		Contact: "0311-80000000", Frequency: "daily", Collection: catalog.HostedCopy, Items: []catalog.Item{
			{Code: "no", Name: "证号", Type: "C", Key: true, Description: "证件上的编号", Element: "DE-ZH", Level: catalog.General2},
			{Code: "state", Name: "婚姻状态", Type: "C", Description: "登记后的状态", Element: "DE-HY", Level: catalog.General2},
			{Code: "who", Name: "姓名", Type: "C", Description: "登记的人", Element: "DE-XM", Level: catalog.General3, Sensitivity: catalog.PersonName, Masked: true}}}
}

func TestReviewEntry(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	score, findings, next := ReviewEntry(fullEntry(), now.Add(-time.Hour), now)
	if score != 100 || len(findings) != 0 || !next.Equal(now.Add(23*time.Hour+time.Second)) {
		t.Fatalf("a full entry: %v %v %v", score, findings, next)
	}
	for want, change := range map[FindingKind]func(e *catalog.Entry){
		AbstractShort:   func(e *catalog.Entry) { e.Abstract = "登记结果" },
		AbstractIsName:  func(e *catalog.Entry) { e.Abstract = strings.Repeat("婚姻登记信息数据", 3) },
		NameVague:       func(e *catalog.Entry) { e.Name = "基本信息" },
		FieldsEmpty:     func(e *catalog.Entry) { e.Category, e.DutyBasis = "", " " },
		NoContact:       func(e *catalog.Entry) { e.Contact = "" },
		NoKey:           func(e *catalog.Entry) { e.Items[0].Key = false },
		ItemsUntold:     func(e *catalog.Entry) { e.Items[1].Description = "" },
		ItemsNoElement:  func(e *catalog.Entry) { e.Items[2].Element = "" },
		ItemsNoLevel:    func(e *catalog.Entry) { e.Items[2].Level = "" },
		PersonalInClear: func(e *catalog.Entry) { e.Items[2].Masked = false },
	} {
		e := fullEntry()
		change(&e)
		score, findings, _ := ReviewEntry(e, now, now)
		if score >= 100 || len(findings) != 1 || findings[0].Kind != want || want.Word() == "" {
			t.Errorf("%s: %v %v", want, score, findings)
		}
	}
	e := fullEntry()
	e.Items[1].Element = ""
	if _, f, _ := ReviewEntry(e, now, now); !slices.Contains(f, Finding{ItemsNoDomain, 1, 1}) {
		t.Errorf("a coded item: %v", f)
	}
	for name, c := range map[string]struct {
		loaded time.Time
		want   FindingKind
	}{"never loaded": {time.Time{}, NeverLoaded}, "two days old": {now.AddDate(0, 0, -2), Stale}} {
		if _, f, next := ReviewEntry(fullEntry(), c.loaded, now); len(f) != 1 || f[0].Kind != c.want || !next.IsZero() {
			t.Errorf("%s: %v, again %v", name, f, next)
		}
	}
	linked := fullEntry()
	linked.Collection = catalog.LinkedService
	if score, f, _ := ReviewEntry(linked, time.Time{}, now); score != 100 || len(f) != 0 {
		t.Errorf("linked: %v %v", score, f)
	}
}

// A score lies between 0 and 100, is 100 without findings only, and filling an
// optional field never lowers it.
func TestEntryScoreProperties(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	text := rapid.SampledFrom([]string{"", " ", "数据", "婚姻登记信息", "全省各级登记机关办理的各类登记的结果,按日汇聚"})
	rapid.Check(t, func(t *rapid.T) {
		e := catalog.Entry{Name: text.Draw(t, "name"), Abstract: text.Draw(t, "abstract"), Category: text.Draw(t, "category"), Contact: text.Draw(t, "contact"),
			Collection: rapid.SampledFrom([]catalog.Collection{catalog.HostedCopy, catalog.LinkedService}).Draw(t, "collection"), Frequency: rapid.SampledFrom([]string{"daily", "irregular"}).Draw(t, "frequency")}
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			e.Items = append(e.Items, catalog.Item{Name: text.Draw(t, "item"), Description: text.Draw(t, "description"), Type: "C"})
		}
		score, findings, _ := ReviewEntry(e, now, now)
		if score < 0 || score > 100 || (score == 100) != (len(findings) == 0) {
			t.Fatalf("%v with %v", score, findings)
		}
		e.DutyBasis = "条例第三条"
		if more, _, _ := ReviewEntry(e, now, now); more < score {
			t.Fatalf("%v, then %v", score, more)
		}
	})
}

func TestRelations(t *testing.T) {
	t.Parallel()
	items := []catalog.Item{{Code: "x", Type: "D"}, {Code: "y", Type: "T"}, {Code: "m", Type: "N"}, {Code: "n", Type: "I"}}
	for _, c := range []struct {
		rule Rule
		row  catalog.Row
		want verdict
	}{
		{Rule{Item: "x", Op: "le", Other: "y"}, catalog.Row{"x": "2026-01-01", "y": "2026-01-01 08:00:00"}, passed},
		{Rule{Item: "x", Op: "gt", Other: "y"}, catalog.Row{"x": "2026-01-01", "y": "2026-01-01 08:00:00"}, failed},
		{Rule{Item: "m", Op: "ge", Other: "n"}, catalog.Row{"m": 9.5, "n": 10.0}, failed},
		{Rule{Item: "m", Op: "ne", Other: "n"}, catalog.Row{"m": 9.5, "n": 10.0}, passed},
		{Rule{Item: "m", Op: "ne", Other: "n"}, catalog.Row{"m": 9.5, "n": nil}, skipped},
		{Rule{Item: "x", Op: "eq", Other: "y"}, catalog.Row{"x": "昨天", "y": "2026-01-01 08:00:00"}, skipped},
	} {
		c.rule.Kind = Compare
		item := items[slices.IndexFunc(items, func(x catalog.Item) bool { return x.Code == c.rule.Item })]
		f, err := filed(items, item, c.rule, asked)
		if err != nil {
			t.Fatal(err)
		}
		if got := judged(t, []check{f}, Compare, c.row); got != c.want {
			t.Errorf("%+v of %v: %d, want %d", c.rule, c.row, got, c.want)
		}
	}
}
