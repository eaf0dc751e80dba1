// Package mysqlwire is a client of the MySQL protocol, as small as reading a
// schema needs: connect, prove a password, ask a question in text, read the
// answer. It works with MySQL and MariaDB. Why it is ours: docs/decisions/0012.
//
// It trusts servers less than others do. It never sends a file (LOCAL INFILE is
// not among its capabilities, and a server that asks nevertheless is cut off),
// never sends a password but over TLS, and does not fall back to plain text when
// TLS was asked for. An answer is bounded in bytes.
package mysqlwire
