package org

import (
	"context"
	"time"
)

// Level of a region, from nation down to village.
type Level string

// The levels of the region tree.
const (
	Nation   Level = "nation"
	Province Level = "province"
	City     Level = "city"
	County   Level = "county"
	Township Level = "township"
	Village  Level = "village"
)

// Region is one node of the region tree. Codes have 6 digits down to the
// county, 9 for townships and 12 for villages.
type Region struct {
	Code   string
	Name   string
	Parent string // empty for the root
	Level  Level
	// Path holds the codes from the root to this region, each followed by a
	// slash, so that a subtree is a prefix: "100000/130000/130100/".
	Path string
}

// DepartmentKind says by what title an organisation is a department (CN-2, CN-43).
type DepartmentKind string

// The kinds of departments.
const (
	Government      DepartmentKind = "department"        // 政府部门
	Authorised      DepartmentKind = "authorised"        // 法律、法规授权的组织
	OtherStateOrgan DepartmentKind = "other_state_organ" // 其他国家机关 (CN-43)
)

// Department is an organisation under the regulation.
type Department struct {
	ID     string
	Name   string
	USCC   string // 统一社会信用代码, checked
	Region string // region code of its government
	Kind   DepartmentKind
	Sector string // 系统/行业: 公安, 民政, ...
	Parent string // superior department's ID, if any
	Office *SharingOffice
	// Version is compared and set on every change.
	Version   int
	CreatedAt time.Time
}

// SharingOffice is the unit that does the department's sharing work (CN-11).
// Without it, with its head, leader, daily manager and contact, a department
// cannot submit anything.
type SharingOffice struct {
	Name    string // 机构名称
	Head    string // 负责人: person ID
	Leader  string // 分管领导: person ID (XN-23)
	Manager string // 日常管理人员: person ID (XN-23)
	Contact string // 联系方式
	FiledAt time.Time
}

// Role is what a person may do in the department.
type Role string

// The roles.
const (
	Clerk          Role = "clerk"           // 经办人
	OfficeHead     Role = "office_head"     // 共享工作机构负责人
	DepartmentHead Role = "department_head" // 部门负责人
	Supervisor     Role = "supervisor"      // 主管部门审核人员; only in an authority
	Engineer       Role = "engineer"        // 系统对接人员: systems and credentials
	Auditor        Role = "auditor"         // 审计人员: reads everything of the territory, changes nothing
	Admin          Role = "admin"           // 平台管理员: organisation and accounts, no cases
)

// Person is somebody with an account.
type Person struct {
	ID         string
	Department string
	Name       string
	Username   string
	Roles      []Role
	Disabled   bool
	Version    int
	CreatedAt  time.Time
}

// Has tells whether the person has the role.
func (p Person) Has(r Role) bool {
	for _, x := range p.Roles {
		if x == r {
			return true
		}
	}
	return false
}

// Secrets are what an account signs in with. Store keeps them apart from
// Person, so that they are read only where they are checked.
type Secrets struct {
	Person       string
	PasswordHash string // argon2id, PHC string
	TOTPSecret   []byte // sealed; empty: not enrolled
	TOTPLast     int64  // last accepted time step: a code works once; 0: enrolment not yet confirmed by a code
	Failures     int    // wrong attempts in a row
	LockedUntil  *time.Time
}

// MLPS is a classified-protection assessment (等保测评) of a system (XN-21).
type MLPS struct {
	Level      int    // 1..5; sharing asks for 2 or more
	ReportNo   string // 测评报告编号
	AssessedBy string // 测评机构
	ValidUntil time.Time
}

// CredentialKind says how a system proves itself.
type CredentialKind string

// The kinds of credentials.
const (
	CertThumbprint CredentialKind = "cert" // mutual TLS: SHA-256 of the public key (SPKI), base64url
	AssertionKey   CredentialKind = "jwk"  // client assertion (RFC 7523): a public JWK
)

// Credential is a public key that a system proves itself with. Nothing secret
// is stored.
type Credential struct {
	ID        string
	System    string
	Kind      CredentialKind
	Value     string // thumbprint, or the JWK as JSON
	Thumb     string // unique: SPKI thumbprint, or RFC 7638 thumbprint of the JWK
	NotAfter  time.Time
	RevokedAt *time.Time
	CreatedAt time.Time
}

// System is a consuming or providing information system of a department.
type System struct {
	ID          string
	Department  string
	Name        string
	MLPS        *MLPS
	DisabledAt  *time.Time
	Credentials []Credential
	Version     int
	CreatedAt   time.Time
}

// Store is what this package needs kept. Not found is fault.Missing; a lost
// compare-and-set is the fault "changed_meanwhile"; a broken uniqueness is the
// fault "already_exists".
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	PutRegions(ctx context.Context, regions []Region) error // idempotent bulk load, parents first
	Region(ctx context.Context, code string) (Region, error)
	Children(ctx context.Context, parent string) ([]Region, error)
	CountRegions(ctx context.Context) (int, error)

	// SetAuthority makes a department the one authority of a region's government.
	SetAuthority(ctx context.Context, region, department string) error
	// AuthorityOf gives the authority's department ID, or "" when the region's
	// government has named none.
	AuthorityOf(ctx context.Context, region string) (string, error)
	// TerritoryOf gives the region whose authority the department is, or "".
	TerritoryOf(ctx context.Context, department string) (string, error)

	InsertDepartment(ctx context.Context, d Department) error
	UpdateDepartment(ctx context.Context, d Department) error // d.Version is the version read; stored as +1
	Department(ctx context.Context, id string) (Department, error)
	Departments(ctx context.Context, f DepartmentFilter) ([]Department, error)

	InsertPerson(ctx context.Context, p Person) error
	UpdatePerson(ctx context.Context, p Person) error
	Person(ctx context.Context, id string) (Person, error)
	PersonByUsername(ctx context.Context, username string) (Person, error)
	People(ctx context.Context, department string) ([]Person, error)
	// Secrets, read inside Do, locks the person's row until the end of the
	// transaction on engines that run transactions side by side: counting
	// failures and accepting a code once depend on it.
	Secrets(ctx context.Context, person string) (Secrets, error)
	PutSecrets(ctx context.Context, s Secrets) error // insert or replace

	InsertSystem(ctx context.Context, s System) error
	UpdateSystem(ctx context.Context, s System) error      // without credentials
	System(ctx context.Context, id string) (System, error) // with credentials
	Systems(ctx context.Context, department string) ([]System, error)
	InsertCredential(ctx context.Context, c Credential) error
	RevokeCredential(ctx context.Context, id string, at time.Time) error
	CredentialByThumb(ctx context.Context, thumb string) (Credential, error)
}

// DepartmentFilter narrows a list of departments; zero fields do not narrow.
type DepartmentFilter struct {
	RegionPath string // subtree
	Region     string
	Sector     string
	Text       string // part of the name
	Limit      int    // 0: 100
	After      string // ID of the last one seen
}
