package crash

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// load is what runs against the nodes until they are killed.
type load struct {
	*world
	running sync.WaitGroup
	workers int
}

// worker is one stream of requests to one node, one at a time.
type worker struct {
	*load
	node   *process
	chance *rand.Rand
	n      int // requests sent
}

// begin starts the load on all nodes.
func (w *world) begin() *load {
	l := &load{world: w}
	shared := w.draft(w.nodes[0], "rst", w.codes, w.callers[0].form, "")
	jobs := []func(*worker) bool{
		func(x *worker) bool { return x.application("rst", "mzt", w.codes, w.callers[0]) },
		func(x *worker) bool { return x.application("sjzyb", "sjzga", w.persons, w.callers[1]) },
		// Two on one case: mostly one of them comes too late.
		func(x *worker) bool { return x.amend("rst.jb", shared) },
		func(x *worker) bool { return x.amend("rst.fzr", shared) },
		(*worker).tokenAndCheckpoint,
	}
	for range 6 { // so that several share a commit of the ledger
		jobs = append(jobs, (*worker).anyCall)
	}
	l.workers = len(jobs)
	for i, job := range jobs {
		x := &worker{load: l, node: w.nodes[i%len(w.nodes)], chance: rand.New(rand.NewPCG(w.chance.Uint64(), 0))}
		l.running.Go(func() {
			for job(x) {
			}
		})
	}
	return l
}

// send asks the worker's node and gives false when the node is gone. What goes
// wrong before that is a failure of the test.
func (x *worker) send(r request) (answer, bool) {
	x.n++
	a := x.node.send(r)
	switch {
	case x.node.doomed.Load():
		return a, a.err == nil
	case a.err != nil:
		x.t.Errorf("%s %s: %v", r.method, r.path, a.err)
	case a.status >= 500:
		x.t.Errorf("%s %s: %d %s", r.method, r.path, a.status, a.body)
	}
	return a, a.err == nil
}

// take takes a step and notes the acts of the answer. A conflict with somebody
// else's step is no failure where it is expected.
func (x *worker) take(user, path string, body any, conflicts bool) (caseView, bool) {
	var v caseView
	a, alive := x.send(request{method: http.MethodPost, path: path, token: x.sessions[user], body: body})
	switch {
	case !alive:
		return v, false
	case a.status == http.StatusConflict && conflicts:
		return v, true
	case a.status >= 300 || json.Unmarshal(a.body, &v) != nil:
		if a.status < 500 { // else it was told
			x.t.Errorf("%s as %s: %d %s", path, user, a.status, a.body)
		}
		return v, false
	}
	x.acks.act(v)
	return v, true
}

// draft opens an application outside of the load.
func (w *world) draft(p *process, short, resource string, form map[string]any, mark string) string {
	w.t.Helper()
	x := &worker{load: &load{world: w}, node: p}
	v, ok := x.open(short, resource, form, mark)
	if !ok {
		w.t.Fatalf("no draft; the node says:\n%s", p.log())
	}
	return v.ID
}

func (x *worker) open(short, resource string, form map[string]any, mark string) (caseView, bool) {
	fields := maps.Clone(form)
	fields["scenario"] = "办理业务时核对 " + mark
	return x.take(short+".jb", "/api/v1/cases", map[string]any{"procedure": "application", "subject": resource, "fields": fields}, false)
}

