// Package console embeds the built web console. `make console` builds it into
// dist; without that the package holds nothing but a placeholder, so that
// `go build ./...` works on a clean clone without Node.
package console

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files gives the built console with index.html at its root. There is no
// index.html when the console was not built.
func Files() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil { // "dist" is a valid path, which is all that Sub checks
		panic(err)
	}
	return sub
}
