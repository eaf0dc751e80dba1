// Package calendar takes the State Council's yearly holiday notice while the
// node runs: an administrator of the node's highest authority files it, a dry
// run shows which running terms would end on another day, and from then on
// every replica counts with it, without a new release.
//
// # Objectives
//
//   - A filed notice is never changed or deleted; a correction is a further
//     version that names what it replaces and why. Each has an entry in the
//     ledger.
//   - What does not fit is refused with every fault at once: a day twice, a
//     day of another year, a make-up day that is a working day anyway, a
//     statutory holiday left out, a year that has a different notice already.
//   - All who count days share one Live calendar, which is swapped as a whole.
//     A replica looks for new notices every other second.
//
// # Non-goals
//
// Counting days is package worktime's; counting running terms again is
// casework's (Recompute).
package calendar
