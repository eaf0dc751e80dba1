// Package journal keeps records durable on this machine until they stand where
// they belong: a chained write-ahead log in segment files. The ledger puts the
// record of a call here before the call's answer leaves (CN-29.2), and into the
// tree right behind it.
//
// Why not the database alone: a commit there writes and syncs some thirty pages
// for a handful of records, here one stretch of a file that was written with
// zeros before, so that a sync is that of the data and of nothing else.
//
// # What is promised
//
//   - When Append has returned nil its records survive the process and the
//     machine. Records have sequence numbers without gaps, from 1.
//   - Replay gives every record that Append acknowledged and Discard has not let
//     go, in order. It may give, at the end, records whose Append failed or was
//     cut off by a crash: what they record may have happened.
//   - Each record carries a hash over itself and the hash of the one before. A
//     flipped, exchanged or missing record is told and not skipped. What cannot
//     be told is that the end is missing: the ledger's head knows how far it got.
//   - After a failed write or sync the segment is never written to again: the
//     kernel may have dropped the pages and said so once. The next Append begins
//     a new segment, so that the journal recovers when space returns.
//
// A directory belongs to one process at a time; a lock file sees to it.
package journal
