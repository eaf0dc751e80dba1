// Package monitor watches how grants are used and stops what must be stopped
// (CN-35): unusual volume, calls outside working hours, enumeration by
// sequential keys or many misses, bursts of refusals, a system that calls from
// a new address. What is unusual, and what happens then, is in
// law/risk/monitoring.yaml: a signal alone, or a grant slowed, paused or cut
// off at once. People confirm or dismiss a signal, with person and time, and
// turn it into a case in one step.
//
// The Collector is fed by the gateway after a call's record is durable; Tick
// judges what it holds once a second. Barriers are what is slowed, paused or
// cut off, by a rule or by a person in an emergency: a system, a department as
// consumer or as provider, a resource, a grant, or everything.
//
// # What is kept of persons: nothing
//
// Queried keys come in as numbers, are shifted by a random amount that this
// process draws for each grant, and stay in memory for the time of a window;
// only the shares computed from them are written. Addresses are kept as their
// /24 or /48 network in clear: the office that must judge a signal has to
// recognise its own machine room, which a keyed digest would prevent, and a
// network of a government system names no person. The public ledger holds
// neither: only which rule spoke about which grant, when, and what was done.
package monitor
