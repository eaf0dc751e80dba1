package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/archive"
	"github.com/shuqiao/shuqiao/internal/witness"
)

// witnessTimeout bounds one exchange with a witness.
const witnessTimeout = 10 * time.Second

// maxAnswer bounds what is read of a witness's answer.
const maxAnswer = 64 << 10

// sendTo posts to a witness's submission prefix.
func sendTo(url string) witness.Send {
	client := &http.Client{Timeout: witnessTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return func(ctx context.Context, body []byte) (int, []byte, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/add-checkpoint", bytes.NewReader(body))
		if err != nil {
			return 0, nil, err
		}
		res, err := client.Do(req)
		if err != nil {
			return 0, nil, err
		}
		defer res.Body.Close()
		answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
		return res.StatusCode, answer, err
	}
}

// tilesURL is a log's tlog-tiles prefix as a ledger.Source.
type tilesURL struct {
	prefix, token string
	client        *http.Client
}

// maxBundle bounds what is read of a resource: 256 entries of the largest size.
const maxBundle = ledger.TileWidth * (2 + ledger.MaxEntry)

func (t *tilesURL) Checkpoint(ctx context.Context) ([]byte, error) {
	return t.get(ctx, "checkpoint", maxAnswer)
}

func (t *tilesURL) Fetch(ctx context.Context, r ledger.Resource) ([]byte, error) {
	return t.get(ctx, r.Path(), maxBundle)
}

// fetchTries and fetchPause: a log may ask to be read slower, and a network
// may fail for a moment.
const (
	fetchTries = 6
	fetchPause = 500 * time.Millisecond
)

func (t *tilesURL) get(ctx context.Context, path string, most int64) ([]byte, error) {
	var last error
	for try := range fetchTries {
		data, again, err := t.once(ctx, path, most)
		if err == nil || !again {
			return data, err
		}
		last = err
		wait, done := context.WithTimeout(ctx, fetchPause<<try) // the network's time, not the node's clock
		<-wait.Done()
		done()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return nil, last
}

func (t *tilesURL) once(ctx context.Context, path string, most int64) (data []byte, again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.prefix+"/"+path, nil)
	if err != nil {
		return nil, false, err
	}
	if t.token != "" {
		req.Header.Set("Authorization", "Bearer "+t.token)
	}
	res, err := t.client.Do(req)
	if err != nil {
		return nil, ctx.Err() == nil, err
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
		data, err := io.ReadAll(io.LimitReader(res.Body, most+1))
		if err == nil && int64(len(data)) > most {
			return nil, false, fmt.Errorf("%s is larger than %s bytes", path, strconv.FormatInt(most, 10))
		}
		return data, err != nil, err
	case http.StatusNotFound, http.StatusGone:
		return nil, false, fmt.Errorf("%w: %s", ledger.ErrAbsent, path)
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, false, fmt.Errorf("%w: %s", ledger.ErrClosed, path)
	}
	return nil, res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500, fmt.Errorf("%s: %s", path, res.Status)
}

// FollowOptions say how a log is checked from outside.
type FollowOptions struct {
	From     string   // URL of a tlog-tiles prefix, or a directory in its layout
	Key      string   // content of ledger.pub
	Witness  []string // witnesses' verifier keys
	Quorum   int      // how many of them must have cosigned
	State    string   // file that remembers what was verified; empty: from the beginning
	Token    string   // session of an auditor, where entries are not public
	Hashes   bool     // do with hashes where entries are not shown
	Progress func(done, size uint64)
}

// FollowLedger checks a whole log from outside: a URL or a directory of tiles.
// With a state file the next run checks only what is new, and that it goes on
// from there.
func FollowLedger(ctx context.Context, o FollowOptions) (*ledger.Followed, error) {
	key, err := ledger.LoadVerifier(o.Key)
	if err != nil {
		return nil, fault.New(fault.Invalid, "ledger_key_invalid", "日志公钥无法识别").Under("CN-33").Because(err)
	}
	policy, err := ledger.NewPolicy(o.Quorum, o.Witness...)
	if err != nil {
		return nil, fault.New(fault.Invalid, "witness_invalid", "见证方公钥或者法定数有误:"+err.Error()).Under("CN-33")
	}
	var src ledger.Source = archive.Dir(o.From)
	hashes := true // an archive has the old entries; the young ones are in the database
	if strings.HasPrefix(o.From, "http://") || strings.HasPrefix(o.From, "https://") {
		hashes = o.Hashes
		src = &tilesURL{prefix: strings.TrimSuffix(o.From, "/"), token: o.Token, client: &http.Client{Timeout: time.Minute}}
	}
	var seen *ledger.Seen
	if o.State != "" {
		text, err := os.ReadFile(o.State)
		if err == nil {
			seen = &ledger.Seen{}
			if err := json.Unmarshal(text, seen); err != nil {
				return nil, fmt.Errorf("%s does not remember a log: %w", o.State, err)
			}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	found, err := ledger.Follow(ctx, src, seen, ledger.FollowOptions{Key: key, Policy: policy, HashesOnly: hashes, Progress: o.Progress})
	if errors.Is(err, ledger.ErrClosed) {
		return nil, fault.New(fault.Forbidden, "ledger_entries_closed", "该日志的存证原文不公开:请用 --token 给出主管部门审核、审计人员的会话,或者用 --hashes 只核验哈希树").Because(err)
	}
	if err != nil || o.State == "" {
		return found, err
	}
	text, err := json.MarshalIndent(found.Seen, "", "  ")
	if err != nil {
		return nil, err
	}
	return found, replaceFile(o.State, append(text, '\n'))
}

// replaceFile writes a file so that it is whole at every moment.
func replaceFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".state-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}

// ArchiveLedger moves what is older than keep out of the database.
func ArchiveLedger(ctx context.Context, cfg Config, keep time.Duration) (archive.Report, error) {
	if err := cfg.complete(); err != nil {
		return archive.Report{}, err
	}
	cfg.Inspect = true // beside the running node: its journal is left alone
	n, err := New(ctx, cfg)
	if err != nil {
		return archive.Report{}, err
	}
	report, err := n.archive(ctx, cfg.Ledger.ArchiveDir, keep, 0)
	return report, errors.Join(err, n.Close())
}
