package casework

import (
	"time"

	"github.com/shuqiao/shuqiao/internal/procedure"
)

// View is a case as one reader sees it: where it stands, what happened, what
// this reader can do now, by when and under which clause. API and console are
// drawn from it.
type View struct {
	Case          procedure.Case
	ProcedureName string
	StageName     string
	Final         bool
	PartyNames    map[string]string // party → department name
	PartyLabels   map[string]string // party → what it is: 提供部门, 提供部门的同级主管部门
	Names         map[string]string // record ID in the facts → its name
	Clocks        []ClockView
	Acts          []ActView
	Actions       []ActionView // what this reader may do now
	Relations     []string     // the reader's relations to the case
}

// ClockView is one clock with the time left.
type ClockView struct {
	ID, Name        string
	Term            string
	Clause          string
	Article         string
	StartedAt       time.Time
	Due             time.Time // 24:00 of LastDay
	LastDay         string
	WorkingDays     int
	Provisional     bool
	ExtendedBy      int
	Running         bool
	StoppedAt       *time.Time
	WorkingDaysLeft int  // of a running clock; negative: working days late
	Overdue         bool // running and past, or stopped after the end
}

// ActView is one line of the timeline.
type ActView struct {
	procedure.Act
	ActionName     string
	PersonName     string
	DepartmentName string
	RelationName   string
	Article        string
	StageName      string // after the act
}

// ActionView is an action the reader may take, with the form it asks for.
type ActionView struct {
	ID, Name string
	Clause   string
	Article  string
	Fields   []FieldView
}

// FieldView is one field of an action's form.
type FieldView struct {
	ID, Name string
	Type     string
	Clause   string
	Required bool
	Min, Max int
	Options  map[string]string
}

// OpenRequest starts a case.
type OpenRequest struct {
	Procedure string
	Action    string // an action that opens; empty when the procedure has only one
	Subject   string
	Title     string
	// Parties maps the procedure's parties to department IDs. The actor's own
	// department and computed authorities need not be given.
	Parties map[string]string
	Fields  map[string]any
}

// TakeRequest is one step on a case.
type TakeRequest struct {
	Action string
	Fields map[string]any
	Expect int // version seen; 0: any
}
