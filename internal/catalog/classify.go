package catalog

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	data "github.com/shuqiao/shuqiao/data/catalog"
	"github.com/shuqiao/shuqiao/internal/checkdigit"
)

// LevelRule proposes the level of an item (数据分类分级, CN-13.2). A rule is hit
// when one of its conditions is.
type LevelRule struct {
	ID          string      `yaml:"id"`
	Name        string      `yaml:"name"`
	Level       Level       `yaml:"level"`
	Sensitivity Sensitivity `yaml:"sensitivity"`
	Masked      bool        `yaml:"masked"`
	Reason      string      `yaml:"reason"`
	Elements    []string    `yaml:"elements"` // codes of standard data elements
	Names       []string    `yaml:"names"`    // parts of the Chinese name
	Unless      []string    `yaml:"unless"`   // parts of the name that take the hit by name back
	Columns     []string    `yaml:"columns"`  // words of the code or English name
	Types       []string    `yaml:"types"`    // only items of these types
	Shape       string      `yaml:"shape"`    // of the values of hosted rows
}

// levelRules are the rules of this release.
var levelRules = sync.OnceValue(func() []LevelRule {
	out, err := parseLevelRules(data.Classification)
	if err != nil {
		panic(err) // embedded: a test reads them
	}
	return out
})

// LevelRules gives the rules by which levels are proposed.
func LevelRules() []LevelRule { return levelRules() }

// parseLevelRules reads the rules and refuses one that could never be hit or
// that proposes nothing known.
func parseLevelRules(source []byte) ([]LevelRule, error) {
	var file struct {
		Rules []LevelRule `yaml:"rules"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(source))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("classification rules: %w", err)
	}
	seen := map[string]bool{}
	for _, r := range file.Rules {
		_, shaped := shapes[r.Shape]
		if r.ID == "" || r.Name == "" || r.Reason == "" || seen[r.ID] || !slices.Contains(levels, r.Level) ||
			r.Sensitivity != "" && !slices.Contains(sensitivities, r.Sensitivity) || r.Masked && r.Sensitivity == "" ||
			r.Shape != "" && !shaped || len(r.Elements)+len(r.Names)+len(r.Columns) == 0 && r.Shape == "" {
			return nil, fmt.Errorf("classification rule %q: needs a unique id, name, reason, known words and a condition", r.ID)
		}
		seen[r.ID] = true
	}
	return file.Rules, nil
}

// never is a day that no date of birth is after.
var never = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

var (
	phoneShape = regexp.MustCompile(`^(\+?86[- ]?)?1[3-9][0-9]{9}$`)
	emailShape = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$`)
	plateShape = regexp.MustCompile(`^\p{Han}[A-Z][A-Z0-9·]{5,7}$`)
	cardShape  = regexp.MustCompile(`^[0-9]{16,19}$`)
)

// shapes tell values by their form, with the check digit where there is one.
var shapes = map[string]func(string) bool{
	"resident_id": func(s string) bool { return len(s) == 18 && checkdigit.ResidentID(strings.ToUpper(s), never) == nil },
	"uscc":        func(s string) bool { return len(s) == 18 && checkdigit.USCC(s) == nil },
	"phone":       phoneShape.MatchString,
	"email":       emailShape.MatchString,
	"plate":       plateShape.MatchString,
	"bank_card":   func(s string) bool { return cardShape.MatchString(s) && luhn(s) },
}

// luhn is the check digit of bank cards (ISO/IEC 7812).
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// How much of a sample must have a shape: half of at least three values.
const minSample = 3

// shaped tells whether most of the values have the shape.
func shaped(shape string, values []string) bool {
	is, known := shapes[shape]
	if !known || len(values) < minSample {
		return false
	}
	n := 0
	for _, v := range values {
		if is(strings.TrimSpace(v)) {
			n++
		}
	}
	return 2*n >= len(values)
}

// hit says by what a rule speaks of an item: "element", "name", "column" or
// "values"; "" when it does not.
func (r LevelRule) hit(x Item, values []string) string {
	inside := func(word string) bool { return strings.Contains(x.Name, word) }
	switch {
	case len(r.Types) > 0 && !slices.Contains(r.Types, x.Type):
		return ""
	case x.Element != "" && slices.Contains(r.Elements, x.Element):
		return "element"
	case r.Shape != "" && shaped(r.Shape, values):
		return "values"
	case slices.ContainsFunc(r.Names, inside) && !slices.ContainsFunc(r.Unless, inside):
		return "name"
	case !slices.ContainsFunc(r.Unless, inside) && (hasWord(x.Code, r.Columns) || hasWord(x.EnglishName, r.Columns)):
		return "column"
	}
	return ""
}

// hasWord tells whether one of the words stands in a column's name between
// underscores or blanks.
func hasWord(name string, words []string) bool {
	if name == "" {
		return false
	}
	padded := "_" + strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(name)) + "_"
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(padded, "_"+w+"_") })
}
