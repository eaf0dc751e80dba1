package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"
)

// event is a line of go test -json (see "go doc test2json").
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build events
	Test        string
	Output      string
	FailedBuild string
}

// digester reads the events of one go test.
type digester struct {
	out     io.Writer
	result  record
	running map[string]map[string]*strings.Builder // package, test ("" is the package) → output
	failed  map[string]int                         // package → tests that failed
}

// digest reads events to the end, prints what a person wants to see, and counts.
// Lines that are no events are passed on.
func digest(in io.Reader, out io.Writer) (record, error) {
	d := &digester{out: out, running: map[string]map[string]*strings.Builder{}, failed: map[string]int{}}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			var e event
			if line[0] != '{' || json.Unmarshal([]byte(line), &e) != nil {
				fmt.Fprint(out, line)
			} else {
				d.take(e)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return d.result, fmt.Errorf("read go test: %w", err)
		}
	}
	d.abandoned()
	return d.result, nil
}

// take handles one event.
func (d *digester) take(e event) {
	switch e.Action {
	case "build-output":
		fmt.Fprint(d.out, e.Output)
	case "build-fail":
		// The package that cannot be tested reports its own failure.
	case "run":
		d.output(e)
	case "output":
		d.output(e).WriteString(e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			d.packageEnds(e)
		} else {
			d.testEnds(e)
		}
	}
}

// output is where the output of the event's test or package gathers.
func (d *digester) output(e event) *strings.Builder {
	tests := d.running[e.Package]
	if tests == nil {
		tests = map[string]*strings.Builder{}
		d.running[e.Package] = tests
	}
	b := tests[e.Test]
	if b == nil {
		b = &strings.Builder{}
		tests[e.Test] = b
	}
	return b
}

// testEnds counts a test and prints the output of one that failed.
func (d *digester) testEnds(e event) {
	said := d.output(e).String()
	delete(d.running[e.Package], e.Test)
	switch e.Action {
	case "pass":
		d.result.Passed++
	case "fail":
		d.fail(e.Package, e.Test, said)
	case "skip":
		d.result.Skipped = append(d.result.Skipped, skipped{Name: e.Package + " " + e.Test, Reason: skipReason(said)})
	}
}

// fail counts a test as failed and prints its output.
func (d *digester) fail(pkg, test, said string) {
	fmt.Fprint(d.out, said)
	d.failed[pkg]++
	d.result.Failed = append(d.result.Failed, pkg+" "+test)
}

// packageEnds prints the package's own lines: "ok …" and "FAIL …". A package
// that is skipped is one without test files, which is no test left out.
func (d *digester) packageEnds(e event) {
	own := d.output(e).String()
	delete(d.running[e.Package], "")
	if e.Action == "fail" {
		d.unfinished(e.Package)
		if d.failed[e.Package] == 0 {
			what := "failed outside its tests"
			if e.FailedBuild != "" {
				what = "does not build"
			}
			d.result.Failed = append(d.result.Failed, e.Package+" ("+what+")")
		}
		fmt.Fprint(d.out, own)
	} else if e.Action == "pass" {
		fmt.Fprint(d.out, lastLine(own))
	}
	delete(d.running, e.Package)
}

// unfinished fails the tests that were under way when their package ended: a
// crash, a time-out, or an exit from inside a test.
func (d *digester) unfinished(pkg string) {
	tests := d.running[pkg]
	names := make([]string, 0, len(tests))
	for name := range tests {
		if name != "" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		d.fail(pkg, name+" (did not finish)", tests[name].String())
	}
	clear(tests)
}

// abandoned fails the packages of which no end was told.
func (d *digester) abandoned() {
	packages := make([]string, 0, len(d.running))
	for pkg := range d.running {
		packages = append(packages, pkg)
	}
	sort.Strings(packages)
	for _, pkg := range packages {
		own := d.output(event{Package: pkg}).String()
		d.unfinished(pkg)
		if d.failed[pkg] == 0 {
			d.result.Failed = append(d.result.Failed, pkg+" (no result)")
		}
		fmt.Fprint(d.out, own)
	}
}

// skipReason picks what the test itself said out of the output of a skipped test.
func skipReason(said string) string {
	var words []string
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "--- ") {
			continue
		}
		words = append(words, line)
	}
	if len(words) == 0 {
		return "no reason given"
	}
	return strings.Join(words, " ")
}

// lastLine is the last line of s with its line end: of a package that passed,
// the one that begins with ok.
func lastLine(s string) string {
	i := strings.LastIndexByte(strings.TrimSuffix(s, "\n"), '\n')
	return s[i+1:]
}
