package house

import (
	_ "embed"
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"strings"
	"testing"
)

// tracePath is the page that says which requirement is shown by which test.
//
// Its format. The page may hold any text; what counts are the rows of its tables
// that begin with a requirement ID, of exactly four columns:
//
//		| ID | Behaviour covered | Where | Tests |
//		|---|---|---|---|
//		| CN-21.2 | second supplement notice is refused | `internal/procedure` | `internal/procedure:TestSecondNotice`, `test/story:TestStory` |
//
//	  - ID: one or more IDs of testdata/requirement_ids.txt, comma separated. An ID
//	    may have several rows.
//	  - Behaviour covered: what of the requirement works, in a few words; not empty.
//	  - Where: backticked paths of files or directories, comma separated; each exists.
//	  - Tests: backticked `directory:Function`, comma separated, at least one: a
//	    function Test…, Fuzz… or Example… in a _test.go file of that directory. For
//	    the console `file:name`, a test file and a string that stands in it.
const tracePath = "docs/traceability.md"

//go:embed testdata/requirement_ids.txt
var requirementIDs string

var (
	idPattern       = regexp.MustCompile(`^(CN|HB|XN)-\d`)
	backtickPattern = regexp.MustCompile("^`([^`]+)`$")
)

// knownIDs reads the list of requirement IDs.
func knownIDs() map[string]bool {
	known := map[string]bool{}
	for line := range strings.Lines(requirementIDs) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			known[line] = true
		}
	}
	return known
}

// brokenTraces finds the rows that claim what is not there.
func brokenTraces(r tree) []string {
	page, ok := r[tracePath]
	if !ok {
		return []string{tracePath + ": does not exist"}
	}
	known, tests := knownIDs(), testFunctions(r)
	var found []string
	n, rows := 0, 0
	for line := range strings.Lines(page) {
		n++
		cells := tableCells(line)
		if len(cells) == 0 || !idPattern.MatchString(cells[0]) {
			continue
		}
		rows++
		for _, fault := range rowFaults(r, known, tests, cells) {
			found = append(found, fmt.Sprintf("%s:%d: %s", tracePath, n, fault))
		}
	}
	if rows == 0 {
		found = append(found, tracePath+": no rows")
	}
	return found
}

// rowFaults checks one row.
func rowFaults(r tree, known, tests map[string]bool, cells []string) []string {
	if len(cells) != 4 {
		return []string{fmt.Sprintf("%d columns, want 4: ID, behaviour, where, tests", len(cells))}
	}
	var faults []string
	for id := range strings.SplitSeq(cells[0], ",") {
		if id = strings.TrimSpace(id); !known[id] {
			faults = append(faults, "unknown requirement "+id)
		}
	}
	if cells[1] == "" {
		faults = append(faults, "does not say what is covered")
	}
	where, bad := backticked(cells[2])
	faults = append(faults, bad...)
	for _, p := range where {
		if !r.exists(path.Clean(p)) {
			faults = append(faults, "there is no "+p)
		}
	}
	named, bad := backticked(cells[3])
	faults = append(faults, bad...)
	for _, name := range named {
		place, test, ok := strings.Cut(name, ":")
		inFile := ok && test != "" && strings.Contains(path.Base(place), ".test.") && strings.Contains(r[place], test)
		if !tests[name] && !inFile {
			faults = append(faults, "there is no test "+name)
		}
	}
	return faults
}

// backticked splits a cell of comma-separated backticked words.
func backticked(cell string) (words, faults []string) {
	for part := range strings.SplitSeq(cell, ",") {
		m := backtickPattern.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			faults = append(faults, fmt.Sprintf("%q is not a word in backticks", strings.TrimSpace(part)))
			continue
		}
		words = append(words, m[1])
	}
	return words, faults
}

// tableCells splits a row of a Markdown table; nil for other lines.
func tableCells(line string) []string {
	line = strings.TrimSpace(line)
	if len(line) < 2 || line[0] != '|' || line[len(line)-1] != '|' {
		return nil
	}
	cells := strings.Split(line[1:len(line)-1], "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// testFunctions lists all tests as directory:Function.
func testFunctions(r tree) map[string]bool {
	tests := map[string]bool{}
	for _, f := range r.goFiles() {
		if !f.test {
			continue
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil {
				continue
			}
			for _, kind := range []string{"Test", "Fuzz", "Example"} {
				if strings.HasPrefix(fn.Name.Name, kind) {
					tests[f.dir+":"+fn.Name.Name] = true
				}
			}
		}
	}
	return tests
}

func TestTraceabilityNamesTestsThatExist(t *testing.T) {
	check(t, brokenTraces(repository(t)))
}

func TestTraceRuleFindsBreaches(t *testing.T) {
	const head = "# Page\n\n| ID | Behaviour covered | Where | Tests |\n|---|---|---|---|\n"
	with := func(rows string) tree {
		return tree{
			tracePath:               head + rows,
			"internal/x/x_test.go":  "package x\nfunc TestReal(t *testing.T) {}\nfunc (s suite) TestMethod() {}\nfunc FuzzReal(f *testing.F) {}\n",
			"console/src/a.test.ts": "test(\"shows the due date\", () => {});\n",
		}
	}
	finds(t, brokenTraces(with("| CN-21.2, CN-22 | works | `internal/x` | `internal/x:TestReal`, `internal/x:FuzzReal`, `console/src/a.test.ts:shows the due date` |\n")))
	for row, part := range map[string]string{
		"| CN-99 | works | `internal/x` | `internal/x:TestReal` |":          "unknown requirement CN-99",
		"| CN-22 |  | `internal/x` | `internal/x:TestReal` |":               "does not say",
		"| CN-22 | works | `internal/y` | `internal/x:TestReal` |":          "there is no internal/y",
		"| CN-22 | works | `internal/x` | `internal/x:TestGone` |":          "there is no test internal/x:TestGone",
		"| CN-22 | works | `internal/x` | `internal/x:TestMethod` |":        "there is no test",
		"| CN-22 | works | `internal/x` | internal/x:TestReal |":            "backticks",
		"| CN-22 | works | `internal/x` |  |":                               "backticks",
		"| CN-22 | works | `internal/x` |":                                  "3 columns",
		"| CN-22 | works | `console` | `console/src/a.test.ts:elsewhere` |": "there is no test",
	} {
		finds(t, brokenTraces(with(row+"\n")), part)
	}
	finds(t, brokenTraces(with("")), "no rows")
	finds(t, brokenTraces(tree{}), "does not exist")
}
