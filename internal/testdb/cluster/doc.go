// Package cluster runs a private PostgreSQL server for the tests: made in a
// temporary directory from the system's own binaries, reachable on a free
// loopback port by a password made for it, and gone with all its data when the
// process that started it ends, however it ends.
//
// PostgreSQL refuses to run as root. When the tests run as root, the server
// runs as the user postgres where there is one, otherwise as nobody.
//
// The server is set up for speed, not for safety (fsync is off), and on purpose
// not like SQLite in two ways that a careless query would stumble over: its
// time zone is Asia/Shanghai, and text sorts by the rules of Chinese.
package cluster
