package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/shuqiao/shuqiao/proof"
)

// Receipt is what is kept of an answer. As a line of JSON it is a line of the
// consumer's own log, which the node compares with its ledger.
type Receipt struct {
	ID             string    `json:"receipt"`
	Time           time.Time `json:"time"` // when the call was sent
	Grant          string    `json:"grant"`
	Endpoint       string    `json:"endpoint"`
	ResponseSHA256 string    `json:"response_sha256"` // hex, of the answer's body
	Rows           *int      `json:"rows,omitempty"`
	Index          *uint64   `json:"index,omitempty"` // in the log, where the answer told it
}

// log is the file of receipts. It is only ever appended to.
type log struct {
	mu   sync.Mutex
	file *os.File
}

func openLog(path string) (*log, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("client: file of receipts: %w", err)
	}
	return &log{file: f}, mend(f)
}

// mend ends a line that a crash broke off, so that the next one is whole.
func mend(f *os.File) error {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil || size == 0 {
		return err
	}
	var last [1]byte
	if _, err := f.ReadAt(last[:], size-1); err != nil || last[0] == '\n' {
		return err
	}
	_, err = f.WriteString("\n")
	return err
}

func (l *log) append(r Receipt) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("client: the receipt %s is not kept: %w", r.ID, err)
	}
	return nil
}

func (l *log) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(l.file.Sync(), l.file.Close())
}

// ReadReceipts reads a file of receipts line by line. A line that a crash broke
// off is an error, and the next one is read.
func ReadReceipts(in io.Reader) iter.Seq2[Receipt, error] {
	return func(yield func(Receipt, error) bool) {
		lines := bufio.NewScanner(in)
		for n := 1; lines.Scan(); n++ {
			var r Receipt
			err := json.Unmarshal(lines.Bytes(), &r)
			if err == nil && r.ID == "" {
				err = errors.New("no receipt")
			}
			if err != nil {
				err = fmt.Errorf("client: line %d of the receipts: %w", n, err)
			}
			if !yield(r, err) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Receipt{}, fmt.Errorf("client: receipts: %w", err))
		}
	}
}

// Fetch gets the proof of an entry from the node: the content of receipt.json,
// to be kept as it is. Anybody can verify it with the log's key.
func (c *Client) Fetch(ctx context.Context, id string) ([]byte, error) {
	var out []byte
	err := c.again(ctx, func() error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/ledger/v1/entries/"+url.PathEscape(id)+"/receipt", nil)
		if err != nil {
			return fmt.Errorf("client: %w", err)
		}
		a, err := c.send(req)
		out = a.body
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ErrDiffers is what an answer and its record disagree in.
type ErrDiffers struct{ What, Kept, Recorded string }

// Error names both sides.
func (e *ErrDiffers) Error() string {
	return fmt.Sprintf("client: the ledger's record differs from what was received: %s is %q here, %q there", e.What, e.Kept, e.Recorded)
}

// Check fetches the proof of a receipt, verifies it with LedgerKey, and
// compares the record with what was received: the digest of the answer, the
// grant, the rows. An *ErrDiffers tells what differs. The proof is given back
// to be kept.
func (c *Client) Check(ctx context.Context, r Receipt) (receipt []byte, p *proof.Proved, err error) {
	if c.key == nil {
		return nil, nil, errors.New("client: LedgerKey is needed to verify")
	}
	if receipt, err = c.Fetch(ctx, r.ID); err != nil {
		return nil, nil, err
	}
	if p, err = proof.Verify(receipt, c.key); err != nil {
		return receipt, nil, err
	}
	call, err := p.Call()
	if err != nil {
		return receipt, p, err
	}
	compare := func(what, kept, recorded string) {
		if err == nil && kept != recorded {
			err = &ErrDiffers{what, kept, recorded}
		}
	}
	compare("receipt", r.ID, p.ID)
	compare("response_sha256", r.ResponseSHA256, call.ResponseSHA256)
	compare("grant", r.Grant, call.Grant)
	compare("endpoint", r.Endpoint, call.Endpoint)
	if r.Rows != nil {
		compare("rows", fmt.Sprint(*r.Rows), fmt.Sprint(call.Rows))
	}
	return receipt, p, err
}
