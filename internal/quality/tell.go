package quality

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
)

// kindWords names the kinds of rules to people.
var kindWords = map[Kind]string{
	Required: "必填", Pattern: "格式", Domain: "值域", Range: "范围", Unique: "唯一", Referential: "参照", Compare: "项间关系",
	TypeLength: "类型和长度", IDNumber: "身份证号校验", PhoneForm: "电话号码", RegionCode: "区划代码", KeyUnique: "主键唯一", Parent: "上级记录",
	BirthDate: "出生日期与身份证号", Age: "更新及时",
}

// KindWord gives the Chinese name of a kind of rule.
func KindWord(k Kind) string { return cmp.Or(kindWords[k], string(k)) }

// Worst gives the rules with failures, the greatest share first, at most n.
func (r Result) Worst(n int) []Outcome {
	out := slices.DeleteFunc(slices.Clone(r.Outcomes), func(o Outcome) bool { return o.Failed == 0 })
	share := func(o Outcome) float64 { return float64(o.Failed) / float64(max(o.Checked, 1)) }
	slices.SortStableFunc(out, func(a, b Outcome) int {
		return cmp.Or(cmp.Compare(share(b), share(a)), cmp.Compare(b.Failed, a.Failed))
	})
	return out[:min(n, len(out))]
}

// worse tells whether a run found what the one before did not, or more of it.
func worse(run Result, before []Run) bool {
	if len(before) == 0 {
		return len(run.Worst(1)) > 0
	}
	type rule struct {
		kind        Kind
		item, other string
	}
	had := map[rule]int64{}
	for _, o := range before[0].Result.Outcomes {
		had[rule{o.Kind, o.Item, o.Other}] = o.Failed
	}
	return slices.ContainsFunc(run.Outcomes, func(o Outcome) bool { return o.Failed > had[rule{o.Kind, o.Item, o.Other}] })
}

// toldRules is how many rules a notice names.
const toldRules = 3

// tell gives the provider the task to look at what became worse: counts and
// rules, no values (CN-18). Whether anything is corrected is its decision.
func (s *Service) tell(ctx context.Context, run Run, before []Run, provider string, e catalog.Entry) error {
	if s.Cases == nil || !worse(run.Result, before) {
		return nil
	}
	names := map[string]string{}
	for _, x := range e.Items {
		names[x.Code] = x.Name
	}
	var parts []string
	for _, o := range run.Result.Worst(toldRules) {
		name := cmp.Or(names[o.Item], o.Item)
		if name != "" {
			name = "“" + name + "”"
		}
		parts = append(parts, fmt.Sprintf("%s%s%d处", name, KindWord(o.Kind), o.Failed))
	}
	return s.Cases.Tell(ctx, casework.Telling{Subject: e.Name, Clause: basis,
		Text: fmt.Sprintf("质量检查%.2f分，不符合的有：%s。请核实并更正源数据后重新装载", run.Result.Total, strings.Join(parts, "、")),
		To:   []casework.Turn{{Department: provider, Relation: "provider.clerk"}, {Department: provider, Relation: "provider.office_head"}}})
}
