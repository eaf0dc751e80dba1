package sheet

import (
	"context"
	"io"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sheet/table"
)

// MaxExport is how many resources one export takes.
const MaxExport = 20_000

// Selection says what is exported: the resources named, or the catalog of a
// department (its own people see drafts too), narrowed as in a list.
type Selection struct {
	Format    table.Format
	Resources []string // IDs
	Filter    catalog.Filter
}

// Export writes the template with what is selected and what the principal may
// see of it. An entry that is being edited is exported as it is being edited, to
// those who may see that: what comes back is compared with the same (CN-16).
func (s *Service) Export(ctx context.Context, p org.Principal, sel Selection, out io.Writer) error {
	if len(sel.Resources) > MaxExport {
		return fault.Newf(fault.TooLarge, "export_too_large", "一次最多导出%d个信息资源", MaxExport)
	}
	for _, id := range sel.Resources[:min(len(sel.Resources), 1)] { // before the answer begins
		if _, _, _, err := s.Catalog.Get(ctx, p, id); err != nil {
			return err
		}
	}
	return s.book(ctx, sel.Format, out, false, func(put func(catalog.Resource, catalog.Entry) error) error {
		one := func(id string) error {
			r, published, pending, err := s.Catalog.Get(ctx, p, id)
			if err != nil {
				return err
			}
			switch {
			case pending != nil:
				return put(r, pending.Entry)
			case published != nil:
				return put(r, published.Entry)
			}
			return nil
		}
		for _, id := range sel.Resources {
			if err := one(id); err != nil {
				return err
			}
		}
		if len(sel.Resources) > 0 {
			return nil
		}
		f := sel.Filter
		f.Limit = 200
		for n := 0; ; {
			page, err := s.Catalog.List(ctx, p, f)
			if err != nil {
				return err
			}
			for _, x := range page {
				if n++; n > MaxExport {
					return fault.Newf(fault.TooLarge, "export_too_large", "一次最多导出%d个信息资源；请缩小范围", MaxExport)
				}
				if err := one(x.Resource.ID); err != nil {
					return err
				}
				f.After = x.Resource.ID
			}
			if len(page) < f.Limit {
				return nil
			}
		}
	})
}
