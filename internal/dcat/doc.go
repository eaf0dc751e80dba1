// Package dcat describes the published catalog in DCAT 3 by the application
// profile DCAT-AP 3, as JSON-LD and Turtle: one entry, page after page, as one
// stream, and as a feed of changes for harvesters. It decides what each kind of
// reader is told of an entry, and knows nothing of transport and storage. The
// mapping is written down in docs/dcat.md.
package dcat
