package catalog

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Kinds of the ledger's entries about the one catalog standard (CN-12).
const (
	ClassChanged   ledger.Kind = "catalog_class"
	ElementChanged ledger.Kind = "catalog_element"
)

// SchemeStore keeps what authorities add to the classes and elements that
// every node has.
type SchemeStore interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	// NextClass counts up the number of the classes added below a class.
	NextClass(ctx context.Context, parent string) (int, error)
	InsertClass(ctx context.Context, c Class) error
	EndClass(ctx context.Context, code, reason string, at time.Time) error
	// Classes gives all that were added, ended ones too, by code.
	Classes(ctx context.Context) ([]Class, error)
	// Class gives one; none is the fault "not_found".
	Class(ctx context.Context, code string) (Class, error)

	// InsertElement adds a version of an element; the version exists already:
	// fault "already_exists".
	InsertElement(ctx context.Context, e Element) error
	// ElementVersions gives the filed versions of an element, oldest first.
	ElementVersions(ctx context.Context, code string) ([]Element, error)
	// LatestElements gives the latest filed versions of the codes.
	LatestElements(ctx context.Context, codes []string) ([]Element, error)
	// FindElements gives latest filed versions whose code, name, English name or
	// aliases hold the text, in lower case; an empty text finds all.
	FindElements(ctx context.Context, text string, limit int) ([]Element, error)
}

// Evidence takes entries of the ledger inside the running transaction.
type Evidence interface {
	AppendIn(ctx context.Context, entries ...ledger.Entry) ([]ledger.Leaf, error)
}

// Scheme is the one catalog standard: classes and standard data elements, those
// of every node and those that authorities added (CN-12, HB-7).
type Scheme struct {
	store    SchemeStore
	evidence Evidence
	clock    clock.Clock
}

// NewScheme makes the service.
func NewScheme(store SchemeStore, evidence Evidence, clk clock.Clock) *Scheme {
	return &Scheme{store: store, evidence: evidence, clock: clk}
}

// builtInOnly is the scheme without anything added: what NewService has until
// WithScheme gives it one.
func builtInOnly() *Scheme { return &Scheme{} }

// Class gives a class, ended or not; none is the fault "not_found".
func (s *Scheme) Class(ctx context.Context, code string) (Class, error) {
	if c, ok := builtInClasses()[code]; ok {
		return c, nil
	}
	if s.store == nil || ClassLevel(code) == 0 {
		return Class{}, fault.Missing("分类", code)
	}
	return s.store.Class(ctx, code)
}

// Tree gives the classes below a class ("": all) down to so many tiers; with
// those that are ended marked as such. An unknown class is "not_found".
func (s *Scheme) Tree(ctx context.Context, below string, depth int) ([]ClassNode, error) {
	if below != "" {
		if _, err := s.Class(ctx, below); err != nil {
			return nil, err
		}
	}
	all := maps.Clone(builtInClasses())
	if s.store != nil {
		added, err := s.store.Classes(ctx)
		if err != nil {
			return nil, err
		}
		for _, c := range added {
			all[c.Code] = c
		}
	}
	return classTree(all, below, max(depth, 1)), nil
}

// maintains refuses whoever does not keep the catalog standard: the reviewers
// of an authority do, and what every node shares only those of a province.
func maintains(p org.Principal, province bool) error {
	if p.Territory == "" || !p.Has(org.Supervisor) {
		return fault.New(fault.Forbidden, "role_missing", "只有主管部门的审核人员可以维护分类和标准数据元").Under("CN-12")
	}
	if province && !strings.HasSuffix(p.Territory, "0000") {
		return fault.New(fault.Forbidden, "province_only", "“目”和全平台共用的标准数据元由省级主管部门维护").Under("CN-12")
	}
	return nil
}

// AddClass adds a 目 below a 项, or a 细目 below a 目; the system makes the code,
// which is never used again. Refusals: "role_missing", "province_only",
// "class_invalid".
func (s *Scheme) AddClass(ctx context.Context, p org.Principal, parent, name, note string) (Class, error) {
	tier := ClassLevel(parent) + 1
	if err := maintains(p, tier == 3); err != nil {
		return Class{}, err
	}
	name, note = strings.TrimSpace(name), strings.TrimSpace(note)
	at := s.clock.Now()
	out := Class{Parent: parent, Name: name, Note: note, Region: p.Territory, Authority: p.Department.ID, AddedBy: p.Person.ID, AddedAt: &at}
	err := s.store.Do(ctx, func(ctx context.Context) error {
		if err := s.checkClass(ctx, tier, out); err != nil {
			return err
		}
		n, err := s.store.NextClass(ctx, parent)
		if err != nil {
			return err
		}
		if out.Code, err = addedCode(tier, parent, n); err != nil {
			return err
		}
		if err := s.store.InsertClass(ctx, out); err != nil {
			return err
		}
		return s.record(ctx, ClassChanged, at, p, map[string]any{"act": "add", "class": out.Code})
	})
	return out, err
}

