package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
)

// ErrNoBinaries says that this machine has no PostgreSQL server to run.
var ErrNoBinaries = errors.New("no PostgreSQL server binaries (initdb, postgres) found: " +
	"install PostgreSQL 13 or newer (Debian: apt-get install postgresql) or put its bin directory on PATH")

// patterns are the places where systems keep server binaries that are not on
// PATH: Debian, Red Hat and its kin, Homebrew.
var patterns = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
}

var versionInPath = regexp.MustCompile(`(\d+)/bin$`)

// FindBinaries gives the directory that holds initdb and postgres: that of
// PATH first, otherwise the newest version in the usual places. The error is
// ErrNoBinaries when there is none.
func FindBinaries() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		// Distributions put links on PATH that lead to a wrapper or to the real place.
		if real, err := filepath.EvalSymlinks(p); err == nil && complete(filepath.Dir(real)) {
			return filepath.Dir(real), nil
		}
	}
	var found []string
	for _, p := range patterns {
		dirs, err := filepath.Glob(p)
		if err != nil {
			return "", fmt.Errorf("pattern %s: %w", p, err)
		}
		for _, d := range dirs {
			if complete(d) {
				found = append(found, d)
			}
		}
	}
	if len(found) == 0 {
		return "", ErrNoBinaries
	}
	sort.SliceStable(found, func(i, j int) bool { return major(found[i]) > major(found[j]) })
	return found[0], nil
}

// complete tells whether dir holds both programs that are needed.
func complete(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
			return false
		}
	}
	return true
}

// major reads the version out of a path such as /usr/lib/postgresql/15/bin;
// 0 when there is none.
func major(dir string) int {
	m := versionInPath.FindStringSubmatch(dir)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}
