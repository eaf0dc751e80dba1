package sheet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/sheet/table"
)

const (
	// lease is how long a worker may be silent before another takes over.
	lease = 10 * time.Minute
	// maxAttempts ends an import that every worker died of.
	maxAttempts = 3
	// portion is how many resources are written at once.
	portion = 200
)

// errLost: another worker has the import, or it was cancelled.
var errLost = errors.New("the import is no longer this worker's")

// Work does what waits, if anything, and reports whether there was something. A
// dry run that was interrupted begins anew; a commit by resource goes on where
// it was; a commit of a whole file begins anew, because nothing of it was kept.
func (s *Service) Work(ctx context.Context) (bool, error) {
	x, claimed, err := s.Store.ClaimImport(ctx, s.Clock.Now(), lease)
	if err != nil || !claimed {
		return false, err
	}
	if err = s.turn(ctx, x); ctx.Err() != nil {
		return false, ctx.Err() // the node is stopping; the lease gives the import to the next
	}
	if err == nil {
		return true, nil
	}
	now, readErr := s.Store.Import(ctx, x.ID)
	if readErr != nil {
		return true, errors.Join(err, readErr)
	}
	if now.Revision != x.Revision { // somebody else has it, or it was cancelled
		if now.State == Cancelled {
			return true, s.Store.Forget(ctx, x.ID) // what was kept since
		}
		return true, nil
	}
	failErr := s.fail(ctx, now, err)
	if _, is := fault.As(err); is {
		err = nil // the department is told; nothing is wrong with the node
	}
	return true, errors.Join(err, failErr)
}

// turn does an import's work. A panic, over a file that nobody thought of, ends
// this import and not the worker.
func (s *Service) turn(ctx context.Context, x Import) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("import %s: panic: %v\n%s", x.ID, r, debug.Stack())
		}
	}()
	switch {
	case x.Attempts > maxAttempts:
		return fault.New(fault.Unavailable, "interrupted", "处理多次中断，请重新上传")
	case x.State == Committing:
		return s.commit(ctx, x)
	}
	return s.check(ctx, x)
}

// check is the dry run.
func (s *Service) check(ctx context.Context, x Import) error {
	p, err := s.People.Principal(ctx, x.Person)
	if err != nil {
		return err
	}
	if err := s.Store.DropPlanned(ctx, x.ID); err != nil {
		return err
	}
	if err := s.Store.DropBlob(ctx, x.ID, ErrorFile); err != nil {
		return err
	}
	file, err := s.fetch(ctx, x)
	if err != nil {
		return err
	}
	defer file.Close()
	book, err := table.Open(file, x.Size, s.Limits)
	if err != nil {
		return err
	}
	x.Format, x.Notes = book.Format, book.Notes
	mapping, notes, err := s.mapping(ctx, x, book)
	if err != nil {
		return err
	}
	x.Mapping, x.Notes = mapping, append(x.Notes, notes...)
	if f, is := fault.As(mapping.check()); is {
		x.State, x.Message = Unmapped, f.Fields[0].Message
		return s.Store.UpdateImport(ctx, x)
	}
	tick := func(done, total int) error {
		x.RowsDone, x.RowsTotal = done, total
		mine, err := s.Store.NoteProgress(ctx, x, s.Clock.Now().Add(lease))
		if err == nil && !mine {
			err = errLost
		}
		return err
	}
	parsed, err := parse(book, mapping, func(rows int) error {
		if rows%2000 != 0 {
			return nil
		}
		return tick(rows, 0)
	})
	if err != nil {
		return err
	}
	x.Notes = append(x.Notes, parsed.notes...)
	if len(parsed.groups) == 0 && len(parsed.loose) == 0 {
		return fault.New(fault.Invalid, "file_empty", "文件中没有信息资源")
	}
	tree, err := readClasses(ctx, s.Scheme)
	if err != nil {
		return err
	}
	pl := &planner{parsed: parsed, store: s.Shelf, classes: tree, dept: p.Department, names: map[string]int{}, ids: map[string]int{}}
	bad := newFaulty(parsed)
	x.Counts, x.Digest, err = s.plans(ctx, x, pl, bad, tick)
	if err != nil {
		return err
	}
	if err := s.secrets(ctx, x, parsed.marked); err != nil {
		return err
	}
	if x.Counts.Refused > 0 || len(parsed.loose) > 0 {
		if err := s.writeErrors(ctx, x, book, bad); err != nil {
			return err
		}
		x.Errors = true
	}
	if len(parsed.marked) > 0 {
		if err := s.Store.DropBlob(ctx, x.ID, Upload); err != nil {
			return err
		}
		x.Kept = false
		x.Notes = append(x.Notes, "文件中有标有密级的内容：已记录，上传的文件已清除（CN-3）")
	}
	x.State, x.Message = Checked, ""
	x.RowsDone, x.RowsTotal = len(parsed.groups), len(parsed.groups)
	return s.Store.UpdateImport(ctx, x)
}