func (s *Scheme) checkClass(ctx context.Context, tier int, fresh Class) error {
	var c fault.Collector
	c.Require("name", "分类名称", fresh.Name, "CN-12")
	tooLong(&c, "name", fresh.Name, maxName, "CN-12")
	tooLong(&c, "note", fresh.Note, maxLong, "CN-12")
	if tier != 3 && tier != 4 {
		c.Add("parent", "wrong_tier", "只能在“项”之下增加“目”，在“目”之下增加“细目”", "CN-12")
		return c.Err("class_invalid", "分类填写有误", "")
	}
	above, err := s.Class(ctx, fresh.Parent)
	switch {
	case notFound(err):
		c.Add("parent", "unknown_class", "没有这个上级分类", "CN-12")
	case err != nil:
		return err
	case above.EndedAt != nil:
		c.Add("parent", "class_ended", "上级分类已停用", "CN-12")
	}
	siblings, err := s.Tree(ctx, "", 4)
	if err != nil {
		return err
	}
	walk(siblings, func(n ClassNode) {
		if n.Parent == fresh.Parent && n.Name == fresh.Name && n.EndedAt == nil {
			c.Add("name", "name_taken", "同级已有同名的分类 "+n.Code, "CN-12")
		}
	})
	return c.Err("class_invalid", "分类填写有误", "")
}

func walk(nodes []ClassNode, visit func(ClassNode)) {
	for _, n := range nodes {
		visit(n)
		walk(n.Children, visit)
	}
}

// addedCode is the code of the n-th class that is added below a parent. The
// lower half of the numbers belongs to the classes that every node has.
func addedCode(tier int, parent string, n int) (string, error) {
	first, width := 500, lenCategory-lenItem
	if tier == 4 {
		first, width = 5000, lenDetail-lenCategory
	}
	number := fmt.Sprintf("%0*d", width, first+n)
	if len(number) > width {
		return "", fault.New(fault.Illegal, "class_full", "该分类之下的编号已用完").Under("CN-12")
	}
	return parent + number, nil
}

// EndClass closes a class that an authority of the same territory added. What
// is catalogued in it stays; new entries are refused.
func (s *Scheme) EndClass(ctx context.Context, p org.Principal, code, reason string) (Class, error) {
	if err := maintains(p, ClassLevel(code) == 3); err != nil {
		return Class{}, err
	}
	at := s.clock.Now()
	var out Class
	err := s.store.Do(ctx, func(ctx context.Context) error {
		c, err := s.Class(ctx, code)
		if err != nil {
			return err
		}
		var faults fault.Collector
		faults.Require("reason", "停用理由", reason, "CN-12")
		tooLong(&faults, "reason", reason, maxLong, "CN-12")
		if err := faults.Err("class_invalid", "分类填写有误", ""); err != nil {
			return err
		}
		if c.AddedAt == nil || c.Authority != p.Department.ID {
			return fault.New(fault.Forbidden, "not_own_class", "只能停用本主管部门增加的分类").Under("CN-12")
		}
		if c.EndedAt != nil {
			return fault.New(fault.Illegal, "class_ended", "该分类已停用").Under("CN-12")
		}
		if err := s.store.EndClass(ctx, code, reason, at); err != nil {
			return err
		}
		out = c
		out.EndedAt, out.Reason = &at, reason
		return s.record(ctx, ClassChanged, at, p, map[string]any{"act": "end", "class": code})
	})
	return out, err
}

// record keeps in the ledger who changed what of the standard, and when.
func (s *Scheme) record(ctx context.Context, kind ledger.Kind, at time.Time, p org.Principal, facts map[string]any) error {
	if s.evidence == nil {
		return nil
	}
	facts["person"], facts["department"], facts["basis"] = p.Person.ID, p.Department.ID, "CN-12"
	_, err := s.evidence.AppendIn(ctx, ledger.Entry{ID: ident.New(), Kind: kind, At: at, Facts: facts})
	return err
}

// usable says what is wrong with a class code for a new entry.
func (s *Scheme) usable(ctx context.Context, code string) (fault.Field, error) {
	c, err := s.Class(ctx, code)
	switch {
	case notFound(err):
		return fault.Field{Path: "class_code", Code: "unknown_class", Message: "没有这个分类代码，请从分类中选择“目”或“细目”", Basis: "CN-12"}, nil
	case err != nil:
		return fault.Field{}, err
	case c.EndedAt != nil:
		return fault.Field{Path: "class_code", Code: "class_ended", Message: "该分类已停用，请另选分类", Basis: "CN-12"}, nil
	}
	return fault.Field{}, nil
}
