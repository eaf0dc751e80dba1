package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// csvFile is one CSV file, which can be read more than once.
type csvFile struct {
	name string
	open func() (io.ReadCloser, error)
	gb   bool
}

var utf8BOM = []byte{0xEF, 0xBB, 0xBF}

// openCSV finds out the encodings.
func openCSV(files []csvFile, format Format, l Limits) (*Book, error) {
	b := &Book{Format: format}
	for i := range files {
		gb, err := files[i].encoding()
		if err != nil {
			return nil, err
		}
		if files[i].gb = gb; gb {
			b.Notes = append(b.Notes, "文件按 GB18030 编码读取")
		}
		b.Sheets = append(b.Sheets, Sheet{Name: files[i].name})
	}
	b.rows = func(sheet int, visit func(Row) error) error { return files[sheet].rows(l, visit) }
	return b, nil
}

// longestLine bounds a line while the encoding is found out.
const longestLine = 4 << 20

// encoding tells whether a file is GB18030 and not UTF-8. A file that is both in
// different lines, or neither, is refused with the line.
func (f csvFile) encoding() (gb bool, err error) {
	rc, err := f.open()
	if err != nil {
		return false, err
	}
	defer rc.Close()
	in := bufio.NewReaderSize(rc, 64<<10)
	if head, _ := in.Peek(2); len(head) == 2 && (head[0] == 0xFF && head[1] == 0xFE || head[0] == 0xFE && head[1] == 0xFF) {
		return false, encodingFault("文件是 UTF-16 编码，请另存为 UTF-8 或者 GB18030 的 CSV", 0)
	}
	if head, _ := in.Peek(3); bytes.Equal(head, utf8BOM) {
		_, _ = in.Discard(3)
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), longestLine)
	// The first line that speaks for each encoding, and the first that is neither.
	number, wide, foreign, neither := 0, 0, 0, 0
	for lines.Scan() {
		number++
		line := lines.Bytes()
		ascii := true
		for _, c := range line {
			ascii = ascii && c < utf8.RuneSelf
		}
		switch {
		case ascii:
		case utf8.Valid(line):
			// Two letters of GB18030 may look like UTF-8 by chance, six hardly.
			if wide == 0 && countWide(line) >= 6 {
				wide = number
			}
		default:
			if foreign == 0 {
				foreign = number
			}
			if neither == 0 && !validGB(line) {
				neither = number
			}
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return false, tooLarge("第%d行超过%d MB", number+1, longestLine>>20)
	} else if err != nil {
		return false, err
	}
	switch {
	case foreign == 0:
		return false, nil
	case wide > 0:
		return false, encodingFault(fmt.Sprintf("文件混用了两种编码：第%d行是 UTF-8，第%d行不是；请以同一种编码另存", wide, foreign), foreign)
	case neither > 0:
		return false, encodingFault(fmt.Sprintf("第%d行既不是 UTF-8 也不是 GB18030 编码，请另存为 UTF-8", neither), neither)
	}
	return true, nil
}

func encodingFault(message string, line int) error {
	f := fault.New(fault.Invalid, "file_encoding", message)
	if line > 0 {
		f = f.With("line", line)
	}
	return f
}

func countWide(line []byte) (n int) {
	for _, c := range line {
		if c >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

func validGB(line []byte) bool {
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(line)
	return err == nil && !bytes.ContainsRune(text, utf8.RuneError)
}

// text opens the file as UTF-8 without the byte order mark.
func (f csvFile) text() (*bufio.Reader, io.Closer, error) {
	rc, err := f.open()
	if err != nil {
		return nil, nil, err
	}
	var r io.Reader = rc
	if f.gb {
		r = transform.NewReader(rc, simplifiedchinese.GB18030.NewDecoder())
	}
	in := bufio.NewReaderSize(r, 64<<10)
	if head, _ := in.Peek(3); bytes.Equal(head, utf8BOM) {
		_, _ = in.Discard(3)
	}
	return in, rc, nil
}

// rows reads the records. The separator is the comma, or the tab or semicolon
// of which the first line has more.
func (f csvFile) rows(l Limits, visit func(Row) error) error {
	in, closer, err := f.text()
	if err != nil {
		return err
	}
	defer closer.Close()
	r := csv.NewReader(in)
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	head, _ := in.Peek(4 << 10)
	first, _, _ := strings.Cut(string(head), "\n")
	for _, sep := range []rune{'\t', ';'} {
		if strings.Count(first, string(sep)) > strings.Count(first, string(r.Comma)) {
			r.Comma = sep
		}
	}
	var row Row
	for filled := 0; ; {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvFault(err)
		}
		row.Number, _ = r.FieldPos(0)
		row.Cells = row.Cells[:0]
		own := false
		for i, text := range record {
			c := csvCell(text)
			if inspect(&c, l); c.Text != "" && i >= l.Columns {
				return tooLarge("第%d行超过%d列", row.Number, l.Columns)
			}
			own = own || strings.TrimSpace(c.Text) != "" || c.Code != ""
			row.Cells = append(row.Cells, c)
		}
		if !own {
			continue
		}
		if filled++; filled > l.Rows {
			return tooLarge("文件超过%d行；请分成几个文件导入", l.Rows)
		}
		if err := visit(row); err != nil {
			if errors.Is(err, ErrStop) {
				return nil
			}
			return err
		}
	}
}

func csvFault(err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return err
	}
	if _, is := fault.As(p.Err); is {
		return p.Err
	}
	return fault.Newf(fault.Invalid, "file_broken", "第%d行的引号不规范：含有引号、逗号或者换行的单元格应整体加双引号，其中的双引号写两次", p.Line).With("line", p.Line).Because(err)
}

// evaluated are the beginnings that make a spreadsheet evaluate a cell.
const evaluated = "=+-@\t\r"

// csvCell reads a cell: the apostrophe that keeps it from being evaluated is
// taken away, and what would be evaluated as a formula is refused.
func csvCell(text string) Cell {
	if len(text) > 1 && text[0] == '\'' && strings.ContainsRune(evaluated+"'", rune(text[1])) {
		return Cell{Text: text[1:]}
	}
	if len(text) > 1 && text[0] == '=' {
		return Cell{Kind: Formula, Code: "formula", Fault: "单元格是公式，不能导入；请改为公式的结果"}
	}
	return Cell{Text: text}
}

// CSVText writes a cell so that no spreadsheet evaluates it and Open reads it
// back unchanged.
func CSVText(text string) string {
	if text != "" && strings.ContainsRune(evaluated+"'", rune(text[0])) {
		return "'" + text
	}
	return text
}
