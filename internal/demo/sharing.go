package demo

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// form is an application's form.
func (s *Story) form(system, purpose string, items []string, clear ...string) map[string]any {
	f := map[string]any{
		"basis": "《医疗保障基金使用监督管理条例》第三十二条", "scenario": "参保登记时核对身份", "scope_of_use": "本部门经办窗口",
		"purpose": purpose, "method": "service_api", "until": s.Clock.Now().AddDate(0, 6, 0).Format(time.DateOnly),
		"items": items, "mode": "query", "systems": []string{system},
	}
	if len(clear) > 0 {
		f["clear_items"] = clear
	}
	return f
}

// system finds the department's registered system and gives it keys.
func (s *Story) system(ctx context.Context, short string) (*System, error) {
	c, err := s.as(ctx, short+".dj")
	if err != nil {
		return nil, err
	}
	var list struct {
		Items []struct{ ID, Name string } `json:"items"`
	}
	if _, err := c.call(ctx, http.MethodGet, "/api/v1/systems", nil, &list); err != nil || len(list.Items) == 0 {
		return nil, s.failed("查找本部门的系统", orNone(err))
	}
	sys, err := NewSystem(s.Base, list.Items[0].ID, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	jwk, err := sys.PublicJWK()
	if err != nil {
		return nil, err
	}
	path := "/api/v1/systems/" + sys.ID + "/credentials"
	if _, err := c.call(ctx, http.MethodPost, path, map[string]any{"kind": "jwk", "jwk": jwk}, nil); err != nil {
		return nil, s.failed("登记系统公钥", err)
	}
	if _, err := c.call(ctx, http.MethodPost, path, map[string]any{"kind": "cert", "pem": sys.CertificatePEM()}, nil); err != nil {
		return nil, s.failed("登记系统证书", err)
	}
	s.tell(label(short+".dj"), "登记“"+list.Items[0].Name+"”的公钥和证书", "XN-21", "—")
	return sys, nil
}

// apply files an application up to its receipt by the provider.
func (s *Story) apply(ctx context.Context, short, resource string, fields map[string]any) (caseView, error) {
	v, err := s.open(ctx, short+".jb", "起草共享申请", "CN-20.2", map[string]any{"procedure": "application", "subject": resource, "fields": fields})
	if err != nil {
		return v, err
	}
	if v, err = s.take(ctx, short+".jb", "报负责人", "CN-20.2", v.ID, "propose", nil); err != nil {
		return v, err
	}
	return s.take(ctx, short+".fzr", "同意提出申请", "CN-20.2", v.ID, "consent", nil)
}

// grantOf is the grant that an agreed application gave.
func grantOf(v caseView) string {
	for _, a := range v.Acts {
		if g, ok := a.Results["grant"].(string); ok {
			return g
		}
	}
	return ""
}

// unconditional: region codes, agreed within one working day, called with a
// token from a client assertion.
func (s *Story) unconditional(ctx context.Context, resource string) error {
	sys, err := s.system(ctx, "rst")
	if err != nil {
		return err
	}
	v, err := s.apply(ctx, "rst", resource, s.form(sys.ID, "履行职责需要", []string{"code", "name", "parent", "level"}))
	if err != nil {
		return err
	}
	if v, err = s.take(ctx, "mzt.fzr", "同意共享", "CN-21.1", v.ID, "agree", nil); err != nil {
		return err
	}
	assertion, err := sys.Assertion(s.Clock.Now())
	if err != nil {
		return err
	}
	if err := sys.Token(ctx, assertion); err != nil {
		return s.failed("以断言换取令牌", err)
	}
	s.tell("社会保险经办平台", "以客户端断言换取访问令牌(RFC 7523)", "CN-35", "—")
	if err := s.refused("冒用者", "重放同一断言", "assertion_replayed", func() error { return sys.Token(ctx, assertion) }); err != nil {
		return err
	}
	var rows Rows
	entry, err := sys.Do(ctx, Call{Grant: grantOf(v), Purpose: "履行职责需要", Path: "rows", Body: map[string]any{
		"items": []string{"code", "name", "level"}, "where": []map[string]any{{"item": "code", "op": "prefix", "values": []string{"130102"}}}, "limit": 500,
	}}, &rows)
	if err != nil {
		return s.failed("查询行政区划代码", err)
	}
	if len(rows.Rows) < 100 {
		return s.failed("查询行政区划代码", fmt.Errorf("只得到%d行", len(rows.Rows)))
	}
	s.tell("社会保险经办平台", fmt.Sprintf("查询长安区的区划代码,得%d行,存证%s", len(rows.Rows), entry), "CN-22", "—")
	return s.delivered(ctx, "rst.jb", v.ID)
}

// delivered waits until the platform has observed the delivery.
func (s *Story) delivered(ctx context.Context, who, caseID string) error {
	c, err := s.as(ctx, who)
	if err != nil {
		return err
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 100 {
		var v caseView
		if _, err := c.call(ctx, http.MethodGet, "/api/v1/cases/"+caseID, nil, &v); err != nil {
			return s.failed("查看申请", err)
		}
		if v.Stage == "delivered" {
			s.tell("平台", "观测到首次调用成功,申请"+v.Number+"办结", "CN-22", "—")
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return s.failed("平台观测交付", fmt.Errorf("申请没有办结"))
}

// conditional: people data, with one supplement notice, called over mutual TLS
// with masking; what lies outside the grant is refused. It gives the receipt
// of the last call.
func (s *Story) conditional(ctx context.Context, resource string) ([]byte, error) {
	sys, err := s.system(ctx, "sjzyb")
	if err != nil {
		return nil, err
	}
	const purpose = "参保身份核验"
	v, err := s.apply(ctx, "sjzyb", resource, s.form(sys.ID, purpose, []string{"id_number", "name", "phone", "region"}))
	if err != nil {
		return nil, err
	}
	if v, err = s.take(ctx, "sjzga.jb", "一次性告知补正", "CN-21.2", v.ID, "supplement_notice", map[string]any{"supplement_list": "1.上级批准文件;2.数据安全承诺"}); err != nil {
		return nil, err
	}
	if v, err = s.take(ctx, "sjzyb.jb", "提交补正材料", "CN-21.2", v.ID, "complete", map[string]any{"supplement": "两份材料已附"}); err != nil {
		return nil, err
	}
	clerk, err := s.as(ctx, "sjzga.jb")
	if err != nil {
		return nil, err
	}
	err = s.refused(label("sjzga.jb"), "再次要求补正", "already_done", func() error {
		_, err := clerk.call(ctx, http.MethodPost, "/api/v1/cases/"+v.ID+"/actions/supplement_notice", map[string]any{"fields": map[string]any{"supplement_list": "再补一份"}}, nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	if v, err = s.take(ctx, "sjzga.fzr", "同意共享", "CN-20.3", v.ID, "agree", map[string]any{"daily_calls": 10000}); err != nil {
		return nil, err
	}
	entry, err := s.callPeople(ctx, sys, grantOf(v), purpose)
	if err != nil {
		return nil, err
	}
	if err := s.delivered(ctx, "sjzyb.jb", v.ID); err != nil {
		return nil, err
	}
	var receipt []byte
	anyone := &client{base: s.Base, http: http.DefaultClient}
	if _, err := anyone.call(ctx, http.MethodGet, "/ledger/v1/entries/"+url.PathEscape(entry)+"/receipt", nil, &receipt); err != nil {
		return nil, s.failed("取存证凭据", err)
	}
	s.tell("任何人", "取得最后一次调用的存证凭据,可离线验证", "CN-33", "—")
	return receipt, nil
}

// callPeople makes one good call and two that must be refused, and gives the
// entry of the good one.
func (s *Story) callPeople(ctx context.Context, sys *System, grant, purpose string) (string, error) {
	if s.TLSBase != "" {
		sys = sys.MutualTLS(s.TLSBase)
	} else {
		assertion, err := sys.Assertion(s.Clock.Now())
		if err != nil {
			return "", err
		}
		if err := sys.Token(ctx, assertion); err != nil {
			return "", s.failed("以断言换取令牌", err)
		}
	}
	person := s.People.Person(42)
	where := []map[string]any{{"item": "id_number", "op": "eq", "values": []string{person["id_number"].(string)}}}
	err := s.refused("医疗保障信息平台", "查询授权以外的住址", "scope_exceeded", func() error {
		_, err := sys.Do(ctx, Call{Grant: grant, Purpose: purpose, Path: "rows", Body: map[string]any{"items": []string{"name", "address"}, "where": where}}, nil)
		return err
	})
	if err != nil {
		return "", err
	}
	err = s.refused("医疗保障信息平台", "以其他用途查询", "purpose_not_granted", func() error {
		_, err := sys.Do(ctx, Call{Grant: grant, Purpose: "社会救助对象核验", Path: "rows", Body: map[string]any{"items": []string{"name"}, "where": where}}, nil)
		return err
	})
	if err != nil {
		return "", err
	}
	var rows Rows
	entry, err := sys.Do(ctx, Call{Grant: grant, Purpose: purpose, Path: "rows", Body: map[string]any{"items": []string{"id_number", "name", "phone"}, "where": where}}, &rows)
	if err != nil {
		return "", s.failed("查询人员", err)
	}
	if len(rows.Rows) != 1 || rows.Rows[0]["id_number"] == person["id_number"] || rows.Rows[0]["name"] == person["name"] {
		return "", s.failed("查询人员", fmt.Errorf("没有按级别脱敏,或行数不对(%d)", len(rows.Rows)))
	}
	r := rows.Rows[0]
	s.tell("医疗保障信息平台", fmt.Sprintf("核对一名参保人:%v %v %v(已脱敏),存证%s", r["name"], r["id_number"], r["phone"], entry), "CN-35", "—")
	return entry, nil
}

// leaveOpen files one more application and leaves it to the provider, so that
// the console has something to do.
func (s *Story) leaveOpen(ctx context.Context, resource string) (string, error) {
	sys, err := s.system(ctx, "camz")
	if err != nil {
		return "", err
	}
	f := s.form(sys.ID, "社会救助对象核验", []string{"id_number", "name", "region"})
	f["basis"], f["scenario"] = "《社会救助暂行办法》第五十八条", "受理低保申请时核对身份"
	f["rows"] = []map[string]any{{"item": "region", "op": "eq", "values": []string{"130102"}}}
	v, err := s.apply(ctx, "camz", resource, f)
	return v.ID, err
}
