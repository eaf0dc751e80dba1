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

// Class is a class of information resources: 类, 项, 目 or 细目 (CN-12, HB-7).
// Its code is never given to another.
type Class struct {
	Code   string
	Parent string // "" for a 类
	Name   string
	Note   string
	// Region and Authority say who added it; empty for those that every node has.
	Region    string
	Authority string // department ID
	AddedBy   string // person ID
	AddedAt   *time.Time
	// EndedAt is when it was closed to new entries; those inside stay.
	EndedAt *time.Time
	Reason  string // why it was ended
}

// Lengths of the codes of 类, 项 and 目; what is longer is a 细目.
const (
	lenClass    = 1
	lenItem     = 3
	lenCategory = 6
	lenDetail   = 10 // of the 细目 that are made here
)

// ClassLevel is the tier of a class code: 1 类, 2 项, 3 目, 4 细目; 0 for what
// is none.
func ClassLevel(code string) int {
	if code == "" || strings.Trim(code, "0123456789") != "" || len(code) > 20 {
		return 0
	}
	switch n := len(code); {
	case n == lenClass:
		return 1
	case n == lenItem:
		return 2
	case n == lenCategory:
		return 3
	case n > lenCategory:
		return 4
	}
	return 0
}

// parentClass is the code of the class above; of a 细目 its 目.
func parentClass(code string) string {
	switch ClassLevel(code) {
	case 2:
		return code[:lenClass]
	case 3:
		return code[:lenItem]
	case 4:
		return code[:lenCategory]
	}
	return ""
}

// builtInClasses are the classes that every node has, by code.
var builtInClasses = sync.OnceValue(func() map[string]Class {
	out, err := parseClasses(data.Classes)
	if err != nil {
		panic(err) // embedded: a test reads them
	}
	return out
})

// parseClasses reads the file of classes and refuses one with a class without
// its parent or name.
func parseClasses(source []byte) (map[string]Class, error) {
	var file struct {
		Classes     map[string]string `yaml:"classes"`
		Tiers       []string          `yaml:"tiers"`
		Departments []string          `yaml:"departments"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(source))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("classes: %w", err)
	}
	for _, tier := range file.Tiers {
		for i, name := range file.Departments {
			file.Classes[fmt.Sprintf("%s%03d", tier, i+1)] = name
		}
	}
	out := make(map[string]Class, len(file.Classes))
	for code, name := range file.Classes {
		parent := parentClass(code)
		if _, known := file.Classes[parent]; ClassLevel(code) == 0 || name == "" || parent != "" && !known {
			return nil, fmt.Errorf("class %q: needs a code of a known tier, a name and a class above it", code)
		}
		out[code] = Class{Code: code, Parent: parent, Name: name}
	}
	return out, nil
}

// ClassNode is a class with those below it.
type ClassNode struct {
	Class
	Children []ClassNode
}

// classTree hangs classes below each other, by code; depth counts tiers.
func classTree(all map[string]Class, parent string, depth int) []ClassNode {
	below := map[string][]Class{}
	for _, code := range slices.Sorted(maps.Keys(all)) {
		below[all[code].Parent] = append(below[all[code].Parent], all[code])
	}
	var grow func(parent string, depth int) []ClassNode
	grow = func(parent string, depth int) []ClassNode {
		out := make([]ClassNode, 0, len(below[parent]))
		for _, c := range below[parent] {
			n := ClassNode{Class: c}
			if depth > 1 {
				n.Children = grow(c.Code, depth-1)
			}
			out = append(out, n)
		}
		slices.SortFunc(out, func(a, b ClassNode) int { return cmp.Compare(a.Code, b.Code) })
		return out
	}
	return grow(parent, depth)
}
