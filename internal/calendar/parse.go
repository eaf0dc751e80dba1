package calendar

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// kinds are the words that a list may use for the kind of a day.
var kinds = map[string]worktime.Kind{
	"holiday": worktime.Holiday, "放假": worktime.Holiday, "休": worktime.Holiday, "休息": worktime.Holiday,
	"workday": worktime.MakeUp, "上班": worktime.MakeUp, "班": worktime.MakeUp, "调休上班": worktime.MakeUp, "补班": worktime.MakeUp,
}

// ParseCSV reads days, one a line: date, name, kind (holiday or workday, 放假
// or 上班). A first line without a date is a heading. Everything that cannot be
// read is told at once, by line.
func ParseCSV(text string) ([]worktime.SpecialDay, error) {
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	in.FieldsPerRecord, in.TrimLeadingSpace = -1, true
	var c fault.Collector
	var days []worktime.SpecialDay
	for first := true; ; first = false {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var bad *csv.ParseError
			line := 0
			if errors.As(err, &bad) {
				line = bad.Line
			}
			c.Add("csv", "format", fmt.Sprintf("第%d行不是CSV", line), "")
			break
		}
		line, _ := in.FieldPos(0)
		day, ok := csvDay(&c, record, line, first)
		if ok {
			days = append(days, day)
		}
	}
	return days, c.Err("calendar_invalid", "放假安排有误", "")
}

// csvDay reads one line; the first may be a heading.
func csvDay(c *fault.Collector, record []string, line int, first bool) (worktime.SpecialDay, bool) {
	path := fmt.Sprintf("csv[%d]", line)
	if len(record) != 3 {
		c.Add(path, "format", fmt.Sprintf("第%d行应有日期、名称、类型三列", line), "")
		return worktime.SpecialDay{}, false
	}
	day, err := worktime.ParseDay(strings.TrimSpace(record[0]))
	if err != nil {
		if !first {
			c.Add(path, "format", fmt.Sprintf("第%d行的日期应为YYYY-MM-DD", line), "")
		}
		return worktime.SpecialDay{}, false
	}
	kind, ok := kinds[strings.ToLower(strings.TrimSpace(record[2]))]
	if !ok {
		c.Add(path, "not_in_list", fmt.Sprintf("第%d行的类型应为holiday(放假)或者workday(上班)", line), "")
	}
	return worktime.SpecialDay{Date: day, Name: strings.TrimSpace(record[1]), Kind: kind}, ok
}

// ParseFile reads a notice from a file: JSON with the members of the API (year,
// title, document, days), or CSV, whose year is that of its first day.
func ParseFile(data []byte) (Input, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff"))), []byte("{")) {
		days, err := ParseCSV(string(data))
		in := Input{Days: days}
		if len(days) > 0 {
			in.Year = days[0].Date.Year()
		}
		return in, err
	}
	var in struct {
		Year     int                   `json:"year"`
		Title    string                `json:"title"`
		Source   string                `json:"source"` // as in the release's own files
		Document string                `json:"document"`
		Days     []worktime.SpecialDay `json:"days"`
		Replaces string                `json:"replaces"`
		Reason   string                `json:"reason"`
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return Input{}, fault.New(fault.Invalid, "calendar_invalid", "不是放假安排文件(JSON或者CSV):"+err.Error()).Because(err)
	}
	if in.Title == "" {
		in.Title = in.Source
	}
	return Input{Year: in.Year, Title: in.Title, Document: in.Document, Days: in.Days, Replaces: in.Replaces, Reason: in.Reason}, nil
}
