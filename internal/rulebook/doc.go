// Package rulebook reads the law as data: instruments with rank, territory and
// dates, their clauses, terms and procedures, and says which rules are in
// force in a region on a day.
//
// A rulebook is YAML, strict (an unknown key is an error) and checked as a
// whole when it is read: every clause, stage, field, relation and term it
// names must exist, every stage must be reachable and, unless final, have a
// way out to an end. Everything wrong is told at once. CheckTogether then checks
// instruments against each other, and Rules.Effective decides which of their
// terms for one duty applies: a local rule may be stricter than the national
// one, not laxer. The package is pure: it reads bytes it is given and knows no
// clock, storage or transport.
package rulebook
