package sharing

import (
	"context"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/checkdigit"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// What a widening may ask for (CN-25.1).
const (
	widenScope      = "scope"
	widenPurpose    = "purpose"
	widenThirdParty = "third_party"
)

// wideningFields says which fields belong to which kind.
var wideningFields = map[string][]string{
	widenScope:      {"more_items", "more_clear_items", "new_rows", "all_rows", "more_use"},
	widenPurpose:    {"more_purpose"},
	widenThirdParty: {"third_party", "third_party_uscc", "third_party_items", "third_party_use", "third_party_until"},
}

// widening is a form with what it is checked against.
type widening struct {
	grant  Grant
	entry  catalog.Entry
	facts  map[string]any
	kind   string
	faults fault.Collector
}

func (s *Service) wideningOf(ctx context.Context, c *procedure.Case) (*widening, error) {
	g, err := s.about(ctx, c)
	if err != nil {
		return nil, err
	}
	v, err := s.resources.Version(ctx, g.Resource, g.ResourceVersion)
	return &widening{grant: g, entry: v.Entry, facts: c.Facts, kind: procedure.Text(c.Facts["kind"])}, err
}

// wideningForm checks what is filled so far: all faults at once.
func (s *Service) wideningForm(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	w, err := s.wideningOf(ctx, c)
	if err != nil {
		return err
	}
	w.foreign(step.Fields)
	switch w.kind {
	case widenScope:
		w.scope()
	case widenPurpose:
		if w.grant.Permits(procedure.Text(w.facts["more_purpose"])) {
			w.faults.Add("fields.more_purpose", "already_granted", "此用途已在授权之内", "CN-25.1")
		}
	case widenThirdParty:
		w.thirdParty(step.At)
	}
	return w.faults.Err("widening_invalid", "申请内容与授权或者目录不符,请一并更正", "")
}

// foreign refuses fields that belong to another kind than the one chosen.
func (w *widening) foreign(brought map[string]any) {
	if w.kind == "" {
		return
	}
	for _, kind := range []string{widenScope, widenPurpose, widenThirdParty} {
		for _, name := range wideningFields[kind] {
			if _, ok := brought[name]; ok && kind != w.kind {
				w.faults.Add("fields."+name, "not_for_kind", "此项内容不属于所选的事项,请分别申请", "CN-25.1")
			}
		}
	}
}

func (w *widening) scope() {
	more := procedure.Texts(w.facts["more_items"])
	unknownItems(&w.faults, "fields.more_items", more, w.entry.Items)
	withheldItems(&w.faults, "fields.more_items", more, w.entry.Items)
	for _, code := range within(more, w.grant.Items) {
		w.faults.Add("fields.more_items", "already_granted", "数据项“"+code+"”已在授权之内", "CN-25.1")
	}
	subset(&w.faults, "fields.more_clear_items", procedure.Texts(w.facts["more_clear_items"]), slices.Concat(w.grant.Items, more),
		"明文数据项应在授权或者增加的数据项之内", "CN-35")
	rows, err := conditions(w.facts["new_rows"], w.entry.Items)
	if err != nil && !renamed(&w.faults, err, "fields.new_rows") {
		w.faults.Add("fields.new_rows", "structure", "数据范围不正确", "CN-25.1")
	}
	if all, _ := w.facts["all_rows"].(bool); all && len(rows) > 0 {
		w.faults.Add("fields.all_rows", "contradiction", "已填写数据范围的,不能同时申请不限定数据范围", "CN-25.1")
	}
}

func (w *widening) thirdParty(now time.Time) {
	subset(&w.faults, "fields.third_party_items", procedure.Texts(w.facts["third_party_items"]), w.grant.Items,
		"提供给第三方的数据项应在授权的数据项之内", "CN-25.1")
	if code := procedure.Text(w.facts["third_party_uscc"]); code != "" && checkdigit.USCC(code) != nil {
		w.faults.Add("fields.third_party_uscc", "check_digit", "统一社会信用代码不正确", "CN-25.1")
	}
	if day := procedure.Text(w.facts["third_party_until"]); day != "" {
		until, err := startOf(day)
		if err != nil || day < now.In(shanghai).Format(time.DateOnly) || until.AddDate(0, 0, 1).After(w.grant.NotAfter) {
			w.faults.Add("fields.third_party_until", "outside", "时限应在今日至授权期限届满之间", "CN-25.1")
		}
	}
}

// wideningWhole asks for what each kind cannot do without.
func (s *Service) wideningWhole(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	w, err := s.wideningOf(ctx, c)
	if err != nil {
		return err
	}
	has := func(name string) bool { _, ok := w.facts[name]; return ok }
	switch w.kind {
	case widenScope:
		if all, _ := w.facts["all_rows"].(bool); !all && !slices.ContainsFunc([]string{"more_items", "more_clear_items", "new_rows", "more_use"}, has) {
			w.faults.Add("fields.more_items", "required", "扩大使用范围的,应当写明增加的数据项、数据范围或者使用范围", "CN-25.1")
		}
	case widenPurpose:
		w.faults.Require("fields.more_purpose", "增加的用途", procedure.Text(w.facts["more_purpose"]), "CN-25.1")
	case widenThirdParty:
		w.faults.Require("fields.third_party", "第三方名称", procedure.Text(w.facts["third_party"]), "CN-25.1")
		w.faults.Require("fields.third_party_use", "第三方的用途", procedure.Text(w.facts["third_party_use"]), "CN-25.1")
		w.faults.Require("fields.third_party_until", "提供给第三方的时限", procedure.Text(w.facts["third_party_until"]), "CN-25.1")
		if !has("third_party_items") {
			w.faults.Add("fields.third_party_items", "required", "提供给第三方的数据项为必填项", "CN-25.1")
		}
	}
	return w.faults.Err("widening_incomplete", "申请内容不完整,请一并补充", "")
}

// renamed takes over the field faults of err under another path; false: it has none.
func renamed(faults *fault.Collector, err error, path string) bool {
	f, ok := fault.As(err)
	if !ok || len(f.Fields) == 0 {
		return false
	}
	for _, x := range f.Fields {
		faults.Add(path, x.Code, x.Message, x.Basis)
	}
	return true
}

// widen carries out what the provider consented to. Only what belongs to the
// kind asked for is looked at.
func (s *Service) widen(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	w, err := s.wideningOf(ctx, c)
	if err != nil {
		return err
	}
	if w.kind == widenThirdParty {
		return s.consentToThirdParty(ctx, c, act)
	}
	return s.change(ctx, c, act, Widened, func(g *Grant) error {
		if w.kind == widenPurpose {
			g.MorePurposes = append(slices.Clone(g.MorePurposes), procedure.Text(w.facts["more_purpose"]))
			return nil
		}
		g.Items = slices.Concat(g.Items, procedure.Texts(w.facts["more_items"]))
		clear := procedure.Texts(w.facts["more_clear_items"])
		g.Clear = append(slices.Clone(g.Clear), slices.DeleteFunc(clear, func(x string) bool { return slices.Contains(g.Clear, x) })...)
		rows, err := conditions(w.facts["new_rows"], w.entry.Items)
		if err != nil {
			return err
		}
		if all, _ := w.facts["all_rows"].(bool); all || len(rows) > 0 {
			g.Rows = rows
		}
		return nil
	})
}

// consentToThirdParty records the consent. The grant itself lets no more
// through; its version still counts up, so that the history has one line for
// each.
func (s *Service) consentToThirdParty(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	until, err := startOf(procedure.Text(c.Facts["third_party_until"]))
	if err != nil {
		return err
	}
	t := ThirdParty{ID: ident.New(), Grant: c.Subject, Case: c.ID, Name: procedure.Text(c.Facts["third_party"]),
		USCC: procedure.Text(c.Facts["third_party_uscc"]), Items: procedure.Texts(c.Facts["third_party_items"]),
		Use: procedure.Text(c.Facts["third_party_use"]), Until: until.AddDate(0, 0, 1), At: act.At}
	if err := s.store.InsertThirdParty(ctx, t); err != nil {
		return err
	}
	act.Results["third_party_consent"] = t.ID
	return s.change(ctx, c, act, ThirdPartyOK, func(*Grant) error { return nil })
}
