package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/shuqiao/shuqiao/console"
	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/demo"
	"github.com/shuqiao/shuqiao/internal/web"
)

// nodeFlags describe a node; each has an environment variable.
type nodeFlags struct {
	Name          string `help:"节点名称,即存证日志的来源;启用后不能更改。" default:"shuqiao.local" env:"SHUQIAO_NAME"`
	Dir           string `help:"数据目录。" default:"shuqiao-data" env:"SHUQIAO_DIR" type:"path"`
	DatabaseURL   string `help:"数据库:postgres://… 或 sqlite://路径;缺省为数据目录中的SQLite。" name:"database-url" env:"SHUQIAO_DATABASE_URL"`
	MasterKeyFile string `help:"主密钥文件;多副本须相同。缺省为数据目录中的master.key。" env:"SHUQIAO_MASTER_KEY_FILE" type:"path"`
}

func (f nodeFlags) config() app.Config {
	return app.Config{Name: f.Name, Dir: f.Dir, DatabaseURL: f.DatabaseURL, MasterKeyFile: f.MasterKeyFile,
		Version: version, Console: console.Files()}
}

type serveCmd struct {
	nodeFlags
	Addr               string            `help:"明文HTTP地址:供本机或TLS代理使用。" default:"127.0.0.1:8080" env:"SHUQIAO_ADDR"`
	TLSAddr            string            `help:"TLS地址,接受双向TLS;不填则不开。" name:"tls-addr" env:"SHUQIAO_TLS_ADDR"`
	ShareAddr          string            `help:"只供信息系统调用数据的双向TLS地址,比其他地址快,宜放在系统所在网络;空则不另开(/share在其他地址仍可调用)。" name:"share-addr" env:"SHUQIAO_SHARE_ADDR"`
	TLSCert            string            `help:"TLS证书(PEM);缺省自签。" name:"tls-cert" env:"SHUQIAO_TLS_CERT" type:"path"`
	TLSKey             string            `help:"TLS私钥(PEM)。" name:"tls-key" env:"SHUQIAO_TLS_KEY" type:"path"`
	PublicURL          []string          `help:"使用方访问本节点的地址,客户端断言须以其为受众;可多次给出。" name:"public-url" env:"SHUQIAO_PUBLIC_URL"`
	SecureCookies      bool              `help:"会话Cookie只经TLS发送(置于TLS代理之后时打开)。" env:"SHUQIAO_SECURE_COOKIES"`
	PublicCatalog      bool              `help:"向公众展示提供部门标明向社会开放的目录条目(DCAT)。" env:"SHUQIAO_PUBLIC_CATALOG"`
	AllowPlainUpstream bool              `help:"允许以http://连接提供部门的系统;仅供演示。" env:"SHUQIAO_ALLOW_PLAIN_UPSTREAM"`
	UpstreamToken      map[string]string `help:"资源编号=访问提供部门系统的令牌。" env:"SHUQIAO_UPSTREAM_TOKEN"`
	RemindBefore       []int             `help:"期限届满前多少个工作日提醒,从大到小;-1为不提醒。" default:"3,1" env:"SHUQIAO_REMIND_BEFORE"`
	Mail               mailFlags         `embed:"" prefix:"mail-" envprefix:"SHUQIAO_MAIL_"`
	MetricsAddr        string            `help:"运维地址,提供/metrics、/healthz、/readyz,如127.0.0.1:9464;不填则不开。" env:"SHUQIAO_METRICS_ADDR"`
	MetricsByResource  bool              `help:"按目录条目区分对提供部门系统的请求指标。" name:"metrics-by-resource" env:"SHUQIAO_METRICS_BY_RESOURCE"`
	NoticeCA           string            `help:"除系统自带外,邮件服务器和消息推送地址可用的CA证书(PEM)。" name:"notice-ca" env:"SHUQIAO_NOTICE_CA" type:"path"`
	BackupDir          string            `help:"定时备份写入的目录(SQLite);不填则不备份。" env:"SHUQIAO_BACKUP_DIR" type:"path"`
	BackupEvery        time.Duration     `help:"定时备份的间隔。" default:"24h" env:"SHUQIAO_BACKUP_EVERY"`
	BackupKeep         int               `help:"保留多少份定时备份。" default:"14" env:"SHUQIAO_BACKUP_KEEP"`
	KeepMessages       time.Duration     `help:"已处理的内部消息保留多久。" default:"720h" env:"SHUQIAO_KEEP_MESSAGES"`
	KeepCounters       time.Duration     `help:"每日调用计数保留多久,不少于三年。" default:"28800h" env:"SHUQIAO_KEEP_COUNTERS"`
	ReverseNetwork     []string          `help:"反向编目可以读取的数据库所在网段,如10.20.0.0/16;可多次给出,不填则都不可以。" name:"reverse-network" env:"SHUQIAO_REVERSE_NETWORK"`
	ReverseDir         string            `help:"反向编目可以读取的SQLite文件所在目录。" name:"reverse-dir" env:"SHUQIAO_REVERSE_DIR" type:"path"`
	ReverseCA          string            `help:"除系统自带外,数据库服务可用的CA证书(PEM)。" name:"reverse-ca" env:"SHUQIAO_REVERSE_CA" type:"path"`
	Ledger             ledgerFlags       `embed:"" envprefix:"SHUQIAO_"`
	Migrate            bool              `help:"启动前先升级数据库。" env:"SHUQIAO_MIGRATE"`
}

