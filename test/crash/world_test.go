package crash

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/demo"
)

const password = "Sq-crash-2026-passphrase"

// world is the demo province of one database; node processes come and go.
type world struct {
	t          *testing.T
	dir, url   string // url: empty for SQLite in dir
	chance     *rand.Rand
	people     *demo.Upstream
	sessions   map[string]string // username → token; they outlive the processes
	callers    []*caller
	codes      string // resource: region codes, hosted
	persons    string // resource: people, behind a service
	publicKey  string // of the ledger; must stay
	nodes      []*process
	acks       acks
	rounds     int
	kills      int
	size       uint64 // entries in the log, at the last check
	recoveries []time.Duration
}

// caller is a consuming system with a grant of its own.
type caller struct {
	*demo.System
	department  string // short name
	form        map[string]any
	grant       string
	accessToken string
	tokenAt     time.Time
}

// newWorld populates a database and plays the story on it, so that there is
// something to apply for and to call.
func newWorld(t *testing.T, url string) *world {
	w := &world{t: t, url: url, chance: chance(t), people: demo.NewUpstream(1), sessions: map[string]string{}}
	w.acks.fresh()
	var err error
	if w.dir, err = os.MkdirTemp("", "shuqiao-crash-node-"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() && url == "" {
			t.Logf("the database is left in %s", w.dir)
			return
		}
		_ = os.RemoveAll(w.dir)
	})
	if err := app.Migrate(t.Context(), w.config()); err != nil {
		t.Fatal(err)
	}
	w.open(func(n *app.Node) {
		if _, err := demo.Populate(t.Context(), n, password); err != nil {
			t.Fatal(err)
		}
		w.publicKey = n.Ledger.PublicKey()
	})
	upstream, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	provider := &http.Server{Handler: w.people, ReadHeaderTimeout: time.Minute}
	go func() { _ = provider.Serve(upstream) }()
	t.Cleanup(func() { _ = provider.Close() })

	p := w.start("")
	story := &demo.Story{Base: p.base, Upstream: "http://" + upstream.Addr().String(), Password: password,
		People: w.people, Out: io.Discard, Clock: clock.System{}, Territory: "130102"}
	if _, err := story.Play(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.kill()
	w.nodes = []*process{w.start(publicURL)}
	w.prepare()
	w.recoveries = nil // the starts until here recovered nothing
	return w
}

