// Package calllog shows both sides of a grant what they called and what was
// called of theirs, and compares their own records with the ledger (CN-29.2,
// XN-18).
//
// The calls themselves stand in the ledger. A projection keeps for each call
// only by whom, of whom, under which grant, when and with what status
// (call_logs), so that a page of a log is found by an index and its facts are
// read from the ledger's entries: nothing is told here that the ledger does
// not prove.
//
// A reconciliation takes a side's own log, line by line, and compares it with
// the ledger in portions: what matches, what they lack, what we lack, what
// differs. Neither the log nor the comparison is ever held in memory.
package calllog
