// Package project is the gate that government information projects pass
// (XN-14): the data assets that a project will make are listed when it is
// planned, and it is accepted only when all of them are in the catalog and
// collected. Whether that is so is computed from the facts, not declared; the
// same facts give an opinion on funding (XN-10, CN-38) and tell whether an
// existing platform has been brought into the one system (CN-31, HB-23).
package project
