// Package ledgertest has what tests of the ledger need: Memory, a Store in
// memory with real transactions, fault injection and a way to tamper, and
// Run, the conformance suite that every ledger.Store must pass. Only tests
// import it.
package ledgertest
