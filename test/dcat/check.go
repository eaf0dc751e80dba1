// Package dcatcheck checks DCAT documents with parsers and a SHACL validator
// that are not ours: npm packages, pinned in package-lock.json beside it and
// run by Node.js.
package dcatcheck

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Question is one check; see check.mjs.
type Question struct {
	Op     string   `json:"op"`
	JSONLD string   `json:"jsonld,omitempty"`
	Turtle string   `json:"turtle,omitempty"`
	Shapes []string `json:"shapes,omitempty"`
	Drop   *Drop    `json:"drop,omitempty"`
}

// Drop takes a property away from all resources of a class.
type Drop struct {
	Class    string `json:"class"`
	Property string `json:"property"`
}

// Answer is what came out of a question.
type Answer struct {
	Error      string   `json:"error"`
	Equal      bool     `json:"equal"`
	Quads      int      `json:"quads"`
	Difference []string `json:"difference"`
	Dropped    int      `json:"dropped"`
	Results    []Result `json:"results"`
}

// Result is one thing that a shape objects to.
type Result struct {
	Focus, Path, Value, Constraint, Severity string
}

// Mandatory and Recommended are the files of the shapes.
func Mandatory() string { return file("shapes", "dcat-ap-3.ttl") }

// Recommended is what the profile recommends.
func Recommended() string { return file("shapes", "recommended.ttl") }

func file(name ...string) string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(append([]string{filepath.Dir(here)}, name...)...)
}

// Ask runs the checks in one process. It skips the test, with the reason,
// where there is no Node.js or the packages were not fetched.
func Ask(t testing.TB, questions ...Question) []Answer {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not installed")
	}
	if _, err := os.Stat(file("node_modules", ".package-lock.json")); err != nil {
		t.Skip("the packages were not fetched: scripts/npm-ci test/dcat")
	}
	in, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, file("check.mjs"))
	var out, complaint bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("node: %v\n%s", err, complaint.String())
	}
	var answers []Answer
	if err := json.Unmarshal(out.Bytes(), &answers); err != nil || len(answers) != len(questions) {
		t.Fatalf("node answered %d of %d questions: %v", len(answers), len(questions), err)
	}
	for i, a := range answers {
		if a.Error != "" {
			t.Fatalf("question %d (%s): %s", i, questions[i].Op, a.Error)
		}
	}
	return answers
}

// Valid fails the test when the two serialisations are not the same graph, or
// when the graph breaks a shape, recommended ones included. It gives the
// number of statements.
func Valid(t testing.TB, name, jsonld, turtle string) int {
	t.Helper()
	answers := Ask(t, Question{Op: "compare", JSONLD: jsonld, Turtle: turtle},
		Question{Op: "validate", Turtle: turtle, Shapes: []string{Mandatory(), Recommended()}})
	if !answers[0].Equal {
		t.Errorf("%s: JSON-LD and Turtle differ:\n%s", name, strings.Join(answers[0].Difference, "\n"))
	}
	for _, r := range answers[1].Results {
		t.Errorf("%s: %s %s (%s): %s, value %q", name, r.Focus, r.Path, r.Severity, r.Constraint, r.Value)
	}
	return answers[0].Quads
}
