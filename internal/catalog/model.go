package catalog

import (
	"context"
	"encoding/json"
	"time"
)

// Attribute is the sharing attribute (共享属性, CN-14).
type Attribute string

// The sharing attributes.
const (
	Unconditional Attribute = "unconditional" // 无条件共享
	Conditional   Attribute = "conditional"   // 有条件共享
	Withheld      Attribute = "withheld"      // 不予共享
)

// Method is a sharing method (共享方式, CN-22).
type Method string

// The sharing methods.
const (
	ServiceAPI    Method = "service_api"    // 服务接口
	BatchExchange Method = "batch_exchange" // 批量交换
	FileDownload  Method = "file_download"  // 文件下载
)

// Collection says how the data reach the platform (HB-12).
type Collection string

// The two ways of collection.
const (
	HostedCopy    Collection = "hosted_copy"    // 物理汇聚
	LinkedService Collection = "linked_service" // 逻辑接入
)

// Level is a data classification level (数据分类分级, GB/T 43697).
type Level string

// The levels, from the lowest.
const (
	General1  Level = "general_1"
	General2  Level = "general_2"
	General3  Level = "general_3"
	General4  Level = "general_4"
	Important Level = "important" // 重要数据
	Core      Level = "core"      // 核心数据
)

// Sensitivity says what kind of personal data an item holds; masking rules go
// by it. Empty: none.
type Sensitivity string

// The sensitivities that masking knows.
const (
	PersonName Sensitivity = "person_name"
	ResidentID Sensitivity = "resident_id"
	Phone      Sensitivity = "phone"
	Address    Sensitivity = "address"
	BankCard   Sensitivity = "bank_card"
	Email      Sensitivity = "email"
	Plate      Sensitivity = "plate"
	OtherPI    Sensitivity = "other_personal"
)

// Item is one data item (数据项).
type Item struct {
	Code        string      `json:"code"` // column name: ^[a-z][a-z0-9_]{0,62}$, unique in the resource
	Name        string      `json:"name"` // Chinese name
	Type        string      `json:"type"` // C N Y D T L M G B I F of the compilation guide
	Length      int         `json:"length"`
	Format      string      `json:"format"` // 数据格式: "YYYY-MM-DD", "18位字符"
	Description string      `json:"description"`
	Element     string      `json:"element"` // standard data element's code
	Key         bool        `json:"key"`
	Nullable    bool        `json:"nullable"`
	Level       Level       `json:"level"`
	Sensitivity Sensitivity `json:"sensitivity"`
	Masked      bool        `json:"masked"` // shown masked unless the grant says in clear
	// EnglishName is the item's English name (英文名称); Code names the column.
	EnglishName string `json:"english_name,omitempty"`
	// Decimals is the number of digits after the point of a number (type N).
	Decimals int `json:"decimals,omitempty"`
	// Domain is the value domain (值域); nil: any value of the type.
	Domain *Domain `json:"domain,omitempty"`
	// Attribute is the item's own sharing attribute (数据项级共享属性), never
	// more open than the resource's. Empty: the resource's.
	Attribute Attribute `json:"attribute,omitempty"`
	// Authoritative: this is the authoritative source of the standard element.
	// Only its designated source department may say so (CN-19.2).
	Authoritative bool `json:"authoritative,omitempty"`
	// ElementNote says why the item departs from the type or length of the
	// standard element that it cites.
	ElementNote string `json:"element_note,omitempty"`
	// LevelBasis is what the level rests on; the service writes all of it but
	// the reason. Nil: no rule speaks of the item.
	LevelBasis *LevelBasis `json:"level_basis,omitempty"`
}

// LevelBasis is what the rules proposed for an item and what came of it
// (CN-13.2): the person who saved the item confirmed the proposal, or went
// below it for a reason.
type LevelBasis struct {
	Rule        string      `json:"rule"`                  // rule ID
	Proposed    Level       `json:"proposed"`              // level that the rule proposes
	Sensitivity Sensitivity `json:"sensitivity,omitempty"` // kind of personal data that it proposes
	Reason      string      `json:"reason,omitempty"`      // why the item is below the proposal
	By          string      `json:"by,omitempty"`          // person ID
	At          *time.Time  `json:"at,omitempty"`
}

