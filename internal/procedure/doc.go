// Package procedure is the kernel that every statutory procedure runs on.
//
// A case is the fold of its acts: Apply takes a case, the rules it was
// received under and one step, and gives the next case with the act that led
// to it, or a refusal that names the clause. It is the one transition function
// of the platform; nothing else changes a stage. The kernel is pure and knows
// no particular procedure: stages, actions, who may act, fields and clocks
// come from the rulebook.
package procedure
