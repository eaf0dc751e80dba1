// Package store keeps everything the platform keeps, in SQLite or PostgreSQL.
// It implements the store interfaces that the features declare; nothing else
// in the platform speaks SQL, and this package decides nothing: who may do
// what, and which step is legal, is settled before it is asked.
//
// # Transactions
//
// Do runs a function in one transaction that travels in the context. A Do
// inside a Do joins it, at a savepoint: when the inner function fails, what it
// wrote is undone and the outer one may go on; the outermost commits. A
// statement that the database refused ends the scope it ran in on both
// engines, even when the function swallows the error (PostgreSQL works that
// way, SQLite would not). On PostgreSQL the outermost Do runs its function
// again after a serialization failure or a deadlock, so the function must have
// no effect outside the database. Code inside Do must pass on the context that
// it was given: with another one it would wait for SQLite's only writer, which
// it holds itself.
//
// # What is alike on both engines
//
//   - Times are Unix microseconds in 64-bit integers, always UTC: exact,
//     sorted alike, without the engines' ideas of time zones (type micros).
//   - IDs, codes and everything that orders a list compare byte by byte
//     (SQLite's BINARY, PostgreSQL's collation "C").
//   - JSON is TEXT with a validity check in SQLite and JSONB in PostgreSQL.
//   - Migrations have the same number and name; one conformance suite runs on
//     both.
//
// # Errors
//
// Not found, a lost compare-and-set and a broken uniqueness are faults. Every
// other error stays what it is, wrapped with what was being done; IsUnavailable
// tells a full or unreachable database from a mistake.
package store
