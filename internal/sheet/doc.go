// Package sheet brings the catalog in and out as tables (HB-7, CN-12): xlsx and
// CSV, in the platform's own template or in the layout that a department has,
// that of the national compilation guide included.
//
// An import never writes when a file arrives. A worker reads the file, compares
// it with the catalog and keeps for every resource what would become of it: new,
// changed (which fields), unchanged, or refused with the reason for each cell.
// Somebody looks at that and commits exactly it, by its digest; what changed in
// the catalog meanwhile is told and nothing is written. A file is committed as a
// whole or, if asked, resource by resource; a resource with its items is never
// split. What comes of it are drafts, made by the catalog's own use cases under
// the rights of the person who asked: publication is a case, as ever (CN-16).
//
// A blank cell leaves what is there; Clear empties it. Items that a file does
// not name stay. Resources are found by their code, else by their name within
// the department.
//
// Rows that are marked as secret are refused, the attempt is recorded without
// their content, and the uploaded file is wiped (CN-3).
//
// Reading and writing of files, and everything that hostile ones may try, is the
// work of package sheet/table.
package sheet
