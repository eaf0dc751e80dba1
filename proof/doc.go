// Package proof verifies the receipts of a Shuqiao ledger offline, with nothing
// but the standard library and the log's public key. It imports nothing else
// of this module, so that it can be copied into any program.
//
// A receipt proves that one entry stands in the log: the entry's bytes, an
// inclusion proof (RFC 6962) and a checkpoint (C2SP tlog-checkpoint) that the
// log signed. That everybody is shown the same log takes witnesses; their
// signatures on a checkpoint are let be here.
//
// It knows the default suite, SHA-256 with Ed25519. Receipts of the national
// suite are verified by "shuqiao proof verify".
package proof
