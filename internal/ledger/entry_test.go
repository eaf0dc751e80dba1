package ledger_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

const someID = "01890a5d-ac96-774b-bcce-b302099a8057"

func someEntry(facts any) ledger.Entry {
	at := time.Date(2026, 3, 2, 12, 30, 0, 5000999, time.FixedZone("+8", 8*3600))
	return ledger.Entry{ID: someID, Kind: ledger.Call, At: at, Facts: facts}
}

func TestLeafBytesAreGolden(t *testing.T) {
	t.Parallel()
	facts := struct {
		Resource string   `json:"resource"`
		Rows     int      `json:"rows"`
		Note     string   `json:"note"`
		Items    []string `json:"items"`
	}{"300001/000001", 3, "<核验> & \"q\"\n\u2028", []string{"a", "b"}}
	got, err := someEntry(facts).Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"v":1,"id":"` + someID + `","kind":"call","at":"2026-03-02T04:30:00.005000Z",` +
		`"facts":{"resource":"300001/000001","rows":3,"note":"<核验> & \"q\"\n\u2028","items":["a","b"]}}`
	if string(got) != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
	back, err := ledger.DecodeEntry(got)
	if err != nil || back.ID != someID || !back.At.Equal(time.Date(2026, 3, 2, 4, 30, 0, 5000000, time.UTC)) {
		t.Errorf("decoded %+v, %v", back, err)
	}
	if empty, err := someEntry(nil).Encode(); err != nil || !strings.HasSuffix(string(empty), `"facts":{}}`) {
		t.Errorf("without facts: %s, %v", empty, err)
	}
}

func TestAFaultyEntryNamesEveryField(t *testing.T) {
	t.Parallel()
	_, err := ledger.Entry{ID: "X", Kind: "Call", Facts: 7}.Encode()
	f, ok := fault.As(err)
	if !ok || f.Code != "ledger_entry_invalid" || f.Kind != fault.Invalid || len(f.Fields) != 4 {
		t.Fatalf("got %v", err)
	}
}

func TestFactsThatCannotBeCanonicalAreRefused(t *testing.T) {
	t.Parallel()
	for name, facts := range map[string]any{
		"no object":      []int{1},
		"typed nil":      (*struct{})(nil),
		"invalid UTF-8":  map[string]string{"a": "\xff"},
		"replacement":    map[string]string{"a": "\ufffd"},
		"escaped letter": json.RawMessage(`{"a":"\u0041"}`),
		"duplicate key":  json.RawMessage(`{"a":1,"a":2}`),
		"not encodable":  map[string]any{"a": make(chan int)},
		"too long":       map[string]string{"a": strings.Repeat("x", ledger.MaxEntry)},
		"too deep":       json.RawMessage(`{"a":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`),
	} {
		if _, err := someEntry(facts).Encode(); !fault.Is(err, "ledger_entry_invalid") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// The encoder of the standard library and the checker must agree on every
// character, or entries would be refused at random.
func TestEveryCharacterSurvives(t *testing.T) {
	t.Parallel()
	for r := rune(0); r < 0x30000; r += 16 {
		var b strings.Builder
		for c := r; c < r+16; c++ {
			if c != '\ufffd' && (c < 0xd800 || c > 0xdfff) {
				b.WriteRune(c)
			}
		}
		facts := map[string]string{b.String(): b.String()}
		data, err := someEntry(facts).Encode()
		if err != nil {
			t.Fatalf("U+%04X: %v", r, err)
		}
		if _, err := ledger.DecodeEntry(data); err != nil {
			t.Fatalf("U+%04X: %v", r, err)
		}
	}
}

func TestWhatEncodesDecodes(t *testing.T) {
	t.Parallel()
	value := rapid.OneOf(rapid.String().AsAny(), rapid.Float64().AsAny(), rapid.Int64().AsAny(), rapid.Bool().AsAny(),
		rapid.SliceOfN(rapid.Float32(), 0, 3).AsAny(), rapid.Just[any](nil))
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.MapOfN(rapid.String(), value, 0, 8).Draw(t, "facts")
		data, err := someEntry(facts).Encode()
		if err != nil {
			if text, _ := json.Marshal(facts); strings.Contains(string(text), "\ufffd") || strings.Contains(string(text), `\ufffd`) {
				return
			}
			t.Fatal(err)
		}
		e, err := ledger.DecodeEntry(data)
		if err != nil {
			t.Fatal(err)
		}
		again, err := e.Encode()
		if err != nil || string(again) != string(data) {
			t.Fatalf("%s became %s, %v", data, again, err)
		}
	})
}

func TestOnlyTheCanonicalFormDecodes(t *testing.T) {
	t.Parallel()
	entry := func(format string, args ...any) string { return fmt.Sprintf(format, args...) }
	const at = "2026-03-02T04:30:00.005000Z"
	for name, text := range map[string]string{
		"empty":            "",
		"space":            entry(`{"v":1, "id":"%s","kind":"call","at":"%s","facts":{}}`, someID, at),
		"trailing newline": entry(`{"v":1,"id":"%s","kind":"call","at":"%s","facts":{}}`+"\n", someID, at),
		"other version":    entry(`{"v":2,"id":"%s","kind":"call","at":"%s","facts":{}}`, someID, at),
		"other order":      entry(`{"id":"%s","v":1,"kind":"call","at":"%s","facts":{}}`, someID, at),
		"case of key":      entry(`{"V":1,"id":"%s","kind":"call","at":"%s","facts":{}}`, someID, at),
		"duplicate key":    entry(`{"v":1,"v":1,"id":"%s","kind":"call","at":"%s","facts":{}}`, someID, at),
		"unknown key":      entry(`{"v":1,"id":"%s","kind":"call","at":"%s","facts":{},"x":1}`, someID, at),
		"five digits":      entry(`{"v":1,"id":"%s","kind":"call","at":"2026-03-02T04:30:00.00500Z","facts":{}}`, someID),
		"not UTC":          entry(`{"v":1,"id":"%s","kind":"call","at":"2026-03-02T04:30:00.005000+08:00","facts":{}}`, someID),
		"null facts":       entry(`{"v":1,"id":"%s","kind":"call","at":"%s","facts":null}`, someID, at),
		"upper-case ID":    entry(`{"v":1,"id":"%s","kind":"call","at":"%s","facts":{}}`, strings.ToUpper(someID), at),
		"needless escape":  entry(`{"v":1,"id":"%s","kind":"\u0063all","at":"%s","facts":{}}`, someID, at),
		"slash escape":     entry(`{"v":1,"id":"%s","kind":"call","at":"%s","facts":{"a":"\/"}}`, someID, at),
		"long escape":      entry(`{"v":1,"id":"%s","kind":"call","at":"%s","facts":{"a":"\u000a"}}`, someID, at),
		"bad number":       entry(`{"v":1,"id":"%s","kind":"call","at":"%s","facts":{"a":01}}`, someID, at),
		"comma":            entry(`{"v":1,"id":"%s","kind":"call","at":"%s","facts":{"a":1,}}`, someID, at),
	} {
		if _, err := ledger.DecodeEntry([]byte(text)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if _, err := ledger.DecodeEntry([]byte(entry(`{"v":1,"id":"%s","kind":"call","at":"%s","facts":{}}`, someID, at))); err != nil {
		t.Errorf("the canonical form: %v", err)
	}
}

func TestReadFactsReadsWhatEncodeWrote(t *testing.T) {
	t.Parallel()
	e := someEntry(nil)
	e.Facts = map[string]any{"code": "目录\"\\", "rows": 7, "more": []string{"a"}}
	data, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var facts struct {
		Code string `json:"code"`
		Rows int    `json:"rows"`
	}
	leaf := ledger.Leaf{ID: e.ID, Kind: e.Kind, Data: data}
	if err := leaf.ReadFacts(&facts); err != nil || facts.Code != "目录\"\\" || facts.Rows != 7 {
		t.Errorf("%+v %v", facts, err)
	}
	leaf.Kind = ledger.RefusedCall // not the leaf's own
	if err := leaf.ReadFacts(&facts); err == nil {
		t.Error("the facts of another entry")
	}
}
