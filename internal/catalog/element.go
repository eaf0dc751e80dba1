package catalog

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	data "github.com/shuqiao/shuqiao/data/catalog"
)

// Element is a standard data element (标准数据元): what several departments'
// items have in common. Its versions are kept.
type Element struct {
	Code        string // "DE-XM"
	Version     int
	Name        string
	EnglishName string
	Type        string // of the compilation guide
	Length      int    // 0: any
	Decimals    int
	Format      string
	Domain      *Domain
	Definition  string
	Aliases     []string // other names that mean it
	// By, At and Reason tell who filed the version and why; empty for those
	// that every node has.
	By        string // person ID
	Authority string // department ID
	At        *time.Time
	Reason    string
}

// elementYAML is an element as the file writes it.
type elementYAML struct {
	Code       string            `yaml:"code"`
	Name       string            `yaml:"name"`
	English    string            `yaml:"en"`
	Type       string            `yaml:"type"`
	Length     int               `yaml:"length"`
	Decimals   int               `yaml:"decimals"`
	Format     string            `yaml:"format"`
	Scheme     string            `yaml:"scheme"`
	Definition string            `yaml:"definition"`
	Values     map[string]string `yaml:"values"`
	Pattern    string            `yaml:"pattern"`
	Min        string            `yaml:"min"`
	Max        string            `yaml:"max"`
	Aliases    []string          `yaml:"aliases"`
}

func (y elementYAML) element() Element {
	e := Element{Code: y.Code, Version: 1, Name: y.Name, EnglishName: y.English, Type: y.Type, Length: y.Length, Decimals: y.Decimals,
		Format: y.Format, Definition: y.Definition, Aliases: y.Aliases}
	d := Domain{Min: y.Min, Max: y.Max, Pattern: y.Pattern, Scheme: y.Scheme}
	for _, code := range slices.Sorted(maps.Keys(y.Values)) {
		d.Values = append(d.Values, CodeValue{Code: code, Name: y.Values[code]})
	}
	if d.Min+d.Max+d.Pattern+d.Scheme != "" || len(d.Values) > 0 {
		e.Domain = &d
	}
	return e
}

// builtInElements are the elements that every node has, by code.
var builtInElements = sync.OnceValue(func() map[string]Element {
	out, err := parseElements(data.Elements)
	if err != nil {
		panic(err) // embedded: a test reads them
	}
	return out
})

// parseElements reads the file of elements and refuses what CheckElement does.
func parseElements(source []byte) (map[string]Element, error) {
	var file struct {
		Elements []elementYAML `yaml:"elements"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(source))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("elements: %w", err)
	}
	out := make(map[string]Element, len(file.Elements))
	for _, y := range file.Elements {
		e := y.element()
		if err := CheckElement(e); err != nil {
			return nil, fmt.Errorf("element %q: %w", e.Code, err)
		}
		if _, twice := out[e.Code]; twice {
			return nil, fmt.Errorf("element %q: twice", e.Code)
		}
		out[e.Code] = e
	}
	return out, nil
}

// Departs tells in what an item departs from the element it cites: "type",
// "length", "decimals" or nothing. A shorter item agrees: its values are values
// of the element.
func (e Element) Departs(x Item) string {
	switch {
	case x.Type != "" && x.Type != e.Type:
		return "type"
	case e.Length > 0 && x.Length > e.Length:
		return "length"
	case x.Decimals > e.Decimals:
		return "decimals"
	}
	return ""
}

// ElementMatch is an element that an item may be meant to cite.
type ElementMatch struct {
	Element Element
	Match   string // "name", "alias", "english_name", "code", "part"
}

// matchRank orders matches, the surest first.
var matchRank = map[string]int{"code": 0, "name": 1, "alias": 2, "english_name": 3, "part": 4}

// matchElement tells how a text means an element; "" when it does not.
func matchElement(e Element, text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	switch {
	case text == "":
		return ""
	case text == strings.ToLower(e.Code):
		return "code"
	case text == strings.ToLower(e.Name):
		return "name"
	case slices.ContainsFunc(e.Aliases, func(a string) bool { return strings.EqualFold(a, text) }):
		return "alias"
	case strings.ReplaceAll(text, "_", " ") == strings.ToLower(e.EnglishName):
		return "english_name"
	}
	if strings.Contains(strings.ToLower(e.Name), text) || strings.Contains(text, strings.ToLower(e.Name)) && len([]rune(e.Name)) > 1 ||
		strings.Contains(strings.ToLower(e.EnglishName), text) {
		return "part"
	}
	for _, a := range e.Aliases {
		if strings.Contains(strings.ToLower(a), text) {
			return "part"
		}
	}
	return ""
}

// rankMatches orders matches: the surest first, then the shorter name.
func rankMatches(all []ElementMatch) {
	slices.SortStableFunc(all, func(a, b ElementMatch) int {
		return cmp.Or(cmp.Compare(matchRank[a.Match], matchRank[b.Match]),
			cmp.Compare(len(a.Element.Name), len(b.Element.Name)), cmp.Compare(a.Element.Code, b.Element.Code))
	})
}
