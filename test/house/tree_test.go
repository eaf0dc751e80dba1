package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// module is the path that all our import paths begin with.
const module = "github.com/shuqiao/shuqiao"

// tree is a repository as the rules see it: the content of each text file by
// its path from the root, with forward slashes.
type tree map[string]string

// leftOut are directories that hold nothing of ours, by name or by path.
var leftOut = map[string]bool{
	".git": true, "node_modules": true, "vendor": true,
	"bin": true, "console/dist": true,
}

// maxText bounds the files that are read: larger ones are data.
const maxText = 2 << 20

// ours reads the repository once for all tests.
var ours = sync.OnceValues(func() (tree, error) {
	root, err := findRoot()
	if err != nil {
		return nil, err
	}
	return readTree(os.DirFS(root))
})

// repository gives the repository that the test runs in.
func repository(t *testing.T) tree {
	t.Helper()
	r, err := ours()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// findRoot goes up to the directory with go.mod.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fs.ErrNotExist
		}
		dir = up
	}
}

// readTree reads all text files.
func readTree(root fs.FS) (tree, error) {
	r := tree{}
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (leftOut[d.Name()] || leftOut[p]):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		info, err := d.Info()
		if err != nil || info.Size() > maxText {
			return err
		}
		content, err := fs.ReadFile(root, p)
		if err == nil && !bytes.ContainsRune(content, 0) {
			r[p] = string(content)
		}
		return err
	})
	return r, err
}

// paths gives the paths with the suffix, sorted.
func (r tree) paths(suffix string) []string {
	var found []string
	for p := range r {
		if strings.HasSuffix(p, suffix) {
			found = append(found, p)
		}
	}
	sort.Strings(found)
	return found
}

// exists tells whether p is a file, or a directory with a file in it.
func (r tree) exists(p string) bool {
	if _, ok := r[p]; ok || p == "." {
		return true
	}
	for q := range r {
		if strings.HasPrefix(q, p+"/") {
			return true
		}
	}
	return false
}

// goFile is a parsed Go file.
type goFile struct {
	path string
	dir  string // the package's directory: its import path without the module
	test bool   // a _test.go file
	set  *token.FileSet
	ast  *ast.File
}

// goFiles parses all Go files but those in testdata directories. What does not
// parse is left to the compiler.
func (r tree) goFiles() []goFile {
	var files []goFile
	for _, p := range r.paths(".go") {
		if strings.Contains("/"+p, "/testdata/") {
			continue
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, p, r[p], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		files = append(files, goFile{path: p, dir: path.Dir(p), test: strings.HasSuffix(p, "_test.go"), set: set, ast: f})
	}
	return files
}

// imports gives the import paths of the file; our own without the module.
func (f goFile) imports() []string {
	var paths []string
	for _, spec := range f.ast.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, strings.TrimPrefix(p, module+"/"))
		}
	}
	return paths
}

// at names a place in the file.
func (f goFile) at(pos token.Pos) string {
	return f.path + ":" + strconv.Itoa(f.set.Position(pos).Line)
}

// under tells whether dir is base or below it.
func under(dir, base string) bool { return dir == base || strings.HasPrefix(dir, base+"/") }

// check fails the test for each finding.
func check(t *testing.T, findings []string) {
	t.Helper()
	for _, f := range findings {
		t.Error(f)
	}
}

// finds wants the rule to find exactly these things, told by a part of each.
func finds(t *testing.T, findings []string, parts ...string) {
	t.Helper()
	if len(findings) != len(parts) {
		t.Fatalf("found %d things, want %d:\n%s", len(findings), len(parts), strings.Join(findings, "\n"))
	}
	for i, part := range parts {
		if !strings.Contains(findings[i], part) {
			t.Errorf("finding %q does not say %q", findings[i], part)
		}
	}
}
