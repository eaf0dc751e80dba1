package proof_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
	"github.com/shuqiao/shuqiao/proof"
)

// grown gives a log of n entries with the IDs of its entries.
func grown(t testing.TB, n int) (*ledger.Log, []string) {
	t.Helper()
	l := ledgertest.NewLog(t, ledgertest.NewMemory())
	ids := make([]string, n)
	for i := range n {
		e := ledgertest.NewEntry(ledger.Call)
		e.Facts = map[string]any{"purpose": "低保资格核验 <\"quoted\">", "rows": i, "response_sha256": "ab"}
		if _, err := l.AppendIn(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		ids[i] = e.ID
	}
	return l, ids
}

func keyOf(t testing.TB, text string) *proof.Key {
	t.Helper()
	k, err := proof.ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// Every receipt that a log of any size gives is good, and says what the node's
// own verifier says.
func TestVerifyAgreesWithTheLedger(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 3, 7, 8, 9, 33} {
		l, ids := grown(t, n)
		key := keyOf(t, l.PublicKey())
		for i, id := range ids {
			r, err := l.Prove(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			got, err := proof.Verify(r.Encode(), key)
			if err != nil {
				t.Fatalf("entry %d of %d: %v", i, n, err)
			}
			want, err := ledger.VerifyReceipt(r.Encode(), l.PublicKey())
			if err != nil {
				t.Fatal(err)
			}
			if got.ID != want.Entry.ID || got.Index != want.Index || got.Size != want.Checkpoint.Size || !got.At.Equal(want.Entry.At) ||
				!bytes.Equal(got.Root, want.Checkpoint.Root) || got.Kind != string(want.Entry.Kind) || got.Origin != want.Checkpoint.Origin {
				t.Errorf("%+v, want %+v", got, want)
			}
			if c, err := got.Call(); err != nil || c.Rows != i || c.ResponseSHA256 != "ab" {
				t.Errorf("%+v %v", c, err)
			}
		}
	}
}

// Nothing of a receipt can be changed: whatever is still taken says the same.
func TestTamperedReceiptsAreRefused(t *testing.T) {
	t.Parallel()
	l, ids := grown(t, 20)
	other, _ := grown(t, 20)
	key := keyOf(t, l.PublicKey())
	r, err := l.Prove(t.Context(), ids[11])
	if err != nil {
		t.Fatal(err)
	}
	good := r.Encode()
	if _, err := proof.Verify(good, keyOf(t, other.PublicKey())); err == nil {
		t.Error("verified with another log's key")
	}
	var f map[string]any
	if err := json.Unmarshal(good, &f); err != nil {
		t.Fatal(err)
	}
	path := f["inclusion"].([]any)
	for name, change := range map[string]func(m map[string]any){
		"format":      func(m map[string]any) { m["format"] = "shuqiao-receipt/2" },
		"index":       func(m map[string]any) { m["index"] = 12 },
		"far index":   func(m map[string]any) { m["index"] = 20 },
		"short path":  func(m map[string]any) { m["inclusion"] = path[:len(path)-1] },
		"long path":   func(m map[string]any) { m["inclusion"] = append(slices.Clone(path), path[0]) },
		"no path":     func(m map[string]any) { m["inclusion"] = []any{} },
		"other entry": func(m map[string]any) { m["entry"] = m["entry"].(string) + " " },
		"unknown":     func(m map[string]any) { m["more"] = 1 },
		"unsigned":    func(m map[string]any) { m["checkpoint"] = "x\n1\n\n" },
	} {
		m := map[string]any{}
		for k, v := range f {
			m[k] = v
		}
		change(m)
		b, _ := json.Marshal(m)
		if _, err := proof.Verify(b, key); err == nil {
			t.Errorf("%s: verified", name)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		b := bytes.Clone(good)
		i := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		b[i] ^= byte(1 << rapid.IntRange(0, 7).Draw(t, "bit"))
		p, err := proof.Verify(b, key)
		if err == nil && (p.ID != ids[11] || p.Index != 11 || !bytes.Equal(p.Entry, r.Entry)) {
			t.Errorf("byte %d changed: verified as %+v", i, p)
		}
	})
}

func TestKeys(t *testing.T) {
	t.Parallel()
	l, _ := grown(t, 1)
	good := l.PublicKey()
	for _, bad := range []string{"", "x", "a+00000000+AAAA", good[:len(good)-3], "x" + good, "origin+zzzzzzzz+AAAA"} {
		if _, err := proof.ParseKey(bad); err == nil {
			t.Errorf("%q is taken for a key", bad)
		}
	}
	if k := keyOf(t, "\n "+good); k.Origin() != l.Origin() {
		t.Error(k.Origin())
	}
}

func FuzzVerify(f *testing.F) {
	l, ids := grown(f, 5)
	key := keyOf(f, l.PublicKey())
	r, err := l.Prove(f.Context(), ids[3])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(r.Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := proof.Verify(data, key); err == nil && !slices.Contains(ids, p.ID) {
			t.Errorf("verified %+v", p)
		}
	})
}

func ExampleVerify() {
	receipt, _ := os.ReadFile("testdata/receipt.json")
	ledgerPub, _ := os.ReadFile("testdata/ledger.pub")
	key, err := proof.ParseKey(string(ledgerPub))
	if err != nil {
		fmt.Println(err)
		return
	}
	proved, err := proof.Verify(receipt, key)
	if err != nil {
		fmt.Println(err)
		return
	}
	call, _ := proved.Call()
	fmt.Println(proved.Kind, "number", proved.Index, "of", proved.Origin, "gave", call.Rows, "rows")
	// Output: call number 27 of hebei.demo.shuqiao gave 1 rows
}
