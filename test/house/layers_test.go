package house

// layer is a floor of the house. A package may import packages of lower floors;
// of its own floor only what sameFloor lists.
type layer int

const (
	dataFloor     layer = iota // law and code tables, embedded
	groundFloor                // what every feature stands on
	featureFloor               // who, what and on what terms: the departments' business, without transport and storage
	matterFloor                // procedures of their own that stand on organisation, catalog, sharing and cases
	answerFloor                // how refusals are told over HTTP
	serviceFloor               // transport, storage, background work
	nodeFloor                  // all of it wired up
	commandFloor               // the command line
	workshopFloor              // tools and tests: import what they need, imported by nobody

	unknownLayer layer = -1
)

// Why things are forbidden, for those who meet the ban.
const (
	pureNote       = "it is pure: same input, same output, on every machine; that is what makes it testable by enumeration"
	featureNote    = "a feature declares the store interface that it needs and hears nothing of transport, so that one use case serves API, console, jobs and tests"
	storageNote    = "SQL lives in internal/store alone, where one suite runs it on both engines"
	productionNote = "test code stays out of the binary"
)

// room is a package, or a directory of packages, and where it stands.
type room struct {
	dir   string // from the root; all packages below belong to it unless they have a row of their own
	floor layer
	pure  bool
}

// rooms is the plan of the house. A package that is not in it fails the test: add
// it here, on the lowest floor that it can do with.
var rooms = []room{
	{dir: "law", floor: dataFloor},
	{dir: "data", floor: dataFloor},
	{dir: "docs", floor: dataFloor},
	{dir: "console", floor: dataFloor},
	{dir: "proof", floor: dataFloor, pure: true},
	{dir: "client", floor: dataFloor},

	{dir: "internal/fault", floor: groundFloor, pure: true},
	{dir: "internal/checkdigit", floor: groundFloor, pure: true},
	{dir: "internal/worktime", floor: groundFloor, pure: true},
	{dir: "internal/rulebook", floor: groundFloor, pure: true},
	{dir: "internal/procedure", floor: groundFloor, pure: true},
	{dir: "internal/privacy", floor: groundFloor, pure: true},
	{dir: "internal/clock", floor: groundFloor},
	{dir: "internal/ident", floor: groundFloor},
	{dir: "internal/trace", floor: groundFloor, pure: true},
	{dir: "internal/password", floor: groundFloor},
	{dir: "internal/ledger", floor: groundFloor},

	{dir: "internal/org", floor: featureFloor},
	{dir: "internal/access", floor: featureFloor},
	{dir: "internal/casework", floor: featureFloor},
	{dir: "internal/catalog", floor: featureFloor},
	{dir: "internal/sharing", floor: featureFloor},
	{dir: "internal/notice", floor: matterFloor},
	{dir: "internal/collection", floor: matterFloor},
	{dir: "internal/demand", floor: matterFloor},
	{dir: "internal/cart", floor: matterFloor},
	{dir: "internal/project", floor: matterFloor},
	{dir: "internal/dispute", floor: matterFloor},
	{dir: "internal/correction", floor: matterFloor},
	{dir: "internal/lookup", floor: matterFloor},
	{dir: "internal/witness", floor: matterFloor},
	{dir: "internal/complaint", floor: matterFloor},
	{dir: "internal/incident", floor: matterFloor},
	{dir: "internal/contractor", floor: matterFloor},
	{dir: "internal/usage", floor: matterFloor},
	{dir: "internal/calllog", floor: matterFloor},
	{dir: "internal/supervision", floor: matterFloor},
	{dir: "internal/quality", floor: matterFloor},
	{dir: "internal/reverse", floor: matterFloor},
	{dir: "internal/search", floor: matterFloor},
	{dir: "internal/sheet", floor: matterFloor},
	{dir: "internal/calendar", floor: matterFloor},
	{dir: "internal/monitor", floor: matterFloor},
	{dir: "internal/dcat", floor: matterFloor, pure: true},

	{dir: "internal/lawview", floor: matterFloor, pure: true},
	{dir: "internal/problem", floor: answerFloor},

	{dir: "internal/store", floor: serviceFloor},
	{dir: "internal/journal", floor: serviceFloor},
	{dir: "internal/web", floor: serviceFloor},
	{dir: "internal/gateway", floor: serviceFloor},
	{dir: "internal/exchange", floor: serviceFloor},
	{dir: "internal/federation", floor: serviceFloor},
	{dir: "internal/worker", floor: serviceFloor},
	{dir: "internal/metrics", floor: serviceFloor},
	{dir: "internal/notice/channel", floor: serviceFloor},
	{dir: "internal/reverse/reader", floor: serviceFloor},
	{dir: "internal/reverse/mysqlwire", floor: groundFloor},
	{dir: "internal/backup", floor: serviceFloor},

	{dir: "internal/app", floor: nodeFloor},
	{dir: "internal/demo", floor: nodeFloor},

	{dir: "cmd", floor: commandFloor},

	{dir: "internal/testdb", floor: workshopFloor},
	{dir: "tools", floor: workshopFloor},
	{dir: "test", floor: workshopFloor},
	{dir: "bench", floor: workshopFloor},
}

