// Package reverse catalogues backwards (反向编目, HB-7): from the schema of a
// department's own database it proposes catalog entries with their items, so
// that nobody types twice what a database already knows.
//
// A department's engineer registers a database as a source; its connection is
// sealed before it is stored and never told again. A run reads the schema, in
// one read-only transaction of the source, and is kept as a snapshot: names,
// types, keys and comments, no data. Of two snapshots Compare tells what changed
// and which catalog entries are concerned (CN-17). The people who compile the
// department's catalog look through the proposals, complete them and have drafts
// made of them by the catalog's own use case.
//
// Tables whose names or comments are marked secret are not proposed, and nothing
// of their content is kept (CN-3). Rows are read only when the person who asks
// for a run also asks for samples; they are looked at in memory to tell which
// columns hold personal information, and are neither stored nor logged.
//
// Reading itself is the work of package reverse/reader.
package reverse
