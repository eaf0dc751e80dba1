// Package lawview shows people what the rulebooks say: what rests on a clause,
// all terms with what applies where, the state diagram and the tables of each
// procedure, and which clause is enforced by what and shown by which test.
//
// Everything is generated from the rulebooks, so it says what the platform
// does and not what somebody once wrote about it. The package is pure: it
// turns rulebooks into text and data and reads nothing itself.
package lawview
