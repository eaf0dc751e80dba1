package backup

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/store"
)

// Fits refuses a backup that this release cannot read, or that is of another
// kind of database than the target.
func (m Manifest) Fits(databaseURL string) error {
	latest, err := store.Latest()
	if err != nil {
		return err
	}
	if m.Schema > latest {
		return fault.Newf(fault.Invalid, "backup_newer", "备份的数据库结构版本为%d,本程序(%d)较旧,请使用%s或更新的版本", m.Schema, latest, m.Product)
	}
	if sqlite := strings.HasPrefix(databaseURL, "sqlite://"); sqlite != (m.Database == "sqlite") {
		return fault.Newf(fault.Invalid, "backup_other_engine", "备份来自%s,只能恢复到同一种数据库", m.Database)
	}
	return nil
}

// Load brings the copy into an empty database.
func (m Manifest) Load(ctx context.Context, dir, databaseURL, pgBin string) error {
	if path, ok := strings.CutPrefix(databaseURL, "sqlite://"); ok {
		return loadSQLite(filepath.Join(dir, SQLiteFile), path)
	}
	program, err := tool("pg_restore", pgBin)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, databaseURL)
	if err != nil {
		return err
	}
	empty, err := s.Empty(ctx)
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	if !empty {
		return notEmpty("目标数据库")
	}
	return runTool(ctx, program, databaseURL, "--no-owner", "--no-privileges", "--no-password", "--exit-on-error", "--single-transaction",
		filepath.Join(dir, DumpFile))
}

func notEmpty(what string) error {
	return fault.Newf(fault.Conflict, "restore_target_not_empty", "%s不为空,不恢复到已有内容的地方", what)
}

// loadSQLite copies the file; one that exists is never written over.
func loadSQLite(from, to string) (err error) {
	for _, name := range []string{to, to + "-wal"} {
		if _, err := os.Stat(name); err == nil {
			return notEmpty(name)
		}
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	tmp, err := os.CreateTemp(filepath.Dir(to), ".restore-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = io.Copy(tmp, in)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), to); err != nil {
		return err
	}
	return syncDir(filepath.Dir(to))
}

// Verify checks a restored log: it is recomputed from its records, must have
// the size and root of the manifest and must extend the manifest's checkpoint,
// whose signature must be the log's.
func (m Manifest) Verify(ctx context.Context, log *ledger.Log) error {
	wrong := func(what string, cause error) error {
		return fault.New(fault.Invalid, "backup_log_differs", "恢复的存证日志与备份清单不符:"+what).Because(cause)
	}
	if log.PublicKey() != m.Log.PublicKey {
		return wrong("公钥不同", nil)
	}
	audit, err := log.Verify(ctx)
	if err != nil {
		var bad *ledger.Corruption
		if errors.As(err, &bad) {
			return wrong(bad.Message(), err)
		}
		return err
	}
	if audit.Size != m.Log.Size || len(m.Log.Root) > 0 && !bytes.Equal(audit.Root, m.Log.Root) {
		return wrong("记录数或者树根不同", nil)
	}
	cp, err := log.Open([]byte(m.Log.Checkpoint))
	if err != nil {
		return wrong("检查点的签名无效", err)
	}
	if err := log.Extends(ctx, cp); err != nil {
		return wrong("与检查点不一致", err)
	}
	return nil
}
