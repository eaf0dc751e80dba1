// Package casework runs cases: it finds the actor's relations to a case, asks
// the named checks, lets the kernel take the step, runs the named effects and
// keeps the new state, the act, its ledger entry and the outbox rows in one
// transaction. It is the only writer of cases.
package casework
