package house

import (
	"fmt"
	"go/ast"
	"testing"
)

// readsTime are the functions of package time that ask the machine for the time
// or wait on it. Timers and tickers are left: they wake somebody up, who then
// asks the clock.
var readsTime = map[string]bool{
	"Now": true, "Since": true, "Until": true, "Sleep": true, "After": true, "Tick": true,
}

// mayReadTime lists the files in internal/ that may, each with its reason.
var mayReadTime = map[string]string{
	"internal/clock/clock.go": "it is the clock",
}

// timeReaders finds code that reads the time past the clock: it cannot be tested
// without waiting, and a due date computed from it cannot be replayed.
func timeReaders(r tree) []string {
	var found []string
	for _, f := range r.goFiles() {
		if f.test || !under(f.dir, "internal") || helper(f.dir) || mayReadTime[f.path] != "" {
			continue
		}
		name := localName(f.ast, "time")
		if name == "" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == name && readsTime[sel.Sel.Name] {
				found = append(found, fmt.Sprintf("%s: time.%s; take a clock.Clock", f.at(sel.Pos()), sel.Sel.Name))
			}
			return true
		})
	}
	return found
}

// localName is the name under which the file knows the package; "" if it does
// not import it.
func localName(f *ast.File, pkg string) string {
	for _, spec := range f.Imports {
		if spec.Path.Value == `"`+pkg+`"` {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return pkg
		}
	}
	return ""
}

func TestOnlyTheClockReadsTheTime(t *testing.T) {
	check(t, timeReaders(repository(t)))
}

func TestTimeRuleFindsReaders(t *testing.T) {
	finds(t, timeReaders(tree{
		"internal/clock/clock.go":  "package clock\nimport \"time\"\nvar _ = time.Now()\n",
		"internal/org/a.go":        "package org\nimport \"time\"\nvar _ = time.Now()\nvar _ = time.UTC\n",
		"internal/org/b.go":        "package org\nimport tm \"time\"\nfunc f() { tm.Sleep(1) }\nvar g = tm.Now\n",
		"internal/org/a_test.go":   "package org\nimport \"time\"\nvar _ = time.Now()\n",
		"internal/testdb/a.go":     "package testdb\nimport \"time\"\nvar _ = time.Now()\n",
		"cmd/shuqiao/main.go":      "package main\nimport \"time\"\nvar _ = time.Now()\n",
		"internal/org/no_time.go":  "package org\nvar time struct{ Now int }\nvar _ = time.Now\n",
		"internal/org/testdata.go": "package org\nimport \"time\"\nvar _ = time.NewTimer\n",
	}), "internal/org/a.go:3: time.Now", "internal/org/b.go:3: time.Sleep", "internal/org/b.go:4: time.Now")
}
