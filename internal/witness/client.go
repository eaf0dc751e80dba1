package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// Diverged is the ledger kind of the record that a witness has seen a tree that
// this log does not hold.
const Diverged ledger.Kind = "witness_diverged"

// Send posts an add-checkpoint request to a witness and gives the status and
// body of its answer.
type Send func(ctx context.Context, body []byte) (status int, answer []byte, err error)

// Standing is how a witness of this log stands to it.
type Standing struct {
	Witness  string // name and key ID
	Size     uint64 // of the last checkpoint it cosigned; 0: none yet
	At       time.Time
	Diverged string // how it contradicted this log; "": it never has
	Since    time.Time
}

// ClientStore keeps how the witnesses stand.
type ClientStore interface {
	Standing(ctx context.Context, witness string) (Standing, error) // zero but for Witness: unknown
	PutStanding(ctx context.Context, s Standing) error
	Standings(ctx context.Context) ([]Standing, error)
}

// Log is what a client needs of the log; *ledger.Log implements it.
type Log interface {
	LatestSigned(ctx context.Context) (ledger.Checkpoint, []byte, error)
	Consistency(ctx context.Context, m, n uint64) ([][]byte, error)
	Cosigned(ctx context.Context, size uint64, w *ledger.Witness, lines []byte) (int, error)
	Record(ctx context.Context, e ledger.Entry) (ledger.Leaf, error)
}

// Client brings checkpoints to one witness.
type Client struct {
	Witness *ledger.Witness
	Send    Send
	Log     Log
	Store   ClientStore
	Clock   clock.Clock
	Logger  *slog.Logger

	mu    sync.Mutex
	quiet bool // it was away when last asked: once is enough to be told
}

// Submit has the witness cosign the latest checkpoint, if it has not. An error
// is trouble of the moment; a contradiction is recorded and no error, since
// trying again does not help.
func (c *Client) Submit(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	stand, err := c.Store.Standing(ctx, c.Witness.ID())
	if err != nil {
		return err
	}
	cp, signed, err := c.Log.LatestSigned(ctx)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if stand.Size == cp.Size && stand.Size > 0 && stand.Diverged == "" {
		return nil
	}
	old := min(stand.Size, cp.Size)
	for range 2 {
		again, err := c.exchange(ctx, &stand, cp, signed, old)
		if err != nil {
			return c.away(err)
		}
		if again == nil {
			break
		}
		old = *again
	}
	c.quiet = false
	return nil
}

// away tells of trouble the first time only.
func (c *Client) away(err error) error {
	if c.quiet {
		c.Logger.Debug("witness", "witness", c.Witness.Name(), "error", err)
		return nil
	}
	c.quiet = true
	return fmt.Errorf("witness %s: %w", c.Witness.Name(), err)
}

// exchange makes one request; again is the old size to repeat it with.
func (c *Client) exchange(ctx context.Context, stand *Standing, cp ledger.Checkpoint, signed []byte, old uint64) (again *uint64, err error) {
	var path [][]byte
	if old > 0 && old < cp.Size {
		if path, err = c.Log.Consistency(ctx, old, cp.Size); err != nil {
			return nil, err
		}
	}
	status, answer, err := c.Send(ctx, Request{Old: old, Proof: path, Checkpoint: signed}.Encode())
	if err != nil {
		return nil, err
	}
	switch Reason(status) {
	case 200:
		if _, err := c.Log.Cosigned(ctx, cp.Size, c.Witness, answer); err != nil {
			return nil, fmt.Errorf("its cosignature: %w", err)
		}
		stand.Size, stand.At = cp.Size, c.Clock.Now()
		return nil, c.Store.PutStanding(ctx, *stand)
	case Conflict:
		held, err := strconv.ParseUint(strings.TrimSuffix(string(answer), "\n"), 10, 63)
		if err != nil {
			return nil, errors.New("it answers 409 without a size")
		}
		return c.conflict(ctx, stand, cp, old, held)
	case Unfit:
		return nil, c.contradiction(ctx, stand, fmt.Sprintf("it holds a checkpoint of size %d that this log's tree of size %d does not extend", old, cp.Size))
	}
	return nil, fmt.Errorf("it answers %d: %.200q", status, bytes.TrimSpace(answer))
}

// conflict: the witness holds another size than we thought.
func (c *Client) conflict(ctx context.Context, stand *Standing, cp ledger.Checkpoint, old, held uint64) (*uint64, error) {
	switch {
	case held == old:
		return nil, c.contradiction(ctx, stand, fmt.Sprintf("it holds another root of size %d", held))
	case held <= cp.Size:
		return &held, nil
	}
	// More than our latest: another replica may just have signed it.
	now, _, err := c.Log.LatestSigned(ctx)
	if err != nil {
		return nil, err
	}
	if held <= now.Size {
		return nil, nil // the next visit brings that one
	}
	return nil, c.contradiction(ctx, stand, fmt.Sprintf("it holds a checkpoint of size %d, this log has signed no more than %d", held, now.Size))
}

// contradiction raises the alarm once: in the program's log, in the ledger and
// in the witness's standing, which everybody can read.
func (c *Client) contradiction(ctx context.Context, stand *Standing, how string) error {
	if stand.Diverged != "" {
		return nil
	}
	stand.Diverged, stand.Since = how, c.Clock.Now()
	c.Logger.Error("ALARM: a witness contradicts this log: it was rebuilt, restored or cut off, or two nodes sign it",
		"witness", c.Witness.Name(), "what", how)
	_, err := c.Log.Record(ctx, ledger.Entry{ID: ident.New(), Kind: Diverged, At: stand.Since, Facts: map[string]any{
		"witness": c.Witness.ID(), "what": how, "basis": "CN-33"}})
	return errors.Join(err, c.Store.PutStanding(ctx, *stand))
}
