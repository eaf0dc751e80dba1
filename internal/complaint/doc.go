// Package complaint takes complaints and reports of the public (CN-37.2): anyone
// writes one without an account, gets a number and a secret code, and follows it
// with both. The department that accepts it handles it within the terms of the
// rulebook.
//
// What people write is personal by nature. Text and contact are sealed with the
// node's key in a row beside the case (Complaint); the case, the acts and the
// ledger hold its ID, the kind of grievance and the department it is about. Only
// clerks and heads of the department that handles it now open it, and each
// opening is an entry in the ledger; the department complained of is no party
// and learns nothing from the platform. The code is kept as a digest: it proves
// the complainant and cannot be given again.
//
// A complaint that belongs elsewhere is transferred: its case ends and a new one
// begins at the other department, with the same number for the complainant. No
// department that had it gets it back.
package complaint