// mapping is the person's for this file, else the one that the department has
// kept for the layout, else what is recognised.
func (s *Service) mapping(ctx context.Context, x Import, b *table.Book) (Mapping, []string, error) {
	m, notes, err := recognise(b)
	if err != nil {
		return m, nil, err
	}
	if len(x.Mapping.Sheets) > 0 && x.Mapping.Signature() == m.Signature() {
		return x.Mapping, notes, nil
	}
	if kept, found, err := s.Store.Mapping(ctx, x.Department, m.Signature()); err != nil {
		return m, nil, err
	} else if found && len(kept.Sheets) == len(m.Sheets) {
		return kept, append(notes, "按本部门上次确认的列与字段的对应读取"), nil
	}
	for _, sh := range m.Sheets {
		if sh.Content == Nothing {
			continue
		}
		for _, c := range sh.Columns {
			if _, knownHeading := fieldOf(c.Heading); c.Field == "" && !knownHeading {
				notes = append(notes, fmt.Sprintf("工作表“%s”的%s列“%s”没有对应的字段，未导入", sh.Sheet, c.Column, cutText(c.Heading, 30)))
			}
		}
	}
	return m, notes, nil
}

// plans plans every resource and keeps the results. The digest is over all of
// them, in order.
func (s *Service) plans(ctx context.Context, x Import, pl *planner, bad *faulty, tick func(done, total int) error) (Counts, string, error) {
	var counts Counts
	sum := sha256.New()
	batch := make([]Planned, 0, portion)
	total := len(pl.parsed.groups)
	for i, g := range pl.parsed.groups {
		if ctx.Err() != nil {
			return counts, "", ctx.Err()
		}
		row, err := pl.plan(ctx, g)
		if err != nil {
			return counts, "", err
		}
		pl.parsed.groups[i] = nil // what is planned need not stay in memory
		row.Seq = i + 1
		bad.keep(row.Reasons)
		digest := ""
		if row.Entry != nil {
			if digest, err = row.Entry.Digest(); err != nil {
				return counts, "", err
			}
		}
		fmt.Fprintf(sum, "%d %s %q %q %s\n", row.Seq, row.Outcome, row.Resource, row.Base, digest)
		counts.add(row)
		if batch = append(batch, row); len(batch) == portion || i == total-1 {
			if err := s.Store.InsertPlanned(ctx, x.ID, batch); err != nil {
				return counts, "", err
			}
			batch = batch[:0]
			if err := tick(i+1, total); err != nil {
				return counts, "", err
			}
		}
	}
	if n := len(pl.parsed.loose); n > 0 { // rows that belong to nothing are refused together
		row := Planned{Seq: total + 1, Sheet: pl.parsed.loose[0].Sheet, Line: pl.parsed.loose[0].Line, Outcome: Refused, Reasons: pl.parsed.loose}
		bad.keep(row.Reasons)
		row.Reasons = row.Reasons[:min(n, 200)]
		counts.add(row)
		fmt.Fprintf(sum, "loose %d\n", n)
		if err := s.Store.InsertPlanned(ctx, x.ID, []Planned{row}); err != nil {
			return counts, "", err
		}
	}
	counts.Reasons = pl.parsed.reasons
	return counts, hex.EncodeToString(sum.Sum(nil)), nil
}

func (c *Counts) add(row Planned) {
	c.Items += row.Items
	switch row.Outcome {
	case New:
		c.New++
	case Changed:
		c.Changed++
	case Unchanged:
		c.Unchanged++
	case Refused:
		c.Refused++
	}
}

// secrets records that marked cells were refused: where they are, never what
// they hold (CN-3).
func (s *Service) secrets(ctx context.Context, x Import, marked []Reason) error {
	if len(marked) == 0 || s.Refused == nil {
		return nil
	}
	r := catalog.Refusal{Person: x.Person, Department: x.Department, At: s.Clock.Now()}
	for i, m := range marked {
		if i == 100 {
			r.Fields = append(r.Fields, fmt.Sprintf("and %d more", len(marked)-i))
			break
		}
		r.Fields = append(r.Fields, fmt.Sprintf("import.%s%d", m.Column, m.Line))
	}
	return s.Refused(ctx, r)
}

// fetch puts the uploaded file where it can be read at any place.
func (s *Service) fetch(ctx context.Context, x Import) (*os.File, error) {
	f, err := os.CreateTemp(s.TempDir, "shuqiao-import-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // it is gone when it is closed, even if this process is killed
	if err := s.copyBlob(ctx, x.ID, Upload, f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (s *Service) copyBlob(ctx context.Context, id string, b Blob, w io.Writer) error {
	for seq := 0; ; seq++ {
		data, err := s.Store.BlobChunk(ctx, id, b, seq)
		if err != nil || data == nil {
			return err
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
}
