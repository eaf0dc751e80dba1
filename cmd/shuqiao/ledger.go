package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// ledgerFlags are what an operator decides about the transparency log.
type ledgerFlags struct {
	LedgerSuite   string        `help:"存证日志的算法套件:sha256-ed25519或sm3-sm2(国密);首次启动时确定,终身不变。" env:"LEDGER_SUITE"`
	LedgerOpen    bool          `help:"向所有人公开全部存证原文(tlog-tiles的entries);缺省只供主管部门的审核、审计人员。" env:"LEDGER_OPEN"`
	Witness       []string      `help:"本日志的见证方,写作“地址 公钥”;可多次给出。" sep:"," env:"WITNESS"`
	WitnessQuorum int           `help:"几个见证方联署才算有见证;缺省过半数。" env:"WITNESS_QUORUM"`
	WitnessEvery  time.Duration `help:"多久请见证方联署一次。" default:"10s" env:"WITNESS_EVERY"`
	WitnessFor    []string      `help:"为哪些其他节点的日志作见证:其公钥;可多次给出。" name:"witness-for" env:"WITNESS_FOR"`
	ArchiveDir    string        `help:"旧存证的归档目录(C2SP tlog-tiles布局)。" env:"ARCHIVE_DIR" type:"path"`
	ArchiveAfter  time.Duration `help:"多旧的存证移入归档目录,不少于三年(26304h);0为不自动移。" env:"ARCHIVE_AFTER"`
}

func (f ledgerFlags) config() app.LedgerConfig {
	return app.LedgerConfig{Suite: f.LedgerSuite, OpenEntries: f.LedgerOpen, Witnesses: f.Witness, Quorum: f.WitnessQuorum, WitnessEvery: f.WitnessEvery,
		WitnessFor: f.WitnessFor, ArchiveDir: f.ArchiveDir, ArchiveAfter: f.ArchiveAfter}
}

type ledgerCmd struct {
	Verify  ledgerVerifyCmd  `cmd:"" help:"核验全部存证:本节点的数据库、归档目录或任一节点的网址。"`
	Archive ledgerArchiveCmd `cmd:"" help:"把三年以前的存证移入归档目录。"`
}

type ledgerVerifyCmd struct {
	Source string `arg:"" optional:"" help:"网址(如https://node/ledger/v1)、归档目录或节点的数据目录;不填为本节点的数据库。"`
	Key    string `help:"存证日志的公钥文件(ledger.pub);核验网址和归档目录时必填。" type:"existingfile"`
	State  string `help:"记住已核验到何处的文件;下次只核验新增部分及其一致性。" type:"path"`
	Token  string `help:"存证原文不公开时,主管部门审核、审计人员的会话令牌。" env:"SHUQIAO_TOKEN"`
	Hashes bool   `help:"存证原文不公开时,只核验哈希树。"`
	witnessFlags
	nodeFlags
	ArchiveDir string `help:"旧存证的归档目录。" env:"SHUQIAO_ARCHIVE_DIR" type:"path"`
}

// outside tells whether the source is a log as others see it.
func (c *ledgerVerifyCmd) outside() bool {
	if strings.HasPrefix(c.Source, "http://") || strings.HasPrefix(c.Source, "https://") {
		return true
	}
	_, err := os.Stat(filepath.Join(c.Source, "checkpoint"))
	return c.Source != "" && err == nil
}

// Run implements kong's command.
func (c *ledgerVerifyCmd) Run(ctx context.Context) error {
	if !c.outside() {
		if c.Source != "" {
			if info, err := os.Stat(c.Source); err != nil || !info.IsDir() {
				return fault.Newf(fault.Invalid, "source_unknown", "“%s”既不是网址,也不是归档目录或数据目录", c.Source)
			}
			c.Dir = c.Source
		}
		cfg := c.config()
		cfg.Ledger.ArchiveDir = c.ArchiveDir
		report, err := app.VerifyLedger(ctx, cfg)
		if err != nil {
			return err
		}
		fmt.Println("存证完整:", report)
		return nil
	}
	if c.Key == "" {
		return fault.New(fault.Invalid, "key_required", "核验网址和归档目录须用 --key 给出日志的公钥,公钥须从别处得到")
	}
	key, err := os.ReadFile(c.Key)
	if err != nil {
		return err
	}
	witnesses, quorum, err := c.keys()
	if err != nil {
		return err
	}
	f, err := app.FollowLedger(ctx, app.FollowOptions{From: c.Source, Key: string(key), Witness: witnesses, Quorum: quorum,
		State: c.State, Token: c.Token, Hashes: c.Hashes, Progress: progress})
	if err != nil {
		return err
	}
	fmt.Printf("存证完整: 日志%s共%d条,树根%s;本次自第%d条起,核验原文%d条", f.Origin, f.Size, hex.EncodeToString(f.Root), f.Since, f.Entries)
	if f.HashesOnly > 0 {
		fmt.Printf(",只核验哈希%d条", f.HashesOnly)
	}
	fmt.Printf(",上层瓦片%d个\n", f.Tiles)
	for _, w := range f.Witnesses {
		fmt.Printf("见证方%s于%s联署\n", w.Witness.Name(), w.At.Format(time.RFC3339))
	}
	return nil
}

// progress tells of long checks on standard error, every hundred thousand or so.
func progress(done, size uint64) {
	const step = 100_000
	if size > step && done/step != (done-min(done, 4096))/step {
		fmt.Fprintf(os.Stderr, "已核验 %d / %d\n", done, size)
	}
}

type ledgerArchiveCmd struct {
	nodeFlags
	ArchiveDir string        `help:"归档目录。" required:"" env:"SHUQIAO_ARCHIVE_DIR" type:"path"`
	Older      time.Duration `help:"比这更旧的存证移入归档目录,不少于三年。" default:"26304h"`
}

// Run implements kong's command.
func (c *ledgerArchiveCmd) Run(ctx context.Context) error {
	cfg := c.config()
	cfg.Ledger.ArchiveDir = c.ArchiveDir
	report, err := app.ArchiveLedger(ctx, cfg, c.Older)
	if err != nil {
		return err
	}
	fmt.Printf("归档目录已到检查点%d;写入瓦片%d个,移入存证%d条(%d包);早于%s的才移,下一包为%d\n",
		report.Checkpoint, report.Tiles, report.Entries, report.Bundles, report.Before.Format(time.DateOnly), report.Next)
	return nil
}
