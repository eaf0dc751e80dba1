package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/shuqiao/shuqiao/data/regions"
	"github.com/shuqiao/shuqiao/internal/clock"
)

// Story plays the main job over HTTP as the real actors would and tells each
// step on a line: who, what, under which clause, due when.
type Story struct {
	Base      string // address of the node: http://127.0.0.1:8080
	TLSBase   string // address with mutual TLS; empty: that part is left out
	Upstream  string // address of the provider's service
	Password  string // of the demo accounts
	People    *Upstream
	Out       io.Writer
	Clock     clock.Clock
	Suffix    string // added to the names of catalog entries, to play again
	Territory string // whose codes are loaded: a prefix; empty: the whole province

	step     int
	sessions map[string]*client
}

// Result is what the story leaves behind.
type Result struct {
	Receipt   []byte // of the last call
	PublicKey []byte // of the ledger
	Pending   string // an application that waits for its reply
}

// caseView is what the story reads of a case.
type caseView struct {
	ID        string `json:"id"`
	Number    string `json:"number"`
	Stage     string `json:"stage"`
	StageName string `json:"stage_name"`
	Clocks    []struct {
		ID      string `json:"id"`
		Clause  string `json:"clause"`
		LastDay string `json:"last_day"`
		Running bool   `json:"running"`
	} `json:"clocks"`
	Acts []struct {
		ID      string         `json:"id"`
		Action  string         `json:"action"`
		Results map[string]any `json:"results"`
	} `json:"acts"`
}

// due is the running clock's last day, or a dash.
func (v caseView) due() string {
	for _, k := range v.Clocks {
		if k.Running {
			return k.LastDay
		}
	}
	return "—"
}

// tell prints one line of the story.
func (s *Story) tell(who, what, clause, due string) {
	s.step++
	fmt.Fprintf(s.Out, "%02d  %s|%s|依据 %s|期限 %s\n", s.step, who, what, clause, due)
}

// failed says which step did not work.
func (s *Story) failed(what string, err error) error {
	return fmt.Errorf("第%d步“%s”未成功: %w", s.step+1, what, err)
}

// as signs an account in once and remembers it.
func (s *Story) as(ctx context.Context, username string) (*client, error) {
	if c, ok := s.sessions[username]; ok {
		return c, nil
	}
	c, err := signIn(ctx, s.Base, username, s.Password)
	if err != nil {
		return nil, err
	}
	if s.sessions == nil {
		s.sessions = map[string]*client{}
	}
	s.sessions[username] = c
	return c, nil
}

// Tokens gives the session token of each account that has signed in.
func (s *Story) Tokens() map[string]string {
	out := map[string]string{}
	for username, c := range s.sessions {
		out[username] = c.token
	}
	return out
}

func label(username string) string {
	short, _, _ := strings.Cut(username, ".")
	for _, a := range Accounts() {
		if a.Username == username {
			return a.Department + a.Title
		}
	}
	return short
}

// open starts a case; take takes a step on one. Both tell it.
func (s *Story) open(ctx context.Context, who, what, clause string, body map[string]any) (caseView, error) {
	return s.act(ctx, who, what, clause, "/api/v1/cases", body)
}

