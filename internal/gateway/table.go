package gateway

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// table is what a source answered: rows and columns. A column is found once by
// its item's code and then used for every row.
type table interface {
	len() int
	// column gives the column of an item that the query named.
	column(code string) int
	// value is text, float64, bool or nil, as conditions and masks take it.
	value(row, column int) any
	// appendJSON writes the value as it is.
	appendJSON(b []byte, row, column int) ([]byte, error)
}

// hostedTable is rows of a hosted table.
type hostedTable struct {
	codes []string
	rows  []catalog.Row
}

func (t hostedTable) len() int                  { return len(t.rows) }
func (t hostedTable) column(code string) int    { return slices.Index(t.codes, code) }
func (t hostedTable) value(row, column int) any { return t.rows[row][t.codes[column]] }
func (t hostedTable) appendJSON(b []byte, row, column int) ([]byte, error) {
	return appendValue(b, t.rows[row][t.codes[column]])
}

// linkedTable is the answer of a provider's service, its values as they were
// written: checked to be scalars in sound JSON, and copied no more than once.
type linkedTable struct {
	codes []string
	cells []jsontext.Value // row by row; nil: the row has no such member
}

func (t *linkedTable) len() int {
	if len(t.codes) == 0 {
		return 0
	}
	return len(t.cells) / len(t.codes)
}

func (t *linkedTable) column(code string) int { return slices.Index(t.codes, code) }

func (t *linkedTable) cell(row, column int) jsontext.Value { return t.cells[row*len(t.codes)+column] }

func (t *linkedTable) value(row, column int) any {
	raw := t.cell(row, column)
	switch raw.Kind() {
	case '"':
		if bytes.IndexByte(raw, '\\') < 0 {
			return string(raw[1 : len(raw)-1])
		}
		text, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return nil
		}
		return string(text)
	case '0':
		f, err := strconv.ParseFloat(string(raw), 64)
		if err != nil {
			return nil
		}
		return f
	case 't', 'f':
		return raw.Kind() == 't'
	}
	return nil
}

func (t *linkedTable) appendJSON(b []byte, row, column int) ([]byte, error) {
	raw := t.cell(row, column)
	if raw == nil {
		return append(b, "null"...), nil
	}
	return append(b, raw...), nil
}

var errAnswer = errors.New("not the JSON of the contract")

// reader is a decoder that is used again: it keeps its buffer.
type reader struct {
	dec *jsontext.Decoder
	src bytes.Reader
}

var readers = sync.Pool{New: func() any {
	r := &reader{}
	r.dec = jsontext.NewDecoder(&r.src)
	return r
}}

// readRows takes {"rows": [{item: scalar}]}. Further members beside "rows" are
// let be, items that were not asked for are left out; an item twice, a nested
// value, broken text or a number that is none make the whole answer invalid.
// The table holds on to answer.
func readRows(answer []byte, codes []string) (*linkedTable, error) {
	r := readers.Get().(*reader)
	defer readers.Put(r)
	r.src.Reset(answer)
	// Names are held against the few that count, which costs less than having
	// the decoder remember all of them.
	r.dec.Reset(&r.src, jsontext.AllowDuplicateNames(true))
	t := &linkedTable{codes: codes}
	if err := r.open('{'); err != nil {
		return nil, err
	}
	found := false
	for r.dec.PeekKind() != '}' {
		name, err := r.dec.ReadToken()
		if err != nil {
			return nil, errAnswer
		}
		switch {
		case name.String() != "rows":
			err = r.dec.SkipValue()
		case found:
			return nil, errors.New("rows twice")
		default:
			found = true
			err = r.rows(t, answer)
		}
		if err != nil {
			return nil, err
		}
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return nil, errAnswer
	}
	if _, err := r.dec.ReadToken(); err == nil { // something behind the object
		return nil, errAnswer
	}
	if !found {
		return nil, errors.New("no rows")
	}
	return t, nil
}

func (r *reader) open(kind jsontext.Kind) error {
	if t, err := r.dec.ReadToken(); err != nil || t.Kind() != kind {
		return errAnswer
	}
	return nil
}

func (r *reader) rows(t *linkedTable, answer []byte) error {
	if err := r.open('['); err != nil {
		return err
	}
	for r.dec.PeekKind() != ']' {
		if err := r.open('{'); err != nil {
			return err
		}
		at := len(t.cells)
		for range t.codes {
			t.cells = append(t.cells, nil)
		}
		if err := r.row(t.codes, t.cells[at:], answer); err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

func (r *reader) row(codes []string, cells []jsontext.Value, answer []byte) error {
	for r.dec.PeekKind() != '}' {
		name, err := r.dec.ReadValue()
		if err != nil {
			return errAnswer
		}
		column := columnOf(codes, name)
		switch r.dec.PeekKind() {
		case '{', '[':
			return errors.New("a value that is not a scalar")
		}
		v, err := r.dec.ReadValue()
		if err != nil {
			return errAnswer
		}
		if column < 0 {
			continue
		}
		if cells[column] != nil {
			return errors.New("an item twice")
		}
		end := r.dec.InputOffset()
		cells[column] = answer[end-int64(len(v)) : end]
	}
	_, err := r.dec.ReadToken()
	return err
}

// columnOf finds the item that a name in quotes is of.
func columnOf(codes []string, quoted jsontext.Value) int {
	name := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		plain, err := jsontext.AppendUnquote(nil, quoted)
		if err != nil {
			return -1
		}
		name = plain
	}
	for i, code := range codes {
		if string(name) == code {
			return i
		}
	}
	return -1
}
