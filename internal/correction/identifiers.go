package correction

import (
	"context"
	"maps"
	"slices"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// askedBy gives the digests under which others may have asked for the record,
// so that whoever found it by its telephone number is told although the report
// names it by its identity number: the digests of its key, of sensitive values
// that were found, proposed or filed, and of the row where the platform hosts
// it. It runs before the row is changed.
func (s *Service) askedBy(ctx context.Context, c *procedure.Case, rec Record) ([]string, error) {
	content, err := s.content(rec)
	if err != nil {
		return nil, err
	}
	filed, err := s.filed(rec)
	if err != nil {
		return nil, err
	}
	res, err := s.Resources.Resource(ctx, c.Subject)
	if err != nil {
		return nil, err
	}
	v, err := s.Resources.Version(ctx, res.ID, res.Published)
	if err != nil {
		return nil, err
	}
	items, out := itemsOf(v.Entry), slices.Clone(rec.Identifiers)
	note := func(code string, value any) {
		text, ok := scalar(value)
		kind := items[code].Sensitivity
		if !ok || text == "" || kind == "" {
			return
		}
		if digest := s.Digest(kind, text); !slices.Contains(out, digest) {
			out = append(out, digest)
		}
	}
	for _, claim := range content.Claims {
		note(claim.Item, claim.Found)
		note(claim.Item, claim.Right)
	}
	for _, code := range slices.Sorted(maps.Keys(filed)) {
		note(code, filed[code])
	}
	if v.Entry.Collection != catalog.HostedCopy {
		return out, nil
	}
	row, err := s.row(ctx, c, v, content.Key)
	if _, refused := fault.As(err); err != nil && !refused {
		return nil, err
	} // refused: no such row, or several; then its other identifiers are not known here
	for _, code := range slices.Sorted(maps.Keys(row)) {
		note(code, row[code])
	}
	return out, nil
}
