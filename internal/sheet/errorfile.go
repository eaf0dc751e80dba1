package sheet

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sheet/table"
)

// maxRemarks is how many cells of a sheet get a comment; the column of reasons
// has them all.
const maxRemarks = 2000

// faulty are the reasons by sheet and line.
type faulty struct {
	bySheet map[string]map[int][]Reason
	secret  map[string]map[int]bool // lines of which nothing is kept
}

func newFaulty(p *parsed) *faulty {
	f := &faulty{bySheet: map[string]map[int][]Reason{}, secret: map[string]map[int]bool{}}
	for _, m := range p.marked {
		if f.secret[m.Sheet] == nil {
			f.secret[m.Sheet] = map[int]bool{}
		}
		f.secret[m.Sheet][m.Line] = true
	}
	return f
}

func (f *faulty) keep(reasons []Reason) {
	for _, r := range reasons {
		if f.bySheet[r.Sheet] == nil {
			f.bySheet[r.Sheet] = map[int][]Reason{}
		}
		f.bySheet[r.Sheet][r.Line] = append(f.bySheet[r.Sheet][r.Line], r)
	}
}

// writeErrors makes the error file: the rows as they came, the faulty cells
// coloured and with a comment, the reasons in a column of their own. It can be
// corrected and handed in again. Rows marked secret are left blank (CN-3).
func (s *Service) writeErrors(ctx context.Context, x Import, b *table.Book, bad *faulty) error {
	out := &blobWriter{ctx: ctx, store: s.Store, id: x.ID, blob: ErrorFile}
	var w table.Writer
	var err error
	if b.Format == table.XLSX {
		if w, err = table.NewWorkbook(out); err != nil {
			return err
		}
	} else {
		w = table.NewCSVArchive(out)
	}
	for i, m := range x.Mapping.Sheets {
		if m.Content == Nothing || b.Sheets[i].Hidden {
			continue
		}
		if err := copySheet(b, i, m, w, bad); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.flush()
}

func copySheet(b *table.Book, sheet int, m SheetMap, w table.Writer, bad *faulty) error {
	lines, secret := bad.bySheet[m.Sheet], bad.secret[m.Sheet]
	p := table.Page{Name: m.Sheet}
	last := 0
	for _, c := range m.Columns {
		last = max(last, table.ColumnIndex(c.Column)+1)
	}
	// Rows are written one below the other; comments follow them there.
	places := map[int]int{}
	row := 0
	err := b.Rows(sheet, func(r table.Row) error {
		row++
		if len(lines[r.Number]) > 0 {
			places[r.Number] = row
		}
		return nil
	})
	if err != nil {
		return err
	}
	for line, reasons := range lines {
		for _, r := range reasons {
			if i := table.ColumnIndex(r.Column); i >= 0 && r.Column != "" && len(p.Comments) < maxRemarks && places[line] > 0 {
				p.Comments = append(p.Comments, table.Remark{Row: places[line], Column: i, Text: r.Message})
			}
		}
	}
	slices.SortFunc(p.Comments, func(a, b table.Remark) int { return (a.Row-b.Row)*1000 + a.Column - b.Column })
	p.Comments = slices.CompactFunc(p.Comments, func(a, b table.Remark) bool { return a.Row == b.Row && a.Column == b.Column })
	if err := w.Page(p); err != nil {
		return err
	}
	return b.Rows(sheet, func(r table.Row) error {
		cells := make([]string, last+1)
		var marked []int
		if !secret[r.Number] {
			for i := range min(last, len(r.Cells)) {
				cells[i] = r.Cells[i].Text
			}
		}
		var words []string
		for _, x := range lines[r.Number] {
			if i := table.ColumnIndex(x.Column); x.Column != "" && i >= 0 {
				marked = append(marked, i)
				words = append(words, x.Column+"列："+x.Message)
			} else {
				words = append(words, x.Message)
			}
		}
		cells[last] = cutText(strings.Join(words, "\n"), 10_000)
		if r.Number == m.Heading {
			cells[last] = problemHeading
		}
		if len(words) > 0 {
			marked = append(marked, last)
		}
		return w.Row(cells, marked...)
	})
}

// blobWriter keeps what is written in pieces.
type blobWriter struct {
	ctx   context.Context
	store Store
	id    string
	blob  Blob
	seq   int
	buf   []byte
}

// Write implements io.Writer.
func (w *blobWriter) Write(p []byte) (int, error) {
	w.buf = append(w.buf, p...)
	for len(w.buf) >= chunk {
		if err := w.store.AppendBlob(w.ctx, w.id, w.blob, w.seq, w.buf[:chunk]); err != nil {
			return 0, err
		}
		w.seq++
		w.buf = append(w.buf[:0], w.buf[chunk:]...)
	}
	return len(p), nil
}

func (w *blobWriter) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	return w.store.AppendBlob(w.ctx, w.id, w.blob, w.seq, w.buf)
}

// Errors writes the error file of an import. Before anything is written it is
// told whether there is one ("no_error_file").
func (s *Service) Errors(ctx context.Context, p org.Principal, id string, out io.Writer) error {
	x, err := s.own(ctx, p, id)
	if err != nil {
		return err
	}
	if !x.Errors {
		return fault.New(fault.NotFound, "no_error_file", "没有错误文件：全部内容通过了预检，或者文件已清除")
	}
	return s.copyBlob(ctx, id, ErrorFile, out)
}
