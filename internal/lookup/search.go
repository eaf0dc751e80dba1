package lookup

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/privacy"
)

// Searched is the ledger kind of a search: who, on what basis, in which case,
// and the digest of whom for.
const Searched ledger.Kind = "access_search"

// Deps is what the service calls.
type Deps struct {
	Store   Store
	Entries Entries
	// Ledger records the search, in the transaction that tells of it.
	Ledger interface {
		AppendIn(ctx context.Context, entries ...ledger.Entry) ([]ledger.Leaf, error)
	}
	// Tell puts a notice in the outbox, in the transaction of ctx.
	Tell func(ctx context.Context, t casework.Telling) error
	// Digest is the keyed digest of an identifier in the ledger's calls.
	Digest func(kind catalog.Sensitivity, value string) string
	// Settle waits until recorded calls stand in the ledger's tree.
	Settle func(ctx context.Context) error
	// Supervises tells whether a department is in the territory of the
	// principal's authority.
	Supervises func(ctx context.Context, p org.Principal, department string) (bool, error)
	Clock      clock.Clock
}

// Service answers searches and keeps the index.
type Service struct{ Deps }

// NewService makes the service.
func NewService(d Deps) *Service { return &Service{d} }

// Ask is a search.
type Ask struct {
	Kind       catalog.Sensitivity // what kind of identifier
	Identifier string              // in plain; it is digested and forgotten
	Basis      string              // the law that allows the search, in words
	CaseNumber string              // of the matter that it is for
	Below      uint64              // entries before this index; 0: from the newest
	Limit      int                 // 1 to 200; 0: 50
}

// Access is one call, as its entry in the ledger has it.
type Access struct {
	Index    uint64
	Entry    string
	Kind     ledger.Kind
	At       time.Time
	Consumer string // department; for a search: who searched
	Provider string
	Grant    string
	Resource string
	Purpose  string
	Endpoint string
	Status   int
	// CaseNumber is set for earlier searches alone: in calls it is a digest.
	CaseNumber string
}

// Answer is what was found.
type Answer struct {
	Search   string // ID of the entry that records this search
	Accesses []Access
	// Searched is how many entries of the ledger the index had read, of Size.
	Searched, Size uint64
	Next           uint64 // Below of the next page; 0: there is none
}

// facts are what an answer tells of a call.
type facts struct {
	Consumer   string `json:"consumer"`
	Provider   string `json:"provider"`
	Grant      string `json:"grant"`
	Resource   string `json:"resource"`
	Purpose    string `json:"purpose"`
	Endpoint   string `json:"endpoint"`
	Status     int    `json:"status"`
	Department string `json:"department"`
	CaseNumber string `json:"case_number"`
}

// kinds are the identifiers that calls can ask with.
var kinds = []catalog.Sensitivity{catalog.ResidentID, catalog.Phone, catalog.PersonName, catalog.BankCard, catalog.Email, catalog.Plate, catalog.Address}

// Search records the search, tells the authority, and only then looks. Faults:
// "access_search_forbidden", "access_search_invalid" with all faulty fields.
func (s *Service) Search(ctx context.Context, p org.Principal, ask Ask) (Answer, error) {
	if p.Territory == "" || !p.HasAny(org.Supervisor, org.Auditor) {
		return Answer{}, fault.New(fault.Forbidden, "access_search_forbidden", "只有主管部门的审核、审计人员可以依法查询个人数据的使用记录").Under("CN-29.2")
	}
	if err := check(&ask); err != nil {
		return Answer{}, err
	}
	digest := s.Digest(ask.Kind, ask.Identifier)
	if err := s.Settle(ctx); err != nil {
		return Answer{}, err
	}
	answer := Answer{Search: ident.New()}
	if err := s.record(ctx, p, ask, digest, answer.Search); err != nil {
		return Answer{}, err
	}
	head, err := s.Entries.ReadHead(ctx)
	if err != nil {
		return Answer{}, err
	}
	answer.Size = head.Size
	if answer.Searched, err = s.catchUp(ctx, head.Size); err != nil {
		return Answer{}, err
	}
	return answer, s.find(ctx, p, ask, digest, &answer)
}

