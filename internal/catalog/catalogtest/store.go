// Package catalogtest keeps a catalog in memory, for unit tests, with a sample
// entry. What a real store must do is said by the conformance suite of package
// store.
package catalogtest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// Transactions is what the catalog shares with the other stores of a test.
type Transactions interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

// Store implements catalog.Store and catalog.Hosted. It is for one goroutine;
// a failed transaction does not undo its writes.
type Store struct {
	Transactions
	serials   map[string]int
	resources map[string]catalog.Resource
	versions  map[string]catalog.Version
	codes     map[string]string // earlier code → resource
	// Rows are the hosted rows by resource; a nil entry is a table without rows.
	Rows map[string][]catalog.Row
}

// NewStore makes an empty store.
func NewStore(tx Transactions) *Store {
	return &Store{Transactions: tx, serials: map[string]int{}, resources: map[string]catalog.Resource{},
		versions: map[string]catalog.Version{}, codes: map[string]string{}, Rows: map[string][]catalog.Row{}}
}

var changed = fault.New(fault.Conflict, "changed_meanwhile", "内容已被他人修改，请刷新后重试")

// NextSerial implements catalog.Store.
func (s *Store) NextSerial(_ context.Context, class string) (int, error) {
	s.serials[class]++
	return s.serials[class], nil
}

// InsertResource implements catalog.Store.
func (s *Store) InsertResource(_ context.Context, r catalog.Resource) error {
	s.resources[r.ID] = r
	return nil
}

// UpdateResource implements catalog.Store.
func (s *Store) UpdateResource(_ context.Context, r catalog.Resource) error {
	if s.resources[r.ID].Version != r.Version {
		return changed
	}
	r.Version++
	s.resources[r.ID] = r
	return nil
}

// Resource implements catalog.Store.
func (s *Store) Resource(_ context.Context, id string) (catalog.Resource, error) {
	r, ok := s.resources[id]
	if !ok {
		return r, fault.Missing("目录条目", id)
	}
	return r, nil
}

// ResourceByCode implements catalog.Store.
func (s *Store) ResourceByCode(_ context.Context, code string) (catalog.Resource, error) {
	for _, r := range s.resources {
		if r.Code == code || s.codes[code] == r.ID {
			return r, nil
		}
	}
	return catalog.Resource{}, fault.Missing("目录条目", code)
}

// KeepCode implements catalog.Store.
func (s *Store) KeepCode(_ context.Context, code, resource string, _ time.Time) error {
	s.codes[code] = resource
	return nil
}

// NameTaken implements catalog.Store.
func (s *Store) NameTaken(_ context.Context, provider, name, except string) (bool, error) {
	for _, v := range s.versions {
		r := s.resources[v.Resource]
		live := v.Number == r.Published || v.Number == r.Pending
		if live && r.Provider == provider && r.ID != except && v.Entry.Name == name {
			return true, nil
		}
	}
	return false, nil
}

// List implements catalog.Store with Provider, Published and part of the name.
func (s *Store) List(_ context.Context, f catalog.Filter) ([]catalog.Summary, error) {
	var out []catalog.Summary
	for _, id := range slices.Sorted(maps.Keys(s.resources)) {
		r := s.resources[id]
		number := r.Published
		if number == 0 && !f.Published {
			number = r.Pending
		}
		v, ok := s.find(id, number)
		if ok && (f.Provider == "" || f.Provider == r.Provider) && strings.Contains(v.Entry.Name, f.Text) {
			out = append(out, catalog.Summary{Resource: r, Name: v.Entry.Name, Attribute: v.Entry.Attribute})
		}
	}
	return out, nil
}

// InsertVersion implements catalog.Store.
func (s *Store) InsertVersion(_ context.Context, v catalog.Version) error {
	s.versions[v.ID] = v
	return nil
}

// UpdateVersion implements catalog.Store.
func (s *Store) UpdateVersion(_ context.Context, v catalog.Version) error {
	if s.versions[v.ID].Revision != v.Revision {
		return changed
	}
	v.Revision++
	s.versions[v.ID] = v
	return nil
}

func (s *Store) find(resource string, number int) (catalog.Version, bool) {
	for _, v := range s.versions {
		if v.Resource == resource && v.Number == number {
			return v, true
		}
	}
	return catalog.Version{}, false
}

// Version implements catalog.Store.
func (s *Store) Version(_ context.Context, resource string, number int) (catalog.Version, error) {
	v, ok := s.find(resource, number)
	if !ok {
		return v, fault.Missing("目录版本", fmt.Sprint(number))
	}
	return v, nil
}

// VersionByID implements catalog.Store.
func (s *Store) VersionByID(_ context.Context, id string) (catalog.Version, error) {
	v, ok := s.versions[id]
	if !ok {
		return v, fault.Missing("目录版本", id)
	}
	return v, nil
}

// Versions implements catalog.Store.
func (s *Store) Versions(_ context.Context, resource string) ([]catalog.Version, error) {
	var out []catalog.Version
	for _, v := range s.versions {
		if v.Resource == resource {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b catalog.Version) int { return cmp.Compare(a.Number, b.Number) })
	return out, nil
}

// CreateTable implements catalog.Hosted.
func (s *Store) CreateTable(_ context.Context, resource string, _ []catalog.Item) error {
	if _, ok := s.Rows[resource]; !ok {
		s.Rows[resource] = nil
	}
	return nil
}

// Load implements catalog.Hosted without replacing.
func (s *Store) Load(_ context.Context, resource string, _ []catalog.Item, rows []catalog.Row) error {
	s.Rows[resource] = append(s.Rows[resource], rows...)
	return nil
}

// Query implements catalog.Hosted: everything.
func (s *Store) Query(_ context.Context, q catalog.HostedQuery) ([]catalog.Row, error) {
	return s.Rows[q.Resource], nil
}

// Count implements catalog.Hosted: everything.
func (s *Store) Count(_ context.Context, resource string, _ []catalog.Condition) (int, error) {
	return len(s.Rows[resource]), nil
}

// Entry is a complete, unconditional, hosted entry without personal data.
func Entry() catalog.Entry {
	return catalog.Entry{
		Name: "行政区划代码", ClassCode: "3010010001", Abstract: "全省行政区划", FormatKind: catalog.FormatDatabase, Format: "数据库", Frequency: "yearly",
		Attribute: catalog.Unconditional, Methods: []catalog.Method{catalog.ServiceAPI}, UseConditions: "无",
		ScopeOfUse: "所有政府部门", Level: catalog.General1, Collection: catalog.HostedCopy, Contact: "0311-12345678",
		Items: []catalog.Item{
			{Code: "code", Name: "代码", Type: "C", Length: 12, Format: "数字", Description: "区划代码", Key: true, Level: catalog.General1},
			{Code: "name", Name: "名称", Type: "C", Length: 20, Format: "文字", Description: "规范名称", Level: catalog.General1},
			{Code: "area", Name: "面积", Type: "F", Format: "平方公里", Description: "面积", Nullable: true, Level: catalog.General1},
		},
	}
}
