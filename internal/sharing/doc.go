// Package sharing holds what an agreed application gives: the grant. Who,
// which systems, what items and rows, for what purpose, how, until when. The
// gateway lets through what a grant in force covers and nothing else.
//
// The application itself is a case on the procedure kernel, and so is all that
// happens to a grant afterwards: suspension, disposal, end and change of a
// service, widening, renewal (CN-25.1, CN-27). This package brings their checks
// and effects. Whatever changes a grant leaves a line in its history.
package sharing
