package web_test

import (
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"
)

func TestConsolePagesAreRoutedInTheBrowser(t *testing.T) {
	t.Parallel()
	n := newNode(t, builtConsole)
	for _, target := range []string{"/", "/catalog", "/cases/0198-x/", "/a/../b", "/index.html"} {
		w, _ := n.ask(t, "GET", target, "", "Authorization", "")
		if w.Code != 200 || !strings.Contains(w.Body.String(), "<title>console") || w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d %q %v", target, w.Code, w.Body, w.Header())
		}
	}
	for _, target := range []string{"/assets/old-9999.js", "/robots.txt", "/.gitkeep", "/assets/../../../etc/passwd.txt"} {
		w, doc := n.ask(t, "GET", target, "")
		refused(t, w, doc, 404, "file_unknown")
	}
}

func TestHashedAssetsAreKeptAndPacked(t *testing.T) {
	t.Parallel()
	n := newNode(t, builtConsole)
	w, _ := n.ask(t, "GET", "/assets/app-1234.js", "", "Accept-Encoding", "gzip")
	h := w.Header()
	if h.Get("Cache-Control") != "public, max-age=31536000, immutable" || h.Get("Content-Encoding") != "gzip" ||
		!strings.HasPrefix(h.Get("Content-Type"), "text/javascript") || h.Get("Vary") != "Accept-Encoding" {
		t.Errorf("%v", h)
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	packed, _ := io.ReadAll(z)
	w, _ = n.ask(t, "GET", "/assets/app-1234.js", "")
	if w.Header().Get("Content-Encoding") != "" || w.Body.String() != string(packed) {
		t.Errorf("unpacked: %v", w.Header())
	}
}

func TestAbsentConsoleSaysHowToBuildIt(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/", "/catalog"} {
		w, _ := newNode(t, nil).ask(t, "GET", target, "", "Authorization", "")
		if w.Code != 200 || !strings.Contains(w.Body.String(), "make console") || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
}

func TestDocsComeFromHereAlone(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	for target, kind := range map[string]string{
		"/docs": "text/html", "/docs/docs.js": "text/javascript", "/docs/docs.css": "text/css",
		"/openapi.json": "application/openapi+json", "/openapi.yaml": "application/openapi+yaml",
	} {
		w, _ := n.ask(t, "GET", target, "", "Authorization", "")
		if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) {
			t.Errorf("%s: %d %v", target, w.Code, w.Header())
		}
		if strings.HasPrefix(target, "/docs") && regexp.MustCompile(`https?://`).MatchString(w.Body.String()) {
			t.Errorf("%s points elsewhere", target)
		}
	}
}
