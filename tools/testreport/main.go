package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

// exitUsage is for a wrong command line and for a state file that fails us.
const exitUsage = 2

func main() {
	// Ctrl-C reaches the command from the terminal; we stay to keep its result.
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is main with its surroundings as parameters; it gives the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprintln(stderr, "usage: testreport gotest|step|skip|close -state FILE ...")
		return exitUsage
	}
	flags := flag.NewFlagSet("testreport "+args[0], flag.ContinueOnError)
	flags.SetOutput(stderr)
	state := flags.String("state", "", "file that keeps the results of the steps (required)")
	strict := flags.Bool("strict", false, "close: a skipped part is a failure")
	if err := flags.Parse(args[1:]); err != nil {
		return exitUsage
	}
	rest := flags.Args()
	code, err := dispatch(args[0], *state, *strict, rest, stdout, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "testreport:", err)
		return exitUsage
	}
	return code
}

// dispatch carries out one command.
func dispatch(command, state string, strict bool, rest []string, stdout, stderr io.Writer) (int, error) {
	if state == "" {
		return 0, errors.New("-state is missing")
	}
	if command != "close" && len(rest) < 2 {
		return 0, fmt.Errorf("%s needs a name and what follows it", command)
	}
	switch command {
	case "gotest":
		return goTest(state, rest[0], rest[1:], stdout, stderr)
	case "step":
		return step(state, rest[0], rest[1:], stdout, stderr)
	case "skip":
		reason := strings.Join(rest[1:], " ")
		fmt.Fprintf(stdout, "SKIP %s: %s\n", rest[0], reason)
		return 0, remember(state, record{Step: rest[0], Skipped: []skipped{{Name: rest[0], Reason: reason}}})
	case "close":
		records, err := recall(state)
		if err != nil {
			return 0, err
		}
		return closing(records, strict, stdout), nil
	default:
		return 0, fmt.Errorf("unknown command %q", command)
	}
}

// step runs a command whose exit code alone counts.
func step(state, name string, argv []string, stdout, stderr io.Writer) (int, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
	code := exitCode(cmd.Run(), stderr)
	r := record{Step: name, Passed: 1}
	if code != 0 {
		r = record{Step: name, Failed: []string{fmt.Sprintf("%s (exit code %d)", name, code)}}
		fmt.Fprintf(stdout, "FAIL %s (exit code %d)\n", name, code)
	}
	return code, remember(state, r)
}

// goTest runs go test and reads what it tells.
func goTest(state, name string, args []string, stdout, stderr io.Writer) (int, error) {
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	r, readErr := digest(pipe, stdout)
	r.Step = name
	if readErr != nil {
		_, _ = io.Copy(io.Discard, pipe) // let the command end
	}
	code := exitCode(cmd.Wait(), stderr)
	if code != 0 && len(r.Failed) == 0 {
		r.Failed = append(r.Failed, fmt.Sprintf("%s (go test: exit code %d)", name, code))
	}
	return code, errors.Join(readErr, remember(state, r))
}

// exitCode turns the outcome of a command into a number; a command that could
// not be run or was killed counts as 125.
func exitCode(err error, stderr io.Writer) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && exit.ExitCode() > 0:
		return exit.ExitCode()
	default:
		fmt.Fprintln(stderr, "testreport:", err)
		return 125
	}
}
