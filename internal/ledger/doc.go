// Package ledger is the transparency log of a node: the evidence plane that
// casework and the data plane both write to (CN-33 public proofs, CN-29.2
// usage records, CN-16 published versions).
//
// # Philosophy
//
// Nobody has to believe the node. Every act and every call, answered or
// refused, is a leaf of an append-only Merkle tree (RFC 6962); the node signs
// the tree's size and root (C2SP tlog-checkpoint in a signed note); whoever
// holds one receipt and the node's public key can check, without a network and
// without this node's help, that the entry stands in the log. The formats are
// public ones, so that independent tools can check them too: tiles of height 8
// and leaves of at most 65,535 bytes, as C2SP tlog-tiles wants them.
//
// # Objectives
//
//   - An entry acknowledged by AppendIn's transaction or by Record is durable,
//     has one index for ever, and the tree over it is in the same transaction.
//   - What was once signed is never contradicted: Checkpoint refuses to sign a
//     smaller tree, another root of the same size, or a tree that does not
//     extend the last signed one.
//   - Verify names the first record that was flipped, deleted, reordered or
//     cut off.
//   - VerifyReceipt trusts nothing but the key it is given. Each changed byte
//     of entry, proof or checkpoint fails.
//   - Several replicas on one database write one log: the store's LockHead
//     orders them, nothing is kept in memory that the next append relies on
//     without checking it against the head.
//
// # Non-goals
//
//   - Storage: the package declares the small Store that it needs.
//   - Secrecy. Entries are made to be shown: they hold identifiers, digests
//     and metadata, NEVER personal data, keys or contents of an answer. What
//     must be findable by person goes in as a keyed digest.
//   - Protection from a node that rewrites its whole log and signs the result
//     with its own key: that takes a witness, who keeps older checkpoints.
//     Likewise entries newer than the last checkpoint are only as safe as
//     the database, because nothing outside it knows them yet.
//
// # Where to look
//
// entry.go and canonical.go make leaf bytes; tree.go grows the tree; commit.go
// is the group commit; checkpoint.go signs; prove.go makes receipts;
// receipt.go and verify.go are the offline side; audit.go checks a whole log;
// suite.go is the one place that names algorithms. Package ledgertest has an
// in-memory Store and the conformance suite every Store must pass.
package ledger
