// Package demand brings demand and supply together (供需对接, CN-20.1, HB-21): a
// department that finds nothing in the catalog says what it needs, its authority
// finds who has the data and assigns, the department assigned confirms and
// catalogues, and whoever asked is told and applies.
//
// The case of the procedure demand is the asker's; each assignment is a case of
// the procedure demand_assignment of its own, so that a demand can be assigned
// again. Across levels and regions the common superior authority decides on the
// assignment (CN-9). That the data are catalogued is seen, not declared: the
// effect of a publication posts a message, and its handler takes the platform's
// steps once the version that was linked, or a later one, is published.
//
// What other departments may know of a demand (what is needed, not for what) is
// kept in a row beside the case, the board. A department that needs the same
// joins it there and is told what becomes of it.
package demand
