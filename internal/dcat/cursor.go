package dcat

import (
	"encoding/base64"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// A cursor says how far a harvester has read: the audience it read as and the
// position in the feed. It is opaque to harvesters. Read as the public and gone
// on with as a department it would leave out what the public is not told of, so
// it holds for its audience only.
func cursorOf(a Audience, position string) string {
	if position == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte("1" + string(a[0]) + position))
}

// readCursor gives the position that the cursor stands for; "" is the beginning.
func readCursor(a Audience, cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	rest, ours := strings.CutPrefix(string(raw), "1")
	if err != nil || !ours || len(rest) < 2 {
		return "", CursorVoid()
	}
	switch rest[:1] {
	case string(a[0]):
		return rest[1:], nil
	case string(Departments[0]), string(Public[0]):
		return "", fault.New(fault.Invalid, "cursor_of_other_audience", "该游标是以另一身份取得的，请以原身份继续，或者不带游标重新采集")
	}
	return "", CursorVoid()
}

// CursorVoid refuses a cursor that was never given out, or not by this database
// as it is now: one from before a restore says nothing about what came after.
func CursorVoid() error {
	return fault.New(fault.Invalid, "cursor_void", "游标无效或已失效（例如数据库已恢复到较早的备份），请不带游标重新采集")
}
