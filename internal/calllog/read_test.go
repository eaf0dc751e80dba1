package calllog

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
)

const receipt = "01890000-0000-7000-8000-000000000000"

func readAll(f Format, body string) ([]Record, error) {
	r, err := newReader(f, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	var out []Record
	for {
		rec, err := r.next()
		if err == io.EOF {
			return out, r.faults()
		}
		if err != nil {
			return nil, err
		}
		out = append(out, rec)
	}
}

func TestReadBothFormats(t *testing.T) {
	t.Parallel()
	digest := strings.Repeat("ab", 32)
	for name, c := range map[string]struct {
		format Format
		body   string
	}{
		"csv":           {CSV, "\ufeffreceipt,time,grant,response_sha256,rows\r\n" + receipt + ",2026-03-02T10:00:00.5+08:00," + receipt + "," + strings.ToUpper(digest) + ",3\r\n"},
		"columns moved": {CSV, "rows, Time ,receipt,index,response_sha256,grant\n3,2026-03-02T02:00:00.5Z," + receipt + ",7," + digest + "," + receipt},
		"jsonl":         {JSONL, "\n" + `{"receipt":"` + receipt + `","time":"2026-03-02T02:00:00.5Z","grant":"` + receipt + `","response_sha256":"` + digest + `","rows":3,"endpoint":"rows","index":5}` + "\n\n"},
		"quoted":        {CSV, "receipt,time,grant,response_sha256,rows\n\"" + receipt + "\",2026-03-02T02:00:00.5Z," + receipt + "," + digest + ",\"3\"\n"},
	} {
		got, err := readAll(c.format, c.body)
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v %v", name, got, err)
			continue
		}
		r := got[0]
		if r.Receipt != receipt || r.Grant != receipt || r.SHA256 != digest || r.Rows != 3 || r.At.Format("15:04:05.0") != "02:00:00.5" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if got, err := readAll(CSV, "receipt\n"+receipt+"\n"); err != nil || got[0].Rows != -1 || !got[0].At.IsZero() {
		t.Errorf("what is not given: %+v %v", got, err)
	}
}

func TestFaultsAreToldByLine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		format Format
		body   string
		want   string
	}{
		"empty":             {CSV, "", "line[1] empty"},
		"no receipt column": {CSV, "time\n", "line[1] required"},
		"unknown column":    {CSV, "receipt,name\n", "line[1] unknown_column"},
		"column twice":      {CSV, "receipt,receipt\n", "line[1] unknown_column"},
		"open quote":        {CSV, "receipt\n\"" + receipt + "\n" + receipt + "\n", "line[2] syntax"},
		"stray quote":       {CSV, "receipt\na\"b\"c\n", "line[2] syntax"},
		"long line":         {CSV, "receipt\n" + strings.Repeat("x", 5000) + "\n", "line[2] too_long"},
		"endless line":      {CSV, "receipt\n" + strings.Repeat("x", 200_000), "line[2] too_long"},
		"bad receipt":       {CSV, "receipt\nx\n" + receipt + "\n", "line[2].receipt format"},
		"bad time":          {CSV, "receipt,time\n" + receipt + ",yesterday\n", "line[2].time format"},
		"bad rows":          {CSV, "receipt,rows\n" + receipt + ",1.5\n", "line[2].rows format"},
		"bad digest":        {CSV, "receipt,response_sha256\n" + receipt + ",abc\n", "line[2].response_sha256 format"},
		"bad grant":         {CSV, "receipt,grant\n" + receipt + ",abc\n", "line[2].grant format"},
		"not an object":     {JSONL, "[1]\n", "line[1] syntax"},
		"broken":            {JSONL, `{"receipt":` + "\n", "line[1] syntax"},
		"member twice":      {JSONL, `{"receipt":"` + receipt + `","receipt":"x"}` + "\n", "line[1] syntax"},
		"unknown member":    {JSONL, `{"receipt":"` + receipt + `","name":"x"}` + "\n", "line[1] unknown_member"},
		"nested":            {JSONL, `{"receipt":["` + receipt + `"]}` + "\n", "line[1] format"},
		"endless object":    {JSONL, `{"receipt":"` + strings.Repeat("x", 200_000), "line[1] too_long"},
	} {
		_, err := readAll(c.format, c.body)
		f, ok := fault.As(err)
		if !ok || f.Code != "log_invalid" || len(f.Fields) == 0 || f.Fields[0].Path+" "+f.Fields[0].Code != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	// As many as fit are told at once, then reading ends.
	_, err := readAll(CSV, "receipt\n"+strings.Repeat("x\n", 100_000))
	if f, ok := fault.As(err); !ok || len(f.Fields) != maxFaults {
		t.Errorf("%d faults", len(f.Fields))
	}
	if _, err := newReader("xlsx", strings.NewReader("")); !fault.Is(err, "media_type") {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("csv", "receipt,rows\n"+receipt+",1\n")
	f.Add("jsonl", `{"receipt":"`+receipt+`"}`)
	f.Fuzz(func(t *testing.T, format, body string) {
		got, err := readAll(Format(format), body)
		if _, ok := fault.As(err); err != nil && !ok {
			t.Errorf("%v", err)
		}
		for _, r := range got {
			if len(r.Receipt) != 36 || r.Rows < -1 || r.SHA256 != "" && len(r.SHA256) != 64 {
				t.Errorf("%+v", r)
			}
		}
	})
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	consumer := &Reconciliation{Scope: Scope{Side: Consumer, Tolerance: defaultTolerance}}
	provider := &Reconciliation{Scope: Scope{Side: Provider, Tolerance: defaultTolerance}}
	c := Call{Receipt: receipt, Rows: 3, Dropped: 2, SHA256: "a", Grant: "g", Endpoint: "rows"}
	verify := c
	verify.Endpoint = "verify"
	for name, x := range map[string]struct {
		r    *Reconciliation
		line Record
		call Call
		want string
	}{
		"same":                     {consumer, Record{Rows: 3, SHA256: "a", Grant: "g"}, c, "[]"},
		"only the receipt":         {consumer, Record{Rows: -1}, c, "[]"},
		"rows":                     {consumer, Record{Rows: 5}, c, "[count_differs]"},
		"a provider's rows":        {provider, Record{Rows: 5}, c, "[]"},
		"of a verification":        {provider, Record{Rows: 1}, verify, "[]"},
		"digest":                   {consumer, Record{Rows: -1, SHA256: "b"}, c, "[digest_differs]"},
		"a provider has no digest": {provider, Record{Rows: -1, SHA256: "b"}, c, "[]"},
		"everything":               {consumer, Record{Rows: 1, SHA256: "b", Grant: "h", Again: 1, At: time.Unix(1, 0)}, c, "[repeated digest_differs count_differs grant_differs time_differs]"},
	} {
		var kinds []Found
		for _, m := range x.r.differences(x.line, x.call, true) {
			kinds = append(kinds, m.Kind)
		}
		if got := fmt.Sprint(kinds); got != x.want {
			t.Errorf("%s: %s, want %s", name, got, x.want)
		}
	}
	if got := consumer.differences(Record{Receipt: receipt, Grant: "g"}, Call{}, false); len(got) != 1 || got[0].Kind != MissingHere || got[0].Grant != "g" {
		t.Errorf("%+v", got)
	}
}
