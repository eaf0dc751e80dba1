package store

import (
	"context"

	"github.com/uptrace/bun"
)

type rulebookRow struct {
	bun.BaseModel `bun:"table:rulebooks,alias:b"`

	Key    string `bun:"key,pk"`
	Code   string `bun:"code"`
	Source []byte `bun:"source"`
}

// PutRulebook keeps a text for ever: the key names its content, so that what
// is there already is the same.
func (s caseStore) PutRulebook(ctx context.Context, key, code string, source []byte) error {
	return s.insert(ctx, "rulebook", s.w(ctx).NewInsert().
		Model(&rulebookRow{Key: key, Code: code, Source: source}).On("CONFLICT (key) DO NOTHING"))
}

// Rulebooks gives all texts by their key.
func (s caseStore) Rulebooks(ctx context.Context) (map[string][]byte, error) {
	var rows []rulebookRow
	if err := s.r(ctx).NewSelect().Model(&rows).Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list rulebooks", err)
	}
	out := make(map[string][]byte, len(rows))
	for _, r := range rows {
		out[r.Key] = r.Source
	}
	return out, nil
}
