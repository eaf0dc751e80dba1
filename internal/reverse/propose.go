package reverse

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// basis is the clause that says what an entry holds.
const basis = "CN-12"

// Bounds of a catalog entry's texts that proposals keep to.
const (
	maxEntryName = 50
	maxItemName  = 100
)

// Advisor proposes levels and standard elements; *catalog.Service implements
// it.
type Advisor interface {
	Advise(ctx context.Context, e catalog.Entry) (catalog.Advice, error)
}

// Options say how entries are proposed.
type Options struct {
	ClassCode  string             // of the entries; empty: to be filled in
	Collection catalog.Collection // hosted unless told otherwise
	// SourceSystem names the system that the database belongs to.
	SourceSystem string
}

// Proposal is a catalog entry proposed for a table. A person completes it.
type Proposal struct {
	Table    string // key
	View     bool
	Rows     int64
	Selected bool
	Reason   string // why it is not selected
	Refused  string // RefusedSecret, RefusedTooWide: no entry is proposed
	Resource string // the entry made of this table earlier
	Entry    catalog.Entry
	// Missing is all that the entry lacks before it can be submitted.
	Missing []fault.Field
	// Notes tell where the proposal is a guess.
	Notes []string
}

var notAName = regexp.MustCompile(`(系统|平台|数据库)$`)

// Propose gives a proposal for each table of a schema, in its order. What the
// registers know of it is added by Complete.
func Propose(s Schema, o Options) []Proposal {
	out := make([]Proposal, 0, len(s.Tables))
	names := map[string]bool{}
	for _, t := range s.Tables {
		p := Proposal{Table: t.Key(), View: t.View, Rows: t.Rows, Refused: t.Refused}
		switch t.Refused {
		case RefusedSecret:
			p.Reason = "表或者列的名称、注释标有密级，不得编入目录（CN-3）"
		case RefusedTooWide:
			p.Reason = "列数超过目录条目数据项的上限，请拆分或者建立视图后再编目"
		default:
			p.Reason = junkReason(t)
			p.Selected = p.Reason == ""
			propose(t, o, names, &p)
		}
		out = append(out, p)
	}
	return out
}

func propose(t Table, o Options, names map[string]bool, p *Proposal) {
	e := &p.Entry
	e.Name = title(t.Comment, maxEntryName)
	if e.Name == "" && han(t.Name) {
		e.Name = Cut(clean(t.Name), maxEntryName)
	}
	if e.Name == "" {
		if e.Name = Cut(humanise(t.Name), maxEntryName); e.Name == "" {
			e.Name = "未命名"
		}
		p.Missing = append(p.Missing, fault.Field{Path: "name", Code: "not_chinese", Message: "数据库中没有中文注释，请填写数据目录名称", Basis: basis})
	}
	if short, cut := strings.CutSuffix(e.Name, "表"); cut && len([]rune(short)) > 2 && !strings.HasSuffix(short, "报") {
		e.Name = short
	}
	if notAName.MatchString(e.Name) {
		e.Name = Cut(e.Name, maxEntryName-2) + "数据"
	}
	e.Name = unique(names, e.Name, maxEntryName)
	e.ClassCode, e.Abstract, e.SourceSystem = o.ClassCode, t.Comment, Cut(o.SourceSystem, maxItemName)
	e.Format, e.FormatKind = "数据库", catalog.FormatDatabase
	e.Collection = o.Collection
	if e.Collection == "" {
		e.Collection = catalog.HostedCopy
	}
	e.Items = make([]catalog.Item, 0, len(t.Columns))
	taken, used := map[string]bool{}, codes{}
	for i, c := range t.Columns {
		item := proposeItem(c, i, taken, used, p)
		e.Items = append(e.Items, item)
		e.PersonalInfo = e.PersonalInfo || item.Sensitivity != ""
	}
	if len(t.Columns) > 0 && !slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Key > 0 }) {
		p.Notes = append(p.Notes, "没有主键，请指定能唯一确定一行的数据项")
	}
}