// Domain is the value domain of an item (值域). Its parts narrow one another.
type Domain struct {
	Values  []CodeValue `json:"values,omitempty"`  // 枚举: the codes that may occur
	Min     string      `json:"min,omitempty"`     // smallest number or date
	Max     string      `json:"max,omitempty"`     // largest number or date
	Pattern string      `json:"pattern,omitempty"` // RE2, anchored at both ends
	Scheme  string      `json:"scheme,omitempty"`  // the code standard it is taken from: "GB/T 2261.1"
}

// CodeValue is one code of a value domain with its meaning.
type CodeValue struct {
	Code string `json:"code"`
	Name string `json:"name,omitempty"`
}

// FormatKind is the kind of data format of the compilation guide
// (信息资源格式分类); Entry.Format says more exactly which.
type FormatKind string

// The kinds of data format.
const (
	FormatDocument       FormatKind = "document"        // 电子文件
	FormatSpreadsheet    FormatKind = "spreadsheet"     // 电子表格
	FormatDatabase       FormatKind = "database"        // 数据库
	FormatGraphic        FormatKind = "graphic"         // 图形图像
	FormatStream         FormatKind = "stream"          // 流媒体
	FormatSelfDescribing FormatKind = "self_describing" // 自描述格式
	FormatService        FormatKind = "service"         // 服务接口
)

// Upstream is the provider's service behind a linked resource. Its address is
// approved with the version; the gateway goes nowhere else.
type Upstream struct {
	URL            string `json:"url"`             // base address: https://host:port/path
	TimeoutSeconds int    `json:"timeout_seconds"` // 1..60; 0: 10
}

// Entry is the content of one version of a catalog entry.
type Entry struct {
	Name           string     `json:"name"`       // unique per provider, ≤ 50 characters, not a system's name
	ClassCode      string     `json:"class_code"` // 类1 项2 目3 细目: digits
	Abstract       string     `json:"abstract"`
	Format         string     `json:"format"`    // 数据格式: 数据库, 电子表格, 服务接口, ...
	Frequency      string     `json:"frequency"` // realtime daily weekly monthly quarterly half_yearly yearly irregular
	Attribute      Attribute  `json:"attribute"`
	Methods        []Method   `json:"methods"`
	UseConditions  string     `json:"use_conditions"`
	ScopeOfUse     string     `json:"scope_of_use"`
	Purposes       []string   `json:"purposes"`    // 使用用途; needed for conditional (CN-15.2)
	LegalBasis     string     `json:"legal_basis"` // title + article; needed for withheld and, by XN-16, conditional
	WithheldReason string     `json:"withheld_reason"`
	Level          Level      `json:"level"`
	PersonalInfo   bool       `json:"personal_info"`
	Collection     Collection `json:"collection"`
	Upstream       *Upstream  `json:"upstream"` // for linked_service
	SourceSystem   string     `json:"source_system"`
	DutyBasis      string     `json:"duty_basis"`
	Contact        string     `json:"contact"`         // office telephone, never a private one
	OpenAttribute  string     `json:"open_attribute"`  // open, conditional_open, not_open
	SecrecyMarking string     `json:"secrecy_marking"` // must be empty: a marked resource is refused (CN-3)
	Items          []Item     `json:"items"`
	// What was added to the model later is left out of the canonical form when
	// it is empty, so that the digests of earlier versions stay what they were.

	FormatKind FormatKind `json:"format_kind,omitempty"` // 信息资源格式分类
	Related    []string   `json:"related,omitempty"`     // 关联资源: codes of other resources
	Category   string     `json:"category,omitempty"`    // 数据分类 by GB/T 43697: the field of business the data belong to
}

// Resource is one catalog entry through all its versions.
type Resource struct {
	ID        string
	Code      string // class code "/" serial, made by the system
	Provider  string // department ID
	Region    string // provider's region
	Published int    // number of the published version; 0: none yet
	Pending   int    // number of the version being edited or reviewed; 0: none
	// Attribute, Name, ... of the published (else pending) version, repeated in
	// columns by the store for lists; the versions are the truth.
	Version   int // compare-and-set
	CreatedAt time.Time
}

// VersionStatus is where a version stands.
type VersionStatus string

