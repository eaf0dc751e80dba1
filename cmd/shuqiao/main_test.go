package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/shuqiao/shuqiao/internal/ledger"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"shuqiao": func() { os.Exit(run(os.Args[1:])) }})
}

// TestCommandLine runs testdata/script/*.txt: the commands as their users type them.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"tamper": tamper, "redump": redump, "edit": edit},
	})
}

// tamper FIELD FILE OUT changes one byte of a member of a receipt.
func tamper(ts *testscript.TestScript, _ bool, args []string) {
	r := readReceipt(ts, args[1])
	switch args[0] {
	case "entry":
		r["entry"] = flip(r["entry"].(string), len(r["entry"].(string))/2)
	case "checkpoint":
		r["checkpoint"] = flip(r["checkpoint"].(string), len(r["checkpoint"].(string))-10)
	case "inclusion":
		list := r["inclusion"].([]any)
		list[0] = flip(list[0].(string), 3)
	case "index":
		r["index"] = r["index"].(float64) + 1
	default:
		ts.Fatalf("tamper: unknown member %s", args[0])
	}
	writeReceipt(ts, args[2], r)
}

// edit FILE OUT OLD NEW writes the file with its only OLD replaced by NEW.
func edit(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	if strings.Count(text, args[2]) != 1 {
		ts.Fatalf("edit: %q stands %d times in %s", args[2], strings.Count(text, args[2]), args[0])
	}
	out := ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(filepath.Dir(out), 0o755))
	ts.Check(os.WriteFile(out, []byte(strings.Replace(text, args[2], args[3], 1)), 0o600))
}

// redump FILE OUT writes the same values with another indentation.
func redump(ts *testscript.TestScript, _ bool, args []string) {
	writeReceipt(ts, args[1], readReceipt(ts, args[0]))
}

func flip(s string, at int) string {
	b := []byte(s)
	if b[at] == 'A' {
		b[at] = 'B'
	} else {
		b[at] = 'A'
	}
	return string(b)
}

func readReceipt(ts *testscript.TestScript, file string) map[string]any {
	var r map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(file)), &r))
	return r
}

func writeReceipt(ts *testscript.TestScript, file string, r map[string]any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "\t")
	enc.SetEscapeHTML(true)
	ts.Check(enc.Encode(r))
	ts.Check(os.WriteFile(ts.MkAbs(file), b.Bytes(), 0o600))
}

// Every byte of the receipt that the story left, changed in turn: none may
// still verify, wherever it stands in entry, proof or checkpoint.
func TestEveryByteOfAReceiptCounts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if code := run([]string{"demo", "--once", "--dir", dir, "--log", "error"}); code != 0 {
		t.Fatalf("demo --once ended with %d", code)
	}
	whole, err := os.ReadFile(filepath.Join(dir, "receipt.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r map[string]any
	if err := json.Unmarshal(whole, &r); err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(filepath.Join(dir, "ledger.pub"))
	if err != nil {
		t.Fatal(err)
	}
	verify := func(doc []byte) int { // what `proof verify` runs; story.txt has its exit codes
		if _, err := ledger.VerifyReceipt(doc, string(key)); err != nil {
			return 1
		}
		return 0
	}
	if code := verify(whole); code != 0 {
		t.Fatalf("the receipt itself: %d", code)
	}
	for _, member := range []string{"entry", "checkpoint"} {
		text, _ := json.Marshal(r[member])
		at := bytes.Index(whole, text)
		if at < 0 { // the encoder may escape otherwise; the values are what counts
			at = bytes.Index(whole, []byte(`"`+member+`"`)) + len(member) + 2
		}
		for i := at + 1; i < at+len(text)-1; i++ {
			doc := bytes.Clone(whole)
			doc[i] ^= 1
			if verify(doc) != 1 {
				t.Fatalf("%s: byte %d changed from %q to %q still verifies", member, i, whole[i], doc[i])
			}
		}
	}
	for i, hash := range r["inclusion"].([]any) {
		for j := range hash.(string) {
			doc := bytes.Replace(whole, []byte(hash.(string)), []byte(flip(hash.(string), j)), 1)
			if verify(doc) != 1 {
				t.Fatalf("inclusion[%d]: byte %d still verifies", i, j)
			}
		}
	}
	if !strings.Contains(string(whole), "shuqiao-receipt/1") {
		t.Error("the receipt does not name its format")
	}
}
