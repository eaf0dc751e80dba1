// Package testdb gives a test a database of its own, on both engines that the
// platform supports. It is imported by tests only.
//
//	func TestGrants(t *testing.T) {
//		testdb.EachMigrated(t, store.Migrate, func(t *testing.T, url string) {
//			…open url, test…
//		})
//	}
//
// runs the function as the subtests "sqlite" and "postgres", each on a fresh,
// migrated database that is gone afterwards. URLs have the two forms that the
// store opens: sqlite:///path/to/file.db and postgres://….
//
// PostgreSQL is the server that SHUQIAO_TEST_POSTGRES names: a URL of a role that
// may create databases. make test sets it. Where it is not set, the first test
// that needs PostgreSQL starts a private server for its test binary (package
// cluster); where none is installed the test is skipped, saying so.
package testdb
