// Command pgcluster runs a command with a private PostgreSQL server beside it,
// so that a whole test run shares one server:
//
//	go build -o /tmp/pgcluster ./tools/pgcluster && /tmp/pgcluster go test ./...
//
// (go run works too, but has only the exit code 1 for every failure.)
//
// The command finds the server's address in SHUQIAO_TEST_POSTGRES. A server that
// this variable names already is used as it is. The exit code is the command's;
// it is 3 where no PostgreSQL is installed, and 125 when the server or the
// command could not be started.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/shuqiao/shuqiao/internal/testdb/cluster"
)

const (
	variable       = "SHUQIAO_TEST_POSTGRES"
	exitNoBinaries = 3
	exitNotStarted = 125
)

func main() {
	os.Exit(run(os.Args[1:]))
}

// run does the work and gives the exit code.
func run(args []string) int {
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: pgcluster COMMAND [ARGUMENT...]")
		return exitNotStarted
	}
	// The command gets Ctrl-C from the terminal itself; we stay to clean up after it.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	env := os.Environ()
	if os.Getenv(variable) == "" {
		c, err := cluster.Start(ctx)
		if errors.Is(err, cluster.ErrNoBinaries) {
			fmt.Fprintln(os.Stderr, "pgcluster:", err)
			return exitNoBinaries
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "pgcluster:", err)
			return exitNotStarted
		}
		defer func() {
			if err := c.Stop(); err != nil {
				fmt.Fprintln(os.Stderr, "pgcluster: stop:", err)
			}
		}()
		env = append(env, variable+"="+c.URL())
	}
	return execute(ctx, args, env)
}

// execute runs the command to its end.
func execute(ctx context.Context, args, env []string) int {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = os.Stdin, os.Stdout, os.Stderr, env
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return exit.ExitCode()
	default:
		fmt.Fprintln(os.Stderr, "pgcluster:", err)
		return exitNotStarted
	}
}
