package rulebook

import "slices"

// Rank orders instruments: a lower rank prevails.
type Rank string

// The ranks of the three tiers of instruments.
const (
	National   Rank = "national"
	Provincial Rank = "provincial"
	City       Rank = "city"
	County     Rank = "county"
)

// Instrument is one legal text.
type Instrument struct {
	Code    string `yaml:"code"`   // stable name: "cn-809"
	Prefix  string `yaml:"prefix"` // prefix of its clause IDs: "CN"
	Name    string `yaml:"name"`   // 政务数据共享条例
	Number  string `yaml:"number"` // 国务院令第809号
	Rank    Rank   `yaml:"rank"`
	Region  string `yaml:"region"`   // territory: the code of its root region; "100000" is the nation
	InForce string `yaml:"in_force"` // first day in force, YYYY-MM-DD
	Until   string `yaml:"until"`    // last day in force; empty: still in force
}

// Clause is one clause with its number and a one-line gist in our own words.
type Clause struct {
	ID      string `yaml:"id"`      // requirement ID: "CN-21.1"
	Article string `yaml:"article"` // 第二十一条第一款
	Gist    string `yaml:"gist"`
}

// Unit is the unit of a term.
type Unit string

// The units a term is counted in.
const (
	WorkingDay  Unit = "working_day"
	CalendarDay Unit = "calendar_day"
	Month       Unit = "month"
	Year        Unit = "year"
)

// Term is a statutory period.
type Term struct {
	ID        string     `yaml:"-"`
	Name      string     `yaml:"name"`
	Clause    string     `yaml:"clause"`
	Length    int        `yaml:"length"`
	Unit      Unit       `yaml:"unit"`
	From      string     `yaml:"from"` // the event it is counted from, in words
	Extension *Extension `yaml:"extension"`
	// Minimum turns the term round: something must last at least so long (使用记录
	// 保存不少于3年), and the longer term is the stricter one.
	Minimum bool `yaml:"minimum"`
	// Configured marks a term that the law does not give: it asks for the act
	// without saying how soon, or leaves the day to a decision, and the length
	// here is the platform's.
	Configured bool `yaml:"configured"`
	// Counterpart names the term of a more senior instrument for the same duty.
	// From the day that one is in force a laxer term here is cut to it, and a
	// stricter one prevails in this instrument's territory; see Rules.Effective.
	Counterpart string `yaml:"counterpart"`
	// OwnProcedure marks a term that belongs to a procedure of this instrument
	// alone (HB-15: five days for the provider once the authority has forwarded
	// the application): its counterpart cuts it, but it does not tighten the
	// counterpart where that one's own procedure is run.
	OwnProcedure bool `yaml:"own_procedure"`
}

// Extension says by how much a term can be extended, once, and with whose
// consent.
type Extension struct {
	Length  int    `yaml:"length"` // at most
	Unit    Unit   `yaml:"unit"`
	Consent string `yaml:"consent"` // relation: "provider.authority"
	Clause  string `yaml:"clause"`
}

// FieldType is what an action's field may hold.
type FieldType string

// The field types. Values arrive as JSON.
const (
	Text     FieldType = "text"     // string, at most Max characters
	Date     FieldType = "date"     // YYYY-MM-DD
	Integer  FieldType = "integer"  // between Min and Max
	Boolean  FieldType = "boolean"  //
	Choice   FieldType = "choice"   // one of Options
	TextList FieldType = "texts"    // list of distinct strings
	ID       FieldType = "id"       // UUIDv7 of a record
	IDList   FieldType = "ids"      // list of distinct identifiers
	Object   FieldType = "object"   // structure that a named check understands
	Digest   FieldType = "evidence" // sha256 hex digest of a filed document
)

// Field describes one field that actions of a procedure fill.
type Field struct {
	ID      string            `yaml:"-"`
	Name    string            `yaml:"name"`
	Type    FieldType         `yaml:"type"`
	Clause  string            `yaml:"clause"`
	Min     int               `yaml:"min"`
	Max     int               `yaml:"max"`
	Options map[string]string `yaml:"options"` // value → Chinese name
}

// Stage is where a case stands.
type Stage struct {
	ID    string   `yaml:"-"`
	Name  string   `yaml:"name"`
	Turn  []string `yaml:"turn"`  // relations whose turn it is: the to-do lists
	Final bool     `yaml:"final"` // nothing happens after it
}

