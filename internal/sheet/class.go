package sheet

import (
	"context"
	"regexp"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// Scheme gives the classes; *catalog.Scheme implements it.
type Scheme interface {
	Tree(ctx context.Context, below string, depth int) ([]catalog.ClassNode, error)
}

// classes are the classes of the catalog, by code.
type classes struct {
	byCode   map[string]catalog.Class
	children map[string][]catalog.Class // "" : 类
}

// tiers is how deep the scheme of classes is: 类, 项, 目, 细目.
const tiers = 4

func readClasses(ctx context.Context, s Scheme) (*classes, error) {
	tree, err := s.Tree(ctx, "", tiers)
	if err != nil {
		return nil, err
	}
	c := &classes{byCode: map[string]catalog.Class{}, children: map[string][]catalog.Class{}}
	var walk func(nodes []catalog.ClassNode)
	walk = func(nodes []catalog.ClassNode) {
		for _, n := range nodes {
			c.byCode[n.Code] = n.Class
			c.children[n.Parent] = append(c.children[n.Parent], n.Class)
			walk(n.Children)
		}
	}
	walk(tree)
	return c, nil
}

// path gives the classes above a class and itself, as the template writes them:
// "301 民政".
func (c *classes) path(code string) [tiers]string {
	var out [tiers]string
	x, found := c.byCode[code]
	if !found {
		out[tiers-1] = code // of another scheme, or gone: the code alone
		return out
	}
	var up []string
	for found {
		up = append(up, classCell(x))
		x, found = c.byCode[x.Parent]
	}
	for i := range up {
		if i < tiers {
			out[i] = up[len(up)-1-i]
		}
	}
	return out
}

func classCell(c catalog.Class) string { return c.Code + " " + c.Name }

var leading = regexp.MustCompile(`^[0-9]+`)

// of reads the four columns of a class: codes, names or both, whole codes or
// the digits of each tier. It gives the deepest class, and the column (1..4) and
// the reason where it fails.
func (c *classes) of(parts [tiers]string) (code string, column int, reason string) {
	for i, text := range parts {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		digits := leading.FindString(text)
		if digits != "" {
			switch {
			case strings.HasPrefix(digits, code) && len(digits) > len(code) && (code == "" || c.byCode[digits].Code != "" || len(digits) >= 6):
				code = digits
			default:
				code += digits
			}
			if _, known := c.byCode[code]; !known && strings.TrimLeft(text, "0123456789") != "" {
				return "", i + 1, "没有分类“" + code + "”"
			}
			continue
		}
		found := ""
		for _, x := range c.children[code] {
			if x.Name == text {
				found = x.Code
			}
		}
		if found == "" {
			return "", i + 1, "在上一级分类下没有“" + cutText(text, 30) + "”，请填写平台的分类名称或者代码"
		}
		code = found
	}
	return code, 0, ""
}

func cutText(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
