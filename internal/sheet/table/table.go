package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Kind is what a cell holds.
type Kind uint8

// The kinds of cells.
const (
	Text Kind = iota
	Number
	Date
	Bool
	Formula
	Failed // an error value such as #REF!
)

// Cell is one cell.
type Cell struct {
	Text string
	Kind Kind
	// Code and Fault say, in English for programs and in Chinese for people, what
	// is wrong with the cell itself; empty: nothing.
	Code, Fault string
	// Below: the text is that of the merged range that the cell is in; its own
	// cell is a higher row's.
	Below bool
	// Across: the cell is in a range that is merged over several columns.
	Across bool
}

// Row is one row that holds something. It is valid until the next one.
type Row struct {
	Number int // in a workbook the row's number, in CSV its first line
	Hidden bool
	Cells  []Cell
}

// Text gives the text of a column, "" beyond the last.
func (r Row) Text(column int) string {
	if column < 0 || column >= len(r.Cells) {
		return ""
	}
	return r.Cells[column].Text
}

// Sheet is one sheet of a book.
type Sheet struct {
	Name   string
	Hidden bool
}

// Format is the kind of file.
type Format string

// The formats.
const (
	XLSX   Format = "xlsx"
	CSV    Format = "csv"
	CSVZip Format = "csv_zip" // a zip archive of CSV files
)

// Limits bound what a file may be.
type Limits struct {
	Unzipped int64 // bytes of all parts together
	Ratio    int64 // unpacked to packed, of parts beyond RatioFrom
	Parts    int
	Strings  int64 // bytes of the shared strings
	Rows     int   // rows that hold something, of one sheet
	Columns  int
	Cell     int // characters of one cell
	Merges   int
}

// ratioFrom is the size from which on a part's ratio is looked at: small parts
// of the same few words compress well.
const ratioFrom = 16 << 20

// DefaultLimits take 100,000 items with room to spare.
var DefaultLimits = Limits{Unzipped: 1 << 30, Ratio: 200, Parts: 2000, Strings: 96 << 20, Rows: 200_000, Columns: 256, Cell: 400_000, Merges: 400_000}

// Book is an open file.
type Book struct {
	Format Format
	Sheets []Sheet
	// Notes tell, in Chinese, what was found and left aside: links, encodings.
	Notes []string
	rows  func(sheet int, visit func(Row) error) error
}

// Rows hands over the rows of a sheet that hold something, top down.
func (b *Book) Rows(sheet int, visit func(Row) error) error { return b.rows(sheet, visit) }

// ErrStop ends Rows early without an error.
var ErrStop = errors.New("stop")

var (
	zipMagic = []byte("PK\x03\x04")
	oleMagic = []byte{0xD0, 0xCF, 0x11, 0xE0}
)

// Open finds out what a file is and opens it. The reader must stay open as long
// as the book is read. Refusals are faults of kind Invalid or TooLarge with a
// code of their own: "file_empty", "file_kind", "file_macros", "file_broken",
// "file_too_large", "file_encoding".
func Open(r io.ReaderAt, size int64, l Limits) (*Book, error) {
	head := make([]byte, 8)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head = head[:n]
	switch {
	case size == 0:
		return nil, fault.New(fault.Invalid, "file_empty", "文件是空的")
	case bytes.HasPrefix(head, zipMagic):
		return openZip(r, size, l)
	case bytes.HasPrefix(head, oleMagic):
		return nil, fault.New(fault.Invalid, "file_kind", "这是旧版 Excel（.xls）或者加密的文件，请另存为未加密的 .xlsx 后再导入")
	case bytes.HasPrefix(head, []byte("%PDF")):
		return nil, fault.New(fault.Invalid, "file_kind", "这是 PDF 文件；可导入 .xlsx 和 .csv")
	}
	return openCSV([]csvFile{{name: "CSV", open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(r, 0, size)), nil
	}}}, CSV, l)
}

func broken(cause error) error {
	return fault.New(fault.Invalid, "file_broken", "文件已损坏，或者不是规范的表格文件").Because(cause)
}

func tooLarge(format string, args ...any) error {
	return fault.New(fault.TooLarge, "file_too_large", fmt.Sprintf(format, args...))
}

// inspect marks what no cell may hold.
func inspect(c *Cell, l Limits) {
	if c.Code != "" || c.Text == "" {
		return
	}
	if !utf8.ValidString(c.Text) {
		c.Text, c.Code, c.Fault = "", "encoding", "单元格不是有效的 UTF-8 文本"
		return
	}
	if len(c.Text) > l.Cell && utf8.RuneCountInString(c.Text) > l.Cell {
		c.Text, c.Code, c.Fault = "", "too_long", fmt.Sprintf("单元格超过%d个字符", l.Cell)
		return
	}
	if i := strings.IndexFunc(c.Text, control); i >= 0 {
		r, _ := utf8.DecodeRuneInString(c.Text[i:])
		c.Text = strings.Map(func(r rune) rune {
			if control(r) {
				return -1
			}
			return r
		}, c.Text)
		c.Code, c.Fault = "control_character", fmt.Sprintf("含有不可用的控制字符（U+%04X），请删除", r)
	}
}

// control tells the characters that belong in no text: line breaks and tabs do.
func control(r rune) bool {
	return unicode.Is(unicode.Cc, r) && r != '\n' && r != '\r' && r != '\t' || r == 0xFFFE || r == 0xFFFF
}

// ColumnName gives the letters of a column, counted from 0: "A", "AB".
func ColumnName(column int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// ColumnIndex reads the letters of a column, counted from 0; -1 when they are
// none.
func ColumnIndex(name string) int {
	n := 0
	for _, r := range name {
		if r < 'A' || r > 'Z' || n > 20_000 {
			return -1
		}
		n = n*26 + int(r-'A') + 1
	}
	return n - 1
}
