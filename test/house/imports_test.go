package house

import (
	"fmt"
	"path"
	"strings"
	"testing"
)

// roomOf finds the room that a package directory belongs to: that of the longest
// matching row.
func roomOf(dir string) (room, bool) {
	best := room{floor: unknownLayer}
	for _, r := range rooms {
		if under(dir, r.dir) && len(r.dir) > len(best.dir) {
			best = r
		}
	}
	return best, best.floor != unknownLayer
}

// helper tells whether dir is a package for tests: testdb, anything below test/
// or named sometest.
func helper(dir string) bool {
	return under(dir, "internal/testdb") || under(dir, "test") ||
		(strings.HasPrefix(dir, "internal/") && strings.HasSuffix(path.Base(dir), "test"))
}

// brokenImports applies the plan to the imports of all files.
func brokenImports(r tree) []string {
	var found []string
	unknown := map[string]bool{}
	for _, f := range r.goFiles() {
		home, ok := roomOf(f.dir)
		if !ok {
			if !unknown[f.dir] {
				found = append(found, f.dir+": a package without a floor; add it to rooms in test/house/layers_test.go")
			}
			unknown[f.dir] = true
			continue
		}
		// Tests and the workshop may import what they like; nobody may import them.
		if f.test || home.floor == workshopFloor || helper(f.dir) {
			continue
		}
		for _, imp := range f.imports() {
			if why := forbidden(r, home, imp); why != "" {
				found = append(found, fmt.Sprintf("%s imports %s: %s", f.path, imp, why))
			}
		}
	}
	return found
}

// forbidden says why a file of the room home may not import imp; "" when it may.
func forbidden(r tree, home room, imp string) string {
	for _, b := range bans {
		if !b.who(home) {
			continue
		}
		for _, p := range b.imports {
			if under(imp, p) {
				return "forbidden in " + home.dir + ", " + b.reason
			}
		}
	}
	if !r.exists(imp) {
		return "" // not of this house
	}
	there, ok := roomOf(imp)
	switch {
	case !ok:
		return "a package without a floor"
	case there.floor == workshopFloor || helper(imp):
		return "only tests import test helpers: " + productionNote
	case there.dir == home.dir || there.floor < home.floor:
		return ""
	case there.floor == home.floor:
		if sameFloor[[2]string{home.dir, there.dir}] != "" {
			return ""
		}
		return "neighbours on one floor meet through interfaces that the caller declares; a real need goes into sameFloor, with its reason"
	default:
		return "dependencies run one way, downwards: cmd → app → web, gateway, exchange, federation, worker, store → features → ground"
	}
}

func TestImportsFollowThePlan(t *testing.T) {
	check(t, brokenImports(repository(t)))
}

func TestImportRuleFindsEachBreach(t *testing.T) {
	file := func(imports ...string) string {
		var b strings.Builder
		b.WriteString("package x\n")
		for _, i := range imports {
			if strings.HasPrefix(i, "internal/") || strings.HasPrefix(i, "cmd/") {
				i = module + "/" + i
			}
			fmt.Fprintf(&b, "import _ %q\n", i)
		}
		return b.String()
	}
	finds(t, brokenImports(tree{
		"cmd/x/main.go":                 file("internal/app", "os"),
		"internal/app/a.go":             file("internal/store", "internal/org", "internal/demo"),
		"internal/catalog/a.go":         file("net/http", "internal/sharing", "internal/store"),
		"internal/catalog/a_test.go":    file("net/http", "internal/store"),
		"internal/demo/d.go":            file("fmt"),
		"internal/fault/f.go":           file("fmt", "os/exec"),
		"internal/gateway/g.go":         file("internal/testdb", "internal/gateway/mask", "internal/store/storetest"),
		"internal/gateway/mask/m.go":    file("internal/fault", "testing"),
		"internal/novelty/n.go":         file("fmt"),
		"internal/org/o.go":             file("internal/fault"),
		"internal/sharing/s.go":         file("internal/catalog"),
		"internal/store/s.go":           file("database/sql", "github.com/uptrace/bun", "internal/org"),
		"internal/store/storetest/s.go": file("testing", "internal/testdb"),
		"internal/testdb/t.go":          file("testing"),
		"internal/web/w.go":             file("internal/gateway", "github.com/uptrace/bun/dialect"),
	}),
		"internal/app/a.go imports internal/demo: neighbours",
		"internal/catalog/a.go imports net/http: forbidden in internal/catalog",
		"internal/catalog/a.go imports internal/sharing: neighbours",
		"internal/catalog/a.go imports internal/store: dependencies run one way",
		"internal/fault/f.go imports os/exec: forbidden in internal/fault",
		"internal/gateway/g.go imports internal/testdb: only tests",
		"internal/gateway/g.go imports internal/store/storetest: only tests",
		"internal/gateway/mask/m.go imports testing: forbidden",
		"internal/novelty: a package without a floor",
		"internal/web/w.go imports internal/gateway: neighbours",
		"internal/web/w.go imports github.com/uptrace/bun/dialect: forbidden",
	)
}

func TestPlanNamesReasons(t *testing.T) {
	for pair, reason := range sameFloor {
		if reason == "" {
			t.Errorf("%v: no reason", pair)
		}
		a, okA := roomOf(pair[0])
		b, okB := roomOf(pair[1])
		if !okA || !okB || a.floor != b.floor {
			t.Errorf("%v: not two rooms of one floor", pair)
		}
	}
}
