// Package docs holds the pages that the program itself reads.
package docs

import _ "embed"

// Traceability is the table of which requirement is shown by which test.
//
//go:embed traceability.md
var Traceability string
