// Package lookup answers "who looked at this person's data" (CN-29.2, CN-37,
// the regulation's duty to trace use): to an authority's supervisors and
// auditors, with a legal basis and a case number, and to nobody else.
//
// The ledger holds keyed digests of the identifiers that calls asked with. Only
// the node, which has the key, can make the digest of a name; the question is
// itself an entry of the ledger, with the digest in the place of the
// identifier, written before anything is answered, and the authority is told of
// it. A later search for the same person finds the earlier searches too.
//
// An index by digest is a projection of the ledger: it follows it, and an
// answer says how far it had come. What stands in an answer is read from the
// ledger's entries. Calls that asked without an identifier (whole pages of a
// resource) name nobody and are not found here.
package lookup