// Action is one legal step.
type Action struct {
	ID     string `yaml:"-"`
	Name   string `yaml:"name"`
	Clause string `yaml:"clause"`
	Opens  bool   `yaml:"opens"` // starts a case; has no From
	// Receives: with this step the application counts as received; the case
	// takes the rules in force on that day and keeps them.
	Receives bool                `yaml:"receives"`
	From     []string            `yaml:"from"`
	To       string              `yaml:"to"`       // empty: the stage stays
	By       []string            `yaml:"by"`       // relations that may take it
	When     map[string][]string `yaml:"when"`     // fact → accepted values
	Requires []string            `yaml:"requires"` // fields this step must bring
	Needs    []string            `yaml:"needs"`    // fields the case must hold after this step, whoever brought them
	Optional []string            `yaml:"optional"`
	Once     bool                `yaml:"once"`    // at most once in a case
	Again    string              `yaml:"again"`   // message for a second time, when Once
	Checks   []string            `yaml:"checks"`  // names of Go checks run before it
	Effects  []string            `yaml:"effects"` // names of Go effects run with it
	Notify   []string            `yaml:"notify"`  // relations told besides those whose turn it is
}

// Clock is one statutory clock of a procedure.
type Clock struct {
	ID     string      `yaml:"-"`
	Name   string      `yaml:"name"`
	Terms  []ClockTerm `yaml:"terms"`  // the first whose When holds
	Starts []string    `yaml:"starts"` // actions that start it afresh
	// FromField names a date field that the clock counts from instead of the
	// day of the starting act: the day the law changed, not the day it was filed.
	FromField string `yaml:"from_field"`
	// LastDayField names a date field that is the last day itself: a term that
	// an order sets instead of the law. Its term is then one calendar day,
	// counted from the day before.
	LastDayField string       `yaml:"last_day_field"`
	Stops        []string     `yaml:"stops"`   // actions that stop it
	Extends      []string     `yaml:"extends"` // actions that extend it, by field "extension_days"
	Owner        string       `yaml:"owner"`   // relation that owes the act
	Overdue      *ClockBreach `yaml:"overdue"`
}

// ClockTerm picks a term by the facts of the case.
type ClockTerm struct {
	When map[string][]string `yaml:"when"`
	Term string              `yaml:"term"`
}

// ClockBreach names the violation that an overdue clock is.
type ClockBreach struct {
	Clause string `yaml:"clause"`
}

// Procedure is one statutory procedure.
type Procedure struct {
	ID      string            `yaml:"-"`
	Name    string            `yaml:"name"`
	Clause  string            `yaml:"clause"`
	Number  string            `yaml:"number"` // prefix of case numbers: 申请
	Parties map[string]string `yaml:"parties"`
	// Prepare names the Go function that fills a new case from its subject:
	// the other parties, the region, the title, facts the clocks go by.
	Prepare string            `yaml:"prepare"`
	Fields  map[string]Field  `yaml:"fields"`
	Stages  map[string]Stage  `yaml:"stages"`
	Actions map[string]Action `yaml:"actions"`
	Clocks  map[string]Clock  `yaml:"clocks"`
}

// Rulebook is one instrument with everything it says.
type Rulebook struct {
	Instrument Instrument           `yaml:"instrument"`
	Clauses    []Clause             `yaml:"clauses"`
	Terms      map[string]Term      `yaml:"terms"`
	Procedures map[string]Procedure `yaml:"procedures"`

	// Key identifies this exact text: "cn-809@" and the first 12 hex digits of
	// its SHA-256. A case keeps the keys of the rules it was received under.
	Key string `yaml:"-"`
	// Source is the text itself, kept so that a later release can still run
	// the cases received under it.
	Source []byte `yaml:"-"`

	// abroad are the references to more senior instruments.
	abroad []reference
}

// reference is a mention of something in another instrument.
type reference struct {
	place string // what mentions it: "procedure x action y"
	kind  string // "clause", "term", "counterpart"
	id    string
}

// Clause finds a clause by its ID.
func (b *Rulebook) Clause(id string) (Clause, bool) {
	i := slices.IndexFunc(b.Clauses, func(c Clause) bool { return c.ID == id })
	if i < 0 {
		return Clause{}, false
	}
	return b.Clauses[i], true
}
