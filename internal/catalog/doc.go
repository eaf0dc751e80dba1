// Package catalog keeps what every department has: resources with their data
// items, each published version for ever, one pending version beside it, the
// checks that an entry must pass (CN-13, CN-15) and its publication, which
// runs on the procedure kernel.
package catalog
