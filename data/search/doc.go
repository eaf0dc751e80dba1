// Package search embeds the synonyms of the catalog's search. The file is data:
// an administrator edits it before a build.
package search

import _ "embed" // the data file

// Synonyms are groups of words that mean the same, YAML.
//
//go:embed synonyms.yaml
var Synonyms []byte
