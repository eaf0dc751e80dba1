package gateway

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// AppendJSON writes the facts as encoding/json would, which is what the ledger
// keeps of them. A call is recorded thousands of times a second; reflection
// would cost as much as the checks together. A test holds it against
// encoding/json, field by field.
func (f *Facts) AppendJSON(b []byte) []byte {
	w := factWriter{b: append(b, '{')}
	w.text("endpoint", f.Endpoint)
	w.text("grant", f.Grant)
	w.text("resource", f.Resource)
	if f.Version != 0 {
		w.number("resource_version", int64(f.Version))
	}
	w.text("system", f.System)
	w.text("credential", f.Credential)
	w.text("auth", f.Auth)
	w.text("consumer", f.Consumer)
	w.text("provider", f.Provider)
	w.text("contractor", f.Contractor)
	w.text("purpose", f.Purpose)
	w.text("purpose_digest", f.PurposeDigest)
	w.text("operator", f.Operator)
	w.text("case_number", f.CaseNumber)
	w.texts("items", f.Items)
	w.texts("conditions", f.Conditions)
	w.texts("identifiers", f.Identifiers)
	w.number("rows", int64(f.Rows))
	if f.Dropped != 0 {
		w.number("dropped", int64(f.Dropped))
	}
	w.number("status", int64(f.Status))
	w.text("code", f.Code)
	w.text("basis", f.Basis)
	w.text("incident", f.Incident)
	w.name("response_sha256")
	w.quote(f.ResponseSHA256)
	w.number("response_bytes", int64(f.ResponseBytes))
	w.number("duration_us", f.DurationUS)
	return append(w.b, '}')
}

type factWriter struct{ b []byte }

func (w *factWriter) name(name string) {
	if w.b[len(w.b)-1] != '{' {
		w.b = append(w.b, ',')
	}
	w.b = append(w.b, '"')
	w.b = append(w.b, name...)
	w.b = append(w.b, '"', ':')
}

// quote writes a text; what is not UTF-8 gets the sign that stands for it, and
// the two line separators are escaped, as with encoding/json.
func (w *factWriter) quote(s string) {
	start := len(w.b)
	w.b, _ = jsontext.AppendQuote(w.b, s)
	for _, sep := range [...]string{"\u2028", "\u2029"} {
		if strings.Contains(s, sep) {
			escaped := bytes.ReplaceAll(w.b[start:], []byte(sep), fmt.Appendf(nil, `\u%x`, []rune(sep)[0]))
			w.b = append(w.b[:start], escaped...)
		}
	}
}

func (w *factWriter) text(name, s string) {
	if s != "" {
		w.name(name)
		w.quote(s)
	}
}

func (w *factWriter) texts(name string, list []string) {
	if len(list) == 0 {
		return
	}
	w.name(name)
	for i, s := range list {
		if i == 0 {
			w.b = append(w.b, '[')
		} else {
			w.b = append(w.b, ',')
		}
		w.quote(s)
	}
	w.b = append(w.b, ']')
}

func (w *factWriter) number(name string, n int64) {
	w.name(name)
	w.b = strconv.AppendInt(w.b, n, 10)
}
