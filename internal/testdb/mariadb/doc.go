// Package mariadb runs a private MariaDB server for the tests of reverse
// cataloguing: made in a temporary directory from the system's own binaries,
// reachable on a free loopback port by a password made for it, and gone with its
// data when the process that started it ends, however it ends. It is set up for
// speed, not for safety.
package mariadb
