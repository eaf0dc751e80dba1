package sharing

import (
	"bytes"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// AggregationRule is one combination of data that a consumer must not come to
// hold without an assessment (CN-25.2). Exactly one of its three conditions is
// given; see law/risk/aggregation.yaml.
type AggregationRule struct {
	ID     string `yaml:"id"`
	Name   string `yaml:"name"`
	Clause string `yaml:"clause"`
	// Sensitivities must each be among the items.
	Sensitivities []catalog.Sensitivity `yaml:"sensitivities"`
	// Sensitivity must be found in this many Resources.
	Sensitivity catalog.Sensitivity `yaml:"sensitivity"`
	Resources   int                 `yaml:"resources"`
	// Level or above must be that of this many Items.
	Level catalog.Level `yaml:"level"`
	Items int           `yaml:"items"`
	// RaisesTo is the level that the combination is treated as.
	RaisesTo catalog.Level `yaml:"raises_to"`
}

var levels = []catalog.Level{catalog.General1, catalog.General2, catalog.General3, catalog.General4, catalog.Important, catalog.Core}

var sensitivities = []catalog.Sensitivity{catalog.PersonName, catalog.ResidentID, catalog.Phone, catalog.Address,
	catalog.BankCard, catalog.Email, catalog.Plate, catalog.OtherPI}

// ParseAggregation reads aggregation rules and refuses a text with anything
// wrong in it: a rule that can never be hit would protect nobody.
func ParseAggregation(source []byte) ([]AggregationRule, error) {
	var file struct {
		Rules []AggregationRule `yaml:"rules"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(source))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("aggregation rules: %w", err)
	}
	seen := map[string]bool{}
	for _, r := range file.Rules {
		if r.ID == "" || r.Name == "" || r.Clause == "" || seen[r.ID] || !slices.Contains(levels, r.RaisesTo) {
			return nil, fmt.Errorf("aggregation rule %q: needs a unique id, a name, a clause and a known raises_to", r.ID)
		}
		seen[r.ID] = true
		known := 0
		if n := len(r.Sensitivities); n >= 2 && !slices.ContainsFunc(r.Sensitivities, func(s catalog.Sensitivity) bool { return !slices.Contains(sensitivities, s) }) {
			known++
		} else if n > 0 {
			return nil, fmt.Errorf("aggregation rule %q: sensitivities are two or more known ones", r.ID)
		}
		if r.Resources >= 2 && slices.Contains(sensitivities, r.Sensitivity) {
			known++
		}
		if r.Items >= 2 && slices.Contains(levels, r.Level) {
			known++
		}
		if known != 1 {
			return nil, fmt.Errorf("aggregation rule %q: needs exactly one condition with known words and counts of 2 or more", r.ID)
		}
	}
	return file.Rules, nil
}

// held is one item of one resource that a consumer may see, or asks for.
type held struct {
	resource string
	item     catalog.Item
}

// match gives the items that the rule is about when they meet it; nil when
// they do not. One resource alone is no aggregation: its level was assessed
// when it was catalogued (CN-13.1).
func (r AggregationRule) match(items []held) []held {
	var about []held
	found := map[catalog.Sensitivity]bool{}
	for _, h := range items {
		s := h.item.Sensitivity
		switch {
		case slices.Contains(r.Sensitivities, s):
			found[s] = true
		case r.Resources > 0 && s == r.Sensitivity:
		case r.Items > 0 && slices.Index(levels, h.item.Level) >= slices.Index(levels, r.Level):
		default:
			continue
		}
		about = append(about, h)
	}
	n := len(resourcesOf(about))
	if n < 2 || n < r.Resources || len(found) < len(r.Sensitivities) || len(about) < r.Items {
		return nil
	}
	return about
}

func resourcesOf(items []held) []string {
	var out []string
	for _, h := range items {
		if !slices.Contains(out, h.resource) {
			out = append(out, h.resource)
		}
	}
	slices.Sort(out)
	return out
}

// AggregationHit says that a consumer holds, or would hold, what a rule names.
type AggregationHit struct {
	Rule      AggregationRule
	Resources []string // sorted
}

// hits gives the rules met by what is held together with what is asked for.
// Where something is asked for, only those that it contributes to.
func hits(rules []AggregationRule, have, asked []held) []AggregationHit {
	var out []AggregationHit
	all := slices.Concat(have, asked)
	for _, r := range rules {
		about := r.match(dedupe(all))
		contributes := slices.ContainsFunc(about, func(h held) bool {
			return slices.ContainsFunc(asked, h.same)
		})
		if about != nil && (contributes || len(asked) == 0) {
			out = append(out, AggregationHit{Rule: r, Resources: resourcesOf(about)})
		}
	}
	return out
}

func (h held) same(other held) bool {
	return h.resource == other.resource && h.item.Code == other.item.Code
}

// dedupe keeps one of each item: two grants of the same item hold it once.
func dedupe(items []held) []held {
	seen := map[[2]string]bool{}
	var out []held
	for _, h := range items {
		if key := [2]string{h.resource, h.item.Code}; !seen[key] {
			seen[key] = true
			out = append(out, h)
		}
	}
	return out
}
