package app

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/backup"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/store"
)

// Kinds of ledger entries about the place that a log lives at.
const (
	// LogHandedOver is the last entry before another place goes on.
	LogHandedOver ledger.Kind = "log_handed_over"
	// LogRestored is the first entry after a restoration; whoever holds a
	// checkpoint that the log does not extend finds out here why.
	LogRestored ledger.Kind = "log_restored"
)

// Reasons that an operator may give; the ledger holds no free text.
var Reasons = []string{"disaster", "switch_over", "rollback", "rehearsal"}

// PlaceFacts are what the ledger holds of a hand-over or a restoration.
type PlaceFacts struct {
	Operator string `json:"operator"` // account or post, never a name
	Reason   string `json:"reason"`
	// Size and Root of the log before this entry.
	Size uint64 `json:"size"`
	Root string `json:"root"`
	// BackupOf is when the restored backup was begun, RFC 3339.
	BackupOf string `json:"backup_of,omitempty"`
	// KnownSize and KnownRoot are the last checkpoint known outside; Missing
	// entries of it are lost. Without them nobody said what is known outside.
	KnownSize *uint64 `json:"known_size,omitempty"`
	KnownRoot string  `json:"known_root,omitempty"`
	Missing   *uint64 `json:"missing,omitempty"`
}

// Act is who ends or resumes a log, and why.
type Act struct{ Operator, Reason string }

var operatorPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$`)

func (a Act) check() error {
	var c fault.Collector
	if !operatorPattern.MatchString(a.Operator) {
		c.Add("operator", "format", "操作者应为账号或者岗位代码(字母、数字、._@-),不写姓名", "")
	}
	if !slices.Contains(Reasons, a.Reason) {
		c.Add("reason", "not_in_list", "原因应为"+strings.Join(Reasons, "、")+"之一", "")
	}
	return c.Err("act_invalid", "操作信息有误", "")
}

// HandOver ends the log at this place for good: a last entry, and a fence that
// refuses whatever comes after it, on all replicas and by any version of the
// program. It gives the final signed checkpoint, which the other place is
// compared with.
func HandOver(ctx context.Context, cfg Config, act Act) ([]byte, error) {
	if err := act.check(); err != nil {
		return nil, err
	}
	n, err := New(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer n.Close()
	err = n.Store.Do(ctx, func(ctx context.Context) error {
		entry, err := n.placeEntry(ctx, LogHandedOver, act, fenceFacts{}, nil)
		if err != nil {
			return err
		}
		if _, err := n.Ledger.AppendIn(ctx, entry); err != nil {
			return err
		}
		text, err := json.Marshal(act)
		if err != nil {
			return err
		}
		return n.Store.Node().PutFence(ctx, store.Fence{ID: entry.ID, Kind: store.HandedOver, At: entry.At, Facts: string(text)})
	})
	if err != nil {
		return nil, err
	}
	return n.Ledger.Checkpoint(ctx)
}

// ResumeOptions are what an operator says who lets a restored log go on.
type ResumeOptions struct {
	Act
	Against string // as for Restore
	// AcceptMissing is how many entries, known outside, the operator knows to
	// be lost.
	AcceptMissing uint64
}

// Resume acknowledges a restoration: the entry "log_restored" says from which
// size on the log is another than the one before, and the fence is gone. What
// the outside is known to know beyond that must be accepted by its number.
func Resume(ctx context.Context, cfg Config, o ResumeOptions) (PlaceFacts, error) {
	if err := o.check(); err != nil {
		return PlaceFacts{}, err
	}
	cfg.Inspect = true
	n, err := New(ctx, cfg)
	if err != nil {
		return PlaceFacts{}, err
	}
	defer n.Close()
	fence, err := n.Store.Node().Fenced(ctx)
	if err != nil {
		return PlaceFacts{}, err
	}
	behind := n.behind(ctx)
	if fence == nil && behind == nil {
		return PlaceFacts{}, fault.New(fault.Illegal, "nothing_to_resume", "本节点没有等待确认的恢复")
	}
	var facts fenceFacts
	if fence != nil {
		if err := json.Unmarshal([]byte(fence.Facts), &facts); err != nil {
			return PlaceFacts{}, err
		}
	}
	if err := n.learn(ctx, o.Against, &facts); err != nil {
		return PlaceFacts{}, err
	}
	var out PlaceFacts
	err = n.Store.Do(ctx, func(ctx context.Context) error {
		entry, err := n.placeEntry(ctx, LogRestored, o.Act, facts, &o.AcceptMissing)
		if err != nil {
			return err
		}
		out = entry.Facts.(PlaceFacts)
		if err := n.Store.Node().LiftFences(ctx, entry.At, entry.ID); err != nil {
			return err
		}
		_, err = n.Ledger.AppendIn(ctx, entry)
		return err
	})
	if err != nil {
		return PlaceFacts{}, err
	}
	signed, err := n.Ledger.Checkpoint(ctx)
	if err != nil {
		return out, err
	}
	return out, n.seen.write(signed)
}

// learn adds the largest checkpoint that is known outside: what was given, and
// what this machine itself has published before.
func (n *Node) learn(ctx context.Context, against string, facts *fenceFacts) error {
	note := func(k backup.Known) {
		if facts.KnownSize == nil || k.Size > *facts.KnownSize {
			facts.KnownSize, facts.KnownRoot = &k.Size, hex.EncodeToString(k.Root)
		}
	}
	if against != "" {
		known, err := backup.Against(ctx, n.Ledger, against)
		if err != nil {
			return err
		}
		note(known)
	}
	signed, err := n.seen.read()
	if err != nil || signed == nil {
		return err
	}
	known, err := backup.Compare(ctx, n.Ledger, signed, func(uint64, uint64) ([][]byte, error) { return nil, nil })
	if err == nil {
		note(known)
	}
	return err
}

// placeEntry makes the entry in the running transaction. With accepted it is
// refused unless that is how many entries are missing.
func (n *Node) placeEntry(ctx context.Context, kind ledger.Kind, act Act, known fenceFacts, accepted *uint64) (ledger.Entry, error) {
	head, err := n.Ledger.Head(ctx)
	if err != nil {
		return ledger.Entry{}, err
	}
	facts := PlaceFacts{Operator: act.Operator, Reason: act.Reason, Size: head.Size, Root: hex.EncodeToString(head.Root),
		KnownSize: known.KnownSize, KnownRoot: known.KnownRoot}
	if !known.TakenAt.IsZero() {
		facts.BackupOf = known.TakenAt.UTC().Format("2006-01-02T15:04:05Z")
	}
	if known.KnownSize != nil {
		missing := *known.KnownSize - min(*known.KnownSize, head.Size)
		facts.Missing = &missing
		if accepted != nil && *accepted != missing {
			return ledger.Entry{}, fault.Newf(fault.Conflict, "missing_not_accepted",
				"外界已知的存证日志有%d条,本处只有%d条,缺%d条。确认这些记录已无法找回后,以--accept-missing %d继续", *known.KnownSize, head.Size, missing, missing).
				With("missing", missing)
		}
	}
	return ledger.Entry{ID: ident.New(), Kind: kind, At: n.Config.Clock.Now(), Facts: facts}, nil
}

// mayStart refuses to start a node whose log is fenced, or is behind what this
// machine has published.
func (n *Node) mayStart(ctx context.Context) error {
	fence, err := n.Store.Node().Fenced(ctx)
	switch {
	case err != nil:
		return err
	case fence == nil:
		return n.behind(ctx)
	case fence.Kind == store.HandedOver:
		return fault.New(fault.Illegal, "node_handed_over", "本节点已移交他处,不再启动;存证日志已封存")
	}
	return fault.New(fault.Illegal, "restore_unacknowledged", "数据库由备份恢复,尚未确认:请先执行shuqiao resume(docs/operations.md)")
}

// behind compares the log with the last checkpoint that this machine has
// published. A log that does not extend it was put back by other means than
// Restore: it would sign a second history.
func (n *Node) behind(ctx context.Context) error {
	signed, err := n.seen.read()
	if err != nil || signed == nil {
		return err
	}
	cp, err := n.Ledger.Open(signed)
	if err != nil {
		return fault.Newf(fault.Illegal, "ledger_other", "%s记着另一份存证日志的检查点;确系新建节点的,请移走该文件", n.seen.path).Because(err)
	}
	err = n.Ledger.Extends(ctx, cp)
	var split *ledger.Divergence
	if errors.As(err, &split) {
		return fault.Newf(fault.Illegal, "ledger_behind", "存证日志(%d条)与本机已公布的检查点(%d条)不能衔接:数据库似被换成了旧的。请恢复到最新的数据库,或者以shuqiao resume确认丢失",
			split.Held.Size, split.Signed.Size).Because(err)
	}
	return err
}
