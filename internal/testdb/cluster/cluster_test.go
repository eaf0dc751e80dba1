package cluster

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// startOrSkip starts a cluster where there is something to start.
func startOrSkip(t *testing.T) *Cluster {
	t.Helper()
	c, err := Start(t.Context())
	if errors.Is(err, ErrNoBinaries) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestClusterLivesUntilItIsStopped(t *testing.T) {
	c := startOrSkip(t)
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, c.URL())
	if err != nil {
		t.Fatal(errors.Join(err, c.Stop()))
	}
	var zone, encoding string
	var chineseOrder bool
	err = conn.QueryRow(ctx, `SELECT current_setting('TimeZone'), current_setting('server_encoding'), '北' < '上'`).
		Scan(&zone, &encoding, &chineseOrder)
	if err != nil || zone != "Asia/Shanghai" || encoding != "UTF8" {
		t.Errorf("zone %q, encoding %q, error %v", zone, encoding, err)
	}
	if bin, err := FindBinaries(); err == nil && major(bin) >= 15 && !chineseOrder {
		t.Error("text does not sort by the rules of Chinese (北 běi before 上 shàng)")
	}
	if strings.Contains(c.URL(), "password") || !strings.Contains(c.URL(), "127.0.0.1") {
		t.Errorf("unexpected address")
	}
	// The connection stays open: stopping must not wait for it.
	if err := c.Stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if _, err := os.Stat(c.dir); !os.IsNotExist(err) {
		t.Errorf("directory %s is left: %v", c.dir, err)
	}
	if err := conn.Ping(ctx); err == nil {
		t.Error("the server still answers")
	}
	if err := c.Stop(); err != nil {
		t.Errorf("stopping twice: %v", err)
	}
}

// TestClusterGoesWithItsOwner kills a process that owns a cluster, with the
// signal that leaves it no time to clean up.
func TestClusterGoesWithItsOwner(t *testing.T) {
	const owner = "SHUQIAO_CLUSTER_OWNER"
	if out := os.Getenv(owner); out != "" {
		c, err := Start(context.Background())
		if err == nil {
			err = os.WriteFile(out+".part", []byte(c.dir), 0o600)
		}
		if err == nil {
			err = os.Rename(out+".part", out)
		}
		if err != nil {
			t.Fatal(err)
		}
		select {} // until killed
	}
	if _, err := FindBinaries(); err != nil {
		t.Skip(err)
	}
	out := filepath.Join(t.TempDir(), "dir")
	cmd := exec.Command(os.Args[0], "-test.run=^TestClusterGoesWithItsOwner$", "-test.timeout=2m")
	cmd.Env = append(os.Environ(), owner+"="+out)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var dir []byte
	waitFor(t, "the owner's cluster", func() bool {
		var err error
		dir, err = os.ReadFile(out)
		return err == nil
	})
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed: an error by design
	waitFor(t, "the end of the cluster", func() bool {
		_, err := os.Stat(string(dir))
		return os.IsNotExist(err)
	})
}

// waitFor polls another process's doing; there is no event to wait for.
func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(90 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("waited in vain for %s", what)
}

// TestClusterOutlivesTheCollector loses sight of a cluster and collects garbage.
func TestClusterOutlivesTheCollector(t *testing.T) {
	url := startOrSkip(t).URL()
	t.Cleanup(func() {
		running.Range(func(c, _ any) bool {
			if err := c.(*Cluster).Stop(); err != nil {
				t.Error(err)
			}
			return true
		})
	})
	for range 3 {
		runtime.GC()
		time.Sleep(20 * time.Millisecond) // finalizers and cleanups run in their own time
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestMajorVersionFromPath(t *testing.T) {
	for path, want := range map[string]int{
		"/usr/lib/postgresql/15/bin":          15,
		"/usr/lib/postgresql/9/bin":           9,
		"/usr/local/opt/postgresql@17/bin":    17,
		"/home/somebody/postgres/current/bin": 0,
	} {
		if got := major(path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}
