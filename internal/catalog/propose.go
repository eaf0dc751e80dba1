package catalog

import (
	"fmt"
	"slices"
)

// Proposal is what the rules propose for one item.
type Proposal struct {
	Item        string // code
	Rule        string // ID
	RuleName    string
	Level       Level
	Sensitivity Sensitivity
	Masked      bool
	By          string // what the rule was hit by: "element", "name", "column", "values"
	Reason      string // in words, for people
}

// hitWords tells people by what a rule was hit.
var hitWords = map[string]string{"element": "引用的标准数据元", "name": "数据项名称", "column": "列名", "values": "已汇聚数据的取值"}

// Proposals is what the rules propose for an entry: the items they speak of,
// and the resource, whose level is the highest of its items' and whose personal
// information is theirs.
type Proposals struct {
	Items        []Proposal
	Level        Level // "" when no rule speaks and no item has a level
	PersonalInfo bool
}

// Propose applies the rules to the items of an entry. Samples are values of
// hosted rows by item code; nil: none.
func Propose(e Entry, samples map[string][]string) Proposals {
	var out Proposals
	for _, x := range e.Items {
		level := x.Level
		out.PersonalInfo = out.PersonalInfo || x.Sensitivity != ""
		if p, found := proposeItem(x, samples[x.Code]); found {
			out.Items = append(out.Items, p)
			out.PersonalInfo = out.PersonalInfo || p.Sensitivity != ""
			if rank(p.Level) > rank(level) && !justified(x) {
				level = p.Level
			}
		}
		if rank(level) > rank(out.Level) {
			out.Level = level
		}
	}
	return out
}

// proposeItem gives the proposal for one item: of the rules that speak of it
// that with the highest level, the first of equals.
func proposeItem(x Item, values []string) (Proposal, bool) {
	var best Proposal
	found := false
	for _, r := range levelRules() {
		by := r.hit(x, values)
		if by == "" || found && rank(r.Level) <= rank(best.Level) {
			continue
		}
		found = true
		best = Proposal{Item: x.Code, Rule: r.ID, RuleName: r.Name, Level: r.Level, Sensitivity: r.Sensitivity, Masked: r.Masked,
			By: by, Reason: fmt.Sprintf("按%s判断为“%s”：%s", hitWords[by], r.Name, r.Reason)}
	}
	return best, found
}

// justified tells whether the person gave a reason for going below what was
// proposed.
func justified(x Item) bool { return x.LevelBasis != nil && x.LevelBasis.Reason != "" }

// settleLevels writes into the items what the rules propose and who confirmed
// it or departed from it (CN-13.2): of what the caller wrote only the reason
// counts. Items whose basis is as before keep who and when.
func (s *Service) settleLevels(e, before Entry, samples map[string][]string, person string) Entry {
	at := s.clock.Now()
	e.Items = slices.Clone(e.Items)
	for i := range e.Items {
		x := &e.Items[i]
		p, found := proposeItem(*x, samples[x.Code])
		if !found && !justified(*x) {
			x.LevelBasis = nil
			continue
		}
		fresh := LevelBasis{Rule: p.Rule, Proposed: p.Level, Sensitivity: p.Sensitivity, By: person, At: &at}
		if justified(*x) {
			fresh.Reason = x.LevelBasis.Reason
		}
		x.LevelBasis = &fresh
		for _, old := range before.Items {
			if old.Code == x.Code && old.LevelBasis != nil && sameBasis(*old.LevelBasis, fresh) && old.Level == x.Level {
				kept := *old.LevelBasis
				x.LevelBasis = &kept
			}
		}
	}
	return e
}

func sameBasis(a, b LevelBasis) bool {
	return a.Rule == b.Rule && a.Proposed == b.Proposed && a.Sensitivity == b.Sensitivity && a.Reason == b.Reason
}
