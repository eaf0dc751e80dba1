package table

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// workbook is an open xlsx file.
type workbook struct {
	archive
	parts   []string // of the sheets
	strings shared
	dates   []bool // of the cell styles: the number is a date
	from04  bool   // days are counted from 1904
}

// shared are the shared strings, one after the other.
type shared struct {
	text []byte
	ends []uint32
}

func (s *shared) at(i int) (string, bool) {
	if i < 0 || i >= len(s.ends) {
		return "", false
	}
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	return string(s.text[from:s.ends[i]]), true
}

func openXLSX(a archive) (*Book, error) {
	w := &workbook{archive: a}
	b := &Book{Format: XLSX, rows: w.rows}
	for name := range a.files {
		if strings.HasSuffix(name, "vbaproject.bin") || strings.Contains(name, "macrosheets/") || strings.Contains(name, "activex/") {
			return nil, fault.New(fault.Invalid, "file_macros", "文件含有宏程序，不能导入；请另存为不含宏的 .xlsx")
		}
		if strings.Contains(name, "externallinks/") && len(b.Notes) == 0 {
			b.Notes = append(b.Notes, "文件引用了其他工作簿，引用已忽略")
		}
	}
	main, err := w.mainPart()
	if err != nil {
		return nil, err
	}
	links, err := w.relations(main)
	if err != nil {
		return nil, err
	}
	if b.Sheets, err = w.sheets(main, links); err != nil {
		return nil, err
	}
	for _, l := range links {
		switch {
		case strings.HasSuffix(l.kind, "/sharedStrings"):
			err = w.readStrings(l.target)
		case strings.HasSuffix(l.kind, "/styles"):
			err = w.readStyles(l.target)
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

type relation struct{ kind, target string }

// each reads the tokens of a part. A part that is not there has none.
func (a archive) each(name string, visit func(xml.Token) error) error {
	rc, err := a.part(name)
	if err != nil || rc == nil {
		return err
	}
	defer rc.Close()
	return tokens(rc, visit)
}

func tokens(r io.Reader, visit func(xml.Token) error) error {
	d := xml.NewDecoder(bufio.NewReaderSize(r, 64<<10))
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			if _, is := t.(xml.Directive); is {
				err = errors.New("a document type") // entities would come with it
			}
		}
		if err != nil {
			if _, is := fault.As(err); is {
				return err
			}
			return broken(err)
		}
		if err := visit(t); err != nil {
			return err
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func yes(text string) bool { return text == "1" || text == "true" }

// mainPart finds the workbook and refuses workbooks with programs.
func (w *workbook) mainPart() (string, error) {
	main := ""
	err := w.each("[Content_Types].xml", func(t xml.Token) error {
		e, is := t.(xml.StartElement)
		if !is {
			return nil
		}
		kind := attr(e, "ContentType")
		if strings.Contains(kind, "macroEnabled") || strings.Contains(kind, "vbaProject") {
			return fault.New(fault.Invalid, "file_macros", "文件含有宏程序（.xlsm），不能导入；请另存为不含宏的 .xlsx")
		}
		if strings.HasSuffix(kind, "sheet.main+xml") || strings.HasSuffix(kind, "template.main+xml") {
			main = attr(e, "PartName")
		}
		return nil
	})
	if err == nil && main == "" {
		err = fault.New(fault.Invalid, "file_kind", "这不是 Excel 工作簿（.xlsx）")
	}
	return main, err
}

func (w *workbook) relations(main string) (map[string]relation, error) {
	out := map[string]relation{}
	dir, file := path.Split(strings.TrimPrefix(main, "/"))
	return out, w.each(dir+"_rels/"+file+".rels", func(t xml.Token) error {
		e, is := t.(xml.StartElement)
		if is && e.Name.Local == "Relationship" && attr(e, "TargetMode") != "External" {
			target := attr(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = dir + target
			}
			out[attr(e, "Id")] = relation{attr(e, "Type"), target}
		}
		return nil
	})
}

func (w *workbook) sheets(main string, links map[string]relation) ([]Sheet, error) {
	var out []Sheet
	err := w.each(main, func(t xml.Token) error {
		e, is := t.(xml.StartElement)
		switch {
		case is && e.Name.Local == "workbookPr":
			w.from04 = yes(attr(e, "date1904"))
		case is && e.Name.Local == "sheet":
			l, found := links[attr(e, "id")]
			if !found || !strings.HasSuffix(l.kind, "/worksheet") {
				return nil // charts
			}
			state := attr(e, "state")
			out = append(out, Sheet{Name: attr(e, "name"), Hidden: state == "hidden" || state == "veryHidden"})
			w.parts = append(w.parts, l.target)
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		err = fault.New(fault.Invalid, "file_empty", "工作簿内没有工作表")
	}
	return out, err
}

// readStrings reads the shared strings; of formatted ones the text, of phonetic
// readings nothing.
func (w *workbook) readStrings(name string) error {
	inText, phonetic, from := false, 0, 0
	return w.each(name, func(t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "si":
				from = len(w.strings.text)
			case "rPh":
				phonetic++
			case "t":
				inText = phonetic == 0
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "si":
				whole := unescape(string(w.strings.text[from:]))
				w.strings.text = append(w.strings.text[:from], whole...)
				w.strings.ends = append(w.strings.ends, uint32(len(w.strings.text)))
			case "rPh":
				phonetic--
			case "t":
				inText = false
			}
		case xml.CharData:
			if inText {
				if w.strings.text = append(w.strings.text, e...); int64(len(w.strings.text)) > w.limits.Strings {
					return tooLarge("文件中的文字超过%d MB", w.limits.Strings>>20)
				}
			}
		}
		return nil
	})
}
