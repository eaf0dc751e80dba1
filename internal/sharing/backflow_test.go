package sharing

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// The prefix of a region covers what the region covers, and nothing else.
func TestRegionPrefixIsTheTerritory(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"130000": "13", "130100": "1301", "130102": "130102", "139000": "1390",
		"130102001": "130102001", "130102001001": "130102001001"} {
		if got := RegionPrefix(code); got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		code := func(label string) string {
			s := fmt.Sprintf("1%d%02d%02d", rapid.IntRange(1, 3).Draw(t, label+" province"),
				rapid.IntRange(0, 3).Draw(t, label+" city"), rapid.IntRange(0, 3).Draw(t, label+" county"))
			return s
		}
		root, at := code("root"), code("at")
		if root[2:4] == "00" && root[4:] != "00" {
			return // no such region: a county below no city
		}
		if got, want := strings.HasPrefix(at, RegionPrefix(root)), rulebook.Covers(root, at); got != want {
			t.Fatalf("%s in %s: %v, want %v", at, root, got, want)
		}
	})
}

func TestRegionItem(t *testing.T) {
	t.Parallel()
	items := []catalog.Item{{Code: "up", Name: "上级区划代码"}, {Code: "named", Name: "区划代码"}, {Code: "marked", Name: "所在地", Element: "DE-QHDM"}}
	for n, want := range map[int]string{1: "", 2: "named", 3: "marked"} {
		if got, ok := regionItem(items[:n]); got != want || ok != (want != "") {
			t.Errorf("of %d items: %q", n, got)
		}
	}
}

func TestLegalBasisAndRecordedDays(t *testing.T) {
	t.Parallel()
	step := func(fields map[string]any) procedure.Step {
		return procedure.Step{At: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC), Fields: fields}
	}
	for text, fine := range map[string]bool{
		"《中华人民共和国户口登记条例》第三条": true, "《中华人民共和国统计法》第二十五条第一款": true, "按有关规定": false, "《统计法》": false, "第三条": false,
	} {
		err := legalBasis(context.Background(), nil, step(map[string]any{"legal_basis": text}))
		if f, _ := fault.As(err); (err == nil) != fine || !fine && f.Basis != "HB-14" {
			t.Errorf("%s: %v", text, err)
		}
	}
	c := &procedure.Case{Facts: map[string]any{"sent_on": "2026-03-01"}}
	for day, fine := range map[string]bool{"2026-03-01": true, "2026-03-02": true, "2026-03-03": false, "2026-02-28": false} {
		if err := recordedDays(context.Background(), c, step(map[string]any{"answered_on": day})); (err == nil) != fine {
			t.Errorf("answered on %s: %v", day, err)
		}
	}
}
