package catalog

import (
	"context"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// assessment is one of the two that CN-13.1 asks for.
type assessment struct{ field, name string }

var (
	secrecyAssessment = assessment{"secrecy_conclusion", "保密风险评估"}
	privacyAssessment = assessment{"privacy_conclusion", "个人信息保护影响评估"}
)

// assessmentsDone refuses a submission without a secrecy-risk assessment and,
// where items hold personal information, a personal-information impact
// assessment, both passed (CN-13.1). Whether there is personal information is
// asked of the entry as it is now, not as it was when the case began. With
// WithActs, an assessment of earlier content does not count.
func (s *Service) assessmentsDone(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	v, _, err := s.subject(ctx, c)
	if err != nil {
		return err
	}
	needed := []assessment{secrecyAssessment}
	if v.Entry.PersonalInfo || hasPersonal(v.Entry.Items) {
		needed = append(needed, privacyAssessment)
	}
	digests, err := s.assessed(ctx, c)
	if err != nil {
		return err
	}
	now, err := v.Entry.Digest()
	if err != nil {
		return err
	}
	var out fault.Collector
	for _, a := range needed {
		conclusion := step.Fields[a.field]
		if conclusion == nil {
			conclusion = c.Facts[a.field]
		}
		then, noted := digests[a.field]
		switch {
		case conclusion == nil || conclusion == "":
			out.Add(a.field, "required", "尚未登记"+a.name, "CN-13.1")
		case conclusion != "pass":
			out.Add(a.field, "assessment_failed", a.name+"未通过，不得报送", "CN-13.1")
		case noted && then != now:
			out.Add(a.field, "assessment_outdated", "目录内容在"+a.name+"之后有修改，请重新评估", "CN-13.1")
		}
	}
	if f, ok := fault.As(out.Err("assessment_missing", "评估未完成，不得报送", "CN-13.1")); ok {
		f.Kind = fault.Illegal
		return f
	}
	return nil
}

// noteAssessment keeps with an assessment the digest of what was assessed.
func (s *Service) noteAssessment(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	v, _, err := s.subject(ctx, c)
	if err != nil {
		return err
	}
	if v.Digest, err = v.Entry.Digest(); err != nil {
		return err
	}
	noted(act, v)
	return nil
}

// assessed gives, for each conclusion, the digest of the content it was last
// reached about; nothing for acts that noted none.
func (s *Service) assessed(ctx context.Context, c *procedure.Case) (map[string]string, error) {
	out := map[string]string{}
	if s.acts == nil {
		return out, nil
	}
	acts, err := s.acts.Acts(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	for _, act := range acts {
		digest, ok := act.Results["digest"].(string)
		for _, a := range []assessment{secrecyAssessment, privacyAssessment} {
			if _, concluded := act.Fields[a.field]; concluded && ok {
				out[a.field] = digest
			}
		}
	}
	return out, nil
}

func hasPersonal(items []Item) bool {
	for _, x := range items {
		if x.Sensitivity != "" {
			return true
		}
	}
	return false
}
