package table

import (
	"archive/zip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// maxCell is how many UTF-16 units a cell of a workbook holds.
const maxCell = 32_767

// Page is a sheet that is to be written.
type Page struct {
	Name   string
	Widths []float64 // of the columns, in characters
	// Heads is how many rows at the top are headings: they are locked, and stay in
	// sight.
	Heads int
	// Fixed is how many columns at the left stay in sight.
	Fixed    int
	Locked   bool     // nothing can be changed
	Lists    []List   // drop-downs
	Comments []Remark // at cells
}

// List is a drop-down of a column.
type List struct {
	Column  int
	From    int    // first row it holds for
	Formula string // range or INDIRECT(…) that gives the words
	// Loose: other words may be typed as well.
	Loose        bool
	Title, Input string // shown while the cell is chosen
}

// Remark is a comment at a cell.
type Remark struct {
	Row, Column int // the row from 1, the column from 0
	Text        string
}

// Writer writes sheets one after the other, row by row.
type Writer interface {
	// Page begins a sheet; the one before is done.
	Page(p Page) error
	// Row adds a row; the cells of the marked columns are shown as faulty.
	Row(cells []string, marked ...int) error
	// Close writes what is left.
	Close() error
}

// lastRow is how far down drop-downs reach.
const lastRow = 100_000

// Workbook writes an xlsx file. All cells are texts that nobody evaluates.
type Workbook struct {
	file    *excelize.File
	out     io.Writer
	stream  *excelize.StreamWriter
	page    Page
	pages   int
	row     int
	plain   int // styles
	heading int
	note    int
	faulty  int
	width   int
}

// NewWorkbook begins an xlsx file; it is written to out by Close.
func NewWorkbook(out io.Writer) (*Workbook, error) {
	w := &Workbook{file: excelize.NewFile(), out: out}
	free := &excelize.Protection{Locked: false}
	border := []excelize.Border{{Type: "bottom", Style: 1, Color: "BFBFBF"}, {Type: "right", Style: 1, Color: "BFBFBF"}}
	var err error
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&w.plain, excelize.Style{NumFmt: 49, Protection: free, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&w.heading, excelize.Style{NumFmt: 49, Border: border, Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F4E79"}},
			Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}}},
		{&w.note, excelize.Style{NumFmt: 49, Border: border, Font: &excelize.Font{Italic: true, Color: "595959", Size: 9}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F2F2F2"}},
			Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&w.faulty, excelize.Style{NumFmt: 49, Protection: free, Font: &excelize.Font{Color: "9C0006"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFC7CE"}},
			Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
	} {
		if *s.id, err = w.file.NewStyle(&s.style); err != nil {
			return nil, err
		}
		yes := true // even if the cell is edited it stays a text
		w.file.Styles.CellXfs.Xf[*s.id].QuotePrefix = &yes
	}
	return w, nil
}

// Define gives a range a name that drop-downs can refer to.
func (w *Workbook) Define(name, refersTo string) error {
	return w.file.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: refersTo})
}

// Page implements Writer.
func (w *Workbook) Page(p Page) error {
	if err := w.flush(); err != nil {
		return err
	}
	if w.pages++; w.pages == 1 {
		if err := w.file.SetSheetName("Sheet1", p.Name); err != nil {
			return err
		}
	} else if _, err := w.file.NewSheet(p.Name); err != nil {
		return err
	}
	w.page, w.row, w.width = p, 0, 0
	if err := w.furnish(p); err != nil {
		return err
	}
	var err error
	if w.stream, err = w.file.NewStreamWriter(p.Name); err != nil {
		return err
	}
	for i, width := range p.Widths {
		if err := w.stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if len(p.Widths) > 0 && !p.Locked {
		if err := w.stream.SetColStyle(1, len(p.Widths), w.plain); err != nil {
			return err
		}
	}
	if p.Heads+p.Fixed > 0 {
		return w.stream.SetPanes(&excelize.Panes{Freeze: true, XSplit: p.Fixed, YSplit: min(p.Heads, 1), ActivePane: "bottomRight",
			TopLeftCell: fmt.Sprintf("%s%d", ColumnName(p.Fixed), min(p.Heads, 1)+1)})
	}
	return nil
}

// furnish adds what belongs to the sheet besides rows.
func (w *Workbook) furnish(p Page) error {
	for _, l := range p.Lists {
		v := excelize.NewDataValidation(true)
		v.Sqref = fmt.Sprintf("%s%d:%[1]s%[3]d", ColumnName(l.Column), l.From, lastRow)
		v.SetSqrefDropList(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(l.Formula)) // the library writes it as it is
		v.ShowErrorMessage = !l.Loose
		if !l.Loose {
			v.SetError(excelize.DataValidationErrorStyleStop, "请从列表中选择", "该列只能填写列表中的内容")
		}
		if l.Input != "" {
			v.SetInput(cutUnits(l.Title, 30), cutUnits(l.Input, 250))
		}
		if err := w.file.AddDataValidation(p.Name, v); err != nil {
			return err
		}
	}
	for _, r := range p.Comments {
		if err := w.file.AddComment(p.Name, excelize.Comment{Cell: fmt.Sprintf("%s%d", ColumnName(r.Column), r.Row), Author: "预检",
			Text: cutUnits(r.Text, 1000)}); err != nil {
			return err
		}
	}
	if p.Heads == 0 && !p.Locked {
		return nil
	}
	open := !p.Locked
	return w.file.ProtectSheet(p.Name, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true,
		FormatCells: open, InsertRows: open, DeleteRows: open, Sort: open, AutoFilter: true})
}

func cutUnits(s string, n int) string {
	if u := utf16.Encode([]rune(s)); len(u) > n {
		return string(utf16.Decode(u[:n-1])) + "…"
	}
	return s
}

// Row implements Writer. A text that is longer than a cell holds is the fault
// "cell_too_long".
func (w *Workbook) Row(cells []string, marked ...int) error {
	w.row++
	style := w.plain
	switch {
	case w.row == 1 && w.page.Heads > 0:
		style = w.heading
	case w.row <= w.page.Heads || w.page.Locked:
		style = w.note
	}
	out := make([]any, len(cells))
	for i, text := range cells {
		if len(text) > maxCell && len(utf16.Encode([]rune(text))) > maxCell {
			return fault.Newf(fault.TooLarge, "cell_too_long", "第%d行%s列的内容超过Excel单元格的%d个字符，请改用CSV", w.row, ColumnName(i), maxCell)
		}
		s := style
		for _, m := range marked {
			if m == i {
				s = w.faulty
			}
		}
		if text == "" {
			if s == w.faulty || w.row <= w.page.Heads {
				out[i] = excelize.Cell{StyleID: s}
			}
			continue
		}
		out[i] = excelize.Cell{StyleID: s, Value: hold(text)}
	}
	return w.stream.SetRow(fmt.Sprintf("A%d", w.row), out)
}

// hold escapes what XML cannot hold and what reads like such an escape.
func hold(text string) string {
	return strings.Map(func(r rune) rune {
		if control(r) {
			return -1
		}
		return r
	}, text)
}

func (w *Workbook) flush() error {
	if w.stream == nil {
		return nil
	}
	err := w.stream.Flush()
	w.stream = nil
	return err
}

// Close implements Writer.
func (w *Workbook) Close() error {
	err := w.flush()
	if err == nil {
		_, err = w.file.WriteTo(w.out)
	}
	return errors.Join(err, w.file.Close())
}

// CSVArchive writes a zip archive with a CSV file for each sheet, in UTF-8 with
// a byte order mark.
type CSVArchive struct {
	zip  *zip.Writer
	csv  *csv.Writer
	page Page
}

// NewCSVArchive begins an archive.
func NewCSVArchive(out io.Writer) *CSVArchive { return &CSVArchive{zip: zip.NewWriter(out)} }

// Page implements Writer.
func (w *CSVArchive) Page(p Page) error {
	if err := w.flush(); err != nil {
		return err
	}
	f, err := w.zip.Create(p.Name + ".csv")
	if err != nil {
		return err
	}
	if _, err := f.Write(utf8BOM); err != nil {
		return err
	}
	w.csv, w.page = csv.NewWriter(f), p

	return nil
}

// Row implements Writer.
func (w *CSVArchive) Row(cells []string, _ ...int) error {
	out := make([]string, len(cells))
	for i, text := range cells {
		out[i] = CSVText(hold(text))
	}
	return w.csv.Write(out)
}

func (w *CSVArchive) flush() error {
	if w.csv == nil {
		return nil
	}
	w.csv.Flush()
	return w.csv.Error()
}

// Close implements Writer.
func (w *CSVArchive) Close() error { return errors.Join(w.flush(), w.zip.Close()) }
