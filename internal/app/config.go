package app

import (
	"io/fs"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// Config is what an operator decides. The zero value of a field takes the
// default named.
type Config struct {
	// Name of the node, origin of its ledger: "hebei.shuqiao.example". It
	// cannot change later: checkpoints carry it.
	Name string
	// Dir holds what belongs to this machine: the SQLite database and the
	// master key, unless given otherwise.
	Dir string
	// DatabaseURL: "postgres://…" or "sqlite://PATH"; default: SQLite in Dir.
	DatabaseURL string
	// JournalDir keeps the records of calls until they stand in the ledger's
	// tree: an answer waits for one short write there instead of for a commit of
	// the database. It must outlive the process and the machine's restart.
	// Default: beside the SQLite file, with ".calls" behind its name, and like
	// its write-ahead log a part of it; with PostgreSQL none, since a record is
	// not to depend on one replica's disk.
	JournalDir string
	// MasterKeyFile seals the node's other keys in the database; all replicas
	// have the same. Default: Dir/master.key, made at the first start.
	MasterKeyFile string
	// Addr serves the API, the console and the gateway in plain HTTP: for
	// loopback, or behind a proxy that terminates TLS. Default 127.0.0.1:8080.
	Addr string
	// TLSAddr serves the same over TLS and asks callers for a certificate:
	// what mutual TLS needs. Empty: not served.
	TLSAddr string
	// ShareAddr serves the data plane alone, to systems, over TLS with client
	// certificates: a listener of its own, faster than the others and to be put
	// in another network than people's. Empty: not served; /share is reached on
	// the other addresses all the same.
	ShareAddr string
	// TLSCert and TLSKey are PEM files; without them a self-signed certificate
	// is made and kept in Dir.
	TLSCert, TLSKey string
	// PublicURLs are the addresses that consuming systems reach this node
	// under; a client assertion must name one of them plus /share/token.
	PublicURLs []string
	// PublicCatalog shows those catalog entries to everybody that their
	// providers open to society (DCAT only). Otherwise the catalog is for
	// departments, to whom the regulation publishes it.
	PublicCatalog bool
	// AllowPlainUpstream lets providers' services be called over http://. For
	// demonstrations only (CN-35).
	AllowPlainUpstream bool
	// SecureCookies marks session cookies Secure: set behind a TLS proxy.
	SecureCookies bool
	// UpstreamTokens: resource ID → token for the provider's service.
	UpstreamTokens map[string]string
	// RatePerSecond of a grant that names none; 0: the gateway's default.
	RatePerSecond int

	// RemindBefore: how many working days before the last day of a term its
	// owner is reminded, the largest first; default 3 and 1. One negative
	// number: never.
	RemindBefore []int

	// MonitorRules are the monitoring rules as law/risk/monitoring.yaml has
	// them; nil: the release's own.
	MonitorRules []byte

	// Backup is when the node backs itself up (HB-25).
	Backup BackupConfig
	// Keep is for how long what proves nothing is kept.
	Keep KeepConfig
	// Beside wires a node that acts for a moment while another process may be
	// serving the same database: it leaves that one's journal alone.
	Beside bool
	// Inspect wires a node to look at or to repair: it is not refused where a
	// start would be. It must not serve.
	Inspect bool

	// Metrics is what operators see of the node.
	Metrics MetricsConfig
	// Ledger is what is decided about the transparency log.
	Ledger LedgerConfig

	// Notices is how notices leave the node, by e-mail and webhooks.
	Notices NoticeConfig

	// Reverse is which databases of departments may be read for reverse
	// cataloguing.
	Reverse ReverseConfig

	Version string // of the program
	Console fs.FS  // the built console
	Clock   clock.Clock
	Logger  *slog.Logger
	// CheckpointEvery signs the ledger's head; default 1 s.
	CheckpointEvery time.Duration
}

func (c *Config) complete() error {
	var faults fault.Collector
	faults.Require("name", "节点名称", c.Name, "")
	if c.Dir == "" && (c.DatabaseURL == "" || c.MasterKeyFile == "") {
		faults.Add("dir", "required", "没有指定数据目录时,须指定数据库地址和主密钥文件", "")
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		faults.Add("tls_cert", "incomplete", "证书和私钥须一并指定", "")
	}
	if (c.TLSAddr != "" || c.ShareAddr != "") && c.TLSCert == "" && c.Dir == "" {
		faults.Add("tls_cert", "required", "没有数据目录时须指定TLS证书和私钥", "")
	}
	if err := faults.Err("config_invalid", "配置不完整", ""); err != nil {
		return err
	}
	if c.DatabaseURL == "" {
		c.DatabaseURL = "sqlite://" + filepath.Join(c.Dir, "shuqiao.db")
	}
	if file, ok := strings.CutPrefix(c.DatabaseURL, "sqlite://"); ok && c.JournalDir == "" {
		file, _, _ = strings.Cut(file, "?")
		c.JournalDir = file + ".calls"
	}
	if c.MasterKeyFile == "" {
		c.MasterKeyFile = filepath.Join(c.Dir, "master.key")
	}
	if c.Addr == "" {
		c.Addr = "127.0.0.1:8080"
	}
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.RemindBefore == nil {
		c.RemindBefore = casework.DefaultReminders
	}
	if c.CheckpointEvery <= 0 {
		c.CheckpointEvery = time.Second
	}
	if err := c.Ledger.complete(); err != nil {
		return err
	}
	if err := c.Backup.complete(c.DatabaseURL); err != nil {
		return err
	}
	return c.Keep.complete()
}

// loopback tells whether an address is reachable from this machine only.
func loopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
