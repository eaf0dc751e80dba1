package collection

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Bounds of a trial.
const (
	maxTrialItems = 500
	maxTrialText  = 200_000 // bytes
)

// Verdict says what the catalog means for one item of a planned form.
type Verdict string

// The verdicts.
const (
	Shareable   Verdict = "shareable" // all that is needed can be had by sharing
	PartlyThere Verdict = "partly"    // of a part of the territory only
	NotThere    Verdict = "not_there" // nobody shares it
)

// Remedy is a thing to do about one item of a planned form.
type Remedy struct {
	Kind string // "apply", "demand", "designated", "justify", "collect"
	Text string // Chinese
	// Procedure and Subject say which case to open; empty: none.
	Procedure string
	Subject   string
}

// Line is one item of a planned form with what was found for it.
type Line struct {
	PlanItem
	Verdict  Verdict
	Matches  []Match
	Remedies []Remedy
}

// Try compares the items of a planned form with the catalog without opening a
// case (CN-19.1): for each item what there is, why it is held to be the same,
// and what to do. Nothing is kept. The items come as a list, or as text: lines,
// or a table with commas or tabs, with or without a heading. Refusals:
// "plan_invalid" with every faulty item.
func (s *Service) Try(ctx context.Context, p org.Principal, items []PlanItem, text string) ([]Line, error) {
	if text != "" {
		if len(items) > 0 {
			return nil, planFault("text", "not_allowed", "收集项目请用列表或者文本之一提交")
		}
		var err error
		if items, err = ParseForm(text); err != nil {
			return nil, err
		}
	}
	if err := checkTrial(items); err != nil {
		return nil, err
	}
	matches, err := s.compare(ctx, p.Department.ID, items)
	if err != nil {
		return nil, err
	}
	out := make([]Line, len(items))
	next := 0
	for i, x := range items { // matches come in the order of the items, whose names differ
		line := Line{PlanItem: x, Verdict: NotThere}
		for ; next < len(matches) && matches[next].Item == x.Name; next++ {
			line.Matches = append(line.Matches, matches[next])
		}
		line.judge()
		out[i] = line
	}
	return out, nil
}

// judge draws the conclusion from the matches.
func (l *Line) judge() {
	for _, m := range l.Matches {
		switch {
		case m.Partial:
			if l.Verdict == NotThere {
				l.Verdict = PartlyThere
			}
		case m.Resource == "":
			l.Verdict = Shareable
			l.Remedies = append(l.Remedies, Remedy{Kind: "designated", Text: "向数源部门提出供需对接", Procedure: "demand", Subject: m.Provider})
		default:
			l.Verdict = Shareable
			l.Remedies = append(l.Remedies, Remedy{Kind: "apply", Text: "申请共享“" + m.ResourceName + "”", Procedure: "application", Subject: m.Resource})
		}
	}
	switch l.Verdict {
	case Shareable:
		l.Remedies = append(l.Remedies, Remedy{Kind: "justify", Text: "通过共享不能满足需要的,在收集计划中说明理由,由主管部门认定"})
	case PartlyThere:
		l.Remedies = append(l.Remedies, Remedy{Kind: "demand", Text: "共享数据只覆盖部分区域,可提出供需对接后收集其余部分", Procedure: "demand"})
	case NotThere:
		l.Remedies = append(l.Remedies, Remedy{Kind: "demand", Text: "可先提出供需对接", Procedure: "demand"}, Remedy{Kind: "collect", Text: "目录中没有,可列入收集计划", Procedure: "collection_plan"})
	}
}

func planFault(path, code, message string) error {
	var faults fault.Collector
	faults.Add(path, code, message, "CN-19.1")
	return faults.Err("plan_invalid", "收集项目填写有误", "CN-19.1")
}

func checkTrial(items []PlanItem) error {
	var faults fault.Collector
	switch {
	case len(items) == 0:
		faults.Add("items", "required", "请填写收集项目", "CN-19.1")
	case len(items) > maxTrialItems:
		return planFault("items", "too_many", fmt.Sprintf("一次试比对不得超过%d项", maxTrialItems))
	}
	checkItems(&faults, "items", items)
	return faults.Err("plan_invalid", "收集项目填写有误", "CN-19.1")
}

// headings of the columns of a form, normalised.
var headings = map[string]string{
	"名称": "name", "收集项目": "name", "项目": "name", "数据项": "name", "数据项名称": "name", "项目名称": "name", "字段": "name", "字段名称": "name", "指标名称": "name", "name": "name",
	"标准数据元": "element", "数据元": "element", "数据元代码": "element", "element": "element",
	"说明": "note", "备注": "note", "填报说明": "note", "note": "note",
}

// ParseForm reads the items of a form from pasted text: one line an item, its
// columns between tabs or commas. Without a heading they are name, standard
// element and note; an element begins with DE-. Blank lines are left out.
func ParseForm(text string) ([]PlanItem, error) {
	if len(text) > maxTrialText || !utf8.ValidString(text) {
		return nil, planFault("text", "too_long", fmt.Sprintf("文本应为UTF-8编码,不得超过%d字节", maxTrialText))
	}
	text = strings.TrimPrefix(text, "\uFEFF")
	comma := '\t'
	if !strings.ContainsRune(text, comma) {
		comma, text = ',', strings.ReplaceAll(text, "，", ",")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = comma, -1, true, comma == ','
	var items []PlanItem
	var columns map[int]string
	for first := true; ; first = false {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return items, nil
		}
		if err != nil {
			return nil, planFault("text", "format", "文本不是正确的表格:引号没有成对")
		}
		if first {
			if columns = columnsOf(record); columns != nil {
				continue
			}
		}
		x := itemOf(record, columns)
		if strings.ContainsAny(x.Name+x.Element, "\r\n") { // LazyQuotes lets an open quote run on
			return nil, planFault("text", "format", "文本不是正确的表格:引号没有成对")
		}
		if x != (PlanItem{}) {
			items = append(items, x)
		}
		if len(items) > maxTrialItems {
			return nil, planFault("text", "too_many", fmt.Sprintf("一次试比对不得超过%d项", maxTrialItems))
		}
	}
}

// columnsOf reads a heading; nil: it is none, as no column is called a name.
func columnsOf(record []string) map[int]string {
	columns, named := map[int]string{}, false
	for i, cell := range record {
		if field, ok := headings[Normalise(cell)]; ok {
			columns[i] = field
			named = named || field == "name"
		}
	}
	if !named {
		return nil
	}
	return columns
}

func itemOf(record []string, columns map[int]string) PlanItem {
	var x PlanItem
	for i, cell := range record {
		cell = strings.TrimSpace(cell)
		field := columns[i]
		if columns == nil {
			switch {
			case i == 0:
				field = "name"
			case x.Element == "" && strings.HasPrefix(cell, "DE-"):
				field = "element"
			case x.Note == "":
				field = "note"
			}
		}
		switch field {
		case "name":
			x.Name = cell
		case "element":
			x.Element = cell
		case "note":
			x.Note = cell
		}
	}
	return x
}
