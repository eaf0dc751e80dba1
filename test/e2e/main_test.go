package e2e

import (
	"os"
	"testing"
	"testing/fstest"
)

// testMasterDir holds the master key that the template databases and their
// copies share.
var testMasterDir string

// emptyConsole is a console that was not built.
var emptyConsole = fstest.MapFS{}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "shuqiao-e2e-")
	if err != nil {
		panic(err)
	}
	testMasterDir = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}
