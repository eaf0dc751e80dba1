package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// events are go test -json lines of the kinds that matter; pkg/d crashed.
const events = `{"Action":"start","Package":"pkg/a"}
{"Action":"run","Package":"pkg/a","Test":"TestGood"}
{"Action":"output","Package":"pkg/a","Test":"TestGood","Output":"=== RUN   TestGood\n"}
{"Action":"output","Package":"pkg/a","Test":"TestGood","Output":"chatter of a good test\n"}
{"Action":"pass","Package":"pkg/a","Test":"TestGood"}
{"Action":"run","Package":"pkg/a","Test":"TestSkip/postgres"}
{"Action":"output","Package":"pkg/a","Test":"TestSkip/postgres","Output":"=== RUN   TestSkip/postgres\n"}
{"Action":"output","Package":"pkg/a","Test":"TestSkip/postgres","Output":"    x_test.go:9: no PostgreSQL\n"}
{"Action":"output","Package":"pkg/a","Test":"TestSkip/postgres","Output":"--- SKIP: TestSkip/postgres (0.00s)\n"}
{"Action":"skip","Package":"pkg/a","Test":"TestSkip/postgres"}
{"Action":"output","Package":"pkg/a","Output":"PASS\n"}
{"Action":"output","Package":"pkg/a","Output":"ok  \tpkg/a\t0.1s\n"}
{"Action":"pass","Package":"pkg/a"}
{"Action":"output","Package":"pkg/none","Output":"?   \tpkg/none\t[no test files]\n"}
{"Action":"skip","Package":"pkg/none"}
{"Action":"run","Package":"pkg/b","Test":"TestBad"}
{"Action":"output","Package":"pkg/b","Test":"TestBad","Output":"    b_test.go:3: got 1, want 2\n"}
{"Action":"output","Package":"pkg/b","Test":"TestBad","Output":"--- FAIL: TestBad (0.00s)\n"}
{"Action":"fail","Package":"pkg/b","Test":"TestBad"}
{"Action":"output","Package":"pkg/b","Output":"FAIL\tpkg/b\t0.1s\n"}
{"Action":"fail","Package":"pkg/b"}
{"ImportPath":"pkg/c","Action":"build-output","Output":"c.go:1: syntax error\n"}
{"ImportPath":"pkg/c","Action":"build-fail"}
{"Action":"output","Package":"pkg/c","Output":"FAIL\tpkg/c [build failed]\n"}
{"Action":"fail","Package":"pkg/c","FailedBuild":"pkg/c"}
{"Action":"run","Package":"pkg/d","Test":"TestHang"}
{"Action":"output","Package":"pkg/d","Test":"TestHang","Output":"panic: test timed out\n"}
{"Action":"output","Package":"pkg/d","Output":"FAIL\tpkg/d\t10m\n"}
{"Action":"fail","Package":"pkg/d"}
a line that is no event
{"Action":"run","Package":"pkg/e","Test":"TestLost"}
`

func TestDigestCountsAndPrints(t *testing.T) {
	var out bytes.Buffer
	r, err := digest(strings.NewReader(events), &out)
	if err != nil {
		t.Fatal(err)
	}
	if r.Passed != 1 {
		t.Errorf("passed %d, want 1", r.Passed)
	}
	wantFailed := []string{"pkg/b TestBad", "pkg/c (does not build)", "pkg/d TestHang (did not finish)", "pkg/e TestLost (did not finish)"}
	if !slices.Equal(r.Failed, wantFailed) {
		t.Errorf("failed\n%q, want\n%q", r.Failed, wantFailed)
	}
	wantSkipped := []skipped{{"pkg/a TestSkip/postgres", "x_test.go:9: no PostgreSQL"}}
	if !slices.Equal(r.Skipped, wantSkipped) {
		t.Errorf("skipped %q, want %q", r.Skipped, wantSkipped)
	}
	for _, want := range []string{"ok  \tpkg/a\t0.1s\n", "got 1, want 2", "c.go:1: syntax error", "test timed out", "a line that is no event", "FAIL\tpkg/d"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, &out)
		}
	}
	for _, not := range []string{"chatter", "no test files", "PASS"} {
		if strings.Contains(out.String(), not) {
			t.Errorf("output has %q:\n%s", not, &out)
		}
	}
}

