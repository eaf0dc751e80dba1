package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// User is the name of the cluster's superuser.
const User = "shuqiao"

// startTimeout bounds the wait for the server's first answer.
const startTimeout = 60 * time.Second

// errPortTaken says that another process took the port between our finding it
// free and the server's taking it.
var errPortTaken = errors.New("the port was taken meanwhile")

// supervisor runs the server and waits for the end of its own standard input,
// which the starting process holds open: when that process stops the cluster,
// exits, crashes or is killed, the input ends, and server and data go. $1 is the
// directory of the cluster, the rest the server's command. QUIT is PostgreSQL's
// immediate shutdown: there is nothing to save.
const supervisor = `dir=$1; shift
"$@" </dev/null &
server=$!
cat >/dev/null
kill -QUIT "$server" 2>/dev/null
wait "$server"
cd / && rm -rf "$dir"
`

// settings are what the server is started with beside its address.
var settings = []string{
	"fsync=off", "synchronous_commit=off", "full_page_writes=off",
	"max_connections=300", "shared_buffers=64MB", "max_wal_size=1GB",
	"timezone=Asia/Shanghai", "log_timezone=Asia/Shanghai",
	"wal_level=logical", // change capture is tested too
	"jit=off",
}

// running holds on to the clusters until they are stopped. Without it a cluster
// that its owner has lost sight of is garbage, its end of the pipe is closed by
// the collector, and the server goes in the middle of a test.
var running sync.Map

// Durable are the settings of a server whose speed is to be measured: it keeps
// what it acknowledges, as one in production does.
var Durable = []string{"fsync=on", "synchronous_commit=on", "full_page_writes=on"}

// Cluster is a running server.
type Cluster struct {
	dir      string
	more     []string
	addr     string
	password string
	cmd      *exec.Cmd
	stdin    io.Closer
}

// Start makes a cluster and waits until it answers. The error is ErrNoBinaries
// where no PostgreSQL is installed. The caller stops it; a process that ends
// without doing so takes it along all the same. More settings ("name=value")
// go before those for tests.
func Start(ctx context.Context, more ...string) (*Cluster, error) {
	bin, err := FindBinaries()
	if err != nil {
		return nil, err
	}
	who, err := serverAccount()
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		c, err := start(ctx, bin, who, more)
		if err == nil {
			return c, nil
		}
		if try == 3 || !errors.Is(err, errPortTaken) {
			return nil, err
		}
	}
}

// start is one attempt.
func start(ctx context.Context, bin string, who account, more []string) (*Cluster, error) {
	dir, err := makeDir(who)
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, more: more, password: rand.Text()}
	if err := c.initialise(ctx, bin, who); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := c.run(ctx, bin, who); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
}

// URL is the address of the database postgres, as superuser.
func (c *Cluster) URL() string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(User, c.password),
		Host:     c.addr,
		Path:     "/postgres",
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Stop ends the server and deletes its data.
func (c *Cluster) Stop() error {
	err := c.halt()
	return errors.Join(err, os.RemoveAll(c.dir))
}

// halt closes the supervisor's input and waits for it.
func (c *Cluster) halt() error {
	if c.cmd == nil {
		return nil
	}
	err := errors.Join(c.stdin.Close(), c.cmd.Wait())
	c.cmd = nil
	running.Delete(c)
	return err
}

// makeDir makes the cluster's directory. Not below TMPDIR when root runs the
// tests (the other account may have no way in) and not where the path would be
// too long for a socket name.
func makeDir(who account) (string, error) {
	base := os.TempDir()
	if os.Geteuid() == 0 || len(base) > 60 {
		base = "/tmp"
	}
	dir, err := os.MkdirTemp(base, "shuqiao-pg-")
	if err != nil {
		return "", fmt.Errorf("directory for PostgreSQL: %w", err)
	}
	if err := who.give(dir); err != nil {
		return "", errors.Join(fmt.Errorf("directory for PostgreSQL: %w", err), os.RemoveAll(dir))
	}
	return dir, nil
}

// initialise runs initdb.
func (c *Cluster) initialise(ctx context.Context, bin string, who account) error {
	pw := filepath.Join(c.dir, "password")
	if err := os.WriteFile(pw, []byte(c.password+"\n"), 0o600); err != nil {
		return err
	}
	if err := who.give(pw); err != nil {
		return err
	}
	args := []string{
		"--pgdata", filepath.Join(c.dir, "data"), "--username", User, "--pwfile", pw,
		"--auth", "password", // over loopback only, to a server that lives for minutes
		"--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions",
	}
	if major(bin) >= 15 {
		args = append(args, "--locale-provider", "icu", "--icu-locale", "zh")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), args...)
	cmd.Dir = c.dir
	who.prepare(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return os.Remove(pw)
}

// run starts the server on a free port and waits for its answer.
func (c *Cluster) run(ctx context.Context, bin string, who account) error {
	addr, err := freeAddr()
	if err != nil {
		return err
	}
	c.addr = addr
	_, port, _ := net.SplitHostPort(addr)
	logPath := filepath.Join(c.dir, "server.log")
	logFile, err := os.OpenFile(logPath, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer logFile.Close() // the child has its own handle

	args := []string{"-c", supervisor, "supervisor", c.dir,
		filepath.Join(bin, "postgres"), "-D", filepath.Join(c.dir, "data"), "-h", "127.0.0.1", "-p", port, "-k", c.dir}
	for _, s := range slices.Concat(settings, c.more) { // of two settings the later one counts
		args = append(args, "-c", s)
	}
	cmd := exec.Command("/bin/sh", args...) // outlives ctx: ctx bounds the start only
	cmd.Dir = c.dir
	cmd.Stdout, cmd.Stderr = logFile, logFile
	who.prepare(cmd)
	if c.stdin, err = cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	c.cmd = cmd
	running.Store(c, true)
	if err := c.await(ctx, logPath); err != nil {
		said, _ := os.ReadFile(logPath)
		return errors.Join(fmt.Errorf("postgres does not answer: %w\n%s", err, tail(said, 20)), c.halt())
	}
	return nil
}

// await connects until that works, the server says that it cannot have the
// port, or the time is up.
func (c *Cluster) await(ctx context.Context, logPath string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.URL())
		if err == nil {
			return conn.Close(ctx)
		}
		if said, _ := os.ReadFile(logPath); strings.Contains(string(said), "could not create any TCP/IP sockets") {
			return errPortTaken
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// freeAddr finds a loopback address that nobody listens on now.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// tail gives the last n lines.
func tail(b []byte, n int) string {
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
