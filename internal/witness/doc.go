// Package witness is what makes a log's history everybody's: a witness keeps
// the last checkpoint of each log that it knows and cosigns only what extends
// it, so that who holds the log's own keys can still not rebuild it unnoticed
// (CN-33, C2SP tlog-witness and tlog-cosignature).
//
// # Philosophy
//
// Two halves that only meet over the protocol. Server is a witness for other
// nodes' logs; Client brings this node's checkpoints to its witnesses. Neither
// believes the other: the server checks the log's signature and a consistency
// proof, the client checks the cosignature.
//
// # Objectives
//
//   - What is cosigned is remembered durably before the cosignature leaves, by
//     compare-and-set: of two replicas or two requests one goes first, and the
//     other meets it.
//   - A checkpoint that contradicts what was seen is never cosigned, and kept
//     as evidence when the log has signed it.
//   - A witness that is away delays nothing: each has its own job, and receipts
//     are given with the cosignatures that there are.
//   - A witness that has seen more or other than this log holds now is an alarm,
//     recorded in the log itself and shown to everybody.
//
// # Non-goals
//
// Transport: the server is handed bodies, the client a function. Which
// witnesses to trust: that is the policy of whoever verifies (docs/proofs.md).
package witness
