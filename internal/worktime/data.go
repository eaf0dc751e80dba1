package worktime

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Kind says what a notice makes of a day.
type Kind string

const (
	// Holiday: a day off, weekend days within the holiday included.
	Holiday Kind = "holiday"
	// MakeUp: a Saturday or Sunday that is worked (调休上班).
	MakeUp Kind = "workday"
)

// SpecialDay is one day that a notice names.
type SpecialDay struct {
	Date Day `json:"date"`
	// Name of the holiday the day belongs to: "国庆节".
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	// Source is the notice's title where it is not that of the year, such as
	// a later notice that changed the year's.
	Source string `json:"source,omitempty"`
}

// YearData is the arrangement of one calendar year.
type YearData struct {
	Year int `json:"year"`
	// Source is the title, and the number if known, of the State Council
	// General Office's notice.
	Source string `json:"source"`
	// Days are those of this calendar year. A day of 29 to 31 December that
	// the following year's notice arranges belongs here, with its own Source.
	Days []SpecialDay `json:"days"`
}

// Validate tells every fault of the data at once, as a fault.Invalid whose
// fields name the dates.
func (y YearData) Validate() error {
	var c fault.Collector
	if y.Year < firstYear || y.Year > lastYear {
		c.Add("year", "out_of_range", fmt.Sprintf("年份%d超出%d至%d年的范围", y.Year, firstYear, lastYear), "")
	}
	if strings.TrimSpace(y.Source) == "" {
		c.Add("source", "required", fmt.Sprintf("请填写%d年放假安排的通知标题", y.Year), "")
	}
	if len(y.Days) == 0 {
		c.Add("days", "required", fmt.Sprintf("%d年没有任何放假或者调休日期", y.Year), "")
	}
	seen := make(map[Day]bool, len(y.Days))
	for i, day := range y.Days {
		y.validateDay(&c, "days["+strconv.Itoa(i)+"]", day, seen[day.Date])
		seen[day.Date] = true
	}
	return c.Err("invalid_calendar", "节假日数据有误", "")
}

func (y YearData) validateDay(c *fault.Collector, path string, day SpecialDay, repeated bool) {
	if day.Date.Year() != y.Year {
		c.Add(path+".date", "other_year", fmt.Sprintf("%s不在%d年内", day.Date, y.Year), "")
	}
	if repeated {
		c.Add(path+".date", "duplicate", fmt.Sprintf("%s重复出现", day.Date), "")
	}
	if strings.TrimSpace(day.Name) == "" {
		c.Add(path+".name", "required", fmt.Sprintf("%s没有节日名称", day.Date), "")
	}
	switch day.Kind {
	case Holiday:
	case MakeUp:
		if !day.Date.IsWeekend() {
			c.Add(path+".kind", "not_weekend", fmt.Sprintf("%s不是周六、周日,不能作为调休上班日", day.Date), "")
		}
	default:
		c.Add(path+".kind", "not_in_list", fmt.Sprintf("%s的类型应当是holiday或者workday", day.Date), "")
	}
}

// ParseYear reads one year's file. Unknown fields are refused, since a
// misspelt one would silently lose a holiday.
func ParseYear(data []byte) (YearData, error) {
	var y YearData
	if err := decode(data, &y); err != nil {
		return YearData{}, err
	}
	return y, y.Validate()
}

// Load reads a calendar: statutory.json and every <year>.json at the root of
// fsys. Files of other kinds are left alone; a JSON file of another name is an
// error.
func Load(fsys fs.FS) (*Calendar, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("worktime: list calendar files: %w", err)
	}
	var statutes *statutes
	var years []YearData
	var errs []error
	for _, entry := range entries {
		name := entry.Name()
		stem, isJSON := strings.CutSuffix(name, ".json")
		if entry.IsDir() || !isJSON {
			continue
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("worktime: read %s: %w", name, err)
		}
		if stem == "statutory" {
			if statutes, err = parseStatutes(data); err != nil {
				errs = append(errs, fmt.Errorf("worktime: %s: %w", name, err))
			}
			continue
		}
		year, err := ParseYear(data)
		if err == nil && stem != strconv.Itoa(year.Year) {
			err = fmt.Errorf("file name is not that of year %d", year.Year)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("worktime: %s: %w", name, err))
			continue
		}
		years = append(years, year)
	}
	if statutes == nil && len(errs) == 0 {
		errs = append(errs, errors.New("worktime: statutory.json is missing"))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	byYear := make(map[int]YearData, len(years))
	for _, year := range years {
		byYear[year.Year] = year
	}
	return build(byYear, statutes), nil
}

func decode(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("not a calendar file: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("not a calendar file: something follows the JSON value")
	}
	return nil
}
