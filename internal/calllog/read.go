package calllog

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
)

// Format is what an uploaded log is written in.
type Format string

// The formats. Both have the same members; only the receipt is needed. Times
// are RFC 3339, digests SHA-256 in hex.
const (
	CSV   Format = "csv"   // first line: the names of the columns
	JSONL Format = "jsonl" // one object a line
)

// Columns are the members of a line, in the order of the export's columns of
// the same names. What the client library notes beside them is read over.
var columns = []string{"receipt", "time", "grant", "response_sha256", "rows", "index", "endpoint"}

const (
	maxLine   = 4 << 10
	maxFaults = 50
)

// reader reads a log line by line and remembers what is wrong with it.
type reader struct {
	line int
	bad  fault.Collector
	n    int // faults
	// fields reads the next line's members; io.EOF at the end.
	fields func() (map[string]string, error)
}

func newReader(f Format, body io.Reader) (*reader, error) {
	r := &reader{}
	buffered := bufio.NewReaderSize(body, 64<<10)
	if b, _ := buffered.Peek(3); string(b) == "\ufeff" {
		_, _ = buffered.Discard(3) // seen already
	}
	switch f {
	case CSV:
		return r, r.csv(buffered)
	case JSONL:
		r.jsonl(buffered)
		return r, nil
	}
	return nil, fault.New(fault.Invalid, "media_type", "请上传 text/csv 或 application/x-ndjson")
}

// next gives the next good line. Faulty ones are remembered and passed over,
// up to maxFaults.
func (r *reader) next() (Record, error) {
	for {
		fields, err := r.fields()
		if err == io.EOF {
			return Record{}, io.EOF
		}
		var line lineFault
		if errors.As(err, &line) {
			r.add("", line.code, line.message)
		} else if err != nil {
			return Record{}, err
		} else if rec, ok := r.record(fields); ok {
			return rec, nil
		}
		if r.n >= maxFaults {
			return Record{}, r.faults()
		}
	}
}

func (r *reader) faults() error {
	return r.bad.Err("log_invalid", "上传的调用记录有误,未予保存", "CN-29.2")
}

func (r *reader) add(column, code, message string) {
	path := "line[" + strconv.Itoa(r.line) + "]"
	if column != "" {
		path += "." + column
	}
	r.n++
	r.bad.Add(path, code, message, "")
}

// record reads one line's members.
func (r *reader) record(f map[string]string) (Record, bool) {
	before := r.n
	rec := Record{Line: r.line, Receipt: strings.TrimSpace(f["receipt"]), Grant: strings.TrimSpace(f["grant"]),
		SHA256: strings.ToLower(strings.TrimSpace(f["response_sha256"])), Rows: -1}
	if !ident.Valid(rec.Receipt) {
		r.add("receipt", "format", "应为应答头 Shuqiao-Receipt 中的存证编号")
	}
	if rec.Grant != "" && !ident.Valid(rec.Grant) {
		r.add("grant", "format", "应为授权编号")
	}
	if rec.SHA256 != "" && !hexDigest(rec.SHA256) {
		r.add("response_sha256", "format", "应为十六进制的 SHA-256 摘要")
	}
	if v := strings.TrimSpace(f["time"]); v != "" {
		at, err := time.Parse(time.RFC3339Nano, v)
		if err != nil || at.Year() < 1970 || at.Year() > 9999 {
			r.add("time", "format", "应为 RFC 3339 时刻,如 2026-03-02T10:00:00+08:00")
		}
		rec.At = at.UTC().Truncate(time.Microsecond)
	}
	if v := strings.TrimSpace(f["rows"]); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n > 1<<31-1 {
			r.add("rows", "format", "应为非负整数")
		}
		rec.Rows = n
	}
	return rec, r.n == before
}