// mailFlags describe the mail server that notices go out by.
type mailFlags struct {
	Server     string `help:"邮件服务器,主机:端口;不填则不提供电子邮件通知。" env:"SERVER"`
	From       string `help:"发件地址。" env:"FROM"`
	User       string `help:"邮件服务器的用户名。" env:"USER"`
	Password   string `help:"邮件服务器的口令;宜由环境变量给出。" env:"PASSWORD"`
	RequireTLS bool   `help:"邮件服务器不支持STARTTLS时不发送。" name:"require-tls" env:"REQUIRE_TLS"`
	TLS        bool   `help:"连接即用TLS(465端口)。" name:"tls" env:"TLS"`
}

// Run implements kong's command.
func (c *serveCmd) Run(ctx context.Context) error {
	cfg := c.config()
	cfg.Addr, cfg.TLSAddr, cfg.TLSCert, cfg.TLSKey = c.Addr, c.TLSAddr, c.TLSCert, c.TLSKey
	cfg.ShareAddr = c.ShareAddr
	cfg.SecureCookies, cfg.AllowPlainUpstream, cfg.UpstreamTokens = c.SecureCookies, c.AllowPlainUpstream, c.UpstreamToken
	cfg.RemindBefore, cfg.PublicCatalog = c.RemindBefore, c.PublicCatalog
	cfg.Reverse = app.ReverseConfig{Networks: c.ReverseNetwork, Directory: c.ReverseDir, CAFile: c.ReverseCA}
	cfg.Metrics = app.MetricsConfig{Addr: c.MetricsAddr, ByResource: c.MetricsByResource}
	cfg.Ledger = c.Ledger.config()
	cfg.Backup = app.BackupConfig{Dir: c.BackupDir, Every: c.BackupEvery, Keep: c.BackupKeep}
	cfg.Keep = app.KeepConfig{Messages: c.KeepMessages, Counters: c.KeepCounters}
	cfg.Notices = app.NoticeConfig{MailServer: c.Mail.Server, MailFrom: c.Mail.From, MailUser: c.Mail.User, MailPassword: c.Mail.Password,
		MailRequireTLS: c.Mail.RequireTLS, MailTLS: c.Mail.TLS, CAFile: c.NoticeCA}
	if c.Migrate || c.DatabaseURL == "" { // a local SQLite file is nobody else's to migrate
		if err := app.Migrate(ctx, cfg); err != nil {
			return err
		}
	}
	sockets, err := app.Listen(cfg)
	if err != nil {
		return err
	}
	defer sockets.Close()
	cfg.PublicURLs = c.PublicURL
	if len(cfg.PublicURLs) == 0 {
		cfg.PublicURLs = sockets.URLs()
	}
	// Memory for time: what a node holds is small beside what it lets go of with
	// each call. GOGC, where it is set, decides instead.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
	node, err := app.New(ctx, cfg)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "数桥节点", cfg.Name, "已就绪:", sockets.URLs())
	return errors.Join(node.Serve(ctx, sockets), node.Close())
}

type migrateCmd struct{ nodeFlags }

// Run implements kong's command.
func (c *migrateCmd) Run(ctx context.Context) error {
	if err := app.Migrate(ctx, c.config()); err != nil {
		return err
	}
	fmt.Println("数据库结构已是本版本")
	return nil
}

type initCmd struct {
	nodeFlags
	Authority string `help:"首个主管部门的名称。" required:""`
	USCC      string `help:"其统一社会信用代码。" name:"uscc" required:""`
	Region    string `help:"其所属政府的区划代码。" required:""`
	Username  string `help:"平台管理员的用户名。" default:"admin"`
	Password  string `help:"平台管理员的口令;也可由环境变量给出。" env:"SHUQIAO_ADMIN_PASSWORD" required:""`
}

// Run implements kong's command.
func (c *initCmd) Run(ctx context.Context) error {
	if err := app.Init(ctx, c.config(), app.First{Authority: c.Authority, USCC: c.USCC, Region: c.Region, Username: c.Username, Password: c.Password}); err != nil {
		return err
	}
	fmt.Println("已登记主管部门", c.Authority, "和平台管理员", c.Username)
	return nil
}

type demoCmd struct {
	Dir     string `help:"数据目录;缺省为临时目录。" type:"path"`
	Addr    string `help:"地址;--once 时缺省为空闲端口。"`
	TLSAddr string `help:"双向TLS地址;缺省为空闲端口。" name:"tls-addr"`
	Once    bool   `help:"演完全过程,写出凭据后退出。"`
}

// Run implements kong's command.
func (c *demoCmd) Run(ctx context.Context) error {
	if c.Dir == "" {
		dir, err := os.MkdirTemp("", "shuqiao-demo-")
		if err != nil {
			return err
		}
		c.Dir = dir
	}
	if c.Addr == "" {
		c.Addr = "127.0.0.1:8080"
		if c.Once {
			c.Addr = "127.0.0.1:0"
		}
	}
	return demo.Run(ctx, demo.Options{Once: c.Once, Out: os.Stdout, Config: app.Config{
		Dir: c.Dir, Addr: c.Addr, TLSAddr: c.TLSAddr, Version: version, Console: console.Files()}})
}

type openapiCmd struct{}

// Run implements kong's command.
func (openapiCmd) Run() error {
	doc, err := web.Document()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(doc)
	return err
}

type versionCmd struct{}

// Run implements kong's command.
func (versionCmd) Run() error {
	fmt.Println("shuqiao", version)
	return nil
}
