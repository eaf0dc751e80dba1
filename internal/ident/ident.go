// Package ident makes the identifiers of the platform: UUIDs of version 7
// (RFC 9562), unique across nodes and sortable by the time of making, so that
// a record keeps its identity when it travels between nodes.
package ident

import "github.com/google/uuid"

// New gives a new identifier. It panics only when the operating system has no
// randomness, which leaves nothing sensible to do.
func New() string { return uuid.Must(uuid.NewV7()).String() }

// Valid tells whether s is written as New writes it: the canonical lower-case
// form. Other spellings of a UUID are refused, so that one thing has one name.
func Valid(s string) bool {
	u, err := uuid.Parse(s)
	return err == nil && u.String() == s
}
