// Package sharing holds what an agreed application gives: the grant. Who,
// which systems, what items and rows, for what purpose, how, until when. The
// gateway lets through what a grant in force covers and nothing else.
//
// The application itself is a case on the procedure kernel; this package
// brings its checks and effects.
package sharing
