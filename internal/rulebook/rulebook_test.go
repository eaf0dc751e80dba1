package rulebook_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/law"
)

// national is the national instrument with its first two procedures.
func national(t *testing.T) []byte {
	t.Helper()
	var parts [][]byte
	for _, name := range []string{"cn-809.yaml", "cn-809/application.yaml", "cn-809/catalog_publication.yaml"} {
		part, err := law.Rulebooks.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part)
	}
	return bytes.Join(parts, []byte("\n---\n"))
}

func TestTheNationalRulebookIsSound(t *testing.T) {
	b, err := rulebook.Parse(national(t))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.Key, "cn-809@") {
		t.Errorf("key %q", b.Key)
	}
	for id, want := range map[string]int{"reply_unconditional": 1, "reply_conditional": 10, "delivery": 20, "catalog_review": 2} {
		if got := b.Terms[id].Length; got != want {
			t.Errorf("%s: %d, want %d", id, got, want)
		}
	}
}

// Each change plants one error in the sound rulebook; Parse must name it.
func TestParseNamesEveryKindOfError(t *testing.T) {
	src := string(national(t))
	for _, tc := range []struct{ name, old, new, want string }{
		{"unknown key", "once: true", "onec: true", "onec"},
		{"unknown clause", "clause: CN-20.3\n        from: [received", "clause: CN-99\n        from: [received", `unknown clause "CN-99"`},
		{"unknown actor", "by: [provider.department_head]\n        requires", "by: [provider.mayor]\n        requires", `unknown actor "provider.mayor"`},
		{"unknown field", "requires: [supplement_list]", "requires: [supplement_lst]", `unknown field "supplement_lst"`},
		{"unknown stage", "to: supplementing", "to: nowhere", `unknown stage "nowhere"`},
		{"unknown action in a clock", "stops: [observe_delivery]", "stops: [observe]", `unknown action "observe"`},
		{"unreachable stage", "from: [received, extension_asked]\n        to: refused", "from: [received, extension_asked]\n        to: withdrawn", "stage refused: cannot be reached"},
		{"no way out", "from: [supplementing]\n        to: received", "from: [received]\n        to: received", "stage supplementing: has no way out"},
		{"unknown term", "terms: [{term: delivery}]", "terms: [{term: deliver}]", `unknown term "deliver"`},
		{"bad day", `in_force: "2025-08-01"`, `in_force: "2025-8-1"`, "in_force is not a day"},
		{"term without length", "clause: CN-22, length: 20", "clause: CN-22, length: 0", "length must be positive"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			bad := strings.Replace(src, tc.old, tc.new, 1)
			if bad == src {
				t.Fatalf("the rulebook no longer holds %q", tc.old)
			}
			if tc.name == "no way out" { // withdrawing is a way out as well
				bad = strings.Replace(bad, "received, supplementing, extension_asked]", "received, extension_asked]", 1)
			}
			_, err := rulebook.Parse([]byte(bad))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("want %q, got %v", tc.want, err)
			}
		})
	}
}

func TestParseTellsEverythingAtOnce(t *testing.T) {
	bad := strings.NewReplacer("to: supplementing", "to: nowhere", "requires: [supplement_list]", "requires: [x]").Replace(string(national(t)))
	_, err := rulebook.Parse([]byte(bad))
	var faults *rulebook.Faults
	if !errors.As(err, &faults) || len(faults.List) < 3 {
		t.Fatalf("got %v", err)
	}
}

func TestInForce(t *testing.T) {
	b, err := rulebook.Parse(national(t))
	if err != nil {
		t.Fatal(err)
	}
	lib := rulebook.NewLibrary(b)
	// 2025-07-31 16:00 UTC is already 1 August in China.
	first := time.Date(2025, 7, 31, 16, 0, 0, 0, time.UTC)
	rules, err := lib.InForce("130102", first)
	if err != nil || rules.Key != b.Key {
		t.Fatalf("%v %v", rules, err)
	}
	if _, err := lib.InForce("130102", first.Add(-time.Second)); !fault.Is(err, "no_rules_in_force") {
		t.Fatalf("before the first day: %v", err)
	}
	if again, err := lib.ByKey(b.Key); err != nil || again.Key != b.Key {
		t.Fatalf("by key: %v", err)
	}
	if got := rules.Cite("CN-21.2"); got != "《政务数据共享条例》第二十一条第二款" {
		t.Errorf("cite: %s", got)
	}
}

func TestCovers(t *testing.T) {
	for _, tc := range []struct {
		root, code string
		want       bool
	}{
		{"100000", "130000", true}, {"130000", "130102001001", true}, {"130000", "140100", false},
		{"130100", "130102", true}, {"130100", "130200", false}, {"130102", "130102001", true}, {"130102", "130103", false},
	} {
		if got := rulebook.Covers(tc.root, tc.code); got != tc.want {
			t.Errorf("Covers(%s, %s) = %v", tc.root, tc.code, got)
		}
	}
}
