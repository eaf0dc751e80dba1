// Package usage keeps the records that a consumer makes of how shared data were
// used (使用记录, CN-29.2, XN-18): scenario, process, effect, storage and
// destruction; who used it, who approved, what, when, how and on what medium.
//
// A record is never changed; a later one may correct it. It is kept for at
// least three years, which the database itself enforces: this package has no
// way to delete one. The consumer, the provider and their authorities read it.
//
// Calls of service APIs are recorded by the gateway; here stands what the
// gateway cannot see, above all of batches and files. Persons are named by
// their accounts only.
package usage
