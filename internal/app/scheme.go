package app

import "github.com/shuqiao/shuqiao/internal/catalog"

// scheme gives the one catalog standard: classes and standard data elements.
func (n *Node) scheme() *catalog.Scheme {
	return catalog.NewScheme(n.Store.Scheme(), n.Ledger, n.Config.Clock)
}
