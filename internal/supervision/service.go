package supervision

import (
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Options are the thresholds of the detectors; zero fields take the defaults.
type Options struct {
	// RefusedCalls is how many calls of one grant outside its scope or purpose
	// on one day are a suspected violation (CN-40.2); default as in watch.yaml.
	RefusedCalls int
	// UnreachableDays is for how many calendar days a linked service may not
	// answer before it counts as ended by its provider (CN-39.7); default 7.
	UnreachableDays int
	// DesignationDays is how many working days several departments may publish
	// one standard element before its authority has designated a source
	// (CN-41.1); default 20. The regulation gives no number.
	DesignationDays int
	// RecordDays is for how many calendar days after its first use a grant of
	// batches or files may have no usage record (CN-40.5); default 30.
	RecordDays int
}

// Deps is what the service works with.
type Deps struct {
	Store  Store
	Org    Organisation
	Rules  casework.Rules
	Cases  Cases
	Clocks Clocks
	Leaves Leaves
	Clock  clock.Clock
	// Calendar counts working days.
	Calendar procedure.Calendar
	Options
}

// Service reports violations and brings the hooks of the procedures of
// supervision. It is safe for concurrent use.
type Service struct{ Deps }

// NewService makes the service.
func NewService(d Deps) *Service {
	if d.RefusedCalls <= 0 {
		rule, _ := watched.ruleOf("scope_exceeded")
		d.RefusedCalls = rule.Threshold
	}
	if d.UnreachableDays <= 0 {
		d.UnreachableDays = 7
	}
	if d.DesignationDays <= 0 {
		d.DesignationDays = 20
	}
	if d.RecordDays <= 0 {
		d.RecordDays = 30
	}
	return &Service{d}
}

// zone is the zone of the days that people speak of.
var zone = time.FixedZone("Asia/Shanghai", 8*3600)

func day(t time.Time) string { return t.In(zone).Format(time.DateOnly) }
