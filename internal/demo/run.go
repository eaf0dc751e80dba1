package demo

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/clock"
)

// Options of a demo run.
type Options struct {
	Config app.Config // Dir, Addr, Console, Version, Logger
	// Once plays the story, leaves receipt.json and ledger.pub in Dir and ends.
	Once bool
	Out  io.Writer
}

// NodeName is the demo node's name and the origin of its ledger.
const NodeName = "hebei.demo.shuqiao"

// Run starts a node with the demo province. On a fresh directory the story is
// played, so that the catalog, cases and grants are there to look at.
func Run(ctx context.Context, o Options) error {
	cfg := o.Config
	cfg.Name, cfg.AllowPlainUpstream = NodeName, true
	if cfg.Logger == nil { // the story is what a demo tells; warnings still show
		cfg.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
		slog.SetDefault(cfg.Logger)
	}
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	o.Config.Clock = cfg.Clock
	if cfg.TLSAddr == "" {
		cfg.TLSAddr = "127.0.0.1:0"
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return err
	}
	upstream, err := listenAgain(filepath.Join(cfg.Dir, "demo-upstream"))
	if err != nil {
		return err
	}
	defer upstream.Close()
	sockets, err := app.Listen(cfg)
	if err != nil {
		return err
	}
	defer sockets.Close()
	base, tlsBase := "http://"+sockets.Plain.Addr().String(), "https://"+sockets.TLS.Addr().String()
	cfg.PublicURLs = []string{base, tlsBase}
	if err := app.Migrate(ctx, cfg); err != nil {
		return err
	}
	node, err := app.New(ctx, cfg)
	if err != nil {
		return err
	}
	password, err := loadPassword(filepath.Join(cfg.Dir, "demo-password"))
	if err != nil {
		return errors.Join(err, node.Close())
	}
	fresh, err := Populate(ctx, node, password)
	if err != nil {
		return errors.Join(err, node.Close())
	}
	people := NewUpstream(1)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	group, ctx := errgroup.WithContext(ctx)
	provider := &http.Server{Handler: people, ReadHeaderTimeout: 10 * time.Second}
	group.Go(func() error { _ = provider.Serve(upstream); return nil })
	group.Go(func() error { return node.Serve(ctx, sockets) })
	story := &Story{Base: base, TLSBase: tlsBase, Upstream: "http://" + upstream.Addr().String(), Password: password, People: people, Out: o.Out, Clock: cfg.Clock}
	err = o.play(ctx, story, fresh)
	if err == nil && !o.Once {
		o.announce(base, tlsBase, password)
		<-ctx.Done()
	}
	stop()
	err = errors.Join(err, provider.Close(), group.Wait(), node.Close())
	return err
}

func (o Options) play(ctx context.Context, story *Story, fresh bool) error {
	if !fresh && !o.Once {
		return nil
	}
	if !fresh { // names are unique in a catalog: played again, the story needs new ones
		story.Suffix = "(" + o.Config.Clock.Now().Format("0102-150405") + ")"
	}
	result, err := story.Play(ctx)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(o.Config.Dir, "receipt.json"), result.Receipt, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(o.Config.Dir, "ledger.pub"), result.PublicKey, 0o644)
}

// listenAgain listens on the address in the file, so that a restarted demo
// finds the provider's service where the catalog says; else on a free port.
func listenAgain(path string) (net.Listener, error) {
	if b, err := os.ReadFile(path); err == nil {
		return net.Listen("tcp", strings.TrimSpace(string(b)))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return l, os.WriteFile(path, []byte(l.Addr().String()+"\n"), 0o600)
}

// announce tells where the node is and who may sign in.
func (o Options) announce(base, tlsBase, password string) {
	fmt.Fprintf(o.Out, "\n数桥演示节点已就绪\n  控制台与接口  %s\n  双向TLS接口   %s\n  接口文档      %s/docs\n  密码(所有演示账号相同)  %s\n\n", base, tlsBase, base, password)
	for _, a := range Accounts() {
		fmt.Fprintf(o.Out, "  %-12s %s %s\n", a.Username, a.Department, a.Title)
	}
	fmt.Fprintf(o.Out, "\n先试试:以 sjzga.fzr 登录,待办中有一件申请等待答复;以 camz.jb 登录,可从目录提出新的申请。\n")
	fmt.Fprintf(o.Out, "\n按Ctrl-C结束。数据在 %s\n", o.Config.Dir)
}

// loadPassword keeps one random password for a demo directory.
func loadPassword(path string) (string, error) {
	if b, err := os.ReadFile(path); err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	raw := make([]byte, 10)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	password := "Sq-" + strings.ToLower(base32.StdEncoding.EncodeToString(raw))
	return password, os.WriteFile(path, []byte(password+"\n"), 0o600)
}
