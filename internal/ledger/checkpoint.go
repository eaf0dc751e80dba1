package ledger

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/transparency-dev/merkle/proof"
	"golang.org/x/mod/sumdb/note"
)

// Checkpoint is what a node signs: this log has this size and this root.
type Checkpoint struct {
	Origin string
	Size   uint64
	Root   []byte
}

// text is the body of a C2SP tlog-checkpoint without extension lines.
func (c Checkpoint) text() string {
	return c.Origin + "\n" + strconv.FormatUint(c.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(c.Root) + "\n"
}

var errCheckpoint = errors.New("not a checkpoint in canonical form")

// OpenCheckpoint verifies a signed checkpoint by one of the keys. It takes
// exactly one signature, and only the spelling that signing gives, so that no
// byte can be changed unnoticed. Cosignatures of witnesses are refused as long
// as nothing checks them.
func OpenCheckpoint(signed []byte, keys ...*Verifier) (Checkpoint, error) {
	known := make([]note.Verifier, len(keys))
	for i, k := range keys {
		known[i] = k.note
	}
	n, err := note.Open(signed, note.VerifierList(known...))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("ledger: checkpoint: %w", err)
	}
	if len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 {
		return Checkpoint{}, fmt.Errorf("ledger: checkpoint: %d signatures, want one", len(n.Sigs)+len(n.UnverifiedSigs))
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	sig := n.Sigs[0]
	if c.Origin != sig.Name {
		return Checkpoint{}, fmt.Errorf("ledger: checkpoint of %q signed by %q", c.Origin, sig.Name)
	}
	raw, err := base64.StdEncoding.DecodeString(sig.Base64)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("ledger: checkpoint: %w", err)
	}
	again := c.text() + "\n— " + sig.Name + " " + base64.StdEncoding.EncodeToString(raw) + "\n"
	if again != string(signed) {
		return Checkpoint{}, fmt.Errorf("ledger: %w", errCheckpoint)
	}
	return c, nil
}

func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 {
		return Checkpoint{}, fmt.Errorf("ledger: %w", errCheckpoint)
	}
	size, err1 := strconv.ParseUint(lines[1], 10, 63)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	c := Checkpoint{Origin: lines[0], Size: size, Root: root}
	if err1 != nil || err2 != nil || c.text() != text {
		return Checkpoint{}, fmt.Errorf("ledger: %w", errCheckpoint)
	}
	return c, nil
}

// Divergence says that the log would contradict what was signed before. It is
// never signed away: somebody has to look.
type Divergence struct {
	Signed Checkpoint // the latest checkpoint
	Held   Checkpoint // what the log holds now
}

// Error names both sizes and roots.
func (d *Divergence) Error() string {
	return fmt.Sprintf("ledger: REFUSING TO SIGN: log %s holds size %d root %s, which contradicts the signed checkpoint of size %d root %s",
		d.Held.Origin, d.Held.Size, hex.EncodeToString(d.Held.Root), d.Signed.Size, hex.EncodeToString(d.Signed.Root))
}

// Checkpoint gives a signed checkpoint of the committed head: the latest
// stored one if nothing was added since, else a new one, stored before it is
// returned. Before signing it checks that the tree extends the latest
// checkpoint; if not, the error is a *Divergence.
//
// It refuses to run inside a transaction: what is signed must not roll back.
func (l *Log) Checkpoint(ctx context.Context) ([]byte, error) {
	if l.store.InTx(ctx) {
		return nil, errInTx
	}
	var signed []byte
	err := l.store.Do(ctx, func(ctx context.Context) error {
		head, err := l.store.LockHead(ctx)
		if err != nil {
			return err
		}
		signed, err = l.sign(ctx, l.normal(head))
		return err
	})
	if err != nil {
		return nil, err
	}
	return signed, nil
}

func (l *Log) sign(ctx context.Context, head Head) ([]byte, error) {
	held := Checkpoint{Origin: l.Origin(), Size: head.Size, Root: head.Root}
	last, signed, err := l.latest(ctx)
	switch {
	case isMissing(err):
	case err != nil:
		return nil, err
	case last.Size == held.Size && bytes.Equal(last.Root, held.Root):
		return signed, nil
	case last.Size >= held.Size:
		return nil, &Divergence{Signed: last, Held: held}
	default:
		path, err := l.consistency(ctx, last.Size, held.Size)
		if err != nil {
			return nil, err
		}
		if proof.VerifyConsistency(l.hasher, last.Size, held.Size, path, last.Root, held.Root) != nil {
			return nil, &Divergence{Signed: last, Held: held}
		}
	}
	out, err := note.Sign(&note.Note{Text: held.text()}, l.signer.note)
	if err != nil {
		return nil, fmt.Errorf("ledger: signing: %w", err)
	}
	return out, l.store.PutCheckpoint(ctx, held.Size, out)
}

// latest reads and verifies the latest stored checkpoint.
func (l *Log) latest(ctx context.Context) (Checkpoint, []byte, error) {
	size, signed, err := l.store.LatestCheckpoint(ctx)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	c, err := l.openStored(SignedCheckpoint{size, signed})
	return c, signed, err
}

func (l *Log) openStored(s SignedCheckpoint) (Checkpoint, error) { return openStored(s, l.keys) }

// openStored is OpenCheckpoint for the node's own records, where a failure
// means damage.
func openStored(s SignedCheckpoint, keys []*Verifier) (Checkpoint, error) {
	c, err := OpenCheckpoint(s.Note, keys...)
	if err == nil && c.Size != s.Size {
		err = fmt.Errorf("it says size %d", c.Size)
	}
	if err != nil {
		return Checkpoint{}, &Corruption{What: BadCheckpoint, First: s.Size, Last: s.Size, Detail: err.Error()}
	}
	return c, nil
}