func proposeItem(c Column, i int, taken map[string]bool, used codes, p *Proposal) catalog.Item {
	it := catalog.Item{
		Code: used.of(c.Name, i+1), Name: title(c.Comment, maxItemName), EnglishName: Cut(humanise(c.Name), maxItemName),
		Type: c.Type, Length: c.Length, Decimals: c.Decimals, Format: c.Format, Description: c.Comment,
		Key: c.Key > 0, Nullable: c.Nullable && c.Key == 0, Domain: explained(c.Domain, c.Comment),
	}
	if it.Name == "" && han(c.Name) {
		it.Name = Cut(clean(c.Name), maxItemName)
	}
	if han(it.EnglishName) {
		it.EnglishName = ""
	}
	if it.Name == "" {
		if it.Name = it.EnglishName; it.Name == "" {
			it.Name = it.Code
		}
		p.Missing = append(p.Missing, fault.Field{Path: "items[" + itoa(i) + "].name", Code: "not_chinese",
			Message: "列“" + clean(c.Name) + "”没有中文注释，请填写数据项名称", Basis: basis})
	}
	it.Name = unique(taken, it.Name, maxItemName)
	if c.References != "" {
		it.Description = Cut(strings.TrimSpace(it.Description+" 引用 "+clean(c.References)), maxText)
	}
	if it.Code != c.Name {
		p.Notes = append(p.Notes, "列“"+clean(c.Name)+"”的代码改为 "+it.Code)
	}
	it.Sensitivity = c.Holds
	if c.Holds != "" {
		p.Notes = append(p.Notes, "数据项“"+it.Name+"”的抽样值像是个人信息，请核定级别和敏感类型")
	}
	it.Masked = it.Sensitivity != ""
	return it
}

// speaking are names that the rules know each kind of personal information by,
// for columns whose values say more than their names.
var speaking = map[catalog.Sensitivity]string{
	catalog.ResidentID: "公民身份号码", catalog.Phone: "手机号码", catalog.Email: "电子邮箱", catalog.Plate: "车牌号码",
}

// Complete adds to a proposal what the registers say, levels and standard
// elements, and lists all that is missing. Without an advisor it only lists.
func Complete(ctx context.Context, a Advisor, p *Proposal) error {
	if p.Refused != "" {
		return nil
	}
	e := &p.Entry
	if a != nil {
		advice, err := a.Advise(ctx, *e)
		if err != nil {
			return err
		}
		levels := map[string]catalog.Proposal{}
		for _, l := range advice.Items {
			levels[l.Item] = l
		}
		for i := range e.Items {
			advised(&e.Items[i], levels[e.Items[i].Code], advice.Elements[e.Items[i].Code], p)
		}
		for _, it := range e.Items {
			e.PersonalInfo = e.PersonalInfo || it.Sensitivity != ""
		}
		e.Level = catalog.Propose(*e, nil).Level
	}
	if f, ok := fault.As(catalog.CheckComplete(*e)); ok {
		p.Missing = append(p.Missing, f.Fields...)
	}
	return nil
}

func advised(it *catalog.Item, l catalog.Proposal, matches []catalog.ElementMatch, p *Proposal) {
	if l.Level == "" && it.Sensitivity != "" { // the values spoke, the name does not
		probe := catalog.Entry{Items: []catalog.Item{{Code: it.Code, Name: speaking[it.Sensitivity], Type: it.Type}}}
		l.Level = catalog.Propose(probe, nil).Level
	}
	it.Level = l.Level
	if it.Sensitivity == "" {
		it.Sensitivity, it.Masked = l.Sensitivity, l.Masked && l.Sensitivity != ""
	}
	if len(matches) == 0 || matches[0].Match == "part" {
		return // too vague to write down
	}
	element := matches[0].Element
	if why := element.Departs(*it); why != "" {
		p.Notes = append(p.Notes, "数据项“"+it.Name+"”可能是标准数据元 "+element.Code+"，但与其定义不一致")
		return
	}
	it.Element = element.Code
}
