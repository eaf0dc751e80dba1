package e2e

import (
	"compress/gzip"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/lookup"
	"github.com/shuqiao/shuqiao/internal/witness"
)

func (w *world) record(n int, facts map[string]any) string {
	w.t.Helper()
	var id string
	if facts == nil {
		facts = map[string]any{}
	}
	for range n {
		id = ident.New()
		if _, err := w.node.Ledger.Record(w.t.Context(), ledger.Entry{ID: id, Kind: ledger.Call, At: w.clock.Now(), Facts: facts}); err != nil {
			w.t.Fatal(err)
		}
	}
	w.settle()
	return id
}

// plain gets an address without following the client's own decompression.
func (w *world) plain(path, token, encoding string) answer {
	w.t.Helper()
	req, err := http.NewRequest(http.MethodGet, w.base+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", encoding)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return w.do(req)
}

// The read API of C2SP tlog-tiles, over HTTP, by whom it may be read.
func TestTheLedgerByItsReadAPI(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.record(600, map[string]any{"resource": "x"})
		auditor := w.session("sjj.sj")
		if a := w.plain("/ledger/v1/tile/0/001", "", "identity"); a.Status != 200 || len(a.Raw) != 8192 ||
			a.Header.Get("Content-Type") != "application/octet-stream" || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("a full tile: %d, %d bytes, %v", a.Status, len(a.Raw), a.Header)
		}
		if a := w.plain("/ledger/v1/witnessed/tile/0/000.p/7", "", "identity"); a.Status != 200 || len(a.Raw) != 7*32 {
			t.Errorf("a partial tile: %d, %d bytes", a.Status, len(a.Raw))
		}
		for path, want := range map[string]int{
			"/ledger/v1/tile/0/x001/000": 404, "/ledger/v1/tile/1/000.p/200": 404, "/ledger/v1/tile/0/0": 404, "/ledger/v1/tile/0/000.p/256": 404,
			"/ledger/v1/tile/0/000?x=1": 404, "/ledger/v1/tile/entries/000": 401, "/ledger/v1/tile/entries/x009/999": 401,
			"/ledger/v1/witnessed/checkpoint": 404, "/witness/v1/key": 404,
		} {
			if a := w.plain(path, "", "identity"); a.Status != want {
				t.Errorf("%s: %d, want %d: %s", path, a.Status, want, a.Raw)
			}
		}
		for _, user := range []string{"rst.jb", "sjj.jb", "mzt.fzr"} {
			if a := w.plain("/ledger/v1/tile/entries/000", w.session(user), ""); a.Status != 403 || a.code() != "ledger_entries_closed" {
				t.Errorf("%s reads all entries: %d %s", user, a.Status, a.code())
			}
		}
		bare := w.plain("/ledger/v1/tile/entries/001", auditor, "identity")
		if bare.Status != 200 || !strings.HasPrefix(bare.Header.Get("Cache-Control"), "private") {
			t.Fatalf("a bundle: %d %v", bare.Status, bare.Header)
		}
		packed := w.plain("/ledger/v1/tile/entries/001", auditor, "br;q=1, gzip;q=0.5")
		z, err := gzip.NewReader(strings.NewReader(string(packed.Raw)))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(z); err != nil || string(text) != string(bare.Raw) || packed.Header.Get("Content-Encoding") != "gzip" || len(packed.Raw) >= len(text) {
			t.Errorf("gzip: %v, %d of %d bytes", err, len(packed.Raw), len(text))
		}
		if a := w.plain("/ledger/v1/tile/entries/001", auditor, "gzip;q=0"); a.Header.Get("Content-Encoding") != "" {
			t.Error("gzip was refused and sent")
		}

		// The client that trusts the key alone.
		o := app.FollowOptions{From: w.base + "/ledger/v1/", Key: w.node.Ledger.PublicKey(), State: filepath.Join(t.TempDir(), "seen")}
		var f *fault.Fault
		if _, err := app.FollowLedger(t.Context(), o); !errors.As(err, &f) || f.Code != "ledger_entries_closed" {
			t.Errorf("without a session: %v", err)
		}
		o.Token = auditor
		first, err := app.FollowLedger(t.Context(), o)
		if err != nil || first.Entries != first.Size || first.Size < 600 {
			t.Fatalf("%+v, %v", first, err)
		}
		w.record(3, nil)
		second, err := app.FollowLedger(t.Context(), o)
		if err != nil || second.Since != first.Size || second.Entries < 3 || second.Entries > 20 {
			t.Fatalf("%+v, %v", second, err)
		}
		o.Token, o.State, o.Hashes = "", "", true
		if all, err := app.FollowLedger(t.Context(), o); err != nil || all.HashesOnly != all.Size {
			t.Errorf("%+v, %v", all, err)
		}

		// The receipt in both forms.
		id := w.record(1, nil)
		for _, form := range []string{"receipt", "tlog-proof"} {
			a := w.send("", http.MethodGet, "/ledger/v1/entries/"+id+"/"+form, nil)
			if _, err := ledger.VerifyWitnessed(a.Raw, w.node.Ledger.PublicKey(), ledger.Policy{}); err != nil {
				t.Errorf("%s: %v", form, err)
			}
		}
	})
}

