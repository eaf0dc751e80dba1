package project

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Asset is one data asset that a project will make.
type Asset struct {
	Name     string `json:"name"`
	Resource string `json:"resource,omitempty"` // catalog entry it is registered as
}

// Link ties a listed asset to the catalog entry that it became.
type Link struct {
	Asset    string `json:"asset"`
	Resource string `json:"resource"`
}

// Finding is how far one asset is.
type Finding struct {
	Asset      string `json:"asset"`
	Resource   string `json:"resource,omitempty"`
	Code       string `json:"code,omitempty"` // resource code
	Registered bool   `json:"registered"`     // published in the catalog by this department
	Collected  bool   `json:"collected"`      // hosted rows are there, or the linked service answered a call
	Why        string `json:"why,omitempty"`  // what is missing, in words
}

// Done tells whether nothing is missing.
func (f Finding) Done() bool { return f.Registered && f.Collected }

// Kind is what a document says.
type Kind string

// The kinds of documents.
const (
	Certificate    Kind = "acceptance"      // 准予通过数据资产验收
	Refusal        Kind = "refusal"         // 不予通过
	FundingOpinion Kind = "funding_opinion" // 经费安排意见
)

// Document is a numbered document about a project. Its digest is in the act
// that issued it, and with it in the ledger.
type Document struct {
	ID         string
	Number     string // 验收-2026-000001
	Kind       Kind
	Case       string // the project
	Department string
	Region     string
	Title      string
	Body       Body
	Digest     string // SHA-256 of the body as JSON, hex
	IssuedAt   time.Time
}

// Body is what a document says.
type Body struct {
	Number     string    `json:"number"`
	Kind       Kind      `json:"kind"`
	Project    string    `json:"project"`
	Department string    `json:"department"` // name
	Authority  string    `json:"authority"`  // name of who issued it
	IssuedOn   string    `json:"issued_on"`  // YYYY-MM-DD
	Favourable bool      `json:"favourable"` // accepted; funding recommended
	Purpose    string    `json:"purpose,omitempty"`
	Findings   []Finding `json:"findings"`
	Basis      []string  `json:"basis"` // clauses
	Opinion    string    `json:"opinion,omitempty"`
}

// Sum is the SHA-256 of the body as JSON, hex.
func (b Body) Sum() (string, error) {
	raw, err := json.Marshal(b)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// Filter narrows a list of documents.
type Filter struct {
	Case       string
	Department string // empty: all
	Region     string // territory; empty: everywhere
	Limit      int
	After      string // ID of the last one seen
}

// Store is what this package needs kept.
type Store interface {
	// NextDocument counts up within a series ("验收-2026").
	NextDocument(ctx context.Context, series string) (int, error)
	InsertDocument(ctx context.Context, d Document) error
	Document(ctx context.Context, id string) (Document, error)
	Documents(ctx context.Context, f Filter) ([]Document, error)
	// Called tells whether a linked resource has answered a call under any grant.
	Called(ctx context.Context, resource string) (bool, error)
}

// Catalog is what this package asks of the catalog's store.
type Catalog interface {
	Resource(ctx context.Context, id string) (catalog.Resource, error)
	Version(ctx context.Context, resource string, number int) (catalog.Version, error)
}

// Rows counts the hosted rows of a resource; catalog.Hosted has it.
type Rows interface {
	Count(ctx context.Context, resource string, where []catalog.Condition) (int, error)
}

// Cases reads the case of a project.
type Cases interface {
	Case(ctx context.Context, id string) (procedure.Case, error)
}

// Departments is what this package asks about departments; *org.Service
// implements it.
type Departments interface {
	Department(ctx context.Context, id string) (org.Department, error)
}

// Service runs the project gate.
type Service struct {
	store   Store
	catalog Catalog
	rows    Rows
	org     Departments
	cases   Cases
}

// NewService makes the service.
func NewService(store Store, c Catalog, rows Rows, o Departments, cases Cases) *Service {
	return &Service{store: store, catalog: c, rows: rows, org: o, cases: cases}
}
