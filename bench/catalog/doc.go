// Command catalog measures the search of the catalog at the size of the whole
// national catalog: 3 million resources with 20 million items in a private
// PostgreSQL, 1 million with 7 million in SQLite. It loads them, builds the
// index, has 16 users search without a pause, with facets, while entries are
// published, and asks PostgreSQL's own ways (trigram LIKE, text search over
// pairs of characters) the same. Figures with command, machine and versions go
// to bench/out/catalog.json.
package main
