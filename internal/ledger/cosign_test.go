package ledger_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	formats "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"

	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

func newCosigner(t testing.TB, suite ledger.Suite, name string) (*ledger.Cosigner, string, string) {
	t.Helper()
	skey, vkey, err := suite.GenerateCosigner(name, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ledger.LoadCosigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	return c, skey, vkey
}

func textOf(signed []byte) []byte {
	i := bytes.Index(signed, []byte("\n\n"))
	return signed[:i+1]
}

func cosigned(t testing.TB, signed []byte, at time.Time, cs ...*ledger.Cosigner) []byte {
	t.Helper()
	out := bytes.Clone(signed)
	for _, c := range cs {
		line, err := c.Cosign(textOf(signed), at)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, line...)
	}
	return out
}

// Cosignatures made here verify with another implementation and the other way
// round.
func TestCosignaturesAreThoseOfTheSpecification(t *testing.T) {
	t.Parallel()
	_, l, _ := aLog(t)
	signed, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	key, err := ledger.LoadVerifier(l.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	c, skey, vkey := newCosigner(t, ledger.DefaultSuite(), "witness.example/w1")
	ours := cosigned(t, signed, ledgertest.Noon, c)
	theirVerifier, err := formats.NewVerifierForCosignatureV1(vkey)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(ours, note.VerifierList(theirVerifier))
	if err != nil {
		t.Fatal(err)
	}
	if at, err := formats.CoSigV1Timestamp(n.Sigs[0]); err != nil || at.Unix() != ledgertest.Noon.Unix() {
		t.Errorf("timestamp %v, %v", at, err)
	}
	theirSigner, err := formats.NewSignerForCosignatureV1(skey)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := note.Open(signed, note.VerifierList(mustVerifier(t, l.PublicKey())))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := note.Sign(parsed, theirSigner)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := ledger.NewPolicy(1, vkey)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"ours": ours, "theirs": theirs} {
		if _, found, err := policy.Open(data, key); err != nil || len(found) != 1 {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
}

func mustVerifier(t testing.TB, vkey string) note.Verifier {
	t.Helper()
	v, err := note.NewVerifier(strings.TrimSpace(vkey))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestQuorum(t *testing.T) {
	t.Parallel()
	_, l, _ := aLog(t)
	signed, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	key, err := ledger.LoadVerifier(l.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	a, _, va := newCosigner(t, ledger.DefaultSuite(), "a.example")
	b, _, vb := newCosigner(t, ledger.NationalSuite(), "b.example")
	stranger, _, _ := newCosigner(t, ledger.DefaultSuite(), "c.example")
	two, err := ledger.NewPolicy(2, va, vb)
	if err != nil {
		t.Fatal(err)
	}
	if _, found, err := two.Open(cosigned(t, signed, ledgertest.Noon, a, stranger, b), key); err != nil || len(found) != 2 || !found[1].At.Equal(ledgertest.Noon.Truncate(time.Second)) {
		t.Errorf("%v, %v", found, err)
	}
	one := cosigned(t, signed, ledgertest.Noon, a, stranger)
	if _, _, err := two.Open(one, key); !errors.Is(err, ledger.ErrQuorum) {
		t.Errorf("one of two: %v", err)
	}
	// A cosignature of a known witness that is not valid fails the checkpoint.
	line := cosigned(t, signed, ledgertest.Noon, a)[len(signed):]
	at := bytes.LastIndexByte(line, ' ') + 20
	line[at] ^= 1
	if line[at] < '0' {
		line[at] = 'A'
	}
	if _, _, err := two.Open(append(bytes.Clone(signed), line...), key); err == nil || errors.Is(err, ledger.ErrQuorum) {
		t.Errorf("damaged: %v", err)
	}
	// The log cannot be its own witness, nor a witness the log.
	if _, _, err := two.Open(append(append(bytes.Clone(textOf(signed)), '\n'), cosigned(t, signed, ledgertest.Noon, a, b)[len(signed):]...), key); err == nil {
		t.Error("a checkpoint that the log has not signed was taken")
	}
	for name, bad := range map[string]func() error{
		"twice":     func() error { _, err := ledger.NewPolicy(1, va, va); return err },
		"too many":  func() error { _, err := ledger.NewPolicy(3, va, vb); return err },
		"negative":  func() error { _, err := ledger.NewPolicy(-1, va); return err },
		"log's key": func() error { _, err := ledger.NewPolicy(1, strings.TrimSpace(l.PublicKey())); return err },
		"not a key": func() error { _, err := ledger.NewPolicy(1, "x"); return err },
		"other hash": func() error {
			_, err := ledger.NewPolicy(1, strings.Replace(va, "a.example", "x.example", 1))
			return err
		},
	} {
		if bad() == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestAWitnessedReceipt(t *testing.T) {
	t.Parallel()
	data, vkey := aReceipt(t)
	r, err := ledger.ParseReceipt(data)
	if err != nil {
		t.Fatal(err)
	}
	a, _, va := newCosigner(t, ledger.DefaultSuite(), "a.example")
	policy, err := ledger.NewPolicy(1, va)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.VerifyWitnessed(data, vkey, policy); err == nil || !strings.Contains(err.Error(), "receipt_invalid") {
		t.Errorf("without a cosignature: %v", err)
	}
	r.Checkpoint = cosigned(t, r.Checkpoint, ledgertest.Noon, a)
	for name, data := range map[string][]byte{"receipt": r.Encode(), "tlog-proof": r.TlogProof()} {
		v, err := ledger.VerifyWitnessed(data, vkey, policy)
		if err != nil || len(v.Witnesses) != 1 || !strings.Contains(v.Sentence(), "a.example") {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
	}
}

// A tlog-proof made here verifies with another implementation.
func TestTlogProofIsThatOfTheSpecification(t *testing.T) {
	t.Parallel()
	data, vkey := aReceipt(t)
	r, err := ledger.ParseReceipt(data)
	if err != nil {
		t.Fatal(err)
	}
	text := r.TlogProof()
	var p proof.TLogProof
	if err := p.Unmarshal(text); err != nil {
		t.Fatal(err)
	}
	if p.Index != r.Index || !bytes.Equal(p.ExtraData, r.Entry) || !bytes.Equal(p.Checkpoint, r.Checkpoint) || len(p.Hashes) != len(r.Inclusion) {
		t.Errorf("%+v", p)
	}
	back, err := ledger.ParseTlogProof(text)
	if err != nil || !bytes.Equal(back.Encode(), data) {
		t.Errorf("%v", err)
	}
	if _, err := ledger.VerifyWitnessed(text, vkey, ledger.Policy{}); err != nil {
		t.Error(err)
	}
	// Every byte matters.
	for i := range text {
		bad := bytes.Clone(text)
		bad[i] ^= 1
		if _, err := ledger.VerifyWitnessed(bad, vkey, ledger.Policy{}); err == nil {
			t.Errorf("byte %d (%q) was changed unnoticed", i, text[i])
		}
	}
}

func FuzzParseTlogProof(f *testing.F) {
	data, _ := aReceipt(f)
	r, err := ledger.ParseReceipt(data)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(r.TlogProof())
	f.Add([]byte("c2sp.org/tlog-proof@v1\nindex 0\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := ledger.ParseTlogProof(data); err == nil && !bytes.Equal(r.TlogProof(), data) {
			t.Error("two spellings of one proof")
		}
	})
}

func FuzzOpenCheckpoint(f *testing.F) {
	l := ledgertest.NewLog(f, ledgertest.NewMemory())
	signed, err := l.Checkpoint(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	key, err := ledger.LoadVerifier(l.PublicKey())
	if err != nil {
		f.Fatal(err)
	}
	w, _, vkey := newCosigner(f, ledger.DefaultSuite(), "w.example")
	policy, err := ledger.NewPolicy(1, vkey)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed)
	f.Add(cosigned(f, signed, ledgertest.Noon, w))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := ledger.OpenCheckpoint(data, key); err == nil && (c.Size != 0 || !bytes.HasPrefix(data, textOf(signed))) {
			t.Errorf("a checkpoint that was never signed: %q", data)
		}
		if _, found, err := policy.Open(data, key); err == nil && len(found) != 1 {
			t.Errorf("%q: %v", data, found)
		}
	})
}

func FuzzLoadWitness(f *testing.F) {
	_, _, ed := newCosigner(f, ledger.DefaultSuite(), "w.example")
	_, _, sm := newCosigner(f, ledger.NationalSuite(), "w.example")
	f.Add(ed)
	f.Add(sm)
	f.Fuzz(func(t *testing.T, vkey string) {
		if w, err := ledger.LoadWitness(vkey); err == nil && w.Key() != strings.TrimSpace(vkey) {
			t.Error("read as another key")
		}
	})
}
