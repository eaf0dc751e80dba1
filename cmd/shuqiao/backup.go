package main

import (
	"context"
	"fmt"
	"os"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// toolFlags are what copying a PostgreSQL database needs.
type toolFlags struct {
	PGBin string `help:"pg_dump、pg_restore所在的目录;缺省自动查找。" name:"pg-bin" env:"SHUQIAO_PG_BIN" type:"path"`
}

type backupCmd struct {
	nodeFlags
	toolFlags
	Out            string `help:"写入的目录,须不存在或者为空。" required:"" type:"path"`
	WithMasterKey  bool   `help:"把主密钥以口令密封后一并写入;缺省不含,须另行保管。" name:"with-master-key"`
	PassphraseFile string `help:"口令文件,第一行至少16个字符。" name:"passphrase-file" type:"existingfile"`
}

// Validate implements kong's check: a key goes with a passphrase.
func (c *backupCmd) Validate() error {
	if c.WithMasterKey != (c.PassphraseFile != "") {
		return fault.New(fault.Invalid, "usage", "--with-master-key与--passphrase-file同用")
	}
	return nil
}

// Run implements kong's command.
func (c *backupCmd) Run(ctx context.Context) error {
	m, err := app.Backup(ctx, c.config(), app.BackupOptions{Out: c.Out, PassphraseFile: c.PassphraseFile, PGBin: c.PGBin})
	if err != nil {
		return err
	}
	if !c.WithMasterKey {
		fmt.Fprintln(os.Stderr, "备份不含主密钥:没有它备份不能恢复。请把", c.config().MasterKeyFile, "(或者--master-key-file指定的文件)另行妥善保管。")
	}
	return printJSON(os.Stdout, m)
}

type restoreCmd struct {
	nodeFlags
	toolFlags
	From           string `help:"备份所在的目录。" required:"" type:"existingdir"`
	Against        string `help:"外界已知的最近检查点:文件,或者节点、监督方的地址(https://…)。"`
	PassphraseFile string `help:"备份含密封的主密钥时的口令文件。" name:"passphrase-file" type:"existingfile"`
}

// Run implements kong's command.
func (c *restoreCmd) Run(ctx context.Context) error {
	r, err := app.Restore(ctx, c.config(), app.RestoreOptions{From: c.From, Against: c.Against, PassphraseFile: c.PassphraseFile, PGBin: c.PGBin})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "已恢复并核验%d条存证,用时%.1f秒。\n", r.Entries, r.Seconds)
	switch {
	case r.Missing == nil:
		fmt.Fprintln(os.Stderr, "没有给出外界已知的检查点(--against),不知道缺了多少。")
	case *r.Missing > 0:
		fmt.Fprintf(os.Stderr, "外界已知%d条,缺%d条:备份之后的办理、调用、撤销和停用都不在其中,须逐项核对。\n", *r.Known, *r.Missing)
	default:
		fmt.Fprintln(os.Stderr, "外界已知的存证都在其中。")
	}
	fmt.Fprintln(os.Stderr, "确认后以shuqiao resume写入存证,节点方可启动;原处的节点须先停止。")
	return printJSON(os.Stdout, r)
}

// actFlags say who does what cannot be undone, and why.
type actFlags struct {
	Operator string `help:"操作者的账号或者岗位代码,写入存证;不写姓名。" required:""`
	Reason   string `help:"原因:disaster 灾难、switch_over 切换、rollback 回退、rehearsal 演练。" required:"" enum:"disaster,switch_over,rollback,rehearsal"`
}

func (f actFlags) act() app.Act { return app.Act{Operator: f.Operator, Reason: f.Reason} }

type resumeCmd struct {
	nodeFlags
	actFlags
	Against       string `help:"外界已知的最近检查点,同restore。"`
	AcceptMissing uint64 `help:"确认已丢失的存证条数,须与实际相符。" name:"accept-missing"`
}

// Run implements kong's command.
func (c *resumeCmd) Run(ctx context.Context) error {
	facts, err := app.Resume(ctx, c.config(), app.ResumeOptions{Act: c.act(), Against: c.Against, AcceptMissing: c.AcceptMissing})
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "恢复已记入存证,节点可以启动。")
	return printJSON(os.Stdout, facts)
}

type handOverCmd struct {
	nodeFlags
	actFlags
	Out string `help:"最后的检查点写入的文件,供接替的一方以--against核对。" type:"path"`
}

// Run implements kong's command.
func (c *handOverCmd) Run(ctx context.Context) error {
	checkpoint, err := app.HandOver(ctx, c.config(), c.act())
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "本处的存证日志已封存,各副本不再受理办理和调用。最后的检查点:")
	if c.Out != "" {
		if err := os.WriteFile(c.Out, checkpoint, 0o644); err != nil {
			return err
		}
	}
	_, err = os.Stdout.Write(checkpoint)
	return err
}

type drillCmd struct{ nodeFlags }

// Run implements kong's command.
func (c *drillCmd) Run(ctx context.Context) error {
	r, err := app.Drill(ctx, c.config(), app.BackupOptions{})
	if err != nil {
		return err
	}
	return printJSON(os.Stdout, r)
}
