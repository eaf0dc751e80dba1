package house

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"
)

var (
	linkPattern   = regexp.MustCompile(`\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)`)
	schemePattern = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:`)
)

// deadLinks finds relative links of Markdown files that lead nowhere. Code blocks
// are left out.
func deadLinks(r tree) []string {
	var found []string
	for _, p := range r.paths(".md") {
		inCode := false
		n := 0
		for line := range strings.Lines(r[p]) {
			n++
			if strings.HasPrefix(strings.TrimSpace(line), "```") {
				inCode = !inCode
			}
			if inCode {
				continue
			}
			for _, m := range linkPattern.FindAllStringSubmatch(line, -1) {
				if target, ok := linkTarget(p, m[1]); ok && !r.exists(target) {
					found = append(found, fmt.Sprintf("%s:%d: link to %s, which does not exist", p, n, m[1]))
				}
			}
		}
	}
	return found
}

// linkTarget turns a link into a path from the root; ok is false for links to
// elsewhere and within the page.
func linkTarget(from, link string) (target string, ok bool) {
	link, _, _ = strings.Cut(link, "#")
	if link == "" || schemePattern.MatchString(link) || strings.HasPrefix(link, "//") {
		return "", false
	}
	if rooted, is := strings.CutPrefix(link, "/"); is {
		return path.Clean(rooted), true
	}
	return path.Join(path.Dir(from), link), true
}

// outsidePatterns match paths that exist only where this repository was written.
// They are put together here so that this file does not match.
var outsidePatterns = []*regexp.Regexp{
	regexp.MustCompile(`(^|[^\pL\pN_.*}-])/wor` + `k/`),
	regexp.MustCompile(`\.\./sha` + `red/(requirements|design|craft|reliability|law|hooks)`),
}

// outsidePaths finds mentions of places outside of the repository.
func outsidePaths(r tree) []string {
	var found []string
	for _, p := range r.paths("") {
		n := 0
		for line := range strings.Lines(r[p]) {
			n++
			for _, pattern := range outsidePatterns {
				if m := pattern.FindString(line); m != "" {
					found = append(found, fmt.Sprintf("%s:%d: names %q, which a clone does not have", p, n, strings.TrimSpace(m)))
				}
			}
		}
	}
	return found
}

func TestLinksLeadSomewhere(t *testing.T) {
	check(t, deadLinks(repository(t)))
}

func TestNothingPointsOutside(t *testing.T) {
	check(t, outsidePaths(repository(t)))
}

func TestTextRulesFindBreaches(t *testing.T) {
	finds(t, deadLinks(tree{
		"README.md":  "[a](docs/a.md) [b](docs/b.md#x) [w](https://example.org) [s](#here)\n```\n[c](nowhere)\n```\n[d](docs)\n",
		"docs/a.md":  "[up](../README.md) [root](/README.md) [no](c.md \"title\") ![img](../no.png)\n",
		"other/x.go": "// [no](link)\n",
	}), "README.md:1: link to docs/b.md#x", "docs/a.md:1: link to c.md", "docs/a.md:1: link to ../no.png")
	finds(t, outsidePaths(tree{
		"a.go":      "// see /wor" + "k/main\n",
		"b.md":      "../sha" + "red/law and net/wor" + "k/x and /home/me/wor" + "k/\n",
		"src/c.tsx": "import { x } from \"../sha" + "red/button\";\n",
	}), "a.go:1", "b.md:1")
}
