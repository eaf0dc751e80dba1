// Package e2e plays whole scenarios through HTTP on a wired node, on both
// databases: what an actor sees, and what must be true afterwards.
package e2e