func hexDigest(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// lineFault is a line that cannot be read; the next one can.
type lineFault struct{ code, message string }

func (l lineFault) Error() string { return l.message }

// csv reads the names of the columns. A line that is longer than maxLine ends
// the reading, and so does a quotation mark that is not closed on its line,
// which would swallow the rest of the file.
func (r *reader) csv(body *bufio.Reader) error {
	in := csv.NewReader(&bounded{in: body})
	in.ReuseRecord = true
	head, err := in.Read()
	r.line = 1
	if err == io.EOF {
		r.add("", "empty", "文件是空的")
		return r.faults()
	}
	if err != nil {
		return r.broken(err)
	}
	head = slices.Clone(head)
	seen := map[string]bool{}
	for i, name := range head {
		head[i] = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(columns, head[i]) || seen[head[i]] {
			r.add("", "unknown_column", "第"+strconv.Itoa(i+1)+"列的名称不认识或者重复,可用:"+strings.Join(columns, "、"))
		}
		seen[head[i]] = true
	}
	if !seen["receipt"] {
		r.add("", "required", "缺少 receipt 列")
	}
	r.fields = func() (map[string]string, error) {
		row, err := in.Read()
		if err == io.EOF {
			return nil, io.EOF
		}
		uneven := errors.Is(err, csv.ErrFieldCount)
		if err != nil && !uneven {
			return nil, r.broken(err)
		}
		r.line, _ = in.FieldPos(0)
		if uneven {
			return nil, lineFault{"columns", "列数与第一行不同"}
		}
		out := make(map[string]string, len(row))
		for i, v := range row {
			out[head[i]] = v
		}
		return out, nil
	}
	return r.faults()
}

func (r *reader) broken(err error) error {
	var syntax *csv.ParseError
	switch {
	case errors.As(err, &syntax):
		r.line = syntax.StartLine
		r.add("", "syntax", "不是规范的 CSV")
		return r.faults()
	case errors.Is(err, errOpenQuote):
		r.line++
		r.add("", "syntax", "引号没有成对,或者一个字段跨了行")
		return r.faults()
	case errors.Is(err, errLongLine):
		r.line++
		r.add("", "too_long", fmt.Sprintf("一行不得超过 %d 字节", maxLine))
		return r.faults()
	}
	return err
}

var (
	errLongLine  = errors.New("call log: line too long")
	errOpenQuote = errors.New("call log: a quotation mark without its partner")
)

// bounded gives what it reads line by line, and an error for one that is too
// long or does not end on itself.
type bounded struct {
	in   *bufio.Reader
	rest []byte
	last error
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if len(b.rest) == 0 {
		if b.last != nil {
			return 0, b.last
		}
		b.rest, b.last = b.in.ReadSlice('\n')
		switch {
		case len(b.rest) > maxLine:
			return 0, errLongLine
		case bytes.Count(b.rest, []byte{'"'})%2 != 0:
			return 0, errOpenQuote
		}
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// jsonl reads one object a line. Numbers are taken as they are written.
func (r *reader) jsonl(body *bufio.Reader) {
	r.fields = func() (map[string]string, error) {
		for {
			raw, err := body.ReadSlice('\n')
			r.line++
			if err != nil && err != io.EOF && !errors.Is(err, bufio.ErrBufferFull) {
				return nil, err
			}
			if len(raw) > maxLine {
				r.add("", "too_long", fmt.Sprintf("一行不得超过 %d 字节", maxLine))
				return nil, r.faults()
			}
			if len(strings.TrimSpace(string(raw))) == 0 {
				if err == io.EOF {
					return nil, io.EOF
				}
				continue
			}
			return members(raw)
		}
	}
}

func members(raw []byte) (map[string]string, error) {
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, lineFault{"syntax", "不是一个 JSON 对象"}
	}
	out := make(map[string]string, len(m))
	for name, v := range m {
		if !slices.Contains(columns, name) {
			return nil, lineFault{"unknown_member", "有不认识的成员,可用:" + strings.Join(columns, "、")}
		}
		switch v := v.(type) {
		case string:
			out[name] = v
		case float64:
			out[name] = strconv.FormatFloat(v, 'f', -1, 64)
		case nil:
		default:
			return nil, lineFault{"format", "成员应为文字或者数字"}
		}
	}
	return out, nil
}
