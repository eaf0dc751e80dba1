package reverse

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// maxDrafts bounds the drafts of one request.
const maxDrafts = 200

// Proposals gives the proposals of a finished run, tables in order after the
// named one, at most limit. Tables of which entries were made before are not
// selected again.
func (s *Service) Proposals(ctx context.Context, p org.Principal, run string, o Options, after string, limit int) ([]Proposal, error) {
	r, src, err := s.doneRun(ctx, p, run)
	if err != nil {
		return nil, err
	}
	if o.SourceSystem == "" {
		o.SourceSystem = src.Name
	}
	links, err := s.links(ctx, src.ID)
	if err != nil {
		return nil, err
	}
	out := make([]Proposal, 0, limit)
	for _, x := range Propose(r.Schema, o) {
		if x.Table <= after || len(out) == limit {
			continue
		}
		if err := Complete(ctx, s.Advisor, &x); err != nil {
			return nil, err
		}
		if made := links[x.Table]; len(made) > 0 {
			x.Resource, x.Selected, x.Reason = made[len(made)-1], false, "已由该表编制过目录条目"
		}
		out = append(out, x)
	}
	return out, nil
}

func (s *Service) links(ctx context.Context, source string) (map[string][]string, error) {
	list, err := s.Store.Links(ctx, source)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, l := range list {
		out[l.Table] = append(out[l.Table], l.Resource)
	}
	return out, nil
}

// Draft is an entry, completed by a person, to be made of a table.
type Draft struct {
	Table string
	Entry catalog.Entry
}

// Outcome is what became of one draft: a resource, or why not.
type Outcome struct {
	Table    string
	Resource catalog.Resource
	Err      error // a *fault.Fault
}

// errUndone undoes what was made when not all could be.
var errUndone = errors.New("not all drafts could be made")

// CreateDrafts makes catalog drafts by the catalog's own use case, in the
// principal's name. With all, either every draft is made or none; otherwise each
// stands for itself. Either way every table's outcome is told. Those who may not
// compile the catalog are refused (CN-11).
func (s *Service) CreateDrafts(ctx context.Context, p org.Principal, run string, drafts []Draft, all bool) ([]Outcome, error) {
	r, src, err := s.doneRun(ctx, p, run)
	if err != nil {
		return nil, err
	}
	if len(drafts) == 0 || len(drafts) > maxDrafts {
		return nil, fault.Newf(fault.Invalid, "drafts_invalid", "一次编制1至%d个目录条目", maxDrafts)
	}
	if !p.HasAny(org.Clerk, org.OfficeHead) {
		return nil, fault.New(fault.Forbidden, "role_missing", "只有提供部门共享工作机构的人员可以编制目录").Under("CN-11")
	}
	out := make([]Outcome, len(drafts))
	failed := s.refused(ctx, p, r.Schema, drafts, out)
	if failed && all {
		return out, nil
	}
	make1 := func(ctx context.Context, i int) error {
		return s.Store.Do(ctx, func(ctx context.Context) error {
			res, _, err := s.Catalog.CreateDraft(ctx, p, drafts[i].Entry)
			if err != nil {
				return err
			}
			out[i].Resource = res
			return s.Store.InsertLink(ctx, Link{Source: src.ID, Table: drafts[i].Table, Resource: res.ID, CreatedAt: s.Clock.Now()})
		})
	}
	each := func(ctx context.Context) error {
		for i := range drafts {
			if out[i].Err != nil {
				continue
			}
			if err := make1(ctx, i); err != nil {
				if _, isFault := fault.As(err); !isFault {
					return err
				}
				out[i].Err, failed = err, true
			}
		}
		return nil
	}
	if !all {
		return out, each(ctx)
	}
	err = s.Store.Do(ctx, func(ctx context.Context) error {
		failed = false // PostgreSQL may run this again
		for i := range out {
			out[i] = Outcome{Table: drafts[i].Table}
		}
		if err := each(ctx); err != nil {
			return err
		}
		if failed {
			return errUndone
		}
		return nil
	})
	if errors.Is(err, errUndone) {
		for i := range out {
			out[i].Resource = catalog.Resource{}
		}
		err = nil
	}
	return out, err
}

