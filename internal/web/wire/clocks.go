package wire

import "time"

// TerritoryClock is one running clock that a department of an authority's
// territory owes.
type TerritoryClock struct {
	Case            string    `json:"case" doc:"案件编号"`
	Number          string    `json:"number" doc:"文号"`
	Title           string    `json:"title" doc:"标题"`
	Procedure       string    `json:"procedure" doc:"流程"`
	ProcedureName   string    `json:"procedure_name" doc:"流程名称"`
	Clock           string    `json:"clock" doc:"期限"`
	Name            string    `json:"name" doc:"期限名称"`
	Department      string    `json:"department" doc:"应当办理的部门编号"`
	DepartmentName  string    `json:"department_name" doc:"应当办理的部门名称"`
	Relation        string    `json:"relation" doc:"应以何身份办理"`
	RelationName    string    `json:"relation_name" doc:"身份名称"`
	Clause          string    `json:"clause" doc:"依据条款编号"`
	Article         string    `json:"article" doc:"依据条文"`
	StartedAt       time.Time `json:"started_at" doc:"起算时刻"`
	Due             time.Time `json:"due" doc:"届满时刻"`
	LastDay         string    `json:"last_day" format:"date" doc:"最后一日"`
	WorkingDaysLeft int       `json:"working_days_left" doc:"剩余工作日；负数为逾期的工作日"`
	Overdue         bool      `json:"overdue" doc:"是否逾期"`
	Provisional     bool      `json:"provisional" doc:"涉及尚无放假通知的年份，日期为暂定"`
	ExtendedBy      int       `json:"extended_by,omitempty" doc:"延长了多少"`
}

// TerritoryClockList is a page of them.
type TerritoryClockList struct {
	Items []TerritoryClock `json:"items" doc:"期限"`
	Next  string           `json:"next,omitempty" doc:"下一页的起点；没有下一页时没有此项"`
}
