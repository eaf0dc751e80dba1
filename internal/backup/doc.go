// Package backup copies a node's database while it runs and brings a copy back
// (HB-25).
//
// A backup is a directory with the copy, the ledger's public key and
// manifest.json: what was copied from where and when, size and SHA-256 of each
// file, size and root of the log in the copy and the last checkpoint that was
// signed before it. The manifest carries a MAC under the node's master key.
//
// # Objectives
//
//   - SQLite: VACUUM INTO on a connection of its own; the running node is not
//     held up. PostgreSQL: pg_dump on an exported snapshot, the one that size
//     and root were read from.
//   - A backup appears under its name whole or not at all.
//   - The master key is not in it, unless asked for, sealed under a passphrase.
//   - What was restored is compared with the manifest and with what the outside
//     knows of the log. That it may go on is not decided here: see the fences
//     in package store and the commands restore and resume.
//
// # Non-goals
//
// Point-in-time recovery and streaming replication are PostgreSQL's own, see
// docs/operations.md.
package backup
