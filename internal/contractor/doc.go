// Package contractor keeps the entrustments by which others run a department's
// systems or process its data (CN-36, HB-27, XN-25): approved by the department's
// head before any access, bounded to named systems, grants and resources, with the
// agreements on file, until a day.
//
// Whether an entrustment is in force follows from its facts and the time; nobody
// has to end it for access to end. Standing is the rule that the gateway asks on
// each call of a system: a system that a contractor operates calls only within an
// entrustment in force, and each such call bears its mark. After the last day the
// system is refused until the department has entrusted it anew, or has filed that
// it runs the system itself.
package contractor
