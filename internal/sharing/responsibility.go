package sharing

import (
	"context"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Offices is what the responsibility list asks of the organisation.
type Offices interface {
	Department(ctx context.Context, id string) (org.Department, error)
	SameLevelAuthority(ctx context.Context, department string) (string, error)
	PersonName(ctx context.Context, id string) (string, error)
}

// Duty is one line of the responsibility list of a grant (CN-34): who answers
// for a stage, by the principle that whoever manages and whoever uses answers.
type Duty struct {
	Stage      string // stable name: "use"
	Name       string // 使用
	Principle  string // 谁管理谁负责
	Clause     string
	Department string
	Title      string // of the department
	Office     string // 共享工作机构; empty when none is filed
	Head       string // its head, by name
	Contact    string
}

const (
	whoManages = "谁管理谁负责"
	whoUses    = "谁使用谁负责"
)

// duties lists the stages; side: provider, consumer, or an authority of one.
var duties = []struct{ stage, name, principle, clause, side string }{
	{"quality", "编目、更新与数据质量", whoManages, "CN-18", "provider"},
	{"classification", "分类分级与脱敏规则", whoManages, "CN-35.1", "provider"},
	{"delivery", "提供服务与传输", whoManages, "CN-22", "provider"},
	{"correction", "核实与更正", whoManages, "CN-26.2", "provider"},
	{"access", "调用系统、凭证与人员的安全", whoUses, "CN-34.2", "consumer"},
	{"use", "按范围和用途使用", whoUses, "CN-25.1", "consumer"},
	{"records", "使用记录", whoUses, "CN-29.2", "consumer"},
	{"third_party", "提供给第三方的使用", whoUses, "CN-25.1", "consumer"},
	{"disposal", "处置与证明", whoUses, "CN-27.1", "consumer"},
	{"disposal_demands", "处置要求与核实", whoManages, "CN-27.1", "provider"},
	{"provider_supervision", "对提供的监督", "监督管理", "CN-29.1", "provider.authority"},
	{"consumer_supervision", "对使用的监督", "监督管理", "CN-29.1", "consumer.authority"},
}

// WithOffices gives the service what the responsibility list is made from; to
// be called before the service is used.
func (s *Service) WithOffices(o Offices) *Service {
	s.offices = o
	return s
}

// Responsibility gives the list of a grant to those who may read it. Passing
// on to third parties is listed only when one was consented to.
func (s *Service) Responsibility(ctx context.Context, p org.Principal, id string) ([]Duty, error) {
	g, err := s.Grant(ctx, p, id)
	if err != nil {
		return nil, err
	}
	third, err := s.store.ThirdParties(ctx, id)
	if err != nil {
		return nil, err
	}
	offices, err := answering(ctx, s.offices, g)
	if err != nil {
		return nil, err
	}
	out := []Duty{}
	for _, x := range duties {
		d, known := offices[x.side]
		if !known || x.stage == "third_party" && len(third) == 0 {
			continue
		}
		d.Stage, d.Name, d.Principle, d.Clause = x.stage, x.name, x.principle, x.clause
		out = append(out, d)
	}
	return out, nil
}

// answering finds the departments and their offices, by side.
func answering(ctx context.Context, offices Offices, g Grant) (map[string]Duty, error) {
	out := map[string]Duty{}
	for side, department := range map[string]string{"provider": g.Provider, "consumer": g.Consumer} {
		var err error
		if out[side], err = office(ctx, offices, department); err != nil {
			return nil, err
		}
		authority, err := offices.SameLevelAuthority(ctx, department)
		if fault.Is(err, "no_authority") {
			continue // a territory that has not named one yet
		}
		if err != nil {
			return nil, err
		}
		if out[side+".authority"], err = office(ctx, offices, authority); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func office(ctx context.Context, offices Offices, department string) (Duty, error) {
	d, err := offices.Department(ctx, department)
	if err != nil {
		return Duty{}, err
	}
	duty := Duty{Department: d.ID, Title: d.Name}
	if d.Office == nil {
		return duty, nil
	}
	duty.Office, duty.Contact = d.Office.Name, d.Office.Contact
	if d.Office.Head != "" {
		duty.Head, err = offices.PersonName(ctx, d.Office.Head)
	}
	return duty, err
}