// application takes one application from draft to some end.
func (x *worker) application(short, provider, resource string, c *caller) bool {
	v, ok := x.open(short, resource, c.form, fmt.Sprint(x.n))
	step := func(user, action string, fields map[string]any) {
		if ok {
			v, ok = x.take(user, "/api/v1/cases/"+v.ID+"/actions/"+action, map[string]any{"fields": fields, "expect": v.Version}, false)
		}
	}
	clerk, head, replier := short+".jb", short+".fzr", provider+".fzr"
	for range x.chance.IntN(3) {
		step(clerk, "amend", map[string]any{"scenario": fmt.Sprint("修改 ", x.n)})
	}
	step(clerk, "propose", nil)
	if x.chance.IntN(4) == 0 {
		step(head, "send_back", map[string]any{"reasons": "写明场景"})
		step(clerk, "propose", map[string]any{"scenario": fmt.Sprint("写明 ", x.n)})
	}
	step(head, "consent", nil)
	switch x.chance.IntN(4) {
	case 0:
		step(replier, "agree", nil) // issues a grant in the same transaction
	case 1:
		step(replier, "refuse", map[string]any{"reasons": "法律规定不得提供"})
	case 2:
		step(clerk, "withdraw", nil)
	}
	return ok
}

// amend changes a case that others change too.
func (x *worker) amend(user, id string) bool {
	_, ok := x.take(user, "/api/v1/cases/"+id+"/actions/amend",
		map[string]any{"fields": map[string]any{"scenario": fmt.Sprint(user, " ", x.n)}}, true)
	return ok
}

// rows asks for data under a caller's grant.
func (c *caller) rows(items []string, item, op, value string, limit int) request {
	return request{method: http.MethodPost, path: "/share/v1/" + c.grant + "/rows", token: c.accessToken,
		body: map[string]any{"items": items, "limit": limit, "where": []map[string]any{{"item": item, "op": op, "values": []string{value}}}},
		headers: map[string]string{"Shuqiao-Purpose": url.PathEscape(c.form["purpose"].(string)),
			"Shuqiao-Operator": "crash-operator", "Shuqiao-Case": "YB-2026-000001"}}
}

// anyCall makes one call: in half of the cases one that is refused.
func (x *worker) anyCall() bool {
	hosted, linked := x.callers[0], x.callers[1]
	person := x.people.Person(x.chance.IntN(50))["id_number"].(string)
	codes := hosted.rows([]string{"code", "name"}, "code", "prefix", "130102", 1+x.chance.IntN(100))
	people := linked.rows([]string{"name", "phone"}, "id_number", "eq", person, 1)
	r, code := codes, ""
	switch x.chance.IntN(10) {
	case 0, 1, 2:
	case 3, 4:
		r = people
	case 5:
		r, code = linked.rows([]string{"name", "address"}, "id_number", "eq", person, 1), "scope_exceeded"
	case 6:
		r, code = people, "purpose_not_granted"
		r.headers["Shuqiao-Purpose"] = url.PathEscape("社会救助对象核验")
	case 7:
		r.token, code = "", "credential_missing"
	case 8:
		r.path, code = "/share/v1/"+hosted.grant+"/..%2frows", "path_refused"
	case 9:
		r.token, code = linked.accessToken, "grant_not_found" // somebody else's
	}
	return x.call(r, code)
}

// call makes a call that must be refused with the code, or answered.
func (x *worker) call(r request, code string) bool {
	a, alive := x.send(r)
	if a.status > 0 { // its beginning arrived, perhaps no more
		if x.acks.call(a) {
			x.t.Errorf("a second answer with the entry of another: %v", a.header)
		}
	}
	if alive && a.status < 500 && a.code() != code {
		x.t.Errorf("%s: %d %s, want code %q", r.path, a.status, a.body, code)
		return false
	}
	return alive
}

// tokenAndCheckpoint uses up an assertion and takes a signed checkpoint along.
func (x *worker) tokenAndCheckpoint() bool {
	assertion, err := x.callers[0].Assertion(time.Now())
	if err != nil {
		x.t.Error(err)
		return false
	}
	a, alive := x.send(tokenRequest(assertion))
	if a.status > 0 {
		x.acks.call(a)
	}
	if alive && a.accessToken() != "" {
		x.acks.used(assertion)
	}
	if !alive {
		return false
	}
	a, alive = x.send(request{method: http.MethodGet, path: "/ledger/v1/checkpoint"})
	if alive && a.status == http.StatusOK {
		x.acks.checkpoint(a.body)
	}
	return alive
}
