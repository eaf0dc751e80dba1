package sheet

import (
	"bufio"
	"encoding/gob"
	"errors"
	"io"
	"os"
)

// spool keeps rows in a file until their sheet is written: a workbook's sheets
// are written one after the other, and a catalog is larger than memory.
type spool struct {
	file *os.File
	buf  *bufio.Writer
	enc  *gob.Encoder
}

func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, "shuqiao-export-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name())
	s := &spool{file: f, buf: bufio.NewWriterSize(f, 256<<10)}
	s.enc = gob.NewEncoder(s.buf)
	return s, nil
}

func (s *spool) put(row []string) error { return s.enc.Encode(row) }

func (s *spool) each(visit func(row []string) error) error {
	if err := s.buf.Flush(); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	dec := gob.NewDecoder(bufio.NewReaderSize(s.file, 256<<10))
	for {
		var row []string
		err := dec.Decode(&row)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := visit(row); err != nil {
			return err
		}
	}
}

func (s *spool) close() { s.file.Close() }
