// Package house holds the tests of the house itself: what may import what, who
// may ask for the time, how large a file may be, that both engines have the same
// migrations, that links lead somewhere, and that docs/traceability.md names tests
// that exist. They read the source text only, so they run in a second and also
// while a package does not compile.
//
// Each rule is a function from a tree of files to a list of what breaks it. It is
// tested on a small made-up tree as well: a rule that never finds anything would
// look the same as a house in order.
package house
