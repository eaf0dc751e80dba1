// Package metrics counts what the node does, for Prometheus. Names and alerts
// are in docs/metrics.md.
//
// Labels have few values that the program knows beforehand: kinds of calls,
// codes of refusals, names of jobs. No grant, system or person is a label.
// Counting must cost a call next to nothing, so what is counted on its path is
// looked up once, at the start.
package metrics
