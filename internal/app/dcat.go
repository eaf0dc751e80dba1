package app

import (
	"context"
	"io"

	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/store"
)

// wireDCAT makes the catalog's documents under the node's first public
// address: the IRIs of all entries begin with it.
func wireDCAT(cfg Config, s *store.Store) (*dcat.Service, error) {
	address := "http://" + cfg.Addr
	if len(cfg.PublicURLs) > 0 {
		address = cfg.PublicURLs[0]
	}
	return dcat.NewService(address, s.DCAT(), s.DCATFeed())
}

// ExportDCAT writes the published catalog of a node's database as one DCAT
// document, as the audience sees it. The node need not run.
func ExportDCAT(ctx context.Context, cfg Config, a dcat.Audience, f dcat.Format, out io.Writer) error {
	if err := cfg.complete(); err != nil {
		return err
	}
	if len(cfg.PublicURLs) == 0 {
		return fault.New(fault.Invalid, "public_url_required", "须指定节点的公开地址(public-url)：目录中各条目的标识以它开头")
	}
	s, err := store.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Ready(ctx); err != nil {
		return err
	}
	service, err := wireDCAT(cfg, s)
	if err != nil {
		return err
	}
	return service.Dump(ctx, a, f, out, nil)
}
