package e2e

import (
	"log/slog"
	"net"
	"net/http"
	"os"
	"testing"

	"github.com/shuqiao/shuqiao/internal/demo"
)

var (
	// masterDir holds the master key that the template databases and their
	// copies share.
	masterDir string
	// people stands behind the linked resource, for all tests.
	people      = demo.NewUpstream(1)
	upstreamURL string
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	var err error
	if masterDir, err = os.MkdirTemp("", "shuqiao-e2e-"); err != nil {
		panic(err)
	}
	upstream, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	upstreamURL = "http://" + upstream.Addr().String()
	provider := &http.Server{Handler: people}
	go func() { _ = provider.Serve(upstream) }()
	code := m.Run()
	provider.Close()
	os.RemoveAll(masterDir)
	os.Exit(code)
}
