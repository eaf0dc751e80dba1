// Package fault is the platform's one vocabulary of refusals.
//
// Every refusal carries a stable English code for programs, a Chinese message
// for people, the clause it rests on (basis) and, for input, every faulty
// field at once. The public part is kept apart from the logged cause: what is
// not a *Fault is opaque outside (one 500 "internal") and complete in the log.
//
// One table in internal/web turns a Kind into an HTTP status; nothing in this
// package knows about transport.
package fault
