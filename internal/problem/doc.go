// Package problem turns errors into RFC 9457 problem documents. It holds the
// one table from fault.Kind to HTTP status; the gateway and the web API both
// answer with it, features never import it. What is not a fault becomes an
// opaque 500 with an incident ID: the cause goes to the log, never to the
// caller.
package problem
