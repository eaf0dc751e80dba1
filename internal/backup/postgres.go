package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// toolPlaces are where distributions put PostgreSQL's programs.
var toolPlaces = []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin"}

// tool finds one of PostgreSQL's programs: in bin, or the newest that is
// installed (an older one refuses a newer server), or on PATH.
func tool(name, bin string) (string, error) {
	if bin != "" {
		if path := filepath.Join(bin, name); executable(path) {
			return path, nil
		}
		return "", fault.Newf(fault.Unavailable, "pg_tools_missing", "%s中没有%s", bin, name)
	}
	var found []string
	for _, place := range toolPlaces {
		dirs, _ := filepath.Glob(place) // the patterns are well formed
		for _, d := range dirs {
			if path := filepath.Join(d, name); executable(path) {
				found = append(found, path)
			}
		}
	}
	if len(found) > 0 {
		return slices.MaxFunc(found, func(a, b string) int { return release(a) - release(b) }), nil
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return "", fault.Newf(fault.Unavailable, "pg_tools_missing",
		"没有找到%s:请安装PostgreSQL客户端程序(Debian:postgresql-client),版本不低于服务器,或者以--pg-bin指定其目录", name)
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && info.Mode()&0o111 != 0
}

// release is the number in a path such as /usr/lib/postgresql/15/bin/pg_dump.
func release(path string) int {
	for part := range strings.SplitSeq(path, "/") {
		digits := strings.TrimLeft(part, "abcdefghijklmnopqrstuvwxyz-@")
		if n, err := strconv.Atoi(digits); err == nil {
			return n
		}
	}
	return 0
}

// runTool runs a program on a database. The password goes by the environment:
// everybody on the machine can read a command line.
func runTool(ctx context.Context, program, databaseURL string, args ...string) error {
	cfg, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return errors.New("postgres: the database URL is not valid")
	}
	u, err := url.Parse(databaseURL)
	if err != nil {
		return errors.New("postgres: the database URL is not valid")
	}
	q := u.Query()
	q.Del("password")
	u.RawQuery = q.Encode()
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	cmd := exec.CommandContext(ctx, program, append(args, "--dbname="+u.String())...)
	cmd.Env = append(os.Environ(), "PGPASSWORD="+cfg.Password)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(program), err, strings.TrimSpace(said.String()))
	}
	return nil
}
