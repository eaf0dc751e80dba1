package table

import (
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// mergedRange is a merged range: rows from 1, columns from 0, both ends in it.
type mergedRange struct{ top, bottom, left, right int }

var mergeTag = regexp.MustCompile(`<(?:[A-Za-z0-9]+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"`)

// merges finds the merged ranges of a sheet. They stand behind the rows, so that
// the part is run through once before it is read; looking for the tag is much
// quicker than reading.
func (w *workbook) merges(name string) ([]mergedRange, error) {
	rc, err := w.part(name)
	if err != nil || rc == nil {
		return nil, err
	}
	defer rc.Close()
	const chunk, overlap = 256 << 10, 200
	buf := make([]byte, 0, chunk+overlap)
	var out []mergedRange
	for {
		n, err := io.ReadFull(rc, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		end := 0
		if strings.Contains(string(buf), "mergeCell ") {
			for _, m := range mergeTag.FindAllSubmatchIndex(buf, -1) {
				text := func(i int) string { return string(buf[m[2*i]:m[2*i+1]]) }
				top, _ := strconv.Atoi(text(2))
				bottom, _ := strconv.Atoi(text(4))
				out = append(out, mergedRange{top, bottom, ColumnIndex(text(1)), ColumnIndex(text(3))})
				end = m[1]
			}
			if len(out) > w.limits.Merges {
				return nil, tooLarge("合并单元格超过%d处", w.limits.Merges)
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		rest := buf[max(end, len(buf)-overlap):]
		buf = append(buf[:0], rest...)
	}
	slices.SortStableFunc(out, func(a, b mergedRange) int { return cmp.Compare(a.top, b.top) })
	return out, nil
}

// rows reads a sheet.
func (w *workbook) rows(sheet int, visit func(Row) error) error {
	merges, err := w.merges(w.parts[sheet])
	if err != nil {
		return err
	}
	rc, err := w.part(w.parts[sheet])
	if err != nil {
		return err
	}
	if rc == nil {
		return broken(errors.New("a sheet is missing"))
	}
	defer rc.Close()
	r := &rowReader{book: w, merges: merges, visit: visit}
	err = tokens(rc, r.token)
	if errors.Is(err, ErrStop) {
		return nil
	}
	if err == nil {
		err = broken(errors.New("the rows have no end"))
	}
	return err
}

// rowReader makes rows of a sheet's tokens.
type rowReader struct {
	book   *workbook
	visit  func(Row) error
	merges []mergedRange // that begin further down
	open   []mergedCells // that the current row may be in

	row      Row
	filled   int // rows handed over
	inRow    bool
	inCell   bool
	column   int
	kind     string // t of the cell
	style    int
	formula  bool
	inText   bool
	phonetic int
	text     []byte
}

type mergedCells struct {
	mergedRange
	text string
}

func (r *rowReader) token(t xml.Token) error {
	switch e := t.(type) {
	case xml.StartElement:
		return r.start(e)
	case xml.CharData:
		if r.inText {
			if r.text = append(r.text, e...); len(r.text) > 8*r.book.limits.Cell {
				return tooLarge("第%d行有过长的单元格", r.row.Number)
			}
		}
	case xml.EndElement:
		switch e.Name.Local {
		case "v", "t":
			r.inText = false
		case "rPh":
			r.phonetic--
		case "c": // an end without its beginning is nobody's
			if r.inCell {
				r.inCell = false
				return r.endCell()
			}
		case "row":
			if r.inRow {
				r.inRow, r.inCell = false, false
				return r.endRow()
			}
		case "sheetData":
			return ErrStop
		}
	}
	return nil
}

func (r *rowReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		number, _ := strconv.Atoi(attr(e, "r"))
		if number <= r.row.Number {
			number = r.row.Number + 1
		}
		r.row = Row{Number: number, Hidden: yes(attr(e, "hidden")), Cells: r.row.Cells[:0]}
		r.inRow, r.inCell, r.column = true, false, -1
	case "c":
		if r.inCell = r.inRow; !r.inCell {
			return nil
		}
		ref := attr(e, "r")
		if c := ColumnIndex(strings.TrimRight(ref, "0123456789")); ref != "" && c >= 0 {
			r.column = c
		} else {
			r.column++
		}
		r.kind, r.formula, r.text = attr(e, "t"), false, r.text[:0]
		r.style, _ = strconv.Atoi(attr(e, "s"))
	case "f":
		r.formula = true
	case "rPh":
		r.phonetic++
	case "v", "t":
		r.inText = r.inCell && r.phonetic == 0
	}
	return nil
}

func (r *rowReader) endCell() error {
	c := r.cell()
	if c.Text == "" && c.Code == "" {
		return nil
	}
	if r.column >= r.book.limits.Columns {
		return tooLarge("第%d行超过%d列", r.row.Number, r.book.limits.Columns)
	}
	inspect(&c, r.book.limits)
	for len(r.row.Cells) <= r.column {
		r.row.Cells = append(r.row.Cells, Cell{})
	}
	r.row.Cells[r.column] = c
	return nil
}

func (r *rowReader) cell() Cell {
	raw := string(r.text)
	if r.formula {
		return Cell{Text: "", Kind: Formula, Code: "formula", Fault: "单元格是公式，不能导入；请改为公式的结果（选择性粘贴为数值）"}
	}
	switch r.kind {
	case "s":
		i, err := strconv.Atoi(raw)
		if text, ok := r.book.strings.at(i); ok && err == nil {
			return Cell{Text: text}
		}
		if raw == "" {
			return Cell{}
		}
		return Cell{Kind: Failed, Code: "broken", Fault: "单元格的内容已损坏"}
	case "inlineStr", "str":
		return Cell{Text: unescape(raw)}
	case "b":
		return Cell{Text: map[bool]string{true: "是", false: "否"}[yes(raw)], Kind: Bool}
	case "e":
		return Cell{Text: raw, Kind: Failed, Code: "error_value", Fault: "单元格是错误值（" + raw + "），请更正"}
	case "d":
		return Cell{Text: strings.TrimSuffix(raw, "T00:00:00"), Kind: Date}
	}
	if raw == "" {
		return Cell{}
	}
	if r.style >= 0 && r.style < len(r.book.dates) && r.book.dates[r.style] {
		if text, ok := r.book.dateText(raw); ok {
			return Cell{Text: text, Kind: Date}
		}
	}
	return numberCell(raw)
}

// endRow hands over a row that holds something of its own.
func (r *rowReader) endRow() error {
	own := slices.ContainsFunc(r.row.Cells, func(c Cell) bool { return strings.TrimSpace(c.Text) != "" || c.Code != "" })
	r.merge()
	if !own {
		return nil
	}
	if r.filled++; r.filled > r.book.limits.Rows {
		return tooLarge("工作表超过%d行；请分成几个文件导入", r.book.limits.Rows)
	}
	return r.visit(r.row)
}

// merge gives the cells of merged ranges the text of the range.
func (r *rowReader) merge() {
	n := r.row.Number
	for len(r.merges) > 0 && r.merges[0].top <= n {
		m := mergedCells{mergedRange: r.merges[0]}
		r.merges = r.merges[1:]
		if m.top == n {
			m.text = r.row.Text(m.left)
		}
		r.open = append(r.open, m)
	}
	r.open = slices.DeleteFunc(r.open, func(m mergedCells) bool { return m.bottom < n })
	for _, m := range r.open {
		for c := m.left; c <= m.right && c < r.book.limits.Columns; c++ {
			if n == m.top && c == m.left || m.text == "" {
				if m.right > m.left && c < len(r.row.Cells) {
					r.row.Cells[c].Across = true
				}
				continue
			}
			for len(r.row.Cells) <= c {
				r.row.Cells = append(r.row.Cells, Cell{})
			}
			if x := &r.row.Cells[c]; x.Text == "" && x.Code == "" {
				*x = Cell{Text: m.text, Below: n > m.top, Across: m.right > m.left}
			}
		}
	}
}
