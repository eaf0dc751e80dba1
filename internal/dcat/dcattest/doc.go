// Package dcattest holds published catalogs in memory for tests: sample
// entries, and a source that many write to at once.
package dcattest
