// Package supervision is how the platform answers for the law being kept:
// violations and their rectification (CN-39 to CN-41, HB-30, XN-26),
// inspections and circulars (CN-29.1), and the assessment of departments
// (HB-28, CN-38, XN-22).
//
// A violation is reported once, whoever sees it and however often: by a clock
// that ran out, by a detector that reads the ledger or the grants, by an
// inspection, or by a person's report that was verified. Each opens exactly one
// rectification case, at the authority that the law names; that one is computed
// and never typed in.
package supervision
