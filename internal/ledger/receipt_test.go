package ledger_test

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

// receiptFile mirrors receipt.json without the package's own code.
type receiptFile struct {
	Format     string   `json:"format"`
	Entry      string   `json:"entry"`
	Index      uint64   `json:"index"`
	Inclusion  []string `json:"inclusion"`
	Checkpoint string   `json:"checkpoint"`
}

// aReceipt makes the receipt of an entry in the middle of a log of 11.
func aReceipt(t testing.TB) (data []byte, vkey string) {
	t.Helper()
	l := ledgertest.NewLog(t, ledgertest.NewMemory())
	var id string
	for i := range 11 {
		e := ledgertest.NewEntry(ledger.Call)
		e.Facts = map[string]any{"purpose": "低保资格核验 <\"quoted\">", "rows": i}
		if _, err := l.AppendIn(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		if i == 4 {
			id = e.ID
		}
	}
	r, err := l.Prove(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r.Encode(), l.PublicKey()
}

func unpack(t testing.TB, data []byte) (f receiptFile) {
	t.Helper()
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func pack(f receiptFile) []byte {
	data, err := json.Marshal(f)
	if err != nil {
		panic(err)
	}
	return data
}

func TestAReceiptVerifies(t *testing.T) {
	t.Parallel()
	data, vkey := aReceipt(t)
	v, err := ledger.VerifyReceipt(data, vkey)
	if err != nil {
		t.Fatal(err)
	}
	if v.Index != 4 || v.Checkpoint.Size != 11 || v.Checkpoint.Origin != ledgertest.Origin || v.Entry.Kind != ledger.Call {
		t.Errorf("got %+v", v)
	}
	for _, want := range []string{v.Entry.ID, ledgertest.Origin, "第 5 条", "数据调用"} {
		if !strings.Contains(v.Sentence(), want) {
			t.Errorf("%q does not say %q", v.Sentence(), want)
		}
	}
	if !strings.Contains(v.SentenceEN(), "entry 4 of log") {
		t.Error(v.SentenceEN())
	}
	if f := unpack(t, data); len(f.Inclusion) != 4 || !strings.HasPrefix(string(data), "{\n  \"format\": \"shuqiao-receipt/1\",\n") {
		t.Errorf("the file reads\n%s", data)
	}
}

var replacements = []byte{0, '\n', '\r', ' ', '"', '+', '/', '0', '1', '9', '=', 'A', 'B', 'a', 'z', '{', '\\', 0x7f}

// variants gives every text that differs from s in one byte (several
// replacements, a flipped case, each single bit), lacks one or has one more.
func variants(s string) []string {
	var out []string
	for i := range len(s) {
		others := append(slices.Clone(replacements), s[i]^1, s[i]^2, s[i]^4, s[i]^32, s[i]+1)
		for _, c := range others {
			if c != s[i] && c < 0x80 {
				out = append(out, s[:i]+string(rune(c))+s[i+1:])
			}
		}
		out = append(out, s[:i]+s[i+1:], s[:i]+s[i:i+1]+s[i:])
	}
	return append(out, s+"\n", s+" ", s+"\x00", s+"=", "\n"+s, s+s, "")
}

func TestEveryChangedByteFails(t *testing.T) {
	t.Parallel()
	data, vkey := aReceipt(t)
	good := unpack(t, data)
	if _, err := ledger.VerifyReceipt(pack(good), vkey); err != nil {
		t.Fatal(err)
	}
	tried := 0
	try := func(what string, f receiptFile) {
		tried++
		if _, err := ledger.VerifyReceipt(pack(f), vkey); !fault.Is(err, "receipt_invalid") {
			t.Errorf("%s: got %v for\n%+v", what, err, f)
		}
	}
	for _, s := range variants(good.Entry) {
		f := good
		f.Entry = s
		try("entry", f)
	}
	for _, s := range variants(good.Checkpoint) {
		f := good
		f.Checkpoint = s
		try("checkpoint", f)
	}
	for i := range good.Inclusion {
		for _, s := range variants(good.Inclusion[i]) {
			f := good
			f.Inclusion = slices.Clone(good.Inclusion)
			f.Inclusion[i] = s
			try("inclusion", f)
		}
		f := good
		f.Inclusion = slices.Delete(slices.Clone(good.Inclusion), i, i+1)
		try("a hash less", f)
		f.Inclusion = slices.Insert(slices.Clone(good.Inclusion), i, good.Inclusion[i])
		try("a hash more", f)
		if i > 0 {
			f.Inclusion = slices.Clone(good.Inclusion)
			f.Inclusion[i], f.Inclusion[i-1] = f.Inclusion[i-1], f.Inclusion[i]
			try("swapped hashes", f)
		}
	}
	for i := range uint64(40) {
		if f := good; i != good.Index {
			f.Index = i
			try("index", f)
		}
	}
	if tried < 5000 {
		t.Errorf("only %d changes tried", tried)
	}
}

// Every byte of the file itself: a change fails, or it is white space and the
// receipt reads exactly as before.
func TestEveryChangedByteOfTheFileFails(t *testing.T) {
	t.Parallel()
	data, vkey := aReceipt(t)
	want, err := ledger.ParseReceipt(data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		blank := strings.ContainsRune(" \n", rune(data[i]))
		for _, c := range append(slices.Clone(replacements), data[i]^1, data[i]^32, data[i]^0x80, 0xff) {
			if c == data[i] {
				continue
			}
			bad := slices.Clone(data)
			bad[i] = c
			if _, err := ledger.VerifyReceipt(bad, vkey); err != nil {
				continue
			}
			got, err := ledger.ParseReceipt(bad)
			if err != nil || !blank || !reflect.DeepEqual(got, want) {
				t.Fatalf("byte %d, %q instead of %q, was taken", i, c, data[i])
			}
		}
	}
}

// ensureASCII escapes as Python's json.dumps does by default.
func ensureASCII(s string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		for _, u := range utf16.Encode([]rune{r}) {
			b.WriteString(`\u` + string([]byte{hex[u>>12], hex[u>>8&15], hex[u>>4&15], hex[u&15]}))
		}
	}
	return b.String()
}

func TestAnotherJSONWriterMayPassItOn(t *testing.T) {
	t.Parallel()
	data, vkey := aReceipt(t)
	indented, _ := json.MarshalIndent(unpack(t, data), "", "\t") // with HTML escapes
	sorted := map[string]any{}
	if err := json.Unmarshal(data, &sorted); err != nil {
		t.Fatal(err)
	}
	other, _ := json.Marshal(sorted) // another order of keys
	for _, text := range []string{string(indented), ensureASCII(string(data)), string(other), " " + string(data) + "\r\n\t "} {
		if _, err := ledger.VerifyReceipt([]byte(text), vkey); err != nil {
			t.Errorf("%v for\n%s", err, text)
		}
	}
}

func TestAReceiptIsReadStrictly(t *testing.T) {
	t.Parallel()
	data, vkey := aReceipt(t)
	text := string(data)
	f := unpack(t, data)
	raw, _ := base64.StdEncoding.DecodeString(f.Inclusion[0])
	swap := func(old, to string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("%q is not there", old)
		}
		return strings.Replace(text, old, to, 1)
	}
	for name, bad := range map[string]string{
		"nothing":          "",
		"an array":         "[" + text + "]",
		"two receipts":     text + text,
		"garbage behind":   text + "x",
		"byte order mark":  "\ufeff" + text,
		"unknown key":      swap(`"index"`, `"extra": 1, "index"`),
		"duplicate key":    swap(`"index"`, `"index": 4, "index"`),
		"escaped twin":     swap(`"index"`, `"\u0069ndex": 4, "index"`),
		"wrong case":       swap(`"index"`, `"Index"`),
		"missing key":      swap(`"index": 4,`, ``),
		"null":             swap(`"index": 4`, `"index": null`),
		"a float":          swap(`"index": 4`, `"index": 4.0`),
		"an exponent":      swap(`"index": 4`, `"index": 4e0`),
		"a minus":          swap(`"index": 4`, `"index": -4`),
		"text for number":  swap(`"index": 4`, `"index": "4"`),
		"too large":        swap(`"index": 4`, `"index": 18446744073709551620`),
		"other format":     swap(`shuqiao-receipt/1`, `shuqiao-receipt/2`),
		"URL base64":       swap(f.Inclusion[0], base64.URLEncoding.EncodeToString(append(raw[:31:31], 0xff))),
		"no padding":       swap(f.Inclusion[0], strings.TrimRight(f.Inclusion[0], "=")),
		"newline in it":    swap(f.Inclusion[0], f.Inclusion[0][:4]+`\n`+f.Inclusion[0][4:]),
		"object for array": swap(`"inclusion": [`, `"inclusion": {`),
		"lone surrogate":   swap(`"format": "`, `"format": "\ud800`),
		"oversized":        strings.Repeat(" ", 1<<20) + text,
		"deep":             strings.Repeat("[", 1<<18),
	} {
		if _, err := ledger.VerifyReceipt([]byte(bad), vkey); !fault.Is(err, "receipt_invalid") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestTheKeyDecides(t *testing.T) {
	t.Parallel()
	data, vkey := aReceipt(t)
	for name, other := range map[string]string{
		"another key of that name": ledgertest.NewSigner(t, ledgertest.Origin).PublicKey(),
		"a key of another name":    ledgertest.NewSigner(t, "node.example/other").PublicKey(),
	} {
		if _, err := ledger.VerifyReceipt(data, other); !fault.Is(err, "receipt_invalid") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, bad := range []string{"", "x", vkey + vkey, "PRIVATE+KEY+" + vkey} {
		if _, err := ledger.VerifyReceipt(data, bad); !fault.Is(err, "ledger_key_invalid") {
			t.Errorf("key %q: got %v", bad, err)
		}
	}
	if _, err := ledger.VerifyReceipt(data, "  "+strings.TrimSpace(vkey)+"\r\n"); err != nil {
		t.Errorf("white space around the key: %v", err)
	}
}

func TestOriginsAreNames(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "a b", "a+b", "a\nb", "a\u2028b", "a\x00b", "a\ufffdb", strings.Repeat("x", 256)} {
		if _, _, err := ledger.GenerateKey(bad, nil); err == nil {
			t.Errorf("%q became a name", bad)
		}
	}
	if s := ledgertest.NewSigner(t, "数桥.example/河北"); s.Origin() != "数桥.example/河北" || strings.Contains(s.String(), "PRIVATE") {
		t.Errorf("got %v", s)
	}
}

func FuzzParseReceipt(f *testing.F) {
	data, vkey := aReceipt(f)
	f.Add(data)
	f.Add([]byte(`{"format":"shuqiao-receipt/1","entry":"{}","index":0,"inclusion":["AA=="],"checkpoint":"a\n1\nAA==\n\n— a AAAAAAA=\n"}`))
	f.Add([]byte(`{"v":1,"id":"` + ident.New() + `"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ledger.ParseReceipt(data)
		if err != nil {
			if !fault.Is(err, "receipt_invalid") {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		again, err := ledger.ParseReceipt(r.Encode())
		if err != nil || !reflect.DeepEqual(again, r) {
			t.Fatalf("re-encoded: %v", err)
		}
		_, _ = ledger.VerifyReceipt(data, vkey)
	})
}
