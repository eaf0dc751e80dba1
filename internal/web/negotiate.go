package web

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/problem"
)

// serialisations are the media types of catalog documents, the preferred one
// first. JSON-LD is JSON, so who asks for JSON is served.
var serialisations = []struct {
	media  string
	format dcat.Format
}{
	{"application/ld+json", dcat.JSONLD},
	{"text/turtle", dcat.Turtle},
	{"application/json", dcat.JSONLD},
}

// negotiated takes the format from the address's suffix, which decides alone,
// or from the Accept header. It gives the address without the suffix; ok is
// false when the caller takes none of the formats.
func negotiated(r *http.Request, what string) (ask dcat.Ask, rest string, ok bool) {
	for _, f := range []dcat.Format{dcat.JSONLD, dcat.Turtle} {
		if rest, found := strings.CutSuffix(what, f.Extension()); found {
			return dcat.Ask{Format: f, Suffix: f.Extension()}, rest, true
		}
	}
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return dcat.Ask{Format: dcat.JSONLD}, what, true
	}
	best := 0.0
	for _, s := range serialisations {
		if q := wanted(accept, s.media); q > best {
			best, ask.Format = q, s.format
		}
	}
	return ask, what, best > 0
}

// wanted is how much the Accept header wants a media type, 0 to 1: what the
// most specific range that covers it says (RFC 9110, 12.5.1).
func wanted(accept, media string) float64 {
	major, _, _ := strings.Cut(media, "/")
	q, closest := 0.0, 0
	for part := range strings.SplitSeq(accept, ",") {
		rng, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		near := 0
		switch rng {
		case media:
			near = 3
		case major + "/*":
			near = 2
		case "*/*":
			near = 1
		}
		if near <= closest {
			continue
		}
		q, closest = 1, near
		if text, given := params["q"]; given {
			if q, err = strconv.ParseFloat(text, 64); err != nil || q < 0 || q > 1 {
				q = 0
			}
		}
	}
	return q
}

// notAcceptable answers 406. It is written here and not in the table of package
// problem, because only transport knows media types.
func notAcceptable(w http.ResponseWriter) {
	var offered []string
	for _, s := range serialisations {
		offered = append(offered, s.media)
	}
	w.Header().Add("Vary", "Accept")
	problem.Send(w, problem.Problem{
		Type: "urn:shuqiao:problem:not_acceptable", Title: "没有所要的格式", Status: http.StatusNotAcceptable,
		Detail: "可提供的格式：" + strings.Join(offered, "、"), Code: "not_acceptable",
		Facts: map[string]any{"offered": offered},
	})
}