func check(ask *Ask) error {
	ask.Identifier, ask.Basis, ask.CaseNumber = strings.TrimSpace(ask.Identifier), strings.TrimSpace(ask.Basis), strings.TrimSpace(ask.CaseNumber)
	var bad fault.Collector
	known := false
	for _, k := range kinds {
		known = known || k == ask.Kind
	}
	if !known {
		bad.Add("kind", "not_in_list", "没有这一类个人标识", "CN-29.2")
	}
	if n := utf8.RuneCountInString(ask.Identifier); n < 2 || n > 200 {
		bad.Add("identifier", "required", "须填写要查询的个人标识(2至200字)", "CN-29.2")
	}
	for _, x := range []struct {
		field, name, value string
		least, most        int
	}{{"basis", "法律依据", ask.Basis, 4, 500}, {"case_number", "案件编号", ask.CaseNumber, 2, 100}} {
		n := utf8.RuneCountInString(x.value)
		switch {
		case n < x.least || n > x.most:
			bad.Add(x.field, "required", "须填写"+x.name, "CN-29.2")
		case privacy.Find(x.value) != "" || ask.Identifier != "" && strings.Contains(x.value, ask.Identifier):
			bad.Add(x.field, "personal_data", x.name+"会永久存证并可能公开,不得含有个人信息", "CN-29.2")
		}
	}
	if ask.Limit == 0 {
		ask.Limit = 50
	}
	if ask.Limit < 1 || ask.Limit > 200 {
		bad.Add("limit", "out_of_range", "应为1至200", "")
	}
	return bad.Err("access_search_invalid", "查询条件有误,请一并更正", "CN-29.2")
}

// record puts the search into the ledger and tells the authority, in one
// transaction.
func (s *Service) record(ctx context.Context, p org.Principal, ask Ask, digest, id string) error {
	return s.Store.Do(ctx, func(ctx context.Context) error {
		err := s.Tell(ctx, casework.Telling{
			Subject: "个人数据使用记录查询", Clause: "CN-29.2",
			Text: p.Person.Name + "依据“" + ask.Basis + "”(案件编号" + ask.CaseNumber + ")查询了一人的数据使用记录,存证编号" + id + "。",
			To: []casework.Turn{{Department: p.Department.ID, Relation: "consumer.authority"}, {Department: p.Department.ID, Relation: "consumer.auditor"},
				{Department: p.Department.ID, Relation: "consumer.department_head"}},
		})
		if err != nil {
			return err
		}
		_, err = s.Ledger.AppendIn(ctx, ledger.Entry{ID: id, Kind: Searched, At: s.Clock.Now(), Facts: map[string]any{
			"person": p.Person.ID, "department": p.Department.ID, "identifier_kind": string(ask.Kind), "identifiers": []string{digest},
			"legal_basis": ask.Basis, "case_number": ask.CaseNumber, "basis": "CN-29.2"}})
		return err
	})
}

const (
	projectBatch = 1000
	// maxBehind bounds how many entries one search reads to catch up.
	maxBehind = 20_000
)

// catchUp reads what the index has not, if that is not much.
func (s *Service) catchUp(ctx context.Context, size uint64) (uint64, error) {
	for range maxBehind / projectBatch {
		next, err := s.Store.NextIndex(ctx)
		if err != nil || next >= size {
			return next, err
		}
		if _, err := s.Project(ctx, projectBatch); err != nil {
			return 0, err
		}
	}
	return s.Store.NextIndex(ctx)
}

// scan bounds how many entries of others' territories one page passes over.
const scan = 2000

// find reads a page of what the searcher's authority may know: calls of
// departments in its territory, or for their data.
func (s *Service) find(ctx context.Context, p org.Principal, ask Ask, digest string, answer *Answer) error {
	below := ask.Below
	if below == 0 {
		below = answer.Size + 1
	}
	mine := map[string]bool{}
	for range scan / 200 {
		page, err := s.Store.Indexes(ctx, digest, below, 200)
		if err != nil {
			return err
		}
		for _, index := range page {
			below = index
			a, err := s.access(ctx, index)
			if err != nil {
				return err
			}
			if a.Entry == answer.Search {
				continue
			}
			may, err := s.may(ctx, p, a, mine)
			if err != nil {
				return err
			}
			if !may {
				continue
			}
			answer.Accesses = append(answer.Accesses, a)
			if len(answer.Accesses) == ask.Limit {
				answer.Next = index
				return nil
			}
		}
		if len(page) < 200 {
			return nil
		}
	}
	answer.Next = below
	return nil
}

func (s *Service) access(ctx context.Context, index uint64) (Access, error) {
	leaf, err := s.Entries.Leaf(ctx, index)
	if err != nil {
		return Access{}, err
	}
	var f facts
	if err := leaf.ReadFacts(&f); err != nil {
		return Access{}, err
	}
	a := Access{Index: index, Entry: leaf.ID, Kind: leaf.Kind, At: leaf.At, Consumer: f.Consumer, Provider: f.Provider,
		Grant: f.Grant, Resource: f.Resource, Purpose: f.Purpose, Endpoint: f.Endpoint, Status: f.Status}
	if leaf.Kind == Searched {
		a.Consumer, a.CaseNumber = f.Department, f.CaseNumber
	}
	return a, nil
}

func (s *Service) may(ctx context.Context, p org.Principal, a Access, known map[string]bool) (bool, error) {
	for _, d := range []string{a.Consumer, a.Provider} {
		if d == "" {
			continue
		}
		may, ok := known[d]
		if !ok {
			var err error
			if may, err = s.Supervises(ctx, p, d); err != nil {
				return false, err
			}
			known[d] = may
		}
		if may {
			return true, nil
		}
	}
	return false, nil
}
