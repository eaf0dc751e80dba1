// Command gateway measures the data plane beside its peers: nginx and a plain
// httputil.ReverseProxy with mutual TLS and a tuned pool, on the same upstream,
// with the same load generator, in the same run. Every server is a process of
// its own, so that memory is its own; all share the machine's cores.
//
// What is compared is unequal on purpose: the peers forward bytes, the gateway
// authenticates the system, holds the call to grant, purpose, items, rows and
// quota, masks three of ten items, and answers only when the call is recorded
// durably in the ledger.
//
//	bench/gateway/run             # or make bench-gateway; about five minutes
//	bench/gateway/run -runs 1 -seconds 2
//
// Figures go to bench/out/gateway.json.
package main
