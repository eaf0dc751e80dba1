package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/checkdigit"
)

// Upstream is a provider's service with synthetic people: what stands behind
// the linked resource. It answers the gateway's queries as a department's own
// system would (see internal/gateway/ADAPTER.md).
type Upstream struct{ people []map[string]any }

// people in the demo population.
const population = 2000

// NewUpstream makes the population. The same seed gives the same people.
func NewUpstream(seed uint64) *Upstream {
	r := rand.New(rand.NewPCG(seed, 809))
	u := &Upstream{}
	counties := []struct{ code, name string }{{"130102", "长安区"}, {"130104", "桥西区"}, {"130105", "新华区"}, {"130108", "裕华区"}}
	for i := range population {
		county := counties[i%len(counties)]
		birth := fmt.Sprintf("%04d%02d%02d", 1940+r.IntN(80), 1+r.IntN(12), 1+r.IntN(28))
		id, err := checkdigit.CompleteResidentID(fmt.Sprintf("%s%s%03d", county.code, birth, r.IntN(1000)))
		if err != nil { // the bodies are ours
			panic(err)
		}
		sex := "女"
		if (id[16]-'0')%2 == 1 {
			sex = "男"
		}
		u.people = append(u.people, map[string]any{
			"id_number": id, "name": pick(r, surnames) + pick(r, given), "sex": sex,
			"birth_date": birth[:4] + "-" + birth[4:6] + "-" + birth[6:],
			"phone":      fmt.Sprintf("199%08d", r.IntN(100_000_000)),
			"address":    fmt.Sprintf("河北省石家庄市%s演示路%d号%d单元%d室", county.name, 1+r.IntN(300), 1+r.IntN(6), 101+r.IntN(30)*100),
			"region":     county.code,
		})
	}
	slices.SortFunc(u.people, func(a, b map[string]any) int {
		return strings.Compare(a["id_number"].(string), b["id_number"].(string))
	})
	return u
}

var (
	surnames = strings.Fields("赵 钱 孙 李 周 吴 郑 王 冯 陈 欧阳 司马 上官 诸葛")
	given    = strings.Fields("示一 示二 示三 样甲 样乙 样丙 例子 演示 拟名 虚构")
)

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

// Person gives the i-th person: what a story looks up.
func (u *Upstream) Person(i int) map[string]any { return u.people[i] }

type upstreamQuery struct {
	Items []string `json:"items"`
	Where []struct {
		Item   string   `json:"item"`
		Op     string   `json:"op"`
		Values []string `json:"values"`
	} `json:"where"`
	Limit int      `json:"limit"`
	After []string `json:"after"`
}

// ServeHTTP answers POST /query.
func (u *Upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/query") {
		http.NotFound(w, r)
		return
	}
	var q upstreamQuery
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&q); err != nil {
		http.Error(w, "bad query", http.StatusBadRequest)
		return
	}
	rows := []map[string]any{}
	for _, p := range u.people {
		if len(rows) == q.Limit {
			break
		}
		if len(q.After) == 1 && p["id_number"].(string) <= q.After[0] || !matches(p, q) {
			continue
		}
		row := map[string]any{}
		for _, item := range q.Items {
			row[item] = p[item]
		}
		rows = append(rows, row)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"rows": rows})
}

func matches(p map[string]any, q upstreamQuery) bool {
	for _, c := range q.Where {
		v, _ := p[c.Item].(string)
		ok := slices.Contains(c.Values, v)
		if c.Op == "prefix" {
			ok = len(c.Values) == 1 && strings.HasPrefix(v, c.Values[0])
		}
		if !ok {
			return false
		}
	}
	return true
}
