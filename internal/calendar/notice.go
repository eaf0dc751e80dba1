package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// Notice is one filed version of a year's arrangement.
type Notice struct {
	ID         string
	Year       int
	Version    int    // of the year's filings, from 1
	Title      string // 《国务院办公厅关于2027年部分节假日安排的通知》
	Document   string // 国办发明电〔2026〕7号
	Days       []worktime.SpecialDay
	Replaces   string // ID of what was in force; empty: the year had no notice
	Reason     string // why it was replaced
	Digest     string // SHA-256 of year, title, document and days, hex
	At         time.Time
	By         string // account
	Department string
}

// source is how due dates cite the notice.
func (n Notice) source() string {
	if n.Document == "" || strings.Contains(n.Title, n.Document) {
		return n.Title
	}
	return n.Title + "(" + n.Document + ")"
}

func (n Notice) data() worktime.YearData {
	return worktime.YearData{Year: n.Year, Source: n.source(), Days: n.Days}
}

// Input is what is filed.
type Input struct {
	Year            int
	Title, Document string
	Days            []worktime.SpecialDay
	Replaces        string
	Reason          string
}

// maxDays is far above what a year has; it bounds what is stored.
const maxDays = 120

// ReleasePrefix begins the ID of a notice that the release itself brought.
const ReleasePrefix = "release-"

// check tells every fault of the form at once. What is in force decides
// whether it is a correction.
func (in Input) check(current *worktime.Calendar, inForce string) error {
	var c fault.Collector
	c.Require("title", "通知标题", in.Title, "")
	for _, f := range []struct {
		path, name, value string
		limit             int
	}{{"title", "通知标题", in.Title, 200}, {"document", "文号", in.Document, 100}, {"reason", "更正理由", in.Reason, 1000}} {
		if utf8.RuneCountInString(f.value) > f.limit {
			c.Add(f.path, "too_long", fmt.Sprintf("%s不能超过%d字", f.name, f.limit), "")
		}
	}
	if len(in.Days) > maxDays {
		c.Add("days", "too_many", fmt.Sprintf("一年的放假和调休日期不能超过%d个", maxDays), "")
		return c.Err("calendar_invalid", "放假安排有误", "")
	}
	n := Notice{Year: in.Year, Title: in.Title, Document: in.Document, Days: in.Days}
	if f, ok := fault.As(n.data().Validate()); ok {
		for _, x := range f.Fields {
			if x.Path != "source" { // it is the title, which was told
				c.Add(x.Path, x.Code, x.Message, x.Basis)
			}
		}
	}
	in.checkStatutory(&c, current)
	switch {
	case inForce == "" && in.Replaces != "":
		c.Add("replaces", "not_found", fmt.Sprintf("%d年尚无放假安排,不是更正", in.Year), "")
	case inForce != "" && in.Replaces == "":
		c.Add("replaces", "required", fmt.Sprintf("%d年已有放假安排%s;更正时须写明所取代的编号和理由", in.Year, inForce), "")
	case in.Replaces != inForce:
		c.Add("replaces", "not_in_force", fmt.Sprintf("%d年现行的放假安排是%s", in.Year, inForce), "")
	}
	if inForce != "" && strings.TrimSpace(in.Reason) == "" {
		c.Add("reason", "required", "更正已有的放假安排须写明理由", "")
	}
	return c.Err("calendar_invalid", "放假安排有误", "")
}

// checkStatutory looks for the holidays of the law: a notice arranges them and
// takes none away, so that one missing is a slip of the pen.
func (in Input) checkStatutory(c *fault.Collector, current *worktime.Calendar) {
	if in.Year < 1990 || in.Year > 2100 {
		return // was told
	}
	off := map[worktime.Day]bool{}
	for _, d := range in.Days {
		off[d.Date] = off[d.Date] || d.Kind == worktime.Holiday
	}
	for _, d := range current.Statutory(in.Year).Days {
		if !off[d.Date] {
			c.Add("days", "statutory_holiday_missing", fmt.Sprintf("缺少法定节假日%s(%s)", d.Date, d.Name), "")
		}
	}
}

// sameDays tells whether two arrangements say the same of every day.
func sameDays(a, b []worktime.SpecialDay) bool {
	order := func(days []worktime.SpecialDay) []worktime.SpecialDay {
		out := slices.Clone(days)
		slices.SortFunc(out, func(a, b worktime.SpecialDay) int { return int(a.Date - b.Date) })
		for i := range out {
			out[i].Source = ""
		}
		return out
	}
	return slices.Equal(order(a), order(b))
}

// digest is the SHA-256 of what a notice says, hex.
func digest(n Notice) (string, error) {
	text, err := json.Marshal(struct {
		Year     int                   `json:"year"`
		Title    string                `json:"title"`
		Document string                `json:"document"`
		Days     []worktime.SpecialDay `json:"days"`
	}{n.Year, n.Title, n.Document, n.Days})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

func releaseID(year int) string { return ReleasePrefix + strconv.Itoa(year) }
