package search

import (
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Synonyms are groups of words that mean the same. The zero value and nil have
// none.
type Synonyms struct{ others map[string][]string }

// maxSynonyms bounds a group.
const maxSynonyms = 12

// ReadSynonyms reads the file of synonyms (data/search/synonyms.yaml): groups,
// a list of lists of words.
func ReadSynonyms(r io.Reader) (*Synonyms, error) {
	var file struct {
		Groups [][]string `yaml:"groups"`
	}
	dec := yaml.NewDecoder(r)
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("synonyms: %w", err)
	}
	s := &Synonyms{others: map[string][]string{}}
	for i, group := range file.Groups {
		if len(group) < 2 || len(group) > maxSynonyms {
			return nil, fmt.Errorf("synonyms: group %d has %d words, want 2 to %d", i+1, len(group), maxSynonyms)
		}
		for _, word := range group {
			key := folded(word)
			if len(runsOf(word)) == 0 {
				return nil, fmt.Errorf("synonyms: group %d: %q is no word", i+1, word)
			}
			for _, other := range group {
				if other != word && !slices.Contains(s.others[key], other) {
					s.others[key] = append(s.others[key], other)
				}
			}
		}
	}
	return s, nil
}

// of gives the synonyms of a folded word.
func (s *Synonyms) of(word string) []string {
	if s == nil {
		return nil
	}
	return s.others[word]
}
