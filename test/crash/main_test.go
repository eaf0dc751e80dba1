package crash

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/testdb"
)

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "shuqiao-crash-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "shuqiao")
	build := exec.Command("go", "build", "-o", binary, "github.com/shuqiao/shuqiao/cmd/shuqiao")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// setting is a number from the environment.
func setting(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	s := os.Getenv(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// rounds gives an engine its share of the rounds, in thirds, rounded up.
func rounds(t *testing.T, thirds int) int {
	return (int(setting(t, "SHUQIAO_CRASH_ROUNDS", 12))*thirds + 2) / 3
}

// chance makes the test's random choices and says how to repeat them.
func chance(t *testing.T) *rand.Rand {
	seed := setting(t, "SHUQIAO_CRASH_SEED", uint64(time.Now().UnixNano()))
	t.Logf("SHUQIAO_CRASH_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// Nothing that was acknowledged is lost when the node is killed.
//
// On SQLite one process finds what the last one left in the write-ahead log. On
// PostgreSQL there are two replicas every other round: the one that is left
// must go on while the other is gone, locks and all.
func TestKilled(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		w := newWorld(t, "")
		for range rounds(t, 2) {
			w.round(1)
		}
		w.finish()
	})
	t.Run("postgres", func(t *testing.T) {
		w := newWorld(t, testdb.Postgres(t))
		for i := range rounds(t, 1) {
			w.round(2 - i%2)
		}
		w.finish()
	})
}
