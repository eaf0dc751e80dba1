package correction

import (
	"cmp"
	"context"
	"slices"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/privacy"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// Hooks are the functions that the two correction procedures name.
func (s *Service) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{"correction.subject": s.subject},
		Checks: map[string]casework.Check{
			"correction.report":     s.checkReport,
			"correction.silent":     s.silent,
			"correction.outcome":    s.outcome,
			"correction.extensible": s.extensible,
		},
		Effects: map[string]casework.Effect{
			"correction.bind":            s.bind,
			"correction.apply":           s.apply,
			"correction.tell_recipients": s.tellRecipients,
		},
	}
}

func (s *Service) ownGrant(ctx context.Context, id, consumer string) (sharing.Grant, error) {
	var bad fault.Collector
	missing := func() error {
		bad.Add("grant", "not_found", "没有本部门的这项授权", "CN-26.2")
		return bad.Err("correction_invalid", "校核申请有误,请一并更正", "")
	}
	if !ident.Valid(id) {
		return sharing.Grant{}, missing()
	}
	g, err := s.Grants.Grant(ctx, id)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound || err == nil && g.Consumer != consumer {
		return sharing.Grant{}, missing()
	}
	return g, err
}

// subject fills a new case from the grant that the opener names as subject;
// the case is then about the resource. A grant that is over still counts: what
// was received under it is in use.
func (s *Service) subject(ctx context.Context, _ org.Principal, c *procedure.Case) error {
	g, err := s.ownGrant(ctx, c.Subject, c.Parties["consumer"])
	if err != nil {
		return err
	}
	if given := c.Parties["provider"]; given != "" && given != g.Provider {
		return fault.New(fault.Invalid, "provider_mismatch", "提供部门由授权确定,不能另行指定").Under("CN-26.2")
	}
	d, err := s.Departments.Department(ctx, g.Provider)
	if err != nil {
		return err
	}
	v, err := s.Resources.Version(ctx, g.Resource, g.ResourceVersion)
	if err != nil {
		return err
	}
	c.Parties["provider"], c.Region, c.Subject = g.Provider, d.Region, g.Resource
	c.Facts["grant"] = g.ID
	c.Title = v.Entry.Name // not the opener's words: titles are in every list
	return nil
}

// checkReport: the record is the consumer's own and new, and the cited call or
// batch exists, was the consumer's own under this grant, and can have held the
// record.
func (s *Service) checkReport(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	var bad fault.Collector
	rec, err := s.Store.Record(ctx, procedure.Text(c.Facts["record"]))
	f, missing := fault.As(err)
	switch {
	case missing && f.Kind == fault.NotFound,
		err == nil && (rec.Case != "" || rec.Consumer != c.Parties["consumer"] || rec.Grant != procedure.Text(c.Facts["grant"])):
		bad.Add("fields.record", "not_found", "没有本部门为此授权密封的新记录;请从校核申请接口提出", "CN-26.2")
		return bad.Err("correction_invalid", "校核申请有误,请一并更正", "")
	case err != nil:
		return err
	}
	if !sameSet(rec.Items, procedure.Texts(c.Facts["items"])) {
		bad.Add("fields.items", "differs", "数据项与密封的记录不一致", "CN-26.2")
	}
	if err := s.checkSource(ctx, &bad, c, rec); err != nil {
		return err
	}
	if err := s.noPersonalData(&bad, rec, step.Fields); err != nil {
		return err
	}
	return bad.Err("correction_invalid", "校核申请有误,请一并更正", "")
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// callFacts are what this package reads of a call's or batch's entry.
type callFacts struct {
	Grant       string   `json:"grant"`
	Resource    string   `json:"resource"`
	Consumer    string   `json:"consumer"`
	Identifiers []string `json:"identifiers"`
	Status      int      `json:"status"`
}

// Batch is the ledger kind of a received batch or file.
const Batch ledger.Kind = "batch"

func (s *Service) checkSource(ctx context.Context, bad *fault.Collector, c *procedure.Case, rec Record) error {
	leaf, err := s.Entries.LeafByID(ctx, procedure.Text(c.Facts["source"]))
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		bad.Add("fields.source", "not_found", "没有这个存证编号的调用或者批次", "CN-26.2")
		return nil
	}
	if err != nil {
		return err
	}
	facts, err := factsOf(leaf)
	if err != nil {
		return err
	}
	switch {
	case leaf.Kind != ledger.Call && leaf.Kind != Batch, facts.Consumer != c.Parties["consumer"]:
		// Somebody else's entry is not told apart from one that is no call.
		bad.Add("fields.source", "not_own_call", "该存证不是本部门系统取得数据的调用或者批次", "CN-26.2")
	case facts.Grant != rec.Grant:
		bad.Add("fields.source", "other_grant", "该调用不是在这项授权下进行的", "CN-26.2")
	case len(facts.Identifiers) > 0 && len(rec.Identifiers) > 0 && !intersects(facts.Identifiers, rec.Identifiers):
		bad.Add("fields.source", "other_record", "该调用查询的不是这条记录", "CN-26.2")
	}
	return nil
}

