// Package web is the HTTP face for people: the API under /api/v1 with its
// OpenAPI 3.1 document, the public side of the ledger under /ledger/v1, the
// documentation page and the console.
//
// Handlers are thin: they turn a request into the call of a use case and its
// answer into the shapes of package wire. Who may do what is decided in the
// use cases, never here. Every refusal leaves as an RFC 9457 problem through
// the one table in package problem, those of the HTTP framework included.
package web
