package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/shuqiao/shuqiao/internal/demo"
	dcatcheck "github.com/shuqiao/shuqiao/test/dcat"
)

// feedPage is what a harvester reads of a page of the feed.
type feedPage struct {
	Graph []struct {
		UpToDate     bool   `json:"upToDate"`
		Next         string `json:"nextItems"`
		OrderedItems []struct {
			Type   string `json:"type"`
			Object struct {
				ID      string `json:"id"`
				Title   string `json:"title"`
				Version string `json:"version"`
			} `json:"object"`
		} `json:"orderedItems"`
	} `json:"graph"`
}

// harvest follows the feed from an address to its present end: what came, as
// "Create 名称 版本", and the address to go on from.
func (w *world) harvest(address string) (acts []string, next string) {
	w.t.Helper()
	for range 100 {
		a := w.as("camz.jb", http.MethodGet, strings.TrimPrefix(address, w.base), nil)
		var page feedPage
		if err := json.Unmarshal(a.Raw, &page); err != nil || a.Status != 200 || len(page.Graph) != 1 {
			w.t.Fatalf("%s: %d %s", address, a.Status, a.Raw)
		}
		for _, x := range page.Graph[0].OrderedItems {
			acts = append(acts, x.Type+" "+x.Object.Title+" "+x.Object.Version)
		}
		if address = page.Graph[0].Next; page.Graph[0].UpToDate {
			return acts, address
		}
	}
	w.t.Fatal("the feed has no end")
	return nil, ""
}

// CN-16: the catalog is published to all departments, and in a form that
// other catalogs read: DCAT-AP 3, in both serialisations, page by page, as a
// whole, for one entry and as a feed of changes.
func TestCatalogAsDCAT(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		codes := w.resources()[codesName]
		for _, path := range []string{"/dcat/catalog", "/dcat/dump", "/dcat/feed", "/dcat/dataset/" + codes} {
			jsonld, turtle := w.as("camz.jb", http.MethodGet, path+".jsonld", nil), w.as("camz.jb", http.MethodGet, path+".ttl", nil)
			if jsonld.Status != 200 || turtle.Status != 200 || turtle.Header.Get("Content-Type") != "text/turtle; charset=utf-8" {
				t.Fatalf("%s: %d and %d %s", path, jsonld.Status, turtle.Status, turtle.Raw)
			}
			// A page names itself, with its suffix, and where the feed stands.
			named := regexp.MustCompile(`/dcat/(catalog|feed)\.(jsonld|ttl)(\?cursor=\w+)?`)
			for _, a := range []*answer{&jsonld, &turtle} {
				a.Raw = named.ReplaceAll(a.Raw, []byte("/dcat/$1"))
			}
			dcatcheck.Valid(t, path, string(jsonld.Raw), string(turtle.Raw))
			if text := string(jsonld.Raw); strings.Contains(text, upstreamURL) || !strings.Contains(text, codesName) {
				t.Errorf("%s tells the provider's address, or nothing", path)
			}
			w.wantRefused(path+" for nobody", w.send("", http.MethodGet, path, nil), 401, "sign_in_required", "")
		}

		acts, next := w.harvest("/dcat/feed?limit=1")
		if len(acts) != len(w.resources()) {
			t.Errorf("a new harvester got %q", acts)
		}
		if acts, next = w.harvest(next); len(acts) != 0 {
			t.Errorf("nothing changed, yet %q", acts)
		}
		draft, version := w.draft("mzt", hosted("低保名册", "301003", nil))
		w.wantRefused("a draft", w.as("camz.jb", http.MethodGet, "/dcat/dataset/"+draft, nil), 404, "not_found", "")
		w.walk(w.publication("mzt", version), nil, "mzt.jb submit", "mzt.ld head_approve", "sjj.sh publish")
		version = w.revise("mzt", codes, func(e map[string]any) { e["abstract"] = "改写后的摘要" })
		w.walk(w.publication("mzt", version), nil, "mzt.jb submit", "mzt.ld head_approve", "sjj.sh publish")
		if acts, _ = w.harvest(next); strings.Join(acts, ",") != "Create 低保名册 1,Update "+codesName+" 2" {
			t.Errorf("the changes: %q", acts)
		}
		w.wantRefused("a cursor of nobody", w.as("camz.jb", http.MethodGet, "/dcat/feed?cursor=MWR4", nil), 400, "cursor_void", "")
	})
}

// Registered systems harvest with what they call the gateway with; others do not.
func TestSystemsHarvest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		sys, _ := w.consumer("sjzyb")
		w.token(sys)
		for how, s := range map[string]*demo.System{"token": sys, "certificate": sys.MutualTLS(w.tls)} {
			if err := s.Get(ctx, "/dcat/feed", ""); err != nil {
				t.Errorf("by %s: %v", how, err)
			}
		}
		stranger, err := demo.NewSystem(w.base, sys.ID, w.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		w.wantRefused("an unknown certificate", toAnswer(stranger.MutualTLS(w.tls).Get(ctx, "/dcat/feed", "")), 401, "credential_unknown", "CN-35")
	})
}