// refused looks for what may not become a draft before any transaction: tables
// that the run does not know, tables refused, tables named twice, anything
// marked secret, which is recorded (CN-3).
func (s *Service) refused(ctx context.Context, p org.Principal, schema Schema, drafts []Draft, out []Outcome) (any bool) {
	seen := map[string]bool{}
	for i, d := range drafts {
		out[i].Table = d.Table
		t, known := schema.Table(d.Table)
		switch {
		case !known || seen[d.Table]:
			out[i].Err = fault.New(fault.Invalid, "table_unknown", "读取结果中没有这个表，或者重复给出")
		case t.Refused == RefusedSecret:
			out[i].Err = fault.New(fault.Illegal, "secret_refused", "标有密级的表不得编入目录").Under("CN-3")
		case t.Refused != "":
			out[i].Err = fault.New(fault.Illegal, t.Refused, "该表的列数超过数据项的上限")
		default:
			out[i].Err = s.refuseSecret(ctx, p, d.Entry)
		}
		seen[d.Table] = true
		any = any || out[i].Err != nil
	}
	return any
}

// official is the marking that the catalog refuses in what people enter, with
// the line breaks of JSON. It is looked for here, before the transaction: what is
// found is recorded even though nothing else is kept.
var official = regexp.MustCompile(`(绝密|机密|秘密)(\s|\\[nrt])*[★☆]|[★☆](\s|\\[nrt])*(绝密|机密|秘密|工作秘密)`)

func (s *Service) refuseSecret(ctx context.Context, p org.Principal, e catalog.Entry) error {
	var fields []string
	if strings.TrimSpace(e.SecrecyMarking) != "" {
		fields = append(fields, "secrecy_marking")
	}
	text, err := e.Canonical()
	if err != nil {
		return fault.New(fault.Invalid, "entry_invalid", "目录条目填写有误").Because(err)
	}
	if official.Match(text) {
		fields = append(fields, "entry")
	}
	if len(fields) == 0 {
		return nil
	}
	if s.Refused != nil {
		if err := s.Refused(ctx, catalog.Refusal{Person: p.Person.ID, Department: p.Department.ID, Fields: fields, At: s.Clock.Now()}); err != nil {
			return fault.New(fault.Unavailable, "not_recorded", "本次操作未能记录，请稍后重试").Because(err)
		}
	}
	return fault.New(fault.Invalid, "secret_refused", "标有密级的内容不得录入；已记录本次操作，未保存其内容").Under("CN-3")
}

// Affected is a catalog entry that a change of its table concerns.
type Affected struct {
	Resource, Code, Name string
	// Propose is what to do about it: "catalog_update", the procedure of CN-17,
	// for a published entry; "edit_draft" for one that is not published yet.
	Propose string
}

// Changed is a change with the entries it concerns.
type Changed struct {
	Change
	Affected []Affected
}

// Differences is what changed between two runs.
type Differences struct {
	From, To Run // without schemas
	Changes  []Changed
}

// Changes compares the newest finished run of a source with the one before it,
// or with the run named. Nothing is opened: people decide (CN-17). With fewer
// than two finished runs it is "nothing_to_compare".
func (s *Service) Changes(ctx context.Context, p org.Principal, source, since string) (Differences, error) {
	runs, err := s.Runs(ctx, p, source)
	if err != nil {
		return Differences{}, err
	}
	var done []string
	for _, r := range runs {
		if r.State == Done {
			done = append(done, r.ID)
		}
	}
	from := since
	if since == "" && len(done) > 1 {
		from = done[1]
	}
	if len(done) == 0 || from == "" || from == done[0] {
		return Differences{}, fault.New(fault.Illegal, "nothing_to_compare", "至少需要两次成功的读取才能比较").Under("CN-17")
	}
	before, src, err := s.doneRun(ctx, p, from)
	if err != nil {
		return Differences{}, err
	}
	if src.ID != source {
		return Differences{}, fault.Missing("读取记录", from)
	}
	after, _, err := s.doneRun(ctx, p, done[0])
	if err != nil {
		return Differences{}, err
	}
	links, err := s.links(ctx, source)
	if err != nil {
		return Differences{}, err
	}
	d := Differences{Changes: []Changed{}}
	for _, c := range Compare(before.Schema, after.Schema) {
		x := Changed{Change: c}
		for _, resource := range links[c.Table] {
			a, err := s.affected(ctx, p, resource)
			if err != nil {
				return Differences{}, err
			}
			x.Affected = append(x.Affected, a)
		}
		d.Changes = append(d.Changes, x)
	}
	before.Schema, after.Schema = Schema{}, Schema{}
	d.From, d.To = before, after
	return d, nil
}

func (s *Service) affected(ctx context.Context, p org.Principal, resource string) (Affected, error) {
	r, published, pending, err := s.Catalog.Get(ctx, p, resource)
	if err != nil {
		return Affected{}, err
	}
	a := Affected{Resource: r.ID, Code: r.Code, Propose: "edit_draft"}
	if pending != nil {
		a.Name = pending.Entry.Name
	}
	if published != nil {
		a.Name, a.Propose = published.Entry.Name, "catalog_update"
	}
	return a, nil
}
