package quality

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// DepartmentScore sums up a department.
type DepartmentScore struct {
	Department string
	Region     string
	Entries    int     // published entries looked at
	EntryMean  float64 // mean score of the entries
	Measured   int     // hosted resources measured
	DataMean   float64 // mean total of their last runs
	Poor       int     // of these, below 60
}

// KindCount is how many entries of a department have a finding of a kind.
type KindCount struct {
	Kind    FindingKind
	Entries int
}

// DepartmentReport is the quality of one department.
type DepartmentReport struct {
	DepartmentScore
	Findings []KindCount
	Worst    []EntryLine // entries, the lowest score first
	Next     string
}

// EntryLine is one entry in a list.
type EntryLine struct {
	Resource string
	Name     string
	Score    float64
	Findings []Finding
}

// EntryStore keeps the scores of entries. Publishing a version or loading rows
// makes an entry due.
type EntryStore interface {
	// ClaimEntries gives at most limit entries that are due by now and takes them
	// from the list, in the running transaction.
	ClaimEntries(ctx context.Context, now time.Time, limit int) ([]string, error)
	// PutEntryScore keeps a score with its findings; next says when the entry is
	// due by itself, zero: not.
	PutEntryScore(ctx context.Context, e EntryScore, next time.Time) error
	// DropEntryScore forgets an entry that is no longer published.
	DropEntryScore(ctx context.Context, resource string) error
	// EntryScore gives the score of an entry, nil before it was looked at.
	EntryScore(ctx context.Context, resource string) (*EntryScore, error)
	DepartmentScore(ctx context.Context, department string) (DepartmentScore, error)
	// DepartmentScores lists the departments of a territory, by region and ID.
	DepartmentScores(ctx context.Context, region, after string, limit int) ([]DepartmentScore, error)
	FindingCounts(ctx context.Context, department string) ([]KindCount, error)
	// WorstEntries lists the entries of a department, the lowest score first, of a
	// kind of finding or of all, after the given score and resource.
	WorstEntries(ctx context.Context, department string, kind FindingKind, afterScore float64, after string, limit int) ([]EntryLine, error)
}

// entryBatch is how many entries one transaction scores.
const entryBatch = 100

// ReviewEntries scores entries that are due and tells whether there may be more.
func (s *Service) ReviewEntries(ctx context.Context) (more bool, err error) {
	err = s.Store.Do(ctx, func(ctx context.Context) error {
		now := s.Clock.Now()
		due, err := s.Store.ClaimEntries(ctx, now, entryBatch)
		if err != nil {
			return err
		}
		more = len(due) == entryBatch
		for _, id := range due {
			if err := s.reviewEntry(ctx, id, now); err != nil {
				return err
			}
		}
		return nil
	})
	return more && err == nil, err
}

func (s *Service) reviewEntry(ctx context.Context, id string, now time.Time) error {
	r, err := s.Entries.Resource(ctx, id)
	if err != nil {
		return err
	}
	if r.Published == 0 {
		return s.Store.DropEntryScore(ctx, id)
	}
	v, err := s.Entries.Version(ctx, id, r.Published)
	if err != nil {
		return err
	}
	loaded, err := s.Store.LoadedAt(ctx, id)
	if err != nil {
		return err
	}
	e := EntryScore{Resource: id, Version: v.Number, Provider: r.Provider, Region: r.Region, At: now}
	var next time.Time
	e.Score, e.Findings, next = ReviewEntry(v.Entry, loaded, now)
	return s.Store.PutEntryScore(ctx, e, next)
}

// Departments gives the scores of the departments of a territory to the people
// of its authority.
func (s *Service) Departments(ctx context.Context, p org.Principal, region, after string, limit int) ([]DepartmentScore, error) {
	if region == "" {
		region = p.Territory
	}
	if p.Territory == "" || !rulebook.Covers(p.Territory, region) {
		return nil, hiddenScores()
	}
	return s.Store.DepartmentScores(ctx, region, after, limit)
}

// Department gives the score of one department with what its entries lack: to
// itself and to the authorities above it.
func (s *Service) Department(ctx context.Context, p org.Principal, department string, kind FindingKind, afterScore float64, after string, limit int) (DepartmentReport, error) {
	if department == "" {
		department = p.Department.ID
	}
	d, err := s.Org.Department(ctx, department)
	if err != nil {
		return DepartmentReport{}, err
	}
	if department != p.Department.ID && (p.Territory == "" || !rulebook.Covers(p.Territory, d.Region)) {
		return DepartmentReport{}, hiddenScores()
	}
	var out DepartmentReport
	if out.DepartmentScore, err = s.Store.DepartmentScore(ctx, department); err != nil {
		return out, err
	}
	out.Department, out.DepartmentScore.Region = department, d.Region
	if out.Findings, err = s.Store.FindingCounts(ctx, department); err != nil {
		return out, err
	}
	out.Worst, err = s.Store.WorstEntries(ctx, department, kind, afterScore, after, limit)
	return out, err
}

func hiddenScores() error {
	return fault.New(fault.Forbidden, "scores_hidden", "部门的质量得分对本部门和所在区域的主管部门可见").Under(basis)
}
