package witness

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/transparency-dev/merkle/proof"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// Held is the last checkpoint that was cosigned of a log.
type Held struct {
	Size uint64
	Root []byte
	Note []byte // as the log signed it
	At   time.Time
}

// Evidence is a checkpoint that a log signed and that did not fit.
type Evidence struct {
	ID     string
	Origin string
	Size   uint64
	Root   []byte
	// Kind: "split", two roots of one size, both signed: proof that the log
	// showed two trees. "unproven": the proof that came with a larger
	// checkpoint does not join it to the one held; either a rebuilt log, or
	// somebody sent a log's checkpoint with a proof that is wrong.
	Kind string
	Note []byte // the checkpoint that did not fit
	Held []byte // the one cosigned before
	At   time.Time
}

// Kinds of evidence.
const (
	Split    = "split"
	Unproven = "unproven"
)

// Store keeps what a witness has cosigned.
type Store interface {
	// Held gives what is held of a log; of one never seen the zero Held.
	Held(ctx context.Context, origin string) (Held, error)
	// Swap keeps next in the place of a checkpoint of size and root was, zero
	// for none, durably; false: something else is held.
	Swap(ctx context.Context, origin string, was, next Held) (bool, error)
	// PutEvidence keeps a checkpoint that did not fit, once for each log, size
	// and root; fresh tells whether it is new.
	PutEvidence(ctx context.Context, e Evidence) (fresh bool, err error)
	// ListEvidence gives up to n, the newest first.
	ListEvidence(ctx context.Context, n int) ([]Evidence, error)
}

// Refusal is why a checkpoint was not cosigned.
type Refusal struct {
	Why Reason
	// Size of the checkpoint held, for Conflict.
	Size   uint64
	Detail string
}

// Reason of a refusal; the protocol's status follows from it.
type Reason int

// The reasons, with their HTTP status in the protocol.
const (
	Malformed  Reason = 400
	Unsigned   Reason = 403
	UnknownLog Reason = 404
	Conflict   Reason = 409
	Unfit      Reason = 422
)

// Error implements error.
func (r *Refusal) Error() string { return fmt.Sprintf("witness: refused (%d): %s", r.Why, r.Detail) }

// Server is a witness.
type Server struct {
	store  Store
	key    *ledger.Cosigner
	logs   map[string][]*ledger.Verifier
	clock  clock.Clock
	logger *slog.Logger
}

// NewServer makes a witness of the logs that the verifier keys belong to.
func NewServer(store Store, key *ledger.Cosigner, clk clock.Clock, logger *slog.Logger, logs ...*ledger.Verifier) *Server {
	s := &Server{store: store, key: key, logs: map[string][]*ledger.Verifier{}, clock: clk, logger: logger}
	for _, v := range logs {
		s.logs[v.Origin()] = append(s.logs[v.Origin()], v)
	}
	return s
}

// Key is the verifier key of this witness, and a newline.
func (s *Server) Key() string { return s.key.Witness().Key() + "\n" }

// swapAgain bounds how often one request meets another that went first.
const swapAgain = 3

// Add takes an add-checkpoint request and gives the cosignature line. What is
// cosigned is on stable storage by then. The error is a *Refusal, or the
// store's: then nothing was cosigned.
func (s *Server) Add(ctx context.Context, body []byte) ([]byte, error) {
	r, err := ParseRequest(body)
	if err != nil {
		return nil, &Refusal{Why: Malformed, Detail: err.Error()}
	}
	keys := s.logs[originOf(r.Checkpoint)]
	if len(keys) == 0 {
		return nil, &Refusal{Why: UnknownLog, Detail: "the log is not known here"}
	}
	cp, err := ledger.OpenCheckpoint(r.Checkpoint, keys...)
	if err != nil {
		return nil, &Refusal{Why: Unsigned, Detail: err.Error()}
	}
	if r.Old > cp.Size {
		return nil, &Refusal{Why: Malformed, Detail: "the old size is larger than the checkpoint's"}
	}
	for range swapAgain {
		held, err := s.store.Held(ctx, cp.Origin)
		if err != nil {
			return nil, err
		}
		if err := s.fits(ctx, r, cp, held, keys[0]); err != nil {
			return nil, err
		}
		next := Held{Size: cp.Size, Root: cp.Root, Note: r.Checkpoint, At: s.clock.Now()}
		// The line is made before it is remembered, so that a failing key does
		// not move the record, and leaves only afterwards.
		line, err := s.key.Cosign(textOf(r.Checkpoint), next.At)
		if err != nil {
			return nil, err
		}
		swapped, err := s.store.Swap(ctx, cp.Origin, held, next)
		if err != nil {
			return nil, err
		}
		if swapped {
			return line, nil
		}
	}
	return nil, fmt.Errorf("witness: %s is submitted by many at once", cp.Origin)
}

// fits compares a signed checkpoint with the one held.
func (s *Server) fits(ctx context.Context, r Request, cp ledger.Checkpoint, held Held, key *ledger.Verifier) error {
	if r.Old != held.Size {
		// Another root of the very size held needs no proof to be a split.
		if cp.Size == held.Size && held.Note != nil && !bytes.Equal(cp.Root, held.Root) {
			if err := s.remember(ctx, Split, r, cp, held); err != nil {
				return err
			}
		}
		return &Refusal{Why: Conflict, Size: held.Size, Detail: "the old size is not that of the checkpoint held"}
	}
	if held.Note == nil {
		if len(r.Proof) > 0 {
			return &Refusal{Why: Unfit, Detail: "a proof from size 0 is empty"}
		}
		return nil
	}
	if cp.Size == held.Size {
		if !bytes.Equal(cp.Root, held.Root) {
			if err := s.remember(ctx, Split, r, cp, held); err != nil {
				return err
			}
			return &Refusal{Why: Conflict, Size: held.Size, Detail: "another root of the same size"}
		}
		if len(r.Proof) > 0 {
			return &Refusal{Why: Unfit, Detail: "a proof between equal sizes is empty"}
		}
		return nil
	}
	if err := proof.VerifyConsistency(key.Suite().Hasher, held.Size, cp.Size, r.Proof, held.Root, cp.Root); err != nil {
		if err := s.remember(ctx, Unproven, r, cp, held); err != nil {
			return err
		}
		return &Refusal{Why: Unfit, Detail: "the consistency proof does not hold"}
	}
	return nil
}

func (s *Server) remember(ctx context.Context, kind string, r Request, cp ledger.Checkpoint, held Held) error {
	fresh, err := s.store.PutEvidence(ctx, Evidence{ID: ident.New(), Origin: cp.Origin, Size: cp.Size, Root: cp.Root,
		Kind: kind, Note: r.Checkpoint, Held: held.Note, At: s.clock.Now()})
	if err == nil && fresh {
		s.logger.Error("a log that is witnessed here does not fit what it showed before", "log", cp.Origin, "kind", kind, "size", cp.Size, "held", held.Size)
	}
	return err
}

// Evidence gives up to n checkpoints that did not fit, the newest first.
func (s *Server) Evidence(ctx context.Context, n int) ([]Evidence, error) {
	return s.store.ListEvidence(ctx, n)
}

// textOf is a note's text with its last newline.
func textOf(note []byte) []byte {
	text, _, _ := bytes.Cut(note, []byte("\n\n"))
	return append(bytes.Clone(text), '\n')
}
