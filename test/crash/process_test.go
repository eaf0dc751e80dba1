package crash

import (
	"bufio"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/demo"
)

// publicURL is what consuming systems know the node as: its port differs from
// start to start.
const publicURL = "https://crash.test"

// startTime bounds a start, on a machine that is busy with other tests.
const startTime = time.Minute

// process is one run of the node.
type process struct {
	cmd    *exec.Cmd
	base   string // known once it listens
	client *http.Client
	doomed atomic.Bool   // set before the kill: errors from then on are no fault
	armed  atomic.Value  // string: the next answer to such a path kills; empty: none
	ended  chan struct{} // closed when the process is gone

	mu   sync.Mutex
	said []string // the last lines of its log
}

var listening = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// spawn starts a node and does not wait for it. Without a public URL it takes
// assertions for the address it listens on.
func spawn(t *testing.T, w *world, public string) (p *process, address <-chan string) {
	t.Helper()
	args := []string{"--log", "warn", "serve", "--dir", w.dir, "--name", demo.NodeName,
		"--addr", "127.0.0.1:0", "--allow-plain-upstream"}
	if w.url != "" {
		args = append(args, "--database-url", w.url)
	}
	if public != "" {
		args = append(args, "--public-url", public)
	}
	p = &process{cmd: exec.Command(binary, args...), ended: make(chan struct{}),
		client: &http.Client{Timeout: startTime, Transport: &http.Transport{MaxIdleConnsPerHost: 32, DisableCompression: true}}}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	found := make(chan string, 1)
	go func() {
		defer close(p.ended)
		p.read(stderr, found)
		_ = p.cmd.Wait() // killed: it says so
	}()
	t.Cleanup(p.kill)
	return p, found
}

// read keeps the end of the log and finds the address in it.
func (p *process) read(log io.Reader, found chan<- string) {
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if u := listening.FindString(line); u != "" && strings.Contains(line, demo.NodeName) {
			select {
			case found <- u:
			default:
			}
		}
		p.mu.Lock()
		p.said = append(p.said, line)
		p.said = p.said[max(0, len(p.said)-40):]
		p.mu.Unlock()
	}
}

// log is the end of what the process said.
func (p *process) log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.said, "\n")
}

// start starts a node, waits until it is ready and notes how long it took.
func (w *world) start(public string) *process {
	w.t.Helper()
	began := time.Now()
	p, address := spawn(w.t, w, public)
	select {
	case p.base = <-address:
	case <-p.ended:
		w.t.Fatalf("the node did not start:\n%s", p.log())
	case <-time.After(startTime):
		w.t.Fatalf("the node is not listening after %s:\n%s", startTime, p.log())
	}
	for {
		resp, err := p.client.Get(p.base + "/readyz")
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				w.recoveries = append(w.recoveries, time.Since(began))
				return p
			}
		}
		if time.Since(began) > startTime {
			w.t.Fatalf("the node is not ready after %s: %v\n%s", startTime, err, p.log())
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// strike sends SIGKILL.
func (p *process) strike() {
	p.doomed.Store(true)
	_ = p.cmd.Process.Kill() // gone already: as well
}

// arm makes the next answer to a path with the prefix kill the process, at the
// very moment that its status line is here. Were anything acknowledged before
// it is durable, it would be now that it is lost.
func (p *process) arm(prefix string) { p.armed.Store(prefix) }

// answered is told of the beginning of every answer.
func (p *process) answered(path string) {
	prefix, _ := p.armed.Load().(string)
	if prefix != "" && strings.HasPrefix(path, prefix) {
		p.strike()
	}
}

// kill ends the process with SIGKILL and waits until it is gone.
func (p *process) kill() {
	p.strike()
	<-p.ended
	p.client.CloseIdleConnections()
}
