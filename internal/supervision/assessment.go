package supervision

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"math"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Indicator is one thing that departments are assessed by. Indicators are
// data: see indicators.yaml.
type Indicator struct {
	ID      string   `yaml:"id"`
	Name    string   `yaml:"name"`
	Clause  string   `yaml:"clause"`
	Weight  int      `yaml:"weight"` // share of 100
	Measure string   `yaml:"measure"`
	Clocks  []string `yaml:"clocks"` // of measure "clocks": "procedure.clock"
	Each    int      `yaml:"each"`   // of measure "complaints": points for each
}

//go:embed indicators.yaml
var indicatorsYAML []byte

// indicators reads the file that the release brings.
var indicators = func() []Indicator {
	var doc struct {
		Indicators []Indicator `yaml:"indicators"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(indicatorsYAML))
	dec.KnownFields(true)
	if err := dec.Decode(&doc); err != nil { // a test reads it
		panic(err)
	}
	return doc.Indicators
}()

// Indicators lists what departments are assessed by.
func Indicators() []Indicator { return slices.Clone(indicators) }

// Period asks for an assessment.
type Period struct {
	From, To string // first and last day, YYYY-MM-DD
	// Region narrows to a part of the territory; empty: all of it.
	Region string
}

// Assessment is the departments of a territory, ranked.
type Assessment struct {
	From, To   string // first and last day
	Region     string
	MadeAt     time.Time
	Indicators []Indicator
	Rows       []Assessed
}

// Assessed is one department's result.
type Assessed struct {
	Rank       int // departments of the same score share a rank
	Department string
	Name       string
	Region     string
	Score      float64 // 0 to 100, two decimals
	Marks      []Mark  // in the order of the indicators
}

// Mark is one indicator's result.
type Mark struct {
	Applies bool
	Good    int // of Total
	Total   int
	Score   float64 // 0 to 100, two decimals
}

// Assess computes the assessment of the departments in the reader's territory
// (HB-28, CN-38.2, XN-22) from the facts the platform has. It is for the
// supervisors and auditors of an authority.
func (s *Service) Assess(ctx context.Context, p org.Principal, period Period) (Assessment, error) {
	if err := onlySupervisors(p); err != nil {
		return Assessment{}, err
	}
	from, to, err := period.bounds()
	if err != nil {
		return Assessment{}, err
	}
	a := Assessment{From: period.From, To: period.To, Region: cmp.Or(period.Region, p.Territory), MadeAt: s.Clock.Now(), Indicators: Indicators()}
	if !rulebook.Covers(p.Territory, a.Region) {
		return Assessment{}, fault.New(fault.Forbidden, "outside_territory", "只能考核本行政区域内的部门").Under("CN-38.2")
	}
	region, err := s.Org.Region(ctx, a.Region)
	if err != nil {
		return Assessment{}, err
	}
	columns := make([]map[string]Mark, len(a.Indicators))
	for i, ind := range a.Indicators {
		if columns[i], err = s.measure(ctx, ind, region.Path, from, to); err != nil {
			return Assessment{}, fmt.Errorf("indicator %s: %w", ind.ID, err)
		}
	}
	if err := s.departments(ctx, region.Path, func(d org.Department) {
		row := Assessed{Department: d.ID, Name: d.Name, Region: d.Region}
		for i, ind := range a.Indicators {
			m := columns[i][d.ID]
			if ind.Measure == "complaints" {
				m = deduct(m.Total, ind.Each)
			}
			row.Marks = append(row.Marks, m)
		}
		row.Score = weigh(a.Indicators, row.Marks)
		a.Rows = append(a.Rows, row)
	}); err != nil {
		return Assessment{}, err
	}
	rank(a.Rows)
	return a, nil
}

// bounds are the instants of the period: from 00:00 of the first day to 24:00
// of the last.
func (p Period) bounds() (from, to time.Time, err error) {
	var faults fault.Collector
	parse := func(field, value string) time.Time {
		t, err := time.ParseInLocation(time.DateOnly, value, zone)
		if err != nil {
			faults.Add(field, "date", "应为日期,如2026-01-31", "CN-38.2")
		}
		return t
	}
	from, to = parse("from", p.From), parse("to", p.To).AddDate(0, 0, 1)
	if faults.Empty() && !from.Before(to) {
		faults.Add("to", "order", "期间的最后一日不能早于第一日", "CN-38.2")
	}
	return from, to, faults.Err("period_invalid", "考核期间不正确", "CN-38.2")
}

func (s *Service) measure(ctx context.Context, ind Indicator, path string, from, to time.Time) (map[string]Mark, error) {
	switch ind.Measure {
	case "published", "linked":
		figures, err := s.Store.CatalogFigures(ctx, path, to)
		return marks(figures, func(f CatalogFigures) Mark {
			if ind.Measure == "linked" {
				return share(f.Linked, f.Published)
			}
			return share(f.Published, f.Entries)
		}), err
	case "clocks":
		figures, err := s.Store.ClockFigures(ctx, ind.Clocks, path, from, to, s.Clock.Now())
		return marks(figures, func(f ClockFigures) Mark { return share(f.Kept, f.Kept+f.Late) }), err
	case "used":
		figures, err := s.Store.GrantFigures(ctx, path, from, to)
		return marks(figures, func(f UseFigures) Mark { return share(f.Used, f.Granted) }), err
	case "complaints":
		breaches, err := s.Store.Breaches(ctx, path, from, to)
		if err != nil {
			return nil, err
		}
		complaints, err := s.Store.Complaints(ctx, path, from, to)
		out := map[string]Mark{}
		for _, counts := range []map[string]int{breaches, complaints} {
			for department, n := range counts {
				m := out[department]
				m.Total += n
				out[department] = m
			}
		}
		return out, err
	}
	return nil, fmt.Errorf("unknown measure %q", ind.Measure)
}

func marks[F any](figures map[string]F, mark func(F) Mark) map[string]Mark {
	out := make(map[string]Mark, len(figures))
	for department, f := range figures {
		out[department] = mark(f)
	}
	return out
}

// share is the mark of good out of total; of nothing there is none.
func share(good, total int) Mark {
	if total == 0 {
		return Mark{}
	}
	return Mark{Applies: true, Good: good, Total: total, Score: cents(100 * float64(good) / float64(total))}
}

// deduct is the mark of n complaints: it applies to everybody.
func deduct(n, each int) Mark {
	return Mark{Applies: true, Total: n, Score: float64(max(0, 100-each*n))}
}

// weigh is the mean of the marks that apply, by weight.
func weigh(list []Indicator, marks []Mark) float64 {
	sum, weights := 0.0, 0
	for i, m := range marks {
		if m.Applies {
			sum += m.Score * float64(list[i].Weight)
			weights += list[i].Weight
		}
	}
	if weights == 0 {
		return 0
	}
	return cents(sum / float64(weights))
}

func cents(x float64) float64 { return math.Round(x*100) / 100 }

// rank orders by score, then by name so that the order is always the same, and
// numbers as sports do: 1, 2, 2, 4.
func rank(rows []Assessed) {
	slices.SortFunc(rows, func(a, b Assessed) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Department, b.Department))
	})
	for i := range rows {
		rows[i].Rank = i + 1
		if i > 0 && rows[i].Score == rows[i-1].Score {
			rows[i].Rank = rows[i-1].Rank
		}
	}
}

// departments visits every department of a territory.
func (s *Service) departments(ctx context.Context, path string, visit func(org.Department)) error {
	const page = 200
	for after := ""; ; {
		list, err := s.Org.Departments(ctx, org.DepartmentFilter{RegionPath: path, Limit: page, After: after})
		if err != nil {
			return err
		}
		for _, d := range list {
			visit(d)
			after = d.ID
		}
		if len(list) < page {
			return nil
		}
	}
}