// sameFloor lists who may import a neighbour, and why. A room may always import
// what is inside it.
var sameFloor = map[[2]string]string{
	{"internal/procedure", "internal/rulebook"}: "the kernel runs what the rulebook says",
	{"internal/procedure", "internal/worktime"}: "its clocks count working days",
	{"internal/rulebook", "internal/worktime"}:  "terms are given in working days",
	{"internal/ledger", "internal/clock"}:       "checkpoints are dated",
	{"client", "proof"}:                         "receipts that were kept are verified; both are copied into other programs",
	{"internal/access", "internal/org"}:         "a session is a person's of a department",
	{"internal/casework", "internal/org"}:       "who may act is decided by relations between departments",
	{"internal/catalog", "internal/org"}:        "a resource has a provider",
	{"internal/catalog", "internal/casework"}:   "review and publication are a case",
	{"internal/sharing", "internal/org"}:        "a grant is between departments",
	{"internal/sharing", "internal/casework"}:   "an application is a case",
	{"internal/sharing", "internal/catalog"}:    "a grant names items of a resource",
	{"internal/store", "internal/gateway"}:      "it implements the gateway's store interface; never the other way round",
	{"internal/backup", "internal/store"}:       "a backup is of the database; never the other way round",
	{"internal/demo", "internal/app"}:           "the demo plays on a whole node",
	{"internal/worktime", "internal/fault"}:     "refusals",
	{"internal/rulebook", "internal/fault"}:     "refusals",
	{"internal/procedure", "internal/fault"}:    "refusals",
	{"internal/procedure", "internal/ident"}:    "a case has an identifier",
	{"internal/procedure", "internal/clock"}:    "acts are dated",
	{"internal/ledger", "internal/fault"}:       "refusals",
	{"internal/ledger", "internal/ident"}:       "entries have identifiers",
	{"internal/privacy", "internal/checkdigit"}: "it knows a number of a person by its check digit",
	{"internal/password", "internal/fault"}:     "refusals",
	{"internal/checkdigit", "internal/fault"}:   "refusals",
}

// ban forbids imports from outside of the house.
type ban struct {
	who     func(room) bool
	imports []string // the package and all below it
	reason  string
}

func pure(r room) bool       { return r.pure }
func feature(r room) bool    { return r.floor == featureFloor || r.floor == matterFloor }
func production(r room) bool { return r.floor < workshopFloor }
func notStore(r room) bool   { return r.floor < nodeFloor && r.dir != "internal/store" }

var bans = []ban{
	{pure, []string{"database/sql", "net", "os", "github.com/uptrace/bun", "github.com/jackc"}, pureNote},
	{feature, []string{"net/http", "database/sql", "github.com/uptrace/bun", "github.com/jackc", "modernc.org/sqlite", "github.com/danielgtaylor/huma"}, featureNote},
	{notStore, []string{"github.com/uptrace/bun", "github.com/pressly/goose", "modernc.org/sqlite"}, storageNote},
	{production, []string{"testing", "net/http/httptest", "pgregory.net/rapid", "github.com/chromedp", "github.com/rogpeppe/go-internal"}, productionNote},
}
