package mariadb

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// User is the name of the account with all rights.
const User = "shuqiao"

// ErrNoBinaries says that this machine has no MariaDB server to run.
var ErrNoBinaries = errors.New("no MariaDB server found: install MariaDB 10.6 or newer (Debian: apt-get install mariadb-server-core)")

// supervisor runs the server until its own standard input ends, as that of
// package cluster does.
const supervisor = `dir=$1; shift
"$@" </dev/null &
server=$!
cat >/dev/null
kill -KILL "$server" 2>/dev/null
wait "$server"
cd / && rm -rf "$dir"
`

// Server is a running server.
type Server struct {
	Port     int // on 127.0.0.1
	Password string
	dir      string
	cmd      *exec.Cmd
	stdin    io.Closer
}

// Start runs a server for a test and stops it when the test ends. Statements of
// initial are run by its superuser at the start. Without binaries the test is
// skipped, saying so.
func Start(t testing.TB, initial ...string) *Server {
	t.Helper()
	s, err := start(t.Context(), initial)
	if errors.Is(err, ErrNoBinaries) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(s.stdin.Close(), s.cmd.Wait()); err != nil {
			t.Errorf("stop MariaDB: %v", err)
		}
	})
	return s
}

func find(names ...string) (string, error) {
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			return p, nil
		}
		if _, err := os.Stat("/usr/sbin/" + n); err == nil {
			return "/usr/sbin/" + n, nil
		}
	}
	return "", ErrNoBinaries
}

func start(ctx context.Context, initial []string) (*Server, error) {
	server, err := find("mariadbd")
	if err != nil {
		return nil, err
	}
	s := &Server{Password: rand.Text()}
	if s.dir, err = os.MkdirTemp("/tmp", "shuqiao-my-"); err != nil { // short enough for a socket's name
		return nil, err
	}
	if err := s.run(ctx, server, initial); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	return s, nil
}

// account is who the server runs as: it refuses to be root.
func account(dir string) ([]string, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	return []string{"--user=nobody"}, errors.Join(err1, err2, os.Chown(dir, uid, gid))
}

func (s *Server) run(ctx context.Context, server string, initial []string) error {
	who, err := account(s.dir)
	if err != nil {
		return err
	}
	data, socket := filepath.Join(s.dir, "data"), filepath.Join(s.dir, "s.sock")
	if err := bootstrap(ctx, server, data, who); err != nil {
		return err
	}
	statements := append([]string{
		fmt.Sprintf("CREATE USER '%s'@'127.0.0.1' IDENTIFIED BY '%s'", User, s.Password),
		fmt.Sprintf("GRANT ALL ON *.* TO '%s'@'127.0.0.1' WITH GRANT OPTION", User),
	}, initial...)
	file := filepath.Join(s.dir, "init.sql")
	if err := os.WriteFile(file, []byte(strings.Join(statements, ";\n")+";\n"), 0o644); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.Port = l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(s.dir, "server.log"))
	if err != nil {
		return err
	}
	defer log.Close() // the child has its own handle
	args := append([]string{"-c", supervisor, "supervisor", s.dir, server, "--no-defaults", "--datadir=" + data, "--socket=" + socket,
		"--bind-address=127.0.0.1", "--port=" + strconv.Itoa(s.Port), "--pid-file=" + filepath.Join(s.dir, "pid"), "--init-file=" + file,
		"--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M", "--skip-log-bin", "--performance-schema=OFF", "--skip-name-resolve"}, who...)
	s.cmd = exec.Command("/bin/sh", args...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return err
	}
	if err := s.cmd.Start(); err != nil {
		return err
	}
	return s.await(ctx)
}

// tables are the statements that make a new server's own database, in the order
// in which the distribution's script runs them. That script itself asks for
// programs of further packages.
var tables = []string{"mariadb_system_tables.sql", "mariadb_performance_tables.sql", "mariadb_system_tables_data.sql"}

// share is where distributions keep them.
var share = []string{"/usr/share/mysql", "/usr/share/mariadb"}

// bootstrap makes the server's own database.
func bootstrap(ctx context.Context, server, data string, who []string) error {
	sql := "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\nSET @skip_auth_anonymous = 1;\n"
	for _, name := range tables {
		text, err := statements(name)
		if err != nil {
			return err
		}
		sql += text + "\n"
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		return err
	}
	if _, err := account(data); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, server, append([]string{"--no-defaults", "--bootstrap", "--datadir=" + data, "--innodb-log-file-size=8M",
		"--enforce-storage-engine=", "--max_allowed_packet=16M", "--net_buffer_length=16K", "--innodb-buffer-pool-size=32M"}, who...)...)
	cmd.Stdin = strings.NewReader(sql)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("bootstrap MariaDB: %w\n%s", err, out)
	}
	return nil
}

// statements reads one file, under its older name where it has that.
func statements(name string) (string, error) {
	for _, dir := range share {
		for _, n := range []string{name, strings.Replace(name, "mariadb_", "mysql_", 1)} {
			if text, err := os.ReadFile(filepath.Join(dir, n)); err == nil {
				return string(text), nil
			}
		}
	}
	return "", ErrNoBinaries
}

// await waits until the server greets, which it does after the initial
// statements.
func (s *Server) await(ctx context.Context) error {
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port))
	for range 600 {
		if conn, err := net.DialTimeout("tcp", address, time.Second); err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	said, _ := os.ReadFile(filepath.Join(s.dir, "server.log"))
	return errors.Join(fmt.Errorf("MariaDB does not answer\n%s", said), s.stdin.Close(), s.cmd.Wait())
}
