package reverse

import (
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// Engine is a kind of database.
type Engine string

// The engines that can be read. MySQL stands for MariaDB too.
const (
	Postgres Engine = "postgres"
	MySQL    Engine = "mysql"
	SQLite   Engine = "sqlite"
)

// TLSMode says how a connection is protected.
type TLSMode string

// The TLS modes.
const (
	TLSVerify  TLSMode = "verify"  // encrypted, the server's certificate is verified: what an empty mode means
	TLSRequire TLSMode = "require" // encrypted, any certificate
	TLSDisable TLSMode = "disable" // not encrypted; passwords are proved, never sent, unless to this machine
)

// Connection says where a database is and how to get in. It is stored sealed,
// and neither told by the API nor logged.
type Connection struct {
	Engine   Engine  `json:"engine"`
	Host     string  `json:"host,omitempty"` // name or address
	Port     int     `json:"port,omitempty"` // 0: the engine's usual one
	Database string  `json:"database,omitempty"`
	User     string  `json:"user,omitempty"`
	Password string  `json:"password,omitempty"`
	TLS      TLSMode `json:"tls,omitempty"`
	// File is the path of an SQLite file below the node's directory for such
	// files.
	File string `json:"file,omitempty"`
	// Schemas narrows a PostgreSQL database; none: all that are not the system's.
	Schemas []string `json:"schemas,omitempty"`
}

// Schema is the structure of a database. It holds no data.
type Schema struct {
	Engine  Engine  `json:"engine"`
	Version string  `json:"version"` // of the server
	Tables  []Table `json:"tables"`  // ordered by Key
}

// Table is a table or view.
type Table struct {
	Schema  string   `json:"schema,omitempty"` // empty for MySQL and SQLite
	Name    string   `json:"name"`
	View    bool     `json:"view,omitempty"`
	Comment string   `json:"comment,omitempty"`
	Columns []Column `json:"columns"`
	// Rows is the engine's own estimate; -1: not known.
	Rows int64 `json:"rows"`
	// ChangedAt is the last change of rows, where the engine knows it cheaply.
	ChangedAt *time.Time `json:"changed_at,omitempty"`
	// Refused says why the table is not proposed and its columns are not kept:
	// RefusedSecret or RefusedTooWide.
	Refused string `json:"refused,omitempty"`
}

// Why a table is refused.
const (
	RefusedSecret  = "secret"           // something is marked as a state or work secret
	RefusedTooWide = "too_many_columns" // more columns than a catalog entry has items
)

// Key names a table within its database.
func (t Table) Key() string {
	if t.Schema == "" {
		return t.Name
	}
	return t.Schema + "." + t.Name
}

// Column is one column.
type Column struct {
	Name     string `json:"name"`
	Native   string `json:"native"` // type as the engine writes it: "varchar(50)"
	Type     string `json:"type"`   // C N Y D T L M G B I F of the compilation guide
	Length   int    `json:"length,omitempty"`
	Decimals int    `json:"decimals,omitempty"`
	Format   string `json:"format,omitempty"` // 数据格式 that follows from the type
	Nullable bool   `json:"nullable"`
	// Key is the position in the primary key, from 1; 0: not of the key.
	Key     int    `json:"key,omitempty"`
	Comment string `json:"comment,omitempty"`
	// Domain is what a CHECK or an enumeration allows.
	Domain *catalog.Domain `json:"domain,omitempty"`
	// References is "table.column" of a foreign key of this one column.
	References string `json:"references,omitempty"`
	// Holds is what a sample of the values looked like; it is no part of the
	// digest.
	Holds catalog.Sensitivity `json:"holds,omitempty"`
}

// Limits bound what is read of one database. What is larger is refused whole
// ("schema_too_large"), but for a single table that is too wide, which is listed
// without its columns.
type Limits struct {
	Tables  int           // tables and views
	Columns int           // of one table
	Total   int           // columns of all tables
	Time    time.Duration // for the whole reading
	Rows    int           // of a sample; 0: no rows are read
}

// DefaultLimits are those of a node. 500 columns are the most items that a
// catalog entry has.
var DefaultLimits = Limits{Tables: 5_000, Columns: 500, Total: 100_000, Time: 2 * time.Minute}

// SampleRows is the size of a sample that was asked for.
const SampleRows = 100

// Source is a registered database.
type Source struct {
	ID         string
	Department string
	Name       string // as its people call it; no address
	Engine     Engine
	Sealed     []byte // Connection as JSON, sealed
	CreatedBy  string
	CreatedAt  time.Time
}

// RunState is where a run stands.
type RunState string

// The states of a run.
const (
	Waiting RunState = "waiting"
	Running RunState = "running"
	Done    RunState = "done"
	Failed  RunState = "failed"
)

// Run is one reading of a source.
type Run struct {
	ID       string
	Source   string
	State    RunState
	Sample   bool // rows may be looked at
	AskedBy  string
	AskedAt  time.Time
	EndedAt  *time.Time
	Attempts int
	// Failure is the code and message of the refusal that ended the run.
	Failure, Message string
	// Digest is the SHA-256 of the structure, in hex.
	Digest string
	Tables int
	Schema Schema // empty in lists
}

// Link remembers which catalog entry was made from which table.
type Link struct {
	Source, Table, Resource string
	CreatedAt               time.Time
}
