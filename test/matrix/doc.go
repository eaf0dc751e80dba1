// Package matrix tries every action by every relation in every stage of every
// procedure of the rulebooks, on both databases. What the rulebook declares
// works; everything else is refused with clause and reason and leaves the case
// as it was. Nothing here knows a procedure: a new file under law/ is covered
// when it is there.
package matrix
