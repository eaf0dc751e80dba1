package web

import (
	"embed"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/problem"
)

//go:embed docs/index.html docs/docs.js docs/docs.css
var docsFiles embed.FS

// serveDocument serves the OpenAPI document as JSON and YAML.
func serveDocument(mux *http.ServeMux, api huma.API) {
	serve := func(pattern, contentType string, make func() ([]byte, error)) {
		once := sync.OnceValues(make)
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			body, err := once()
			if err != nil {
				problem.Write(w, r, err, nil)
				return
			}
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write(body) // the caller may be gone
		})
	}
	serve("GET /openapi.json", "application/openapi+json; charset=utf-8", func() ([]byte, error) { return documentOf(api) })
	serve("GET /openapi.yaml", "application/openapi+yaml; charset=utf-8", api.OpenAPI().YAML)
}

// serveDocs serves the documentation page. It is drawn in the browser from
// /openapi.json by a script of our own; nothing is fetched from elsewhere.
func serveDocs(mux *http.ServeMux) {
	for pattern, name := range map[string]string{
		"GET /docs":          "index.html",
		"GET /docs/docs.js":  "docs.js",
		"GET /docs/docs.css": "docs.css",
	} {
		body, err := docsFiles.ReadFile("docs/" + name)
		if err != nil { // embedded above: it is there
			panic(err)
		}
		a := &asset{plain: body, packed: pack(body)}
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { serveAsset(w, r, name, a) })
	}
}
