package calendar

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// NoticeFiled is the kind of ledger entry that records a filed notice.
const NoticeFiled ledger.Kind = "calendar_notice"

// NoticeFacts are what the ledger holds of one.
type NoticeFacts struct {
	Notice     string `json:"notice"`
	Year       int    `json:"year"`
	Version    int    `json:"version"`
	Days       int    `json:"days"`
	Digest     string `json:"notice_sha256"`
	Replaces   string `json:"replaces,omitempty"`
	Department string `json:"department"`
	Person     string `json:"person"` // account, never a name
}

// Store keeps the notices.
type Store interface {
	// Do runs fn in one transaction.
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	// CalendarNotices gives all, by year and version.
	CalendarNotices(ctx context.Context) ([]Notice, error)
	// CountCalendarNotices tells how many there are: they only grow, so a
	// reader that has seen as many has seen them all.
	CountCalendarNotices(ctx context.Context) (int, error)
	// InsertCalendarNotice keeps one; a version that exists is
	// "changed_meanwhile".
	InsertCalendarNotice(ctx context.Context, n Notice) error
}

// Directory tells which authority stands above a department.
type Directory interface {
	SuperiorAuthority(ctx context.Context, department string) (string, error)
}

// Ledger takes the notice's entry inside the running transaction.
type Ledger interface {
	AppendIn(ctx context.Context, entries ...ledger.Entry) ([]ledger.Leaf, error)
}

// Deps are what the service stands on.
type Deps struct {
	Store  Store
	Base   *worktime.Calendar // that of the release
	Cases  Cases
	Dir    Directory
	Ledger Ledger
	Clock  clock.Clock
}

// Service files notices and keeps the Live calendar up to date.
type Service struct {
	Deps
	// Live is what the node counts with.
	Live *Live

	mu     sync.Mutex
	loaded []Notice // that Live was made of
}

// NewService makes a service that counts with the release's calendar until
// Refresh is called.
func NewService(d Deps) *Service { return &Service{Deps: d, Live: NewLive(d.Base)} }

// Change says what a Refresh has changed.
type Change struct {
	// Learned: years that had no notice before; provisional terms that reach
	// into them are to be counted again.
	Learned []int
	// Corrected: years whose notice is another one now; every running term
	// across them is to be counted again.
	Corrected []int
}

// None tells whether nothing has changed.
func (c Change) None() bool { return len(c.Learned)+len(c.Corrected) == 0 }

// Refresh swaps the Live calendar if the store holds notices that it was not
// made of. It costs one count when there are none.
func (s *Service) Refresh(ctx context.Context) (Change, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	count, err := s.Store.CountCalendarNotices(ctx)
	if err != nil || count == len(s.loaded) {
		return Change{}, err
	}
	all, err := s.Store.CalendarNotices(ctx)
	if err != nil {
		return Change{}, err
	}
	next, err := with(s.Base, all)
	if err != nil {
		return Change{}, err
	}
	before := s.Live.Current()
	var c Change
	for _, n := range all {
		_, had := before.Year(n.Year)
		switch {
		case slices.ContainsFunc(s.loaded, func(x Notice) bool { return x.ID == n.ID }):
		case !had && !slices.Contains(c.Learned, n.Year):
			c.Learned = append(c.Learned, n.Year)
		case had && !slices.Contains(c.Corrected, n.Year):
			c.Corrected = append(c.Corrected, n.Year)
		}
	}
	s.Live.swap(next)
	s.loaded = all
	return c, nil
}

// with adds notices, given by year and version, to a calendar: the last of a
// year holds, against the release's too.
func with(c *worktime.Calendar, all []Notice) (*worktime.Calendar, error) {
	for i, n := range all {
		if i+1 < len(all) && all[i+1].Year == n.Year {
			continue
		}
		var err error
		if c, err = c.With(n.data()); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Outcome is what filing a notice does, or would do.
type Outcome struct {
	Notice Notice // without ID, At and By after a dry run
	Impact Impact
}

// File checks and keeps a year's notice; with dryRun it keeps nothing. Only an
// administrator of the highest authority of this node may: the calendar is
// everybody's. The replicas have it within seconds, and count running terms
// again, by the job that calls Refresh.
func (s *Service) File(ctx context.Context, p org.Principal, in Input, dryRun bool) (Outcome, error) {
	if err := s.mayFile(ctx, p); err != nil {
		return Outcome{}, err
	}
	all, err := s.Store.CalendarNotices(ctx)
	if err != nil {
		return Outcome{}, err
	}
	current, err := with(s.Base, all)
	if err != nil {
		return Outcome{}, err
	}
	id, version := inForce(current, all, in.Year)
	n, err := in.notice(current, id, version+1)
	if err != nil {
		return Outcome{}, err
	}
	next, err := current.With(n.data())
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Notice: n}
	if out.Impact, err = s.impact(ctx, in.Year, id != "", next); err != nil || dryRun {
		return out, err
	}
	n.ID, n.At, n.By, n.Department = ident.New(), s.Clock.Now(), p.Person.ID, p.Department.ID
	out.Notice = n
	return out, s.Store.Do(ctx, func(ctx context.Context) error {
		if err := s.Store.InsertCalendarNotice(ctx, n); err != nil {
			return err
		}
		_, err := s.Ledger.AppendIn(ctx, ledger.Entry{ID: n.ID, Kind: NoticeFiled, At: n.At, Facts: NoticeFacts{Notice: n.ID, Year: n.Year,
			Version: n.Version, Days: len(n.Days), Digest: n.Digest, Replaces: n.Replaces, Department: n.Department, Person: n.By}})
		return err
	})
}

// notice makes the notice of an input that is in order; inForce is what it
// would replace.
func (in Input) notice(current *worktime.Calendar, inForce string, version int) (Notice, error) {
	in.Title, in.Document, in.Reason = strings.TrimSpace(in.Title), strings.TrimSpace(in.Document), strings.TrimSpace(in.Reason)
	if data, loaded := current.Year(in.Year); loaded && sameDays(data.Days, in.Days) {
		return Notice{}, fault.Newf(fault.Conflict, "calendar_unchanged", "%d年的放假安排已经载入,内容相同", in.Year).With("in_force", inForce)
	}
	if err := in.check(current, inForce); err != nil {
		return Notice{}, err
	}
	n := Notice{Year: in.Year, Version: version, Title: in.Title, Document: in.Document, Days: slices.Clone(in.Days),
		Replaces: in.Replaces, Reason: in.Reason}
	slices.SortFunc(n.Days, func(a, b worktime.SpecialDay) int { return int(a.Date - b.Date) })
	var err error
	n.Digest, err = digest(n)
	return n, err
}

func (s *Service) mayFile(ctx context.Context, p org.Principal) error {
	refusal := fault.New(fault.Forbidden, "not_highest_authority", "放假安排由本节点最高一级主管部门的平台管理员载入").Under("CN-8")
	if !p.Has(org.Admin) || p.Territory == "" {
		return refusal
	}
	above, err := s.Dir.SuperiorAuthority(ctx, p.Department.ID)
	if err == nil && above != p.Department.ID {
		return refusal
	}
	return err
}

// inForce names the arrangement of a year, empty when it is computed from the
// law alone, and gives the last filed version, 0 for none.
func inForce(c *worktime.Calendar, all []Notice, year int) (id string, version int) {
	if _, loaded := c.Year(year); loaded {
		id = releaseID(year)
	}
	for _, n := range all {
		if n.Year == year {
			id, version = n.ID, n.Version
		}
	}
	return id, version
}