// The states of a version. Only a draft can be edited.
const (
	Draft      VersionStatus = "draft"
	Submitted  VersionStatus = "submitted" // in the hands of the head or the authority
	PublishedV VersionStatus = "published"
	Superseded VersionStatus = "superseded"
	Abandoned  VersionStatus = "abandoned"
)

// Version is one version of a resource.
type Version struct {
	ID          string
	Resource    string
	Number      int
	Status      VersionStatus
	Entry       Entry
	Case        string // publication case, once submitted
	Digest      string // sha256 of the canonical entry, hex
	CreatedBy   string // person ID
	CreatedAt   time.Time
	PublishedAt *time.Time
	Revision    int    // compare-and-set
	Reason      string // why the version was made, in the words of who made it
}

// Row is one row of a hosted resource: item code → value (string, float64,
// bool or nil).
type Row map[string]any

// Summary is a line of a catalog list.
type Summary struct {
	Resource     Resource
	Name         string
	ProviderName string
	Attribute    Attribute
	Abstract     string
	Methods      []Method
	Collection   Collection
	Items        int
	PublishedAt  *time.Time
}

// Filter narrows a catalog list.
type Filter struct {
	Text      string // part of name, code, abstract, item or provider name
	Provider  string
	Attribute Attribute
	// Published: only entries with a published version. Otherwise the entries
	// of Provider, drafts included.
	Published bool
	Limit     int
	After     string
}

// Store is what this package needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	// NextSerial counts up the serial number within a class code.
	NextSerial(ctx context.Context, classCode string) (int, error)
	InsertResource(ctx context.Context, r Resource) error
	UpdateResource(ctx context.Context, r Resource) error // r.Version is the version read
	Resource(ctx context.Context, id string) (Resource, error)
	// ResourceByCode finds a resource by its code or by an earlier one that a
	// change of class left behind.
	ResourceByCode(ctx context.Context, code string) (Resource, error)
	// KeepCode keeps an earlier code of a resource, for ever and for it alone.
	KeepCode(ctx context.Context, code, resource string, at time.Time) error
	// NameTaken tells whether another published or pending resource of the
	// provider bears the name.
	NameTaken(ctx context.Context, provider, name, exceptResource string) (bool, error)
	List(ctx context.Context, f Filter) ([]Summary, error)

	InsertVersion(ctx context.Context, v Version) error
	UpdateVersion(ctx context.Context, v Version) error // v.Revision is the revision read
	Version(ctx context.Context, resource string, number int) (Version, error)
	VersionByID(ctx context.Context, id string) (Version, error)
	Versions(ctx context.Context, resource string) ([]Version, error)
}

// Hosted keeps the rows of hosted resources: one table a resource, one column
// an item, made from the items of the version.
type Hosted interface {
	// CreateTable makes the table of a resource, or changes the one it has to
	// the items: an added item is a new column, empty in the rows that are there,
	// a removed one is kept and no longer served, a whole number may become any
	// number or text. Other changes are the fault "hosted_table_differs".
	CreateTable(ctx context.Context, resource string, items []Item) error
	// Load adds or replaces rows by the key items, in one transaction.
	Load(ctx context.Context, resource string, items []Item, rows []Row) error
	// Query gives the named items of the rows inside the predicate, ordered by
	// key, at most limit, after the given key (values of the key items). The
	// items may be those of an earlier version: what was removed since is null.
	Query(ctx context.Context, q HostedQuery) ([]Row, error)
	Count(ctx context.Context, resource string, where []Condition) (int, error)
}

// HostedQuery is one read of a hosted resource.
type HostedQuery struct {
	Resource string
	Items    []Item      // the resource's items: types and key
	Select   []string    // item codes
	Where    []Condition // all must hold
	After    []string    // key values of the last row seen
	Limit    int
}

// Op compares an item with values.
type Op string

// The operators of conditions.
const (
	Equal  Op = "eq"
	In     Op = "in"
	Prefix Op = "prefix"
)

// Condition narrows rows. It is data, never SQL text.
type Condition struct {
	Item   string   `json:"item"`
	Op     Op       `json:"op"`
	Values []string `json:"values"` // one for eq and prefix
}

// Canonical gives the bytes that Digest is taken over.
func (e Entry) Canonical() ([]byte, error) { return json.Marshal(e) }