// Who looked at this person's data: for an authority with a basis, recorded
// first, and for nobody else.
func TestWhoLookedAtAPersonsData(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const person = "13010219900307002X"
		digest := w.node.Gateway.IdentifierDigest(catalog.ResidentID, person)
		rst, mzt, casj, camz := w.department("rst"), w.department("mzt"), w.department("casj"), w.department("camz")
		_ = casj
		province := w.record(1, map[string]any{"consumer": rst, "provider": mzt, "grant": "g1", "resource": "r1", "purpose": "p1", "identifiers": []string{digest}, "status": 200})
		county := w.record(1, map[string]any{"consumer": camz, "provider": mzt, "grant": "g2", "resource": "r1", "identifiers": []string{digest, "other"}, "status": 200})
		w.record(1, map[string]any{"consumer": rst, "identifiers": []string{"other"}, "status": 200})
		ask := map[string]any{"kind": "resident_id", "identifier": person, "basis": "《个人信息保护法》第四十五条,本人查阅申请", "case_number": "冀数监〔2026〕12号"}
		with := func(change map[string]any) map[string]any { return merged(ask, change) }

		for _, user := range []string{"rst.fzr", "mzt.ld", "sjj.jb", "sjj.admin"} {
			if a := w.as(user, http.MethodPost, "/api/v1/access-searches", ask); a.Status != 403 {
				t.Errorf("%s: %d %s", user, a.Status, a.Raw)
			}
		}
		if a := w.send("", http.MethodPost, "/api/v1/access-searches", ask); a.Status != 401 {
			t.Errorf("nobody: %d", a.Status)
		}
		a := w.as("sjj.sj", http.MethodPost, "/api/v1/access-searches", with(map[string]any{"basis": "", "case_number": "关于" + person, "identifier": " "}))
		if a.Status != 400 || len(a.fields()) != 3 {
			t.Errorf("%d %s", a.Status, a.Raw)
		}
		if got := w.entriesOf(lookup.Searched); len(got) != 0 {
			t.Errorf("refused searches are recorded as done: %v", got)
		}

		found := func(user string, body map[string]any) []map[string]any {
			t.Helper()
			var out []map[string]any
			for _, x := range w.ok(user, http.MethodPost, "/api/v1/access-searches", body)["items"].([]any) {
				out = append(out, x.(map[string]any))
			}
			return out
		}
		got := found("sjj.sj", ask)
		if len(got) != 2 || got[0]["entry"] != county || got[1]["entry"] != province || got[1]["consumer"] != rst || got[1]["grant"] != "g1" || got[1]["purpose"] != "p1" {
			t.Fatalf("%v", got)
		}
		// A county's authority sees what its own departments asked.
		got = found("casj.sh", with(map[string]any{"case_number": "长数〔2026〕1号"}))
		if len(got) != 1 || got[0]["entry"] != county {
			t.Errorf("the county: %v", got)
		}
		// The searches are found by the next one, and nowhere is the number itself.
		got = found("sjj.sh", with(map[string]any{"limit": 2}))
		if len(got) != 2 || got[0]["kind"] != string(lookup.Searched) || got[0]["case_number"] != "长数〔2026〕1号" {
			t.Errorf("%v", got)
		}
		if n := len(w.entriesOf(lookup.Searched)); n != 3 {
			t.Errorf("%d searches are recorded", n)
		}
		w.ledgerIsSilentOf(person)
		w.told("sjj.sh", "冀数监〔2026〕12号")
		if list := found("sjj.sj", with(map[string]any{"identifier": "130102199003070038"})); len(list) != 0 {
			t.Errorf("somebody else: %v", list)
		}
	})
}

