package store

import (
	"context"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// EachItem hands over all items that are shared, by resource and code: what a
// comparison that uses no index would read.
func (s *Store) EachItem(ctx context.Context, fn func(catalog.PublishedItem) error) error {
	all, err := s.db.found(ctx, "SELECT "+foundColumns+" FROM published_items WHERE "+isShared+" ORDER BY resource, code", nil)
	for _, x := range all {
		if err := fn(x); err != nil {
			return err
		}
	}
	return err
}
