package wire

import "time"

// CalendarDay is one day that a notice names.
type CalendarDay struct {
	Date string `json:"date" format:"date" doc:"日期" example:"2027-10-01"`
	Name string `json:"name" maxLength:"50" doc:"所属节日"`
	Kind string `json:"kind" enum:"holiday,workday" doc:"holiday 放假、workday 调休上班"`
	// Source differs from the year's where a later notice arranged the day.
	Source string `json:"source,omitempty" maxLength:"200" doc:"该日另有通知时，其标题"`
}

// FileCalendar is a year's notice to be loaded, its days as a list or as CSV.
type FileCalendar struct {
	Year     int           `json:"year" minimum:"1990" maximum:"2100" doc:"年份"`
	Title    string        `json:"title" minLength:"1" maxLength:"200" doc:"通知标题" example:"《国务院办公厅关于2027年部分节假日安排的通知》"`
	Document string        `json:"document,omitempty" maxLength:"100" doc:"文号"`
	Days     []CalendarDay `json:"days,omitempty" maxItems:"120" doc:"放假和调休上班的日期；周末属于假期的也列入。与 csv 二者取一"`
	CSV      string        `json:"csv,omitempty" maxLength:"20000" doc:"同上，每行：日期,名称,类型（放假或上班）"`
	Replaces string        `json:"replaces,omitempty" maxLength:"64" doc:"更正时：所取代的安排的编号（年份列表中的 id）"`
	Reason   string        `json:"reason,omitempty" maxLength:"1000" doc:"更正时：理由"`
	DryRun   bool          `json:"dry_run,omitempty" doc:"只看影响，不载入"`
}

// CalendarNotice is one filed version.
type CalendarNotice struct {
	ID         string        `json:"id,omitempty" doc:"编号，即其存证编号；试算时没有"`
	Year       int           `json:"year" doc:"年份"`
	Version    int           `json:"version" doc:"该年的第几次载入"`
	Title      string        `json:"title" doc:"通知标题"`
	Document   string        `json:"document,omitempty" doc:"文号"`
	Days       []CalendarDay `json:"days" doc:"日期"`
	Replaces   string        `json:"replaces,omitempty" doc:"所取代的安排"`
	Reason     string        `json:"reason,omitempty" doc:"更正理由"`
	SHA256     string        `json:"sha256" doc:"内容的摘要，与存证中的一致"`
	FiledAt    *time.Time    `json:"filed_at,omitempty" doc:"载入时间"`
	Department string        `json:"department,omitempty" doc:"载入的主管部门"`
}

// MovedTerm is a running term that ends on another day.
type MovedTerm struct {
	Case        string `json:"case" doc:"案件"`
	Number      string `json:"number" doc:"案号"`
	Clock       string `json:"clock" doc:"期限"`
	Name        string `json:"name" doc:"期限名称"`
	Department  string `json:"department,omitempty" doc:"应办部门"`
	LastDay     string `json:"last_day" doc:"现在的最后一日"`
	NewLastDay  string `json:"new_last_day" doc:"载入后的最后一日"`
	Provisional bool   `json:"provisional" doc:"载入后是否仍为暂定"`
	Overdue     bool   `json:"overdue" doc:"是否已记为逾期；改期撤销逾期标记，不撤销违规记录"`
}

// CalendarImpact is what a notice does to running terms.
type CalendarImpact struct {
	Looked   int         `json:"looked" doc:"查看了多少个进行中的期限"`
	Complete bool        `json:"complete" doc:"是否看完全部；为 false 时只是前一部分"`
	Moved    int         `json:"moved" doc:"最后一日改变的"`
	Settled  int         `json:"settled" doc:"不再是暂定的"`
	Terms    []MovedTerm `json:"terms" doc:"改变的期限，至多200个"`
}

// CalendarOutcome is what loading a notice did, or would do.
type CalendarOutcome struct {
	Notice CalendarNotice `json:"notice" doc:"放假安排"`
	Impact CalendarImpact `json:"impact" doc:"对进行中的期限的影响"`
	DryRun bool           `json:"dry_run" doc:"是否只是试算"`
}

// CalendarYear is what is known of a year.
type CalendarYear struct {
	Year        int              `json:"year" doc:"年份"`
	ID          string           `json:"id,omitempty" doc:"现行安排的编号；没有此项时只按法定节假日推算"`
	Source      string           `json:"source" doc:"依据：通知或者法规"`
	Provisional bool             `json:"provisional" doc:"是否暂定：尚无放假通知，涉及该年的期限将重新计算"`
	WorkingDays int              `json:"working_days" doc:"工作日数"`
	Days        []CalendarDay    `json:"days" doc:"放假和调休上班的日期"`
	Filed       []CalendarNotice `json:"filed" doc:"运行中载入的各次安排"`
}

// Calendar lists years.
type Calendar struct {
	Items []CalendarYear `json:"items" doc:"各年"`
}
