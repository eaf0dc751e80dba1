package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Hooks are the functions that the procedures source_designation,
// source_consultation and catalog_publication name.
func (s *Sources) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{"catalog.source_subject": s.subject},
		Checks: map[string]casework.Check{
			"catalog.source_respected":    s.respected,
			"catalog.consulted_providers": s.consultedProviders,
			"catalog.consulted":           s.consulted,
		},
		Effects: map[string]casework.Effect{
			"catalog.consult":            s.consult,
			"catalog.note_answer":        s.noteAnswer,
			"catalog.designate":          s.designate,
			"catalog.drop_consultations": s.dropConsultations,
		},
	}
}

// subject fills a designation case: its subject is the standard element, its
// candidate the department that volunteers or that the authority proposes.
func (s *Sources) subject(ctx context.Context, _ org.Principal, c *procedure.Case) error {
	c.Subject = strings.TrimSpace(c.Subject)
	if c.Subject == "" || utf8.RuneCountInString(c.Subject) > maxShort {
		return fault.New(fault.Invalid, "element_missing", "应指明标准数据元的代码").Under("CN-19.2")
	}
	if c.Title == "" {
		c.Title = "明确标准数据元" + c.Subject + "的数源部门"
	}
	return regionOfParty(ctx, s.org, c, "candidate", "拟任数源部门", "CN-19.2")
}

// consultedProviders refuses a consultation that leaves out a department which
// provides the element under the same authority, or that asks a department of
// another government.
func (s *Sources) consultedProviders(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	asked := procedure.Texts(step.Fields["departments"])
	authorities := s.authorities()
	here := c.Parties["candidate.authority"]
	var faults fault.Collector
	for i, id := range asked {
		path := fmt.Sprintf("fields.departments[%d]", i)
		authority, err := authorities(ctx, id)
		switch {
		case notFound(err):
			faults.Add(path, "not_found", "没有这个部门", "CN-19.2")
		case err != nil:
			return err
		case authority != here:
			faults.Add(path, "other_government", "不属于同一级政府,应由其同级主管部门明确", "CN-19.2")
		}
	}
	if c.Taken["propose"] > 0 && !slices.Contains(asked, c.Parties["candidate"]) {
		faults.Add("fields.departments", "left_out", "拟任数源部门不是自荐的,也应征求其意见", "CN-19.2")
	}
	items, err := s.store.ItemsOfElement(ctx, c.Subject)
	if err != nil {
		return err
	}
	var told []string
	for _, x := range items {
		authority, err := authorities(ctx, x.Provider)
		if err != nil {
			return err
		}
		if authority != here || x.Provider == c.Parties["candidate"] || slices.Contains(asked, x.Provider) || slices.Contains(told, x.Provider) {
			continue
		}
		told = append(told, x.Provider)
		d, err := s.org.Department(ctx, x.Provider)
		if err != nil {
			return err
		}
		faults.Add("fields.departments", "left_out", "应征求"+d.Name+"的意见:其“"+x.ResourceName+"”含此数据元", "CN-19.2")
	}
	return faults.Err("consultation_incomplete", "征求意见的部门不齐或者有误", "CN-19.2")
}

