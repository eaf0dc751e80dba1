package quality

import (
	"context"
	"time"
)

// Dimension is a side of quality.
type Dimension string

// The dimensions, in the order in which they are shown.
const (
	Completeness Dimension = "completeness" // 完整性: nothing missing
	Validity     Dimension = "validity"     // 规范性: of the right form
	Uniqueness   Dimension = "uniqueness"   // 唯一性: nothing twice
	Consistency  Dimension = "consistency"  // 一致性: values agree with each other
	Timeliness   Dimension = "timeliness"   // 及时性: loaded as often as promised
)

// Dimensions lists them all.
var Dimensions = []Dimension{Completeness, Validity, Uniqueness, Consistency, Timeliness}

// Weights of the dimensions in the total, in hundredths. A dimension that was
// not measured does not count; the others keep their proportions.
var Weights = map[Dimension]float64{Completeness: 30, Validity: 30, Uniqueness: 15, Consistency: 15, Timeliness: 10}

// Kind says what a rule looks at.
type Kind string

// The kinds that a provider may file.
const (
	Required Kind = "required" // not empty
	Pattern  Kind = "pattern"  // matches a regular expression as a whole
	Domain   Kind = "domain"   // one of a list
	Range    Kind = "range"    // not below Min, not above Max
	Unique   Kind = "unique"   // no value twice
	// Referential: the value is a key of another hosted resource that the
	// provider may read.
	Referential Kind = "referential"
	// Compare: the value stands in the relation Op to that of another item.
	Compare Kind = "compare"
)

// The kinds that only a catalog entry implies, besides Required.
const (
	TypeLength Kind = "type"        // type and length of the item
	IDNumber   Kind = "resident_id" // check digit of a resident identity number
	PhoneForm  Kind = "phone"
	RegionCode Kind = "region"     // exists in the region register
	KeyUnique  Kind = "key"        // unique with white space left out
	Parent     Kind = "parent"     // the row above exists
	BirthDate  Kind = "birth_date" // agrees with the identity number
	Age        Kind = "age"        // time since the last load
)

// Rule is a filed rule on one item. Which of the other members it needs follows
// from its kind.
type Rule struct {
	Kind    Kind     `json:"kind"`
	Item    string   `json:"item"`              // item code
	Pattern string   `json:"pattern,omitempty"` // RE2
	Values  []string `json:"values,omitempty"`  // of a domain
	Min     string   `json:"min,omitempty"`     // a number, or a date for items of type D
	Max     string   `json:"max,omitempty"`
	// Resource and Target are the other resource, by ID, and its key item.
	Resource string `json:"resource,omitempty"`
	Target   string `json:"target,omitempty"`
	// Op is one of lt, le, eq, ne, ge, gt; Other is an item of the same row.
	Op    string `json:"op,omitempty"`
	Other string `json:"other,omitempty"`
}

// RuleSet is one version of the filed rules of a resource. Version 0 is the
// empty set before the first filing.
type RuleSet struct {
	Resource string
	Version  int
	Rules    []Rule
	At       time.Time
	By       string // person ID
}

// Outcome is what one rule found: counts and nothing else.
type Outcome struct {
	Dimension Dimension `json:"dimension"`
	Kind      Kind      `json:"kind"`
	Item      string    `json:"item,omitempty"`
	Filed     bool      `json:"filed,omitempty"` // by the provider; otherwise implied by the entry
	Checked   int64     `json:"checked"`         // values looked at; empty ones are left to Required
	Failed    int64     `json:"failed"`
	// Unmeasured says why the rule could not be asked: "not_readable".
	Unmeasured string `json:"unmeasured,omitempty"`
	// Other is what the rule compares with: an item, or resource and key.
	Other string `json:"other,omitempty"`
}

// Result is what a run found.
type Result struct {
	Rows     int64                 `json:"rows"`
	Total    float64               `json:"total"`  // 0..100
	Scores   map[Dimension]float64 `json:"scores"` // 0..100, of the dimensions measured
	Outcomes []Outcome             `json:"outcomes"`
	LoadedAt *time.Time            `json:"loaded_at,omitempty"` // last load; nil: not known
}

// Run is one measurement of a resource. It is never changed.
type Run struct {
	ID       string
	Resource string
	Entry    int // number of the catalog version
	Rules    int // version of the filed rules
	At       time.Time
	By       string // person ID; empty: the platform, by the frequency
	Result   Result
}

// Report is what there is to read of a resource's quality.
type Report struct {
	Rules RuleSet
	Runs  []Run // the newest first
	Job   *Job  // the last measurement asked for; nil: none
	Entry *EntryScore
}

// Store is what this package needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	// QualityRules gives the newest version, or version 0.
	QualityRules(ctx context.Context, resource string) (RuleSet, error)
	// InsertQualityRules keeps a new version; one that exists already is the
	// fault "changed_meanwhile".
	InsertQualityRules(ctx context.Context, s RuleSet) error
	InsertQualityRun(ctx context.Context, r Run) error
	// QualityRuns lists the runs of a resource, the newest first.
	QualityRuns(ctx context.Context, resource string, limit int) ([]Run, error)
	NoteLoad(ctx context.Context, resource string, at time.Time) error
	// LoadedAt gives the last load, or the zero time.
	LoadedAt(ctx context.Context, resource string) (time.Time, error)
	// KnownRegions gives those of the codes that are regions.
	KnownRegions(ctx context.Context, codes []string) (map[string]bool, error)
	// MayRead tells whether a department has a grant in force on an item.
	MayRead(ctx context.Context, department, resource, item string, at time.Time) (bool, error)
	// LatestScores gives the scores of the last runs of resources; what was never
	// measured is not there.
	LatestScores(ctx context.Context, resources []string) (map[string]Score, error)

	JobStore
	EntryStore
}

// Band is a score in words, as the facet of the catalog's search has it.
type Band string

// The bands.
const (
	Excellent Band = "excellent" // 90 and more
	Good      Band = "good"      // 75 and more
	Fair      Band = "fair"      // 60 and more
	Poor      Band = "poor"
)

// BandOf gives the band of a score.
func BandOf(score float64) Band {
	switch {
	case score >= 90:
		return Excellent
	case score >= 75:
		return Good
	case score >= 60:
		return Fair
	}
	return Poor
}

// Score is the result of the last run of a resource.
type Score struct {
	Run   string
	Total float64
	Band  Band
	At    time.Time
}
