package ledger_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

func TestACheckpointIsANoteAnyoneCanRead(t *testing.T) {
	t.Parallel()
	l := ledgertest.NewLog(t, ledgertest.NewMemory())
	empty, err := l.Checkpoint(t.Context())
	if err != nil || !strings.HasPrefix(string(empty), ledgertest.Origin+"\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— ") {
		t.Fatalf("empty log: %q, %v", empty, err)
	}
	appendN(t, l, 3)
	signed, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(strings.TrimSpace(l.PublicKey()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(signed, note.VerifierList(v)); err != nil {
		t.Error(err)
	}
	again, err := l.Checkpoint(t.Context())
	if err != nil || !bytes.Equal(again, signed) {
		t.Errorf("a second checkpoint of the same head: %q, %v", again, err)
	}
}

// replace puts the records of another log of the same key and n entries under
// the store's checkpoints.
func replace(t *testing.T, store *ledgertest.Memory, signer *ledger.Signer, n int) {
	other := ledgertest.NewMemory()
	l, err := ledger.New(other, signer, ledgertest.Origin, clock.NewFake(ledgertest.Noon))
	if err != nil {
		t.Fatal(err)
	}
	if n > 0 {
		appendN(t, l, n)
	}
	other.Tamper(func(o *ledgertest.State) {
		store.Tamper(func(s *ledgertest.State) { s.Head, s.Leaves, s.Tiles = o.Head, o.Leaves, o.Tiles })
	})
}

func TestWhatWasSignedIsNotContradicted(t *testing.T) {
	t.Parallel()
	for name, n := range map[string]int{"emptied": 0, "smaller": 690, "same size, other root": 700, "larger, other history": 900} {
		store, l, signer := aLog(t)
		before, err := l.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		replace(t, store, signer, n)
		after, err := l.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		out, err := l.Checkpoint(t.Context())
		var d *ledger.Divergence
		if !errors.As(err, &d) || out != nil {
			t.Fatalf("%s: signed %q, %v", name, out, err)
		}
		for _, root := range [][]byte{before.Root, after.Root} {
			if !strings.Contains(d.Error(), hex.EncodeToString(root)) {
				t.Errorf("%s: %v does not name root %x", name, d, root)
			}
		}
		size, _, err := store.LatestCheckpoint(t.Context())
		if err != nil || size != 700 {
			t.Errorf("%s: the latest checkpoint is now %d, %v", name, size, err)
		}
	}
}

func TestNothingIsSignedThatMayRollBack(t *testing.T) {
	t.Parallel()
	store := ledgertest.NewMemory()
	l := ledgertest.NewLog(t, store)
	err := store.Do(t.Context(), func(ctx context.Context) error {
		leaves, err := l.AppendIn(ctx, ledgertest.NewEntry(ledger.Act))
		if err != nil {
			return err
		}
		if _, err := l.Checkpoint(ctx); err == nil {
			t.Error("signed inside a transaction")
		}
		if _, err := l.Prove(ctx, leaves[0].ID); err == nil {
			t.Error("proved inside a transaction")
		}
		if _, err := l.Record(ctx, ledgertest.NewEntry(ledger.Call)); err == nil {
			t.Error("recorded inside a transaction")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestACheckpointThatIsNotStoredIsNotGivenOut(t *testing.T) {
	t.Parallel()
	store := ledgertest.NewMemory()
	l := ledgertest.NewLog(t, store)
	appendN(t, l, 1)
	for _, op := range []string{"PutCheckpoint", "commit", "LockHead"} {
		full := errors.New("disk full")
		store.Inject(func(o string) error {
			if o == op {
				return full
			}
			return nil
		})
		if out, err := l.Checkpoint(t.Context()); out != nil || !errors.Is(err, full) {
			t.Errorf("%s: got %q, %v", op, out, err)
		}
	}
	store.Inject(nil)
	if _, err := l.Checkpoint(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOneSignatureInOneSpelling(t *testing.T) {
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
	if _, err := ledger.OpenCheckpoint(signed, key); err != nil {
		t.Fatal(err)
	}
	text := string(signed)
	sig := text[strings.Index(text, "\n\n")+2:]
	witness, _, err := note.GenerateKey(rand.Reader, "witness.example")
	if err != nil {
		t.Fatal(err)
	}
	second, err := note.NewSigner(witness)
	if err != nil {
		t.Fatal(err)
	}
	body := text[:strings.Index(text, "\n\n")+1]
	added, err := note.Sign(&note.Note{Text: body}, second)
	if err != nil {
		t.Fatal(err)
	}
	cosignature := strings.TrimPrefix(string(added), body+"\n")
	last := len(text) - 3 // the last character before "=" has two bits to spare
	for name, bad := range map[string]string{
		"signature twice": text + sig,
		"cosigned twice":  text + cosignature + cosignature,
		"no key ID":       text + "— witness.example AAAA\n",
		"no name":         text + "—  AAAAAAAA\n",
		"too many":        text + strings.Repeat(cosignature, 70),
		"no signature":    text[:strings.Index(text, "\n\n")+2],
		"garbage behind":  text + "x\n",
		"no last newline": strings.TrimSuffix(text, "\n"),
		"padding bits":    text[:last] + string(rune(text[last]+1)) + "=\n",
	} {
		if _, err := ledger.OpenCheckpoint([]byte(bad), key); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	// What others have signed as well is left aside.
	for name, good := range map[string]string{
		"cosigned":        text + cosignature,
		"cosigned before": body + "\n" + cosignature + sig,
		"unknown type":    text + "— witness.example AAAAAAAA\n",
	} {
		if c, err := ledger.OpenCheckpoint([]byte(good), key); err != nil || c.Size != 700 {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

// A key signs for its own log only, even if somebody makes it sign the text of
// another; and it signs one spelling.
func TestAKeySpeaksForItsOwnLog(t *testing.T) {
	t.Parallel()
	skey, vkey, err := ledger.GenerateKey(ledgertest.Origin, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ledger.LoadVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	const root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
	for text, good := range map[string]bool{
		ledgertest.Origin + "\n7\n" + root:                    true,
		"node.example/other\n7\n" + root:                      false,
		ledgertest.Origin + "\n07\n" + root:                   false,
		ledgertest.Origin + "\n+7\n" + root:                   false,
		ledgertest.Origin + "\n9223372036854775808\n" + root:  false,
		ledgertest.Origin + "\n7\n" + root + "an extension\n": false,
		ledgertest.Origin + "\n7\n":                           false,
		ledgertest.Origin + "\n7\nnot base64\n":               false,
	} {
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.OpenCheckpoint(signed, key); (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestARetiredKeyIsStillUnderstood(t *testing.T) {
	t.Parallel()
	store, old, signer := aLog(t)
	retired, err := signer.Verifier()
	if err != nil {
		t.Fatal(err)
	}
	fresh := ledgertest.NewSigner(t, ledgertest.Origin)
	without, err := ledger.New(store, fresh, ledgertest.Origin, clock.NewFake(ledgertest.Noon))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := without.Checkpoint(t.Context()); err == nil {
		t.Error("signed over a checkpoint that it cannot read")
	}
	l, err := ledger.New(store, fresh, ledgertest.Origin, clock.NewFake(ledgertest.Noon), retired)
	if err != nil {
		t.Fatal(err)
	}
	appendN(t, old, 1)
	if _, err := l.Checkpoint(t.Context()); err != nil {
		t.Error(err)
	}
	if audit, err := l.Verify(t.Context()); err != nil || audit.Checkpoints != 3 {
		t.Errorf("audit %+v, %v", audit, err)
	}
	if _, err := ledger.New(store, fresh, "node.example/other", clock.NewFake(ledgertest.Noon)); err == nil {
		t.Error("a log signs with the key of another")
	}
}
