// Package wire holds the JSON shapes of the HTTP API: what the OpenAPI
// document describes, what the console's client is generated from and what a
// Go client may import. Shapes only: no behaviour, and no import of a feature,
// so that a change inside never changes the wire by accident.
//
// The schema holds what a program gets wrong: unknown or missing members, types,
// words outside a list. What a person gets wrong is left to the use case, which
// tells all of it at once and with the clause.
//
// Instants are RFC 3339 in UTC; the last day of a term is a calendar day
// (YYYY-MM-DD) in the region's time zone. A member that is absent is unknown
// or does not apply; null is never sent.
package wire
