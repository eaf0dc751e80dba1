// Package correction is the checking and correction of shared data (CN-26,
// HB-16): a consumer reports that a record it received is wrong or incomplete,
// the provider verifies, corrects and answers in ten working days, and whoever
// received the same record earlier is told.
//
// Where the personal data are. The key of a record and its values, wrong and
// right, are sealed with the node's key in a row beside the case (Record). The
// case, its acts, the ledger, notices, addresses and logs know only the row's
// ID, the codes of the items and the keyed digests under which the ledger keeps
// queried identifiers anyway. The sealed content is read by people of the two
// departments alone, and each reading is an entry in the ledger. Free text of
// the case is refused when it repeats what is sealed.
//
// Who received the record. Calls are in the ledger with those digests. Package
// correction keeps a projection of them (Project), from which recipients are
// found by an index, and a checker that compares it with the ledger (Check).
// Calls that named no identifier may have held the record: their consumers are
// told so. A call that searched by the beginning of an identifier is recorded
// under the digest of that beginning and is not found.
package correction