func intersects(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

func factsOf(leaf ledger.Leaf) (facts callFacts, err error) { return facts, leaf.ReadFacts(&facts) }

// silent: the text of a step repeats nothing of what is sealed.
func (s *Service) silent(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	rec, err := s.Store.RecordOfCase(ctx, c.ID)
	if err != nil {
		return err
	}
	var bad fault.Collector
	if err := s.noPersonalData(&bad, rec, step.Fields); err != nil {
		return err
	}
	return bad.Err("personal_data", "办件文字中不得出现个人信息", "")
}

func (s *Service) noPersonalData(bad *fault.Collector, rec Record, fields map[string]any) error {
	c, err := s.content(rec)
	if err != nil {
		return err
	}
	filed, err := s.filed(rec)
	if err != nil {
		return err
	}
	var values []string
	add := func(v any) {
		if text, ok := v.(string); ok {
			values = append(values, text)
		}
	}
	for _, v := range c.Key {
		add(v)
	}
	for _, claim := range c.Claims {
		add(claim.Found)
		add(claim.Right)
	}
	for _, v := range filed {
		add(v)
	}
	for _, name := range []string{"problem", "finding", "explanation", "reasons", "opinion"} {
		text := procedure.Text(fields[name])
		switch what := privacy.Find(text); {
		case what != "":
			bad.Add("fields."+name, "personal_data", "文字中不得出现"+what+",记录的内容已另行密封", "CN-37.1")
		case privacy.Holds(text, values...):
			bad.Add("fields."+name, "sealed_value", "文字中不得重复密封的记录标识或者数据值", "CN-37.1")
		}
	}
	return nil
}

// outcome: what is said to be corrected was asked about, and the values that
// the platform shall write are there.
func (s *Service) outcome(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	rec, err := s.Store.RecordOfCase(ctx, c.ID)
	if err != nil {
		return err
	}
	var bad fault.Collector
	if partly := step.Fields["corrected_items"]; partly != nil {
		for _, code := range procedure.Texts(partly) {
			if !slices.Contains(rec.Items, code) {
				bad.Add("fields.corrected_items", "outside", "已更正的数据项应在校核申请涉及的数据项之内", "CN-26.2")
			}
		}
		if len(procedure.Texts(partly)) >= len(rec.Items) {
			bad.Add("fields.corrected_items", "all_items", "全部更正的,应当办理更正并反馈", "CN-26.2")
		}
	}
	if err := bad.Err("outcome_invalid", "反馈内容有误", ""); err != nil {
		return err
	}
	_, err = s.change(ctx, c, rec, procedure.Text(step.Fields["way"]), correctedItems(rec, step.Fields))
	return err
}

func correctedItems(rec Record, fields map[string]any) []string {
	if partly := procedure.Texts(fields["corrected_items"]); len(partly) > 0 {
		return partly
	}
	return rec.Items
}

// extensible refuses to ask for an extension that the rules of the case do not
// know, or when the term is over.
func (s *Service) extensible(_ context.Context, c *procedure.Case, step procedure.Step) error {
	k, ok := c.Clocks["feedback"]
	if !ok || !k.Running() || !step.At.Before(k.Due) {
		return fault.New(fault.Illegal, "term_over", "反馈期限已过,不能再申请延长").Under("HB-16.2")
	}
	rules, err := s.Rules.ByKey(c.RulesKey)
	if err != nil {
		return err
	}
	if res, ok := rules.Effective(k.Term); !ok || res.Term.Extension == nil {
		return fault.New(fault.Illegal, "term_not_extensible", "校核期限不能延长:"+rules.Cite(cmp.Or(res.ExtensionFrom.ID, k.Clause))+"没有规定延长,省的规定不得放宽").
			Under(cmp.Or(res.ExtensionFrom.ID, k.Clause))
	}
	return nil
}

func (s *Service) bind(ctx context.Context, c *procedure.Case, _ *procedure.Act) error {
	return s.Store.BindRecord(ctx, procedure.Text(c.Facts["record"]), c.ID)
}
