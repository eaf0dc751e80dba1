// Command testreport runs the steps of a test run and ends with one account of
// all of them, so that nothing is lost on the way: not a failure, and not a part
// that was left out.
//
//	testreport gotest -state FILE NAME ARGS...        run "go test -json ARGS..." and keep the result
//	testreport step   -state FILE NAME COMMAND ARGS...  run a command and keep the result
//	testreport skip   -state FILE NAME REASON...      keep that a step was left out
//	testreport close  -state FILE [-strict]           print the account
//
// gotest prints a line for each package and the whole output of each test that
// failed. Each skipped test is kept by name with its reason. gotest and step
// give the command's exit code, so that a script can go on or stop as it likes:
// close remembers.
//
// close exits with 1 when anything failed, when no test ran, and with -strict
// (which continuous integration sets) when anything was skipped.
package main
