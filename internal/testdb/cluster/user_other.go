//go:build !unix

package cluster

import (
	"errors"
	"os/exec"
)

// account stands for the user that the server runs as.
type account struct{}

func serverAccount() (account, error) {
	return account{}, errors.New("a private PostgreSQL cluster is only started on Unix systems: " +
		"set SHUQIAO_TEST_POSTGRES to the URL of a server for tests")
}

func (account) give(string) error { return nil }

func (account) prepare(*exec.Cmd) {}