func (s *Story) take(ctx context.Context, who, what, clause, caseID, action string, fields map[string]any) (caseView, error) {
	return s.act(ctx, who, what, clause, "/api/v1/cases/"+caseID+"/actions/"+action, map[string]any{"fields": orEmpty(fields)})
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

func (s *Story) act(ctx context.Context, who, what, clause, path string, body map[string]any) (caseView, error) {
	var v caseView
	c, err := s.as(ctx, who)
	if err == nil {
		_, err = c.call(ctx, http.MethodPost, path, body, &v)
	}
	if err != nil {
		return v, s.failed(label(who)+" "+what, err)
	}
	s.tell(label(who), what+"(现处于“"+v.StageName+"”)", clause, v.due())
	return v, nil
}

// refused runs something that must be refused with this code, and tells the
// refusal.
func (s *Story) refused(who, what, code string, try func() error) error {
	err := try()
	var p *problem
	if !errors.As(err, &p) || p.Code != code {
		return s.failed(who+" "+what, fmt.Errorf("应以 %s 拒绝,实际: %w", code, orNone(err)))
	}
	basis := p.Basis
	for _, e := range p.Errors {
		if basis == "" {
			basis = e.Basis
		}
	}
	text := p.Detail
	if len(p.Errors) > 0 {
		text = p.Errors[0].Message
	}
	s.tell(who, what+" → 被拒绝:"+text, basis, "—")
	return nil
}

var errNone = errors.New("没有被拒绝")

func orNone(err error) error {
	if err == nil {
		return errNone
	}
	return err
}

// Play plays the whole story.
func (s *Story) Play(ctx context.Context) (Result, error) {
	codes, err := s.publish(ctx, "mzt", "sjj", codesEntry())
	if err != nil {
		return Result{}, err
	}
	if err := s.loadCodes(ctx, codes); err != nil {
		return Result{}, err
	}
	people, err := s.publish(ctx, "sjzga", "sjzsj", peopleEntry(s.Upstream))
	if err != nil {
		return Result{}, err
	}
	if err := s.unconditional(ctx, codes); err != nil {
		return Result{}, err
	}
	receipt, err := s.conditional(ctx, people)
	if err != nil {
		return Result{}, err
	}
	pending, err := s.leaveOpen(ctx, people)
	if err != nil {
		return Result{}, err
	}
	var key []byte
	anyone := &client{base: s.Base, http: http.DefaultClient}
	if _, err := anyone.call(ctx, http.MethodGet, "/ledger/v1/key", nil, &key); err != nil {
		return Result{}, s.failed("取存证公钥", err)
	}
	return Result{Receipt: receipt, PublicKey: key, Pending: pending}, nil
}

// publish takes one catalog entry from draft to publication and gives the
// resource's ID.
func (s *Story) publish(ctx context.Context, provider, authority string, entry map[string]any) (string, error) {
	clerk, head, review := provider+".jb", provider+".ld", authority+".sh"
	name := entry["name"].(string) + s.Suffix
	entry["name"] = name
	c, err := s.as(ctx, clerk)
	if err != nil {
		return "", s.failed("登录", err)
	}
	var made struct {
		Resource struct{ ID, Code string } `json:"resource"`
		Pending  struct{ ID string }       `json:"pending"`
	}
	if _, err := c.call(ctx, http.MethodPost, "/api/v1/resources", map[string]any{"entry": entry}, &made); err != nil {
		return "", s.failed("编制目录《"+name+"》", err)
	}
	s.tell(label(clerk), "编制目录《"+name+"》,代码"+made.Resource.Code, "CN-13.2", "—")
	v, err := s.open(ctx, clerk, "启动发布", "CN-13.2", map[string]any{"procedure": "catalog_publication", "subject": made.Pending.ID})
	if err != nil {
		return "", err
	}
	steps := []struct {
		who, what, clause, action string
		fields                    map[string]any
	}{
		{clerk, "登记保密风险评估", "CN-13.1", "assess_secrecy", map[string]any{"secrecy_conclusion": "pass", "secrecy_report": "逐项核对,不涉及国家秘密和工作秘密"}},
		{clerk, "登记个人信息保护影响评估", "CN-13.1", "assess_privacy", map[string]any{"privacy_conclusion": "pass", "privacy_report": "最小必要,默认脱敏"}},
		{clerk, "报部门负责人", "CN-13.1", "submit", nil},
		{head, "同意报送", "CN-13.1", "head_approve", nil},
		{review, "审核通过并发布", "CN-16", "publish", nil},
	}
	for _, st := range steps {
		if st.action == "assess_privacy" && entry["personal_info"] != true {
			continue
		}
		if v, err = s.take(ctx, st.who, st.what+"《"+name+"》", st.clause, v.ID, st.action, st.fields); err != nil {
			return "", err
		}
	}
	return made.Resource.ID, nil
}

// loadCodes loads every region of the province, in pieces that fit the API.
func (s *Story) loadCodes(ctx context.Context, resource string) error {
	all, err := regions.Load()
	if err != nil {
		return err
	}
	c, err := s.as(ctx, "mzt.jb")
	if err != nil {
		return err
	}
	var rows []map[string]any
	total := 0
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		total += len(rows)
		_, err := c.call(ctx, http.MethodPost, "/api/v1/resources/"+resource+"/rows", map[string]any{"rows": rows}, nil)
		rows = rows[:0]
		return err
	}
	for _, r := range all {
		if !strings.HasPrefix(r.Code, cmp.Or(s.Territory, "13")) {
			continue
		}
		rows = append(rows, map[string]any{"code": r.Code, "name": r.Name, "parent": r.Parent, "level": r.Level.String()})
		if len(rows) == 5000 {
			if err := flush(); err != nil {
				return s.failed("装载数据", err)
			}
		}
	}
	if err := flush(); err != nil {
		return s.failed("装载数据", err)
	}
	s.tell(label("mzt.jb"), fmt.Sprintf("装载《行政区划代码》%d行", total), "HB-12", "—")
	return nil
}
