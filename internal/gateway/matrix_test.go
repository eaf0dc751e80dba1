package gateway_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// TestMatrix compares the gateway with an oracle that says in the plainest
// words what a call may learn: consumer × system × purpose × items × rows.
func TestMatrix(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		own, foreign := w.enrol(w.sys), w.enrol(w.other)
		sibling := w.addSystem("consumer-dept") // of the consumer, but perhaps not named
		siblingCert := w.enrol(sibling)
		codes := []string{"name", "phone", "region", "status", "score", "secret"}
		region := rapid.SampledFrom([]string{"1301", "130102", "1302", "13", "9"}).Draw(rt, "scope")
		granted := rapid.SliceOfNDistinct(rapid.SampledFrom(codes), 1, 6, rapid.ID).Draw(rt, "granted")
		clear := rapid.SliceOfDistinct(rapid.SampledFrom(codes), rapid.ID).Draw(rt, "clear")
		named := rapid.Bool().Draw(rt, "sibling named")
		w.edit(func() {
			w.grant.Items, w.grant.Clear = granted, clear
			w.grant.Rows = []catalog.Condition{{Item: "region", Op: catalog.Prefix, Values: []string{region}}}
			if named {
				w.grant.Systems = append(w.grant.Systems, sibling.ID)
			}
		})
		who := rapid.SampledFrom([]string{"own", "sibling", "foreign", "nobody"}).Draw(rt, "who")
		purpose := rapid.SampledFrom([]string{"低保审核", "其他"}).Draw(rt, "purpose")
		asked := rapid.SliceOfNDistinct(rapid.SampledFrom(codes), 1, 4, rapid.ID).Draw(rt, "asked")
		condItem := rapid.SampledFrom([]string{"", "region", "status", "score"}).Draw(rt, "condition on")
		condValue := rapid.SampledFrom([]string{"130102", "130202", "a", "1.5", "2"}).Draw(rt, "value")

		query := url.Values{"items": {strings.Join(asked, ",")}}
		if condItem != "" {
			query.Set("where."+condItem, condValue)
		}
		r := w.request(nil, "GET", w.rowsPath(query.Encode()), "")
		switch who {
		case "own":
			r = w.request(&own, "GET", w.rowsPath(query.Encode()), "")
		case "sibling":
			r = w.request(&siblingCert, "GET", w.rowsPath(query.Encode()), "")
		case "foreign":
			r = w.request(&foreign, "GET", w.rowsPath(query.Encode()), "")
		}
		r.Header.Set(gateway.HeaderPurpose, url.PathEscape(purpose))
		rec := w.do(r)

		allowed := (who == "own" || who == "sibling" && named) && purpose == "低保审核" &&
			!slices.ContainsFunc(asked, func(c string) bool { return !slices.Contains(granted, c) }) &&
			(condItem == "" || slices.Contains(granted, condItem))
		if (rec.Code == 200) != allowed {
			rt.Fatalf("allowed %v, answered %d %s", allowed, rec.Code, rec.Body)
		}
		if e, _ := w.last(); len(w.entries) != 1 || (e.Kind == ledger.Call) != allowed {
			rt.Fatalf("%d records, the last %s", len(w.entries), e.Kind)
		}
		if !allowed {
			if len(w.queries) != 0 {
				rt.Fatal("a refused call read data")
			}
			return
		}
		var a answer
		if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil {
			rt.Fatal(err)
		}
		var want []map[string]any
		for _, p := range people() {
			if !strings.HasPrefix(p["region"].(string), region) {
				continue
			}
			if b, _ := json.Marshal(p[condItem]); condItem != "" && strings.Trim(string(b), `"`) != condValue {
				continue
			}
			row := map[string]any{}
			for _, c := range asked {
				row[c] = p[c]
				if slices.Contains([]string{"name", "phone"}, c) && !slices.Contains(clear, c) {
					row[c] = masked[p[c].(string)]
				}
			}
			want = append(want, row)
		}
		got, _ := json.Marshal(a.Rows)
		expect, _ := json.Marshal(append([]map[string]any{}, want...))
		if string(got) != string(expect) || a.Count != len(want) {
			rt.Fatalf("got %s, want %s", got, expect)
		}
	})
}

// masked is written by hand, so that the oracle owes nothing to the masker.
var masked = map[string]string{
	"李雷": "李*", "韩梅梅": "韩**", "欧阳小明": "欧阳**", "王芳": "王*",
	"13800000001": "138****0001", "13800000002": "138****0002",
	"13800000003": "138****0003", "13800000004": "138****0004",
}