func TestClosing(t *testing.T) {
	good := record{Step: "tests", Passed: 3}
	bad := record{Step: "vet", Failed: []string{"vet (exit code 1)"}}
	left := record{Step: "browser", Skipped: []skipped{{"browser", "no Chromium"}}}
	for name, c := range map[string]struct {
		records []record
		strict  bool
		code    int
		last    string
		says    string
	}{
		"all good":            {[]record{good, good}, true, 0, "6 passed, 0 failed, 0 skipped", ""},
		"a failure":           {[]record{good, bad}, false, 1, "3 passed, 1 failed, 0 skipped", "  - vet (exit code 1)"},
		"a skip by hand":      {[]record{good, left}, false, 0, "3 passed, 0 failed, 1 skipped", "  - browser: no Chromium"},
		"a skip in CI":        {[]record{good, left}, true, 1, "3 passed, 0 failed, 1 skipped", "  - browser: no Chromium"},
		"nothing ran":         {nil, false, 1, "0 passed, 0 failed, 0 skipped", "Nothing ran"},
		"only skips":          {[]record{left}, false, 1, "0 passed, 0 failed, 1 skipped", "Nothing ran"},
		"failure beats skips": {[]record{good, bad, left}, false, 1, "3 passed, 1 failed, 1 skipped", "no Chromium"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if code := closing(c.records, c.strict, &out); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if got := strings.TrimSuffix(lastLine(out.String()), "\n"); got != c.last {
				t.Errorf("last line %q, want %q", got, c.last)
			}
			if !strings.Contains(out.String(), c.says) {
				t.Errorf("does not say %q:\n%s", c.says, &out)
			}
		})
	}
}

// TestStepsAreRemembered goes through the command line with real commands.
func TestStepsAreRemembered(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	var out bytes.Buffer
	do := func(want int, args ...string) {
		t.Helper()
		if got := run(args, &out, &out); got != want {
			t.Errorf("%q: exit code %d, want %d\n%s", args, got, want, &out)
		}
	}
	do(0, "step", "-state", state, "fine", "true")
	do(0, "close", "-state", state, "-strict")
	do(7, "step", "-state", state, "broken", "sh", "-c", "exit 7")
	do(125, "step", "-state", state, "absent", filepath.Join(t.TempDir(), "no-such-command"))
	do(0, "skip", "-state", state, "left out", "for", "a", "reason")
	do(1, "close", "-state", state)
	for _, want := range []string{"broken (exit code 7)", "absent (exit code 125)", "left out: for a reason", "1 passed, 2 failed, 1 skipped"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, &out)
		}
	}
	do(exitUsage, "close")
	do(exitUsage, "dance", "-state", state, "a", "b")
	do(exitUsage, "step", "-state", state, "name only")
}

// TestGoTestIsRun runs the real go test on a module made for it: one package
// with each outcome, one that does not build.
func TestGoTestIsRun(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":           "module example\n\ngo 1.26\n",
		"ok/ok_test.go":    "package ok\nimport \"testing\"\nfunc TestFine(t *testing.T) {}\nfunc TestLeftOut(t *testing.T) { t.Skip(\"because\") }\n",
		"bad/bad_test.go":  "package bad\nimport (\"os\"; \"testing\")\nfunc TestFails(t *testing.T) { t.Error(\"so it is\") }\nfunc TestExits(t *testing.T) { os.Exit(4) }\n",
		"sick/sick.go":     "package sick\nvar x int = \"\"\n",
		"sick/sck_test.go": "package sick\nimport \"testing\"\nfunc TestNever(t *testing.T) {}\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	state := filepath.Join(dir, "state")
	var out, errOut bytes.Buffer
	if code := run([]string{"gotest", "-state", state, "tests", "./..."}, &out, &errOut); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	run([]string{"close", "-state", state}, &out, &errOut)
	for _, want := range []string{"ok  \texample/ok", "so it is", "cannot use", "example/bad TestFails", "TestExits (did not finish)",
		"example/sick (does not build)", "example/ok TestLeftOut", "because", "1 passed, 3 failed, 1 skipped"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, &out)
		}
	}
}
