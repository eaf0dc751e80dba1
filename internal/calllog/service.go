package calllog

import (
	"context"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// Ledger is what is asked of the log beside its entries.
type Ledger interface {
	Head(ctx context.Context) (ledger.Head, error)
	AppendIn(ctx context.Context, entries ...ledger.Entry) ([]ledger.Leaf, error)
}

// Grants gives a grant to those who may read it; *sharing.Service has it.
type Grants interface {
	Grant(ctx context.Context, p org.Principal, id string) (sharing.Grant, error)
}

// Cases opens what a reconciliation is turned into; *casework.Engine has it.
type Cases interface {
	Open(ctx context.Context, p org.Principal, req casework.OpenRequest) (casework.View, error)
}

// Digester makes the digests under which the ledger keeps operators and case
// numbers of a department; the gateway has it.
type Digester interface {
	OperatorDigest(consumer, account string) string
	CaseDigest(consumer, number string) string
}

// Deps is what the service works with.
type Deps struct {
	Store    Store
	Entries  Entries
	Ledger   Ledger
	Grants   Grants
	Cases    Cases
	Digester func() Digester // asked when needed: the gateway is made later
	Clock    clock.Clock
}

// Service answers for call logs and their reconciliation.
type Service struct{ Deps }

// NewService makes the service.
func NewService(d Deps) *Service { return &Service{d} }

// Page is one page of a log.
type Page struct {
	Calls []Call
	// Behind is how many entries the ledger has that the log does not show yet:
	// 0 as a rule, a second's calls under load.
	Behind uint64
}

// maxPage bounds a page.
const maxPage = 200

// mayRead: those who answer for sharing, its systems and its audit.
func mayRead(p org.Principal) error {
	if slices.ContainsFunc([]org.Role{org.Clerk, org.OfficeHead, org.DepartmentHead, org.Engineer, org.Auditor}, p.Has) {
		return nil
	}
	return fault.New(fault.Forbidden, "not_entitled", "调用记录由本部门的经办、负责、系统对接和审计人员查阅").Under("CN-29.2")
}

// List gives a page of the principal's own department's calls, as the side
// that it asks for.
func (s *Service) List(ctx context.Context, p org.Principal, q Query) (Page, error) {
	q, err := s.own(ctx, p, q)
	if err != nil {
		return Page{}, err
	}
	if q.Limit <= 0 || q.Limit > maxPage {
		q.Limit = 50
	}
	calls, err := s.page(ctx, q)
	if err != nil {
		return Page{}, err
	}
	behind, err := s.Behind(ctx)
	return Page{Calls: calls, Behind: behind}, err
}

// exportPage is how many calls an export reads at once.
const exportPage = 1000

// Export gives every call that the query selects, the oldest first, to each:
// page by page, so that its length costs no memory. It ends with what existed
// when it began.
func (s *Service) Export(ctx context.Context, p org.Principal, q Query, each func(Call) error) error {
	q, err := s.own(ctx, p, q)
	if err != nil {
		return err
	}
	if end := s.Clock.Now().Add(time.Microsecond); q.To.IsZero() || q.To.After(end) {
		q.To = end
	}
	q.Oldest, q.Limit, q.After = true, exportPage, Mark{}
	for {
		calls, err := s.page(ctx, q)
		if err != nil {
			return err
		}
		for _, c := range calls {
			if err := each(c); err != nil {
				return err
			}
		}
		if len(calls) < q.Limit {
			return nil
		}
		last := calls[len(calls)-1]
		q.After = Mark{last.At, last.Index}
	}
}

// own binds a query to the principal's department and finds its faults.
func (s *Service) own(ctx context.Context, p org.Principal, q Query) (Query, error) {
	if err := mayRead(p); err != nil {
		return q, err
	}
	var bad fault.Collector
	if !q.Side.Valid() {
		bad.Add("side", "not_in_list", "应为 consumer(本部门的调用)或 provider(对本部门数据的调用)", "CN-29.2")
	}
	if q.Outcome != Any && q.Outcome != Answered && q.Outcome != Refused {
		bad.Add("outcome", "not_in_list", "应为 answered 或 refused", "")
	}
	if q.Status != 0 && (q.Status < 100 || q.Status > 599) {
		bad.Add("status", "range", "应为 HTTP 状态码", "")
	}
	if !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To) {
		bad.Add("to", "order", "结束时间应晚于开始时间", "")
	}
	if err := bad.Err("query_invalid", "查询条件有误", ""); err != nil {
		return q, err
	}
	q.Department = p.Department.ID
	if q.Grant != "" { // a grant of others is not known to exist
		g, err := s.Grants.Grant(ctx, p, q.Grant)
		if err != nil {
			return q, err
		}
		if q.Side == Consumer && g.Consumer != q.Department || q.Side == Provider && g.Provider != q.Department {
			return q, fault.Missing("授权", q.Grant)
		}
	}
	return q, nil
}

func (s *Service) page(ctx context.Context, q Query) ([]Call, error) {
	leaves, err := s.Store.Calls(ctx, q)
	if err != nil {
		return nil, err
	}
	calls, err := s.calls(ctx, leaves)
	for i, c := range calls {
		calls[i] = c.seenBy(q.Side)
	}
	return calls, err
}

// Behind is how many entries of the ledger the projection has not read.
func (s *Service) Behind(ctx context.Context) (uint64, error) {
	next, err := s.Store.NextIndex(ctx)
	if err != nil {
		return 0, err
	}
	head, err := s.Ledger.Head(ctx)
	if err != nil || head.Size < next {
		return 0, err
	}
	return head.Size - next, nil
}

// maxDigests bounds how many digests are made at once.
const maxDigests = 200

// Digests gives the digests of the department's own operators and case
// numbers, in the order asked, so that it can tell its people's calls in its
// log. The node's key stays on the node; nobody gets another department's.
func (s *Service) Digests(_ context.Context, p org.Principal, operators, cases []string) (ofOperators, ofCases []string, err error) {
	if err := mayRead(p); err != nil {
		return nil, nil, err
	}
	if len(operators)+len(cases) > maxDigests {
		var bad fault.Collector
		bad.Add("operators", "too_many", "一次最多 200 个", "")
		return nil, nil, bad.Err("request_invalid", "请求内容有误。", "")
	}
	d := s.Digester()
	for _, v := range operators {
		ofOperators = append(ofOperators, d.OperatorDigest(p.Department.ID, v))
	}
	for _, v := range cases {
		ofCases = append(ofCases, d.CaseDigest(p.Department.ID, v))
	}
	return ofOperators, ofCases, nil
}

// within tells whether two moments are at most d apart.
func within(a, b time.Time, d time.Duration) bool { return a.Sub(b).Abs() <= d }
