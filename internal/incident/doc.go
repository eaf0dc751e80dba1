// Package incident handles security incidents (CN-35.3): the emergency response
// begins with the report; grants and systems may be cut off in the same step,
// and later; the competent authorities are told within the term; the authority
// may order measures; harm is contained, and a summary with cause and lessons
// closes the case.
//
// A grant is cut off by a hold on the side that cuts it (sharing.Hold), a system
// by its day of disabling: the gateway refuses both within a second. What a case
// cut off is kept (Cut), so that lifting gives back what this response took and
// nothing else: a suspension stays, whichever came or went first.
package incident
