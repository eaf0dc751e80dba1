package app

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/sheet"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// keepImports is for how long uploaded files and the results of dry runs are
// kept.
const keepImports = 7 * day

// wireImports makes the service of catalog tables.
func (n *Node) wireImports() {
	s := n.Store
	n.Imports = sheet.NewService(sheet.Deps{Store: s.Imports(), Shelf: s.ImportShelf(), Catalog: n.Catalog, Scheme: n.scheme(), People: n.Org,
		Clock: n.Config.Clock, Refused: n.secretRefused})
}

// importJobs check and commit what was handed in, and clear away old files.
func (n *Node) importJobs() []worker.Job {
	return []worker.Job{
		{Name: "imports", Every: 500 * time.Millisecond, Run: n.Imports.Work},
		{Name: "clear imports", Every: 10 * time.Minute, Run: func(ctx context.Context) (bool, error) {
			return n.Imports.Sweep(ctx, keepImports)
		}},
	}
}
