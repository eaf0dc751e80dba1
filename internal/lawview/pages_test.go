package lawview_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/lawview"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/law"
)

var update = flag.Bool("update", false, "write docs/law anew")

// docsDir holds the generated pages.
const docsDir = "../../docs/law"

func release(t testing.TB) *lawview.Law {
	t.Helper()
	names, err := fs.Glob(law.Rulebooks, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var books []*rulebook.Rulebook
	for _, name := range names {
		source, err := law.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := rulebook.Parse(source)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		books = append(books, b)
	}
	return lawview.New(books...)
}

// The pages in docs/law are those that the rulebooks give, and no others.
func TestDocsAreCurrent(t *testing.T) {
	t.Parallel()
	pages := release(t).Pages()
	if *update {
		for name, text := range pages {
			if err := os.WriteFile(filepath.Join(docsDir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, want := range pages {
		got, err := os.ReadFile(filepath.Join(docsDir, name))
		if err != nil || string(got) != want {
			t.Errorf("docs/law/%s is not what the rulebooks give; run `shuqiao law docs --out docs/law`", name)
		}
	}
	files, err := filepath.Glob(filepath.Join(docsDir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, ok := pages[filepath.Base(file)]; ok {
			continue
		}
		if *update {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Errorf("%s belongs to no rulebook any more", file)
	}
}

// Every diagram names every stage once, draws every step that moves a case,
// with its clause, and writes no label that Mermaid would read as syntax.
func TestDiagrams(t *testing.T) {
	t.Parallel()
	for _, b := range release(t).Books {
		for id, p := range b.Procedures {
			lines := strings.Split(strings.TrimSpace(lawview.Diagram(p)), "\n")
			if lines[0] != "stateDiagram-v2" {
				t.Fatalf("%s: %q", id, lines[0])
			}
			declared, edges := 0, 0
			for _, line := range lines[1:] {
				line = strings.TrimSpace(line)
				if strings.HasPrefix(line, `state "`) {
					declared++
					continue
				}
				path, label, _ := strings.Cut(line, ": ")
				if strings.Count(path, "-->") != 1 || strings.ContainsAny(label, ":;#\"[]{}<>") {
					t.Errorf("%s: %q", id, line)
				}
				edges++
			}
			if declared != len(p.Stages) {
				t.Errorf("%s: %d stages drawn of %d", id, declared, len(p.Stages))
			}
			want := 0
			for _, s := range p.Stages {
				if s.Final {
					want++
				}
			}
			for _, a := range p.Actions {
				if a.Opens {
					want++
				}
				for _, from := range a.From {
					if a.To != "" && a.To != from {
						want++
					}
				}
			}
			if edges != want {
				t.Errorf("%s: %d edges, want %d", id, edges, want)
			}
		}
	}
}

// A stage named like a word of Mermaid, and names with its punctuation.
func TestDiagramEscapes(t *testing.T) {
	t.Parallel()
	got := lawview.Diagram(rulebook.Procedure{
		Stages: map[string]rulebook.Stage{"state": {Name: `待"办"`}, "end": {Name: "完", Final: true}},
		Actions: map[string]rulebook.Action{
			"open":  {Name: "开:始", Clause: "CN-1", Opens: true, To: "state"},
			"close": {Name: "结;束#", Clause: "CN-2", From: []string{"state"}, To: "end"},
			"note":  {Name: "记", Clause: "CN-2", From: []string{"state"}},
		},
	})
	want := "stateDiagram-v2\n    state \"待'办'\" as state_\n    state \"完\" as end_\n" +
		"    [*] --> state_: 开\uff1a始 CN-1\n    state_ --> end_: 结\uff1b束\uff03 CN-2\n    end_ --> [*]\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	l, at := release(t), time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	for id, want := range map[string][]string{
		"CN-21.1":           {"《政务数据共享条例》第二十一条第一款", "2025-08-01", "reply_conditional", "可延长10个工作日", "application.request_extension", "application.reply"},
		"CN-39.4":           {"第三十九条第四项", "超期即违反", "application.delivery"},
		"CN-27":             {"CN-27.1 CN-27.2 CN-27.3"},
		"hb_catalog_review": {"适用于130000: 2个工作日(CN-17.3)", "不适用HB-9的期限"},
		"hb_correction":     {"不得延长(CN-26.2)", "延长须经提供部门的同级主管部门同意"},
		"application":       {"```mermaid", "drafted --> with_office_head: 报负责人 CN-20.2"},
	} {
		var out strings.Builder
		if err := l.Show(&out, id, at); err != nil {
			t.Fatal(err)
		}
		for _, part := range want {
			if !strings.Contains(out.String(), part) {
				t.Errorf("%s lacks %q:\n%s", id, part, out.String())
			}
		}
	}
	if err := l.Show(&strings.Builder{}, "CN-99", at); !fault.Is(err, "law_unknown") {
		t.Errorf("unknown: %v", err)
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	l := release(t)
	effective := func(id string, day time.Time) []lawview.EffectiveRow {
		for _, r := range l.Terms(day) {
			if r.ID == id {
				return r.Effective
			}
		}
		t.Fatalf("no term %s", id)
		return nil
	}
	after, before := time.Date(2025, 8, 1, 4, 0, 0, 0, time.UTC), time.Date(2025, 7, 31, 4, 0, 0, 0, time.UTC)
	if got := effective("hb_catalog_update", before); len(got) != 2 || got[0].Extension != 10 || got[0].Clause != "HB-9" {
		t.Errorf("before: %+v", got)
	}
	if got := effective("hb_catalog_update", after); len(got) != 2 || got[1].Extension != 5 || got[1].Clause != "CN-17.2" {
		t.Errorf("after: %+v", got)
	}
	if got := effective("delivery", after); len(got) != 3 || got[0].Region != "100000" {
		t.Errorf("national: %+v", got)
	}
	if got := effective("delivery", before); len(got) != 0 {
		t.Errorf("not in force yet: %+v", got)
	}
}

func TestTrace(t *testing.T) {
	t.Parallel()
	const table = "| ID | Behaviour covered | Where | Tests |\n|---|---|---|---|\n" +
		"| CN-26, CN-9 | x | `internal/x` | `internal/x:TestX`, `internal/x:TestY` |\n| CN-27.3 | x | `a`, `b` | `internal/x:TestX` |\n"
	rows := map[string]lawview.TraceRow{}
	for _, r := range release(t).Trace(table) {
		rows[r.Clause] = r
	}
	for id, want := range map[string]string{"CN-26": "●", "CN-26.2": "●", "CN-27": "●", "CN-27.3": "●", "CN-9": "●", "CN-43": "○"} {
		if got := rows[id].Mark(); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	if got := rows["CN-27"].Tests; len(got) != 1 || got[0] != "internal/x:TestX" {
		t.Errorf("an article has the tests of its paragraphs: %v", got)
	}
	if got := rows["CN-21.1"]; got.Mark() != "◐" || !strings.Contains(got.String(), "期限 reply_conditional、reply_unconditional") {
		t.Errorf("CN-21.1: %s", got)
	}
}
