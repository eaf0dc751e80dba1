package supervision

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// The sheets of an exported assessment.
const (
	resultSheet = "考核结果"
	basisSheet  = "指标说明"
)

var measureWords = map[string]string{
	"published":  "已发布的目录条目占全部目录条目的比例",
	"linked":     "已挂接数据的条目占已发布条目的比例",
	"clocks":     "期间内届满或者办结的法定期限中按时办结的比例",
	"used":       "期间内有效的授权中已实际使用的比例",
	"complaints": "100分减去每件违规或者投诉的扣分,最低0分",
}

// WriteSheet writes the assessment as a spreadsheet (xlsx): one sheet with the
// ranking and every mark with its numbers, one that says how marks are made.
func (a Assessment) WriteSheet(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", resultSheet); err != nil {
		return err
	}
	if _, err := f.NewSheet(basisSheet); err != nil {
		return err
	}
	if err := rows(f, resultSheet, a.resultRows()); err != nil {
		return err
	}
	if err := rows(f, basisSheet, a.basisRows()); err != nil {
		return err
	}
	for sheet, last := range map[string]string{resultSheet: "B", basisSheet: "E"} {
		if err := f.SetColWidth(sheet, "B", last, 32); err != nil {
			return err
		}
	}
	return f.Write(w)
}

func (a Assessment) resultRows() [][]any {
	head := []any{"名次", "部门", "行政区划", "得分"}
	for _, i := range a.Indicators {
		head = append(head, i.Name+"得分", i.Name+"(分子/分母)")
	}
	out := [][]any{{fmt.Sprintf("政务数据共享考核评价 %s 至 %s", a.From, a.To)}, head}
	for _, r := range a.Rows {
		row := []any{r.Rank, text(r.Name), r.Region, r.Score}
		for i, m := range r.Marks {
			row = append(row, m.cells(a.Indicators[i])...)
		}
		out = append(out, row)
	}
	return out
}

func (m Mark) cells(i Indicator) []any {
	switch {
	case !m.Applies:
		return []any{"不适用", ""}
	case i.Measure == "complaints":
		return []any{m.Score, fmt.Sprintf("%d件", m.Total)}
	}
	return []any{m.Score, fmt.Sprintf("%d/%d", m.Good, m.Total)}
}

func (a Assessment) basisRows() [][]any {
	out := [][]any{{"权重", "指标", "计算方法", "所计期限", "依据"}}
	for _, i := range a.Indicators {
		out = append(out, []any{i.Weight, i.Name, measureWords[i.Measure], strings.Join(i.Clocks, "、"), i.Clause})
	}
	return append(out, []any{"", "说明", "不适用的指标不计分,其权重由其余指标按比例分担"})
}

// text keeps a name from being read as a formula by those who copy it on.
func text(s string) string {
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

func rows(f *excelize.File, sheet string, rows [][]any) error {
	for i, row := range rows {
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			return err
		}
	}
	return nil
}
