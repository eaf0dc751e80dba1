// Package crash kills a node with SIGKILL at random moments under load, again
// and again, and checks each time that nothing it acknowledged is lost: every
// act whose answer arrived is there with its ledger entry, every call of which
// as much as the status line arrived has its entry, with the digest of the
// body that was received, and the whole log verifies.
//
// The node is the real binary in a process of its own. What is killed is the
// process, not the machine: that a commit survives a power cut is another test.
//
//	SHUQIAO_CRASH_ROUNDS  rounds on both databases together; default 12
//	SHUQIAO_CRASH_SEED    repeats the choices of an earlier run (the moments
//	                      still fall where the scheduler lets them)
package crash