func (w *world) config() app.Config {
	return app.Config{Name: demo.NodeName, Dir: w.dir, DatabaseURL: w.url, PublicURLs: []string{publicURL},
		AllowPlainUpstream: true, Clock: clock.System{}, Version: "test", Console: fstest.MapFS{},
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// open wires a node in this process for as long as f runs. It serves nobody.
// Beside a running node it only looks, once that node's tree holds what its
// journal does.
func (w *world) open(f func(n *app.Node)) {
	w.t.Helper()
	cfg := w.config()
	for _, p := range w.nodes {
		select {
		case <-p.ended:
		default:
			cfg.Inspect = true
			w.settle(p)
		}
	}
	n, err := app.New(context.Background(), cfg)
	if err != nil {
		w.t.Fatalf("open the database: %v", err)
	}
	defer func() {
		if err := n.Close(); err != nil {
			w.t.Errorf("close the database: %v", err)
		}
	}()
	f(n)
}

// settle asks a node for the receipts of what it answered last: it gives none
// before its tree has them.
func (w *world) settle(p *process) {
	w.t.Helper()
	for entry := range w.acks.copied().calls {
		a := p.send(request{method: http.MethodGet, path: "/ledger/v1/entries/" + entry + "/receipt"})
		if a.status != http.StatusOK {
			w.t.Errorf("receipt of %s: %d %s %v", entry, a.status, a.body, a.err)
		}
		return // one is enough: the tree follows in order, and waits for all
	}
}

// users are those the load acts as.
var users = []string{"rst.jb", "rst.fzr", "rst.dj", "sjzyb.jb", "sjzyb.fzr", "sjzyb.dj", "camz.jb", "camz.fzr", "mzt.fzr", "sjzga.fzr"}

// prepare signs everybody in and gets two systems a grant each.
func (w *world) prepare() {
	w.t.Helper()
	for _, u := range users {
		var session struct{ Token string }
		w.must("", http.MethodPost, "/api/v1/session", map[string]any{"username": u, "password": password}, &session)
		w.sessions[u] = session.Token
	}
	var catalog struct {
		Items []struct {
			Resource   struct{ ID string }
			Collection string
		}
	}
	w.must("rst.jb", http.MethodGet, "/api/v1/resources", nil, &catalog)
	for _, x := range catalog.Items {
		if x.Collection == "hosted_copy" {
			w.codes = x.Resource.ID
		} else {
			w.persons = x.Resource.ID
		}
	}
	w.callers = []*caller{
		w.caller("rst", "mzt", w.codes, "履行职责需要", []string{"code", "name", "parent", "level"}),
		w.caller("sjzyb", "sjzga", w.persons, "参保身份核验", []string{"id_number", "name", "phone", "region"}),
	}
	for _, c := range w.callers {
		w.renew(c)
	}
}

// caller registers keys for a department's system and takes an application
// for it to the grant. The limits are far away: refusals by rate or quota
// would make the load easier.
func (w *world) caller(short, provider, resource, purpose string, items []string) *caller {
	w.t.Helper()
	var list struct{ Items []struct{ ID string } }
	w.must(short+".dj", http.MethodGet, "/api/v1/systems", nil, &list)
	if len(list.Items) == 0 {
		w.t.Fatalf("%s has no system", short)
	}
	sys, err := demo.NewSystem(publicURL, list.Items[0].ID, time.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	jwk, err := sys.PublicJWK()
	if err != nil {
		w.t.Fatal(err)
	}
	w.must(short+".dj", http.MethodPost, "/api/v1/systems/"+sys.ID+"/credentials", map[string]any{"kind": "jwk", "jwk": jwk}, nil)
	c := &caller{System: sys, department: short, form: map[string]any{
		"basis": "《社会保险法》第七十四条", "scenario": "办理业务时核对", "scope_of_use": "本部门", "purpose": purpose, "method": "service_api",
		"until": time.Now().AddDate(1, 0, 0).Format(time.DateOnly), "items": items, "mode": "query", "systems": []string{sys.ID}}}
	var v caseView
	w.must(short+".jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "application", "subject": resource, "fields": c.form}, &v)
	for _, step := range []struct {
		user, action string
		fields       map[string]any
	}{
		{short + ".jb", "propose", nil}, {short + ".fzr", "consent", nil},
		{provider + ".fzr", "agree", map[string]any{"rate_per_second": 100_000, "daily_calls": 100_000_000}},
	} {
		w.must(step.user, http.MethodPost, "/api/v1/cases/"+v.ID+"/actions/"+step.action, map[string]any{"fields": step.fields}, &v)
	}
	if c.grant = v.grant(); c.grant == "" {
		w.t.Fatalf("the application of %s gave no grant", short)
	}
	return c
}

// renew gets a caller an access token, unless it has one for long enough.
func (w *world) renew(c *caller) {
	w.t.Helper()
	if time.Since(c.tokenAt) < 4*time.Minute {
		return
	}
	assertion, err := c.Assertion(time.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	a := w.nodes[0].send(tokenRequest(assertion))
	if c.accessToken = a.accessToken(); c.accessToken == "" {
		w.t.Fatalf("no access token: %d %s %v", a.status, a.body, a.err)
	}
	c.tokenAt = time.Now()
	w.acks.call(a)
}

// must sends a request as a user that must succeed.
func (w *world) must(user, method, path string, in, out any) {
	w.t.Helper()
	a := w.nodes[0].send(request{method: method, path: path, token: w.sessions[user], body: in})
	if a.err != nil || a.status >= 300 {
		w.t.Fatalf("%s %s as %s: %d %s %v", method, path, user, a.status, a.body, a.err)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
}
