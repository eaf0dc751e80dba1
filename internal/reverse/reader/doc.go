// Package reader reads the schemas of PostgreSQL, MySQL and MariaDB, and SQLite
// databases for package reverse.
//
// It changes nothing and looks at as little as it can: one read-only transaction
// with time limits on each statement, catalogs of the system only, and rows only
// when a sample was asked for. What may be reached is decided by the node's
// operator in a Policy: networks by address, looked at again when the connection
// is made, whatever a name leads to; SQLite files below one directory.
//
// Errors are faults without addresses, users or messages of the servers: those
// are nobody's but the server's operator's.
//
// SQLite needs the driver "sqlite", which the node's store registers.
package reader
