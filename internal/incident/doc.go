// Package incident handles security incidents (CN-35.3): the emergency response
// begins with the report; grants and systems may be cut off in the same step,
// and later; the competent authorities are told within the term; the authority
// may order measures; harm is contained, and a summary with cause and lessons
// closes the case.
//
// A grant is cut off by the suspension flag of the side that cuts it, a system
// by its day of disabling: the gateway refuses both within a second. What a case
// cut off is kept (Cut), so that lifting gives back what this response took and
// nothing else: a flag that a suspension case had set before stays.
package incident
