// Command shuqiao is a whole node of the government-data sharing platform:
// flags and exit codes; everything else lives in internal/app.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/shuqiao/shuqiao/internal/app"
)

// version is set by the build: -ldflags "-X main.version=…".
var version = "dev"

type cli struct {
	Serve    serveCmd    `cmd:"" help:"运行一个节点。"`
	Migrate  migrateCmd  `cmd:"" help:"把数据库升级到本版本的结构。"`
	Demo     demoCmd     `cmd:"" help:"启动带演示省份的节点;--once 演完全过程后退出。"`
	Init     initCmd     `cmd:"" help:"在空节点上登记首个主管部门和平台管理员。"`
	Term     termCmd     `cmd:"" help:"计算法定期限的届满时间。"`
	Law      lawCmd      `cmd:"" help:"检查和查看法规规则。"`
	Reverse  reverseCmd  `cmd:"" help:"反向编目:读取数据库的结构。"`
	Proof    proofCmd    `cmd:"" help:"存证凭据。"`
	Ledger   ledgerCmd   `cmd:"" help:"存证日志。"`
	Cutoff   cutoffCmd   `cmd:"" help:"紧急停止共享服务和恢复。"`
	Backup   backupCmd   `cmd:"" help:"备份运行中的节点。"`
	Restore  restoreCmd  `cmd:"" help:"把备份恢复到空处并核验。"`
	Resume   resumeCmd   `cmd:"" help:"确认恢复,记入存证,节点方可启动。"`
	HandOver handOverCmd `cmd:"" name:"hand-over" help:"封存本处的存证日志,移交他处。"`
	Drill    drillCmd    `cmd:"" help:"演练:备份、恢复到临时目录、核验、计时。"`
	Calendar calendarCmd `cmd:"" help:"工作日历。"`
	Search   searchCmd   `cmd:"" help:"目录检索索引。"`
	DCAT     dcatCmd     `cmd:"" name:"dcat" help:"以DCAT导出目录。"`
	OpenAPI  openapiCmd  `cmd:"" name:"openapi" help:"打印OpenAPI 3.1文档。"`
	Version  versionCmd  `cmd:"" help:"打印版本。"`
	Log      string      `help:"日志级别:debug、info、warn、error。" default:"info" enum:"debug,info,warn,error" env:"SHUQIAO_LOG"`
	LogForm  string      `name:"log-format" help:"日志格式:text、json。" default:"text" enum:"text,json" env:"SHUQIAO_LOG_FORMAT"`
}

func main() { os.Exit(run(os.Args[1:])) }

func logHandler(form string, o *slog.HandlerOptions) slog.Handler {
	if form == "json" {
		return slog.NewJSONHandler(os.Stderr, o)
	}
	return slog.NewTextHandler(os.Stderr, o)
}

// run is main with an exit code: 0 done, 1 failed, 2 wrong usage.
func run(args []string) int {
	var c cli
	parser := kong.Must(&c, kong.Name("shuqiao"), kong.Description("数桥:政务数据共享平台"), kong.UsageOnError())
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "shuqiao:", err)
		return 2
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log)); err != nil {
		fmt.Fprintln(os.Stderr, "shuqiao:", err)
		return 2
	}
	slog.SetDefault(slog.New(logHandler(c.LogForm, &slog.HandlerOptions{Level: level})))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "shuqiao:", app.Explain(err))
		return 1
	}
	return 0
}
