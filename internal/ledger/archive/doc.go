// Package archive keeps old parts of a log as files, in the layout that the
// tlog-tiles read API serves, so that any web server can serve them and any
// tool of that format can check them without this program.
//
// # Objectives
//
//   - Nothing leaves the database before it was read back from the archive and
//     proved, by hashes that were read back too, to lie under a signed
//     checkpoint.
//   - Nothing leaves it that is younger than the retention, which is never
//     shorter than three years (CN-29.2). The database checks that again.
//   - Only the bytes of an entry move. Its row stays, with identity, time and
//     hash, so that no identity can be used again and every byte that comes
//     back from the archive is checked against the database.
//   - Readers do not see the difference: Attach gives a store that reads from
//     the archive what is there.
//
// # Non-goals
//
// Deletion: that is a decision about archives (the archive directory can be
// taken off line; the tree and its proofs remain). Copies: the directory is
// evidence like the database and must be backed up like it.
package archive
