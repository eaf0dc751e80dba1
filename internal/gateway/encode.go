package gateway

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/shuqiao/shuqiao/internal/gateway/mask"
)

// encodeRows writes {"rows":[…],"count":n,"next":"…"}: of each row the items
// asked for and nothing else, in that order, masked where the grant does not
// show them in clear. "next" is there when more rows may follow.
func encodeRows(g *grant, items []string, t table, rows []int, next string) ([]byte, error) {
	type shown struct {
		*item
		column int
	}
	columns := make([]shown, len(items))
	for i, code := range items {
		columns[i] = shown{g.items[code], t.column(code)}
	}
	b := make([]byte, 0, 64+len(rows)*len(items)*48)
	b = append(b, `{"rows":[`...)
	var err error
	for i, row := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		for j, it := range columns {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(b, it.quoted...)
			if it.mask == nil {
				b, err = t.appendJSON(b, row, it.column)
			} else {
				b, err = appendValue(b, mask.Value(it.mask, t.value(row, it.column)))
			}
			if err != nil {
				return nil, err
			}
		}
		b = append(b, '}')
	}
	b = append(b, `],"count":`...)
	b = strconv.AppendInt(b, int64(len(rows)), 10)
	if next != "" {
		b = append(b, `,"next":"`+next+`"`...) // base64url: nothing to escape
	}
	return append(b, "}\n"...), nil
}

func appendMatch(b []byte, match bool) []byte {
	b = append(b, `{"match":`...)
	b = strconv.AppendBool(b, match)
	return append(b, "}\n"...)
}

func appendValue(b []byte, v any) ([]byte, error) {
	switch x := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case string:
		out, err := jsontext.AppendQuote(b, x)
		if err != nil { // invalid UTF-8: replaced in out, which is never shown half
			return nil, fmt.Errorf("gateway: a value is not UTF-8")
		}
		return out, nil
	case bool:
		return strconv.AppendBool(b, x), nil
	case int64:
		return strconv.AppendInt(b, x, 10), nil
	case int:
		return strconv.AppendInt(b, int64(x), 10), nil
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return append(b, "null"...), nil
		}
		if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e21) {
			out, err := json.Marshal(x)
			return append(b, out...), err
		}
		return strconv.AppendFloat(b, x, 'f', -1, 64), nil
	}
	return nil, fmt.Errorf("gateway: a value of type %T in a row", v)
}
