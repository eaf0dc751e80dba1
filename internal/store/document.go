package store

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// encode makes the JSON text of a column. The character U+0000, which JSONB
// cannot hold, is refused on both engines alike.
func encode(what string, v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", what, err)
	}
	// An escaped backslash before u0000 is text about an escape, not one.
	if bytes.Contains(b, []byte(`\u0000`)) &&
		bytes.Contains(bytes.ReplaceAll(b, []byte(`\\`), nil), []byte(`\u0000`)) {
		return "", fault.New(fault.Invalid, "nul_character", "内容中含有不可用的空字符（U+0000）")
	}
	return string(b), nil
}

// decode reads the JSON text of a column.
func decode[T any](what, text string) (T, error) {
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return v, fmt.Errorf("decode %s: %w", what, err)
	}
	return v, nil
}

// convert maps stored rows to what the domain knows, in order.
func convert[R, D any](rows []R, to func(R) (D, error)) ([]D, error) {
	out := make([]D, 0, len(rows))
	for _, r := range rows {
		d, err := to(r)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}
