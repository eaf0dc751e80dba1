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

// maxSignatures bounds the signatures of a checkpoint: the log's and those of
// its witnesses.
const maxSignatures = 64

// OpenCheckpoint verifies a signed checkpoint by one of the keys: exactly one
// signature of the log, in the spelling that signing gives. Signatures of
// others, such as cosignatures, must be well formed and are left aside: see
// Policy.Open, which verifies them.
func OpenCheckpoint(signed []byte, keys ...*Verifier) (Checkpoint, error) {
	c, _, err := openCheckpoint(signed, nil, keys)
	return c, err
}

func openCheckpoint(signed []byte, witnesses []*Witness, keys []*Verifier) (Checkpoint, *note.Note, error) {
	var known []note.Verifier
	for _, k := range keys {
		known = append(known, k.note)
	}
	for _, w := range witnesses {
		known = append(known, w)
	}
	if err := checkSpelling(signed); err != nil {
		return Checkpoint{}, nil, err
	}
	n, err := note.Open(signed, note.VerifierList(known...))
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("ledger: checkpoint: %w", err)
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	own := 0
	for _, sig := range n.Sigs {
		for _, k := range keys {
			if sig.Name != k.note.Name() || sig.Hash != k.note.KeyHash() {
				continue
			}
			if own++; c.Origin != sig.Name {
				return Checkpoint{}, nil, fmt.Errorf("ledger: checkpoint of %q signed by %q", c.Origin, sig.Name)
			}
		}
	}
	if own != 1 {
		return Checkpoint{}, nil, fmt.Errorf("ledger: checkpoint: %d signatures of the log, want one", own)
	}
	return c, n, nil
}

// checkSpelling refuses a note whose signature lines could be written in
// another way, so that a verified byte cannot be changed unnoticed, and one
// that has two lines of one key.
func checkSpelling(signed []byte) error {
	_, block, ok := bytes.Cut(signed, []byte("\n\n"))
	if !ok || len(block) == 0 || block[len(block)-1] != '\n' {
		return fmt.Errorf("ledger: %w", errCheckpoint)
	}
	lines := strings.Split(string(block[:len(block)-1]), "\n")
	if len(lines) > maxSignatures {
		return fmt.Errorf("ledger: checkpoint: %d signatures", len(lines))
	}
	seen := map[string]bool{}
	for _, line := range lines {
		rest, ok := strings.CutPrefix(line, "— ")
		name, encoded, cut := strings.Cut(rest, " ")
		raw, err := base64.StdEncoding.Strict().DecodeString(encoded)
		if !ok || !cut || err != nil || len(raw) < 5 || !validOrigin(name) || base64.StdEncoding.EncodeToString(raw) != encoded {
			return fmt.Errorf("ledger: %w", errCheckpoint)
		}
		key := name + string(raw[:4])
		if seen[key] {
			return errors.New("ledger: checkpoint: two signatures of one key")
		}
		seen[key] = true
	}
	return nil
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

// openStored spares the signature of a note that it has verified, byte for
// byte, the last time: every receipt between two checkpoints asks for the same.
func (l *Log) openStored(s SignedCheckpoint) (Checkpoint, error) {
	if last := l.opened.Load(); last != nil && last.size == s.Size && bytes.Equal(last.note, s.Note) {
		c := last.checkpoint
		c.Root = bytes.Clone(c.Root)
		return c, nil
	}
	c, err := openStored(s, l.keys)
	if err == nil {
		kept := c
		kept.Root = bytes.Clone(c.Root)
		l.opened.Store(&opened{s.Size, bytes.Clone(s.Note), kept})
	}
	return c, err
}

// opened is a stored checkpoint that was verified.
type opened struct {
	size       uint64
	note       []byte
	checkpoint Checkpoint
}

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
