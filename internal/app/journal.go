package app

import (
	"context"
	"errors"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/journal"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// wireLedger makes the log of the node, with its journal where there is one,
// brings what an earlier life left in it into the tree, and starts it.
func (n *Node) wireLedger(ctx context.Context, signer *ledger.Signer) error {
	cfg := n.Config
	log, err := ledger.New(n.entries(), signer, cfg.Name, cfg.Clock)
	if err != nil {
		return err
	}
	policy, _, err := cfg.Ledger.witnesses()
	if err != nil {
		return err
	}
	log.WithWitnesses(policy, n.Store.Cosignatures())
	log.Trouble = func(err error) { cfg.Logger.Error("ledger", "error", err) }
	n.Ledger, n.seen = log, newSeen(cfg)
	if !cfg.Inspect {
		if err := n.mayStart(ctx); err != nil {
			return err
		}
	}
	// Whoever only looks, or repairs beside a running node, leaves the journal
	// to that node.
	if cfg.JournalDir != "" && !cfg.Inspect && !cfg.Beside {
		if n.journal, err = journal.Open(cfg.JournalDir, journal.Options{Files: meteredFiles{journal.Machine{}, n.Metrics}}); err != nil {
			return fault.Newf(fault.Conflict, "journal_unusable", "调用存证的预写日志%s不能打开:同一数据目录的节点正在运行时请先停止它", cfg.JournalDir).Because(err)
		}
		recovered, err := log.WithJournal(n.journal).Recover(ctx)
		if err != nil {
			return errors.Join(err, n.journal.Close())
		}
		if recovered > 0 {
			cfg.Logger.Warn("entries brought from the journal into the ledger", "entries", recovered)
		}
	}
	log.Start(context.WithoutCancel(ctx)) // ends with Close, not with the start-up
	return nil
}

// closeLedger ends the log, then its journal.
func (n *Node) closeLedger() error {
	n.Ledger.Close()
	if n.journal == nil {
		return nil
	}
	return n.journal.Close()
}

// settleLedger waits for the tree, unless the caller holds a transaction that
// the tree would have to wait for.
func (n *Node) settleLedger(ctx context.Context) error {
	if n.Store.InTx(ctx) {
		return nil
	}
	return n.Ledger.Settle(ctx)
}
