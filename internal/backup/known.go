package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// Known is the last checkpoint of a log that the outside has, compared with
// what is held.
type Known struct {
	ledger.Checkpoint
	// Missing entries: known outside and not held.
	Missing uint64
	// Proved tells that what is held is a part of what is known, or contains
	// it. A longer log known by a file alone cannot prove that.
	Proved bool
}

// knownLimit bounds what is read of a checkpoint or proof.
const knownLimit = 1 << 20

// Against compares a log with a checkpoint: of a file, or of a node or monitor
// at a URL (https://host, to which /ledger/v1/checkpoint is added). That the
// log holds something else is the fault "ledger_forked": this is not a copy of
// that log.
func Against(ctx context.Context, log *ledger.Log, where string) (Known, error) {
	remote := strings.HasPrefix(where, "http://") || strings.HasPrefix(where, "https://")
	signed, err := fetch(ctx, where, "/ledger/v1/checkpoint", remote)
	if err != nil {
		return Known{}, err
	}
	return Compare(ctx, log, signed, func(from, to uint64) ([][]byte, error) {
		if !remote {
			return nil, nil
		}
		text, err := fetch(ctx, where, fmt.Sprintf("/ledger/v1/consistency?from=%d&to=%d", from, to), true)
		if err != nil {
			return nil, err
		}
		var doc struct {
			Hashes [][]byte `json:"hashes"`
		}
		err = json.Unmarshal(text, &doc)
		return doc.Hashes, err
	})
}

// Compare is Against for a checkpoint in hand; prove asks whoever has the
// longer log for a consistency proof, nil when there is none to be had.
func Compare(ctx context.Context, log *ledger.Log, signed []byte, prove func(from, to uint64) ([][]byte, error)) (Known, error) {
	cp, err := log.Open(signed)
	if err != nil {
		return Known{}, fault.New(fault.Invalid, "checkpoint_of_another_log", "该检查点不是本存证日志签发的").Because(err)
	}
	forked := fault.New(fault.Conflict, "ledger_forked", "存证日志与外界已知的检查点不一致:这不是同一份日志")
	head, err := log.Head(ctx)
	if err != nil {
		return Known{}, err
	}
	known := Known{Checkpoint: cp}
	var split *ledger.Divergence
	if cp.Size <= head.Size {
		known.Proved = true
		err := log.Extends(ctx, cp)
		if errors.As(err, &split) {
			return known, forked.Because(err)
		}
		return known, err
	}
	known.Missing = cp.Size - head.Size
	path, err := prove(head.Size, cp.Size)
	if err != nil || path == nil && head.Size > 0 {
		return known, err
	}
	if err := log.Continues(ledger.Checkpoint{Origin: cp.Origin, Size: head.Size, Root: head.Root}, cp, path); err != nil && head.Size > 0 {
		return known, forked.Because(err)
	}
	known.Proved = true
	return known, nil
}

func fetch(ctx context.Context, where, path string, remote bool) ([]byte, error) {
	if !remote {
		return os.ReadFile(where)
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(where, "/")+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", req.URL, resp.Status)
	}
	return io.ReadAll(io.LimitReader(resp.Body, knownLimit))
}