// consult asks each department in a case of its own.
func (s *Sources) consult(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	for _, department := range procedure.Texts(act.Fields["departments"]) {
		id, err := s.cases.OpenAsPlatform(ctx, c.Region, casework.OpenRequest{Procedure: "source_consultation",
			Subject: c.ID, Title: c.Title, Parties: map[string]string{"department": department}})
		if err != nil {
			return err
		}
		if err := s.store.InsertConsultation(ctx, Consultation{Case: id, Of: c.ID, Department: department}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sources) noteAnswer(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	return s.store.AnswerConsultation(ctx, c.ID, procedure.Text(act.Fields["answer"]), act.At)
}

// consulted refuses a decision before every department has answered or the
// day that the authority set for answers is over.
func (s *Sources) consulted(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	all, err := s.store.Consultations(ctx, c.ID)
	if err != nil {
		return err
	}
	var waiting []string
	for _, x := range all {
		if x.AnsweredAt == nil {
			waiting = append(waiting, x.Department)
		}
	}
	if len(waiting) == 0 || dayOf(step.At) > procedure.Text(c.Facts["answer_by"]) {
		return nil
	}
	return fault.New(fault.Illegal, "consultation_open", "征求意见尚未结束,还有部门没有答复").Under("CN-19.2").With("waiting", waiting)
}

// designate makes the candidate the source department of the element.
func (s *Sources) designate(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	authority, err := s.org.Department(ctx, c.Parties["candidate.authority"])
	if err != nil {
		return err
	}
	x := Source{ID: act.ID, Authority: authority.ID, Region: authority.Region, Element: c.Subject,
		Name: procedure.Text(c.Facts["element_name"]), Department: c.Parties["candidate"], Case: c.ID, DesignatedAt: act.At}
	if err := s.store.ReplaceSource(ctx, x); err != nil {
		return err
	}
	act.Results["element"], act.Results["source_department"] = x.Element, x.Department
	return s.dropConsultations(ctx, c, act)
}

// dropConsultations ends the questions, answered or not, and so tells the
// departments asked.
func (s *Sources) dropConsultations(ctx context.Context, c *procedure.Case, _ *procedure.Act) error {
	all, err := s.store.Consultations(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, x := range all {
		if err := s.cases.TakeAsPlatform(ctx, x.Case, "conclude", nil); err != nil {
			return err
		}
	}
	return nil
}

// respected refuses an entry that calls an item authoritative whose standard
// element another department is the designated source of, or that another
// department already calls so while nobody is designated (CN-19.2).
func (s *Sources) respected(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	v, r, err := versionOf(ctx, s.resources, c)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(v.Entry.Items, func(x Item) bool { return x.Authoritative }) {
		return nil
	}
	authorities := s.authorities()
	here, err := authorities(ctx, r.Provider)
	if err != nil {
		return err
	}
	var faults fault.Collector
	for i, x := range v.Entry.Items {
		path := fmt.Sprintf("items[%d].authoritative", i)
		switch {
		case !x.Authoritative:
			continue
		case x.Element == "":
			faults.Add(path, "element_required", "标为权威来源的数据项应写明标准数据元", "CN-19.2")
			continue
		}
		source, err := s.store.Source(ctx, here, x.Element)
		switch {
		case err == nil && source.Department != r.Provider:
			d, err := s.org.Department(ctx, source.Department)
			if err != nil {
				return err
			}
			faults.Add(path, "not_source_department", "数据元"+x.Element+"的数源部门是"+d.Name+",其他部门不得作为权威来源发布", "CN-19.2")
		case err != nil && !notFound(err):
			return err
		case err != nil:
			other, err := s.otherAuthoritative(ctx, authorities, here, r.Provider, x.Element)
			if err != nil {
				return err
			}
			if other != "" {
				faults.Add(path, "source_undesignated", "“"+other+"”已作为数据元"+x.Element+"的权威来源发布,应先由主管部门明确数源部门", "CN-19.2")
			}
		}
	}
	return faults.Err("source_conflict", "数据项不能作为权威来源发布", "CN-19.2")
}

// otherAuthoritative names a resource of another department of the same
// government that calls the element's item authoritative; "": none does.
func (s *Sources) otherAuthoritative(ctx context.Context, authorities func(context.Context, string) (string, error), here, provider, element string) (string, error) {
	items, err := s.store.ItemsOfElement(ctx, element)
	if err != nil {
		return "", err
	}
	for _, x := range items {
		if !x.Authoritative || x.Provider == provider {
			continue
		}
		authority, err := authorities(ctx, x.Provider)
		if err != nil {
			return "", err
		}
		if authority == here {
			return x.ResourceName, nil
		}
	}
	return "", nil
}
