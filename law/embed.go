// Package law embeds the rulebooks and the working-day calendars. The law is
// data: a term changes by changing a file here, with its clause number.
package law

import "embed"

// Rulebooks holds the instruments, one YAML file each.
//
//go:embed *.yaml
var Rulebooks embed.FS

// Workdays holds the yearly holiday notices and the statutory holidays.
//
//go:embed workdays
var Workdays embed.FS
