// Package catalog embeds what the catalog starts from: the classes of
// information resources (类, 项, 目, 细目), the standard data elements and the
// rules that propose a level for an item. All of it is data: an authority adds
// classes and elements through the API, an administrator edits the files here
// before a build. Facts come from the national compilation guide
// (发改高技〔2017〕1272号) and published code standards, in our own words.
package catalog

import _ "embed" // the data files

// Classes are the classes of every node, YAML.
//
//go:embed classes.yaml
var Classes []byte

// Elements are the standard data elements of every node, YAML.
//
//go:embed elements.yaml
var Elements []byte

// Classification holds the rules that propose levels, YAML.
//
//go:embed classification.yaml
var Classification []byte
