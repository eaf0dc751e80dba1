// Package law embeds the rulebooks and the working-day calendars. The law is
// data: a term changes by changing a file here, with its clause number.
package law

import (
	"bytes"
	"embed"
	"io/fs"
	"strings"
)

// Rulebooks holds the instruments: CODE.yaml with its clauses and terms, and
// beside it CODE/ with one file for each procedure.
//
//go:embed *.yaml */*.yaml
var Rulebooks embed.FS

// Workdays holds the yearly holiday notices and the statutory holidays.
//
//go:embed workdays
var Workdays embed.FS

// Source gives the whole text of an instrument of this release.
func Source(name string) ([]byte, error) { return SourceIn(Rulebooks, name) }

// SourceIn gives the whole text of an instrument in a directory laid out like
// this one, CODE.yaml and the files of its folder in the order of their names,
// as one stream of YAML documents.
func SourceIn(dir fs.FS, name string) ([]byte, error) {
	more, err := fs.Glob(dir, strings.TrimSuffix(name, ".yaml")+"/*.yaml")
	if err != nil {
		return nil, err
	}
	var parts [][]byte
	for _, file := range append([]string{name}, more...) {
		part, err := fs.ReadFile(dir, file)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return bytes.Join(parts, []byte("\n---\n")), nil
}
