package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// record is the result of one step.
type record struct {
	Step    string    `json:"step"`
	Passed  int       `json:"passed"`
	Failed  []string  `json:"failed,omitempty"`
	Skipped []skipped `json:"skipped,omitempty"`
}

// skipped is a part that was left out, and why.
type skipped struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// remember adds a record to the state file, one a line.
func remember(path string, r record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// recall reads the state file.
func recall(path string) ([]record, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var records []record
	dec := json.NewDecoder(bytes.NewReader(content))
	for {
		var r record
		switch err := dec.Decode(&r); {
		case err == io.EOF:
			return records, nil
		case err != nil:
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		records = append(records, r)
	}
}

// closing prints the account of all steps and gives the exit code of the run.
func closing(records []record, strict bool, out io.Writer) int {
	var passed int
	var failed []string
	var left []skipped
	for _, r := range records {
		passed += r.Passed
		failed = append(failed, r.Failed...)
		left = append(left, r.Skipped...)
	}
	fmt.Fprintln(out)
	if len(left) > 0 {
		fmt.Fprintf(out, "Skipped (%d):\n", len(left))
		for _, s := range left {
			fmt.Fprintf(out, "  - %s: %s\n", s.Name, s.Reason)
		}
	}
	if len(failed) > 0 {
		fmt.Fprintf(out, "Failed (%d):\n", len(failed))
		for _, name := range failed {
			fmt.Fprintf(out, "  - %s\n", name)
		}
	}
	code := 0
	switch {
	case len(failed) > 0:
		code = 1
	case passed == 0:
		fmt.Fprintln(out, "Nothing ran: that counts as a failure.")
		code = 1
	case strict && len(left) > 0:
		fmt.Fprintln(out, "A skipped part is a failure here (CI=true).")
		code = 1
	}
	fmt.Fprintf(out, "%d passed, %d failed, %d skipped\n", passed, len(failed), len(left))
	return code
}
