package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/backup"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// BackupConfig is when a running node backs itself up. On SQLite only:
// PostgreSQL has better means of its own (docs/operations.md).
type BackupConfig struct {
	Dir   string        // empty: no scheduled backups
	Every time.Duration // default 24 h
	Keep  int           // how many; default 14
}

// BackupOptions are those of a single backup.
type BackupOptions struct {
	Out string
	// PassphraseFile holds the passphrase that the master key is sealed into
	// the backup with; empty: the key is not in it.
	PassphraseFile string
	PGBin          string
}

// Backup copies the database of a node, which may be running, and gives the
// manifest.
func Backup(ctx context.Context, cfg Config, o BackupOptions) (backup.Manifest, error) {
	if err := cfg.complete(); err != nil {
		return backup.Manifest{}, err
	}
	if _, err := os.Stat(cfg.MasterKeyFile); err != nil { // New would make one
		return backup.Manifest{}, fault.Newf(fault.Invalid, "master_key_missing", "找不到主密钥%s", cfg.MasterKeyFile).Because(err)
	}
	var passphrase string
	if o.PassphraseFile != "" {
		var err error
		if passphrase, err = backup.Passphrase(o.PassphraseFile); err != nil {
			return backup.Manifest{}, err
		}
	}
	cfg.Inspect = true
	n, err := New(ctx, cfg)
	if err != nil {
		return backup.Manifest{}, err
	}
	src, err := n.source()
	if err != nil {
		return backup.Manifest{}, errors.Join(err, n.Close())
	}
	src.Passphrase, src.PGBin = passphrase, o.PGBin
	m, err := backup.Take(ctx, src, o.Out)
	return m, errors.Join(err, n.Close())
}

// source is this node as a backup sees it.
func (n *Node) source() (backup.Source, error) {
	master, err := loadMaster(n.Config.MasterKeyFile)
	return backup.Source{Store: n.Store, Log: n.Ledger, DatabaseURL: n.Config.DatabaseURL, Node: n.Config.Name,
		Product: n.Config.Version, Master: master, Clock: n.Config.Clock}, err
}

// backupJobs make the scheduled backups.
func (n *Node) backupJobs() []worker.Job {
	cfg := n.Config.Backup
	if cfg.Dir == "" {
		return nil
	}
	schedule := backup.Schedule{Dir: cfg.Dir, Every: cfg.Every, Keep: cfg.Keep}
	return []worker.Job{{Name: "backup", Every: time.Minute, Run: func(ctx context.Context) (bool, error) {
		src, err := n.source()
		if err != nil {
			return false, err
		}
		_, err = schedule.Run(ctx, src)
		return false, err
	}}}
}

// complete sets the defaults and refuses what cannot be done.
func (b *BackupConfig) complete(databaseURL string) error {
	if b.Dir == "" {
		return nil
	}
	var faults fault.Collector
	if !strings.HasPrefix(databaseURL, "sqlite://") {
		faults.Add("backup_dir", "not_supported", "定时备份只用于SQLite;PostgreSQL请用流复制和归档(docs/operations.md)", "")
	}
	if b.Every == 0 {
		b.Every = 24 * time.Hour
	}
	if b.Keep == 0 {
		b.Keep = 14
	}
	if b.Every < time.Minute {
		faults.Add("backup_every", "range", "定时备份的间隔不能少于1分钟", "")
	}
	if b.Keep < 1 {
		faults.Add("backup_keep", "range", "至少保留1份备份", "")
	}
	return faults.Err("config_invalid", "配置不完整", "")
}

// Drill backs a node up, restores the copy in a directory of its own that is
// removed afterwards, verifies it there and tells how long each took. Nothing
// is acknowledged and nothing served: the copy stays fenced until it is gone.
func Drill(ctx context.Context, cfg Config, o BackupOptions) (DrillReport, error) {
	if err := cfg.complete(); err != nil {
		return DrillReport{}, err
	}
	if !strings.HasPrefix(cfg.DatabaseURL, "sqlite://") {
		return DrillReport{}, fault.New(fault.Invalid, "drill_sqlite_only", "PostgreSQL的演练请用backup和restore恢复到另一数据库")
	}
	dir, err := os.MkdirTemp("", "shuqiao-drill-")
	if err != nil {
		return DrillReport{}, err
	}
	defer os.RemoveAll(dir)
	o.Out = dir + "/backup"
	began := cfg.Clock.Now()
	m, err := Backup(ctx, cfg, o)
	if err != nil {
		return DrillReport{}, err
	}
	report := DrillReport{Entries: m.Log.Size, BackupSeconds: cfg.Clock.Now().Sub(began).Seconds()}
	for _, f := range m.Files {
		report.Bytes += f.Size
	}
	target := cfg
	target.Dir, target.DatabaseURL = dir+"/restored", ""
	r, err := Restore(ctx, target, RestoreOptions{From: o.Out})
	if err != nil {
		return report, fmt.Errorf("the backup cannot be restored: %w", err)
	}
	report.RestoreSeconds, report.Verified = r.Seconds, r.Verified
	return report, nil
}

// DrillReport is what a drill measured.
type DrillReport struct {
	Entries        uint64  `json:"entries"`
	Bytes          int64   `json:"bytes"`
	BackupSeconds  float64 `json:"backup_seconds"`
	RestoreSeconds float64 `json:"restore_seconds"` // verification included
	Verified       bool    `json:"verified"`
}
