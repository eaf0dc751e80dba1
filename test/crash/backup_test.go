package crash

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

// A node is backed up while it is under load, goes on, and is lost. The backup
// is restored in a second place: everything acknowledged before the backup is
// there, the log verifies, how much is missing is told exactly, and nothing is
// served or signed before somebody has acknowledged it.
func TestRestoredElsewhere(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { restoredElsewhere(t, "", "") })
	t.Run("postgres", func(t *testing.T) { restoredElsewhere(t, testdb.Postgres(t), testdb.Postgres(t)) })
}

func restoredElsewhere(t *testing.T, url, second string) {
	w := newWorld(t, url)
	w.acks.fresh()
	load := w.begin()
	w.await(w.acks.progress() + 300)

	before := w.acks.copied()
	answers, began := w.acks.progress(), time.Now()
	place := filepath.Join(t.TempDir(), "backup")
	var m struct{ Ledger struct{ Size uint64 } }
	w.run(&m, "backup", "--out", place)
	took := time.Since(began)
	during := w.acks.progress() - answers
	w.await(w.acks.progress() + 200)
	w.nodes[0].kill()
	load.running.Wait()
	if during == 0 {
		t.Error("nobody was answered during the backup")
	}
	lost := w.acks.copied()
	if len(lost.checkpoints) == 0 {
		t.Fatal("the load got no checkpoint")
	}
	known := filepath.Join(t.TempDir(), "known")
	if err := os.WriteFile(known, lost.checkpoints[len(lost.checkpoints)-1], 0o600); err != nil {
		t.Fatal(err)
	}

	r := w.secondPlace(second)
	began = time.Now()
	var report app.RestoreReport
	r.run(&report, "restore", "--from", place, "--against", known)
	restored := time.Since(began)
	if !report.Verified || report.Entries != m.Ledger.Size || report.Missing == nil || report.Known == nil ||
		*report.Missing != *report.Known-min(*report.Known, report.Entries) {
		t.Fatalf("%+v", report)
	}
	r.refuses("restore_", "尚未确认", "serve", "--addr", "127.0.0.1:0")
	r.refuses("twice", "不为空", "restore", "--from", place)
	resume := []string{"resume", "--operator", "ops-1", "--reason", "disaster", "--accept-missing"}
	r.refuses("another number", "确认这些记录", append(resume, fmt.Sprint(*report.Missing+1))...)
	r.run(nil, append(resume, fmt.Sprint(*report.Missing))...)
	p := r.start(publicURL)
	r.nodes = []*process{p}
	whole := time.Since(began)
	r.whatIsThere(before, lost, report)

	// The old place, should it come back, is closed for good.
	w.run(nil, "hand-over", "--operator", "ops-1", "--reason", "disaster")
	w.refuses("the old place", "已移交", "serve", "--addr", "127.0.0.1:0")
	t.Logf("backup of %d entries in %s, %d answers meanwhile; restored and verified in %s, serving after %s; known outside %d, missing %d",
		report.Entries, took.Round(time.Millisecond), during, restored.Round(time.Millisecond), whole.Round(time.Millisecond), *report.Known, *report.Missing)
}

// whatIsThere compares the restored node with what the lost one said.
func (w *world) whatIsThere(before, all said, report app.RestoreReport) {
	w.t.Helper()
	w.open(func(n *app.Node) {
		c := checker{world: w, n: n, ctx: context.Background()}
		c.log()
		c.acknowledged(before)
		c.everything()
		gone := 0
		for _, call := range all.calls {
			_, err := n.Ledger.Leaf(c.ctx, call.entry)
			switch {
			case call.index < report.Entries, call.index == ledger.Unplaced && err == nil:
				c.call(call)
			case err == nil:
				w.t.Errorf("entry %d of a call after the backup is there", call.index)
			default:
				gone++
			}
		}
		leaf, err := n.Store.Ledger().Leaf(c.ctx, report.Entries)
		var facts app.PlaceFacts
		if err != nil {
			w.t.Fatal(err)
		}
		c.entry(leaf, app.LogRestored, &facts)
		if facts.Size != report.Entries || facts.Missing == nil || *facts.Missing != *report.Missing || facts.Operator != "ops-1" {
			w.t.Errorf("entry %+v", facts)
		}
		w.t.Logf("%d of %d calls answered were after the backup", gone, len(all.calls))
	})
	// Signed out, but the systems call as before.
	a := w.nodes[0].send(request{method: http.MethodGet, path: "/api/v1/todos", token: w.sessions["rst.jb"]})
	if a.status != http.StatusUnauthorized {
		w.t.Errorf("a session of before: %d %s", a.status, a.body)
	}
	call := w.callers[0]
	if a := w.nodes[0].send(call.rows([]string{"code"}, "code", "prefix", "130102", 5)); a.status != http.StatusOK {
		w.t.Errorf("a call: %d %s %v", a.status, a.body, a.err)
	}
}

// secondPlace is a world with nothing in it but the master key.
func (w *world) secondPlace(url string) *world {
	r := &world{t: w.t, dir: filepath.Join(w.t.TempDir(), "second"), url: url, chance: w.chance, people: w.people,
		sessions: w.sessions, callers: w.callers, codes: w.codes, persons: w.persons, publicKey: w.publicKey}
	key, err := os.ReadFile(filepath.Join(w.dir, "master.key"))
	if err == nil {
		err = os.MkdirAll(r.dir, 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(r.dir, "master.key"), key, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) command(args ...string) *exec.Cmd {
	args = append(args, "--dir", w.dir, "--name", w.config().Name)
	if w.url != "" {
		args = append(args, "--database-url", w.url)
	}
	return exec.Command(binary, args...)
}

// run runs a command of the program that must succeed, and reads what it prints.
func (w *world) run(out any, args ...string) {
	w.t.Helper()
	cmd := w.command(args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err == nil && out != nil {
		err = json.Unmarshal(text, out)
	}
	if err != nil {
		w.t.Fatalf("shuqiao %v: %v\n%s\n%s", args, err, text, stderr.String())
	}
}

// refuses runs a command that must fail and say why.
func (w *world) refuses(what, why string, args ...string) {
	w.t.Helper()
	text, err := w.command(args...).CombinedOutput()
	if err == nil || !strings.Contains(string(text), why) {
		w.t.Errorf("%s: shuqiao %v: %v\n%s", what, args, err, text)
	}
}

// copied is what was said until now.
func (k *acks) copied() said {
	k.mu.Lock()
	defer k.mu.Unlock()
	return said{acts: maps.Clone(k.round.acts), calls: maps.Clone(k.round.calls), checkpoints: slices.Clone(k.round.checkpoints)}
}