// alone starts a node of its own on SQLite.
func alone(t *testing.T, name, dir string, change func(*app.Config)) (*world, func()) {
	t.Helper()
	clk := clock.NewFake(morning)
	cfg := config("sqlite://"+filepath.Join(dir, "shuqiao.db"), clk)
	cfg.Name, cfg.Dir = name, dir
	cfg.Ledger.WitnessEvery = 20 * time.Millisecond
	if change != nil {
		change(&cfg)
	}
	if err := app.Migrate(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	w, end, err := serve(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.t, w.clock = t, clk
	return w, func() {
		t.Helper()
		if err := end(); err != nil {
			t.Error(err)
		}
	}
}

// Test 5 of the reliability list: two whole nodes, one the other's witness.
// Whoever has the log's keys rebuilds all of it; the witness notices, and who
// reads the log is told.
func TestAWholeNodeRebuiltIsNoticedByItsWitness(t *testing.T) {
	t.Parallel()
	for _, suite := range []string{"sha256-ed25519", "sm3-sm2"} {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			logDir, witnessDir := t.TempDir(), t.TempDir()
			own := func(c *app.Config) { c.Ledger.Suite = suite }
			w, end := alone(t, "log.example", logDir, own)
			key := strings.TrimSpace(w.node.Ledger.PublicKey())
			end()
			b, endWitness := alone(t, "witness.example", witnessDir, func(c *app.Config) { c.Ledger.WitnessFor = []string{key} })
			defer endWitness()
			witnessKey := strings.TrimSpace(string(b.send("", http.MethodGet, "/witness/v1/key", nil).Raw))
			watched := func(c *app.Config) {
				own(c)
				c.Ledger.Witnesses = []string{b.base + "/witness/v1 " + witnessKey}
			}
			w, end = alone(t, "log.example", logDir, watched)
			id := w.record(40, nil)
			witnessed := func() bool {
				cp, _, err := w.node.Ledger.Witnessed(t.Context())
				return err == nil && cp.Size >= 40
			}
			w.await(func() string {
				if witnessed() {
					return "yes"
				}
				return ""
			})
			policy, err := ledger.NewPolicy(1, witnessKey)
			if err != nil {
				t.Fatal(err)
			}
			receipt := w.send("", http.MethodGet, "/ledger/v1/entries/"+id+"/receipt", nil)
			if v, err := ledger.VerifyWitnessed(receipt.Raw, key, policy); err != nil || len(v.Witnesses) != 1 {
				t.Errorf("%+v, %v", v, err)
			}
			if a := w.send("", http.MethodGet, "/ledger/v1/witnessed/checkpoint", nil); a.Status != 200 || strings.Count(string(a.Raw), "\n— ") != 2 {
				t.Errorf("%d %s", a.Status, a.Raw)
			}
			end()

			rebuild(t, logDir)
			w, end = alone(t, "log.example", logDir, watched)
			defer end()
			w.record(60, nil)
			w.await(func() string {
				list := w.ok("", http.MethodGet, "/ledger/v1/witnesses", nil)["items"].([]any)
				if len(list) == 0 {
					return ""
				}
				said, _ := list[0].(map[string]any)["diverged"].(string)
				return said
			})
			if got := w.entriesOf(witness.Diverged); len(got) != 1 {
				t.Errorf("recorded: %v", got)
			}
			// The first checkpoint of the rebuilt log may have been smaller than
			// the one held, which proves nothing yet; one that is not smaller does.
			w.await(func() string {
				evidence, err := b.node.Witness.Evidence(t.Context(), 9)
				if err != nil || len(evidence) == 0 {
					return ""
				}
				return evidence[0].Origin
			})
			if a := w.send("", http.MethodGet, "/ledger/v1/witnessed/checkpoint", nil); a.Status != 404 {
				t.Errorf("the rebuilt log is witnessed: %s", a.Raw)
			}
		})
	}
}

// rebuild takes the log out of a node's database, as somebody can who has all
// of it, and leaves the keys.
func rebuild(t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "shuqiao.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		"DROP TRIGGER ledger_entries_no_delete", "DROP TRIGGER ledger_checkpoints_no_delete", "DELETE FROM ledger_cosignatures", "DELETE FROM ledger_witnessed",
		"DELETE FROM ledger_witnesses", "DELETE FROM ledger_entries", "DELETE FROM ledger_tiles", "DELETE FROM ledger_checkpoints", "DELETE FROM ledger_journals",
		"UPDATE projections SET next_index = 0", "UPDATE ledger_head SET size = 0, root = NULL, frontier = '[]'",
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(statement, err)
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, "shuqiao.db.calls")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "shuqiao.db.checkpoint")); err != nil {
		t.Fatal(err)
	}
}
