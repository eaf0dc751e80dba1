package wire

import "time"

// GrantView is a grant with what the reader may start about it.
type GrantView struct {
	Grant
	Openings     []GrantOpening `json:"openings" doc:"本人可以就此授权发起的办理事项；是否具备条件在发起时核对"`
	ThirdParties []ThirdParty   `json:"third_parties" doc:"提供部门同意的第三方"`
}

// GrantOpening is an opening action of a procedure about the grant.
type GrantOpening struct {
	Procedure     string `json:"procedure" doc:"流程" example:"suspension"`
	ProcedureName string `json:"procedure_name" doc:"流程名称"`
	Action        Action `json:"action" doc:"起始动作和表单"`
}

// ThirdParty is a consent to pass data on.
type ThirdParty struct {
	ID    string    `json:"id" doc:"编号"`
	Case  string    `json:"case" doc:"据以同意的案件编号"`
	Name  string    `json:"name" doc:"第三方名称"`
	USCC  string    `json:"uscc,omitempty" doc:"统一社会信用代码"`
	Items []string  `json:"items" doc:"可以提供的数据项"`
	Use   string    `json:"use" doc:"第三方的用途"`
	Until time.Time `json:"until" doc:"截止时间（不含）"`
	At    time.Time `json:"at" doc:"同意的时间"`
}

// Delta is a property before and after.
type Delta struct {
	From any `json:"from" doc:"变动前"`
	To   any `json:"to" doc:"变动后"`
}

// GrantChange is one line of a grant's history.
type GrantChange struct {
	Version    int              `json:"version" doc:"变动后的修订号"`
	Kind       string           `json:"kind" doc:"变动" enum:"issued,delivered,suspended,restored,terminated,service_change,widened,third_party,altered,closed"`
	Name       string           `json:"name" doc:"变动名称"`
	Case       string           `json:"case" doc:"案件编号"`
	Act        string           `json:"act" doc:"行为编号；存证凭此查询"`
	Clause     string           `json:"clause" doc:"依据条款编号"`
	Department string           `json:"department,omitempty" doc:"办理部门编号；没有此项时为平台"`
	Changed    map[string]Delta `json:"changed" doc:"变动的内容：授权的成员到变动前后的值"`
	At         time.Time        `json:"at" doc:"时间"`
}

// GrantHistory is all that happened to a grant, the first first.
type GrantHistory struct {
	Items []GrantChange `json:"items" doc:"变动"`
}

// Duty is one line of a responsibility list.
type Duty struct {
	Stage          string `json:"stage" doc:"环节" example:"use"`
	Name           string `json:"name" doc:"环节名称"`
	Principle      string `json:"principle" doc:"原则" example:"谁使用谁负责"`
	Clause         string `json:"clause" doc:"依据条款编号"`
	Department     string `json:"department" doc:"责任部门编号"`
	DepartmentName string `json:"department_name" doc:"责任部门名称"`
	Office         string `json:"office,omitempty" doc:"共享工作机构"`
	Head           string `json:"head,omitempty" doc:"共享工作机构负责人"`
	Contact        string `json:"contact,omitempty" doc:"联系方式"`
}

// Responsibility is the list of who answers for which stage of a grant (CN-34).
type Responsibility struct {
	Items []Duty `json:"items" doc:"责任清单"`
}

// UsageInput is a usage record to be filed.
type UsageInput struct {
	Scenario    string    `json:"scenario" doc:"使用场景"`
	Process     string    `json:"process" doc:"使用过程"`
	Effect      string    `json:"effect" doc:"应用成效"`
	Storage     string    `json:"storage" doc:"存储情况"`
	Destruction string    `json:"destruction" doc:"销毁情况"`
	User        string    `json:"user" doc:"使用人员账号；不填写姓名"`
	Approver    string    `json:"approver" doc:"批准人员账号；不填写姓名"`
	Content     string    `json:"content" doc:"数据内容：数据项和范围，不写具体数据"`
	From        time.Time `json:"from" doc:"使用开始时间"`
	To          time.Time `json:"to" doc:"使用结束时间"`
	Way         string    `json:"way" doc:"获取方式：service_api、batch_exchange、file_download"`
	Medium      string    `json:"medium" doc:"介质类型：online、database、file、removable、paper、other"`
	Corrects    string    `json:"corrects,omitempty" maxLength:"64" doc:"所更正的使用记录编号；原记录保留"`
}

// UsageRecord is a filed usage record.
type UsageRecord struct {
	UsageInput
	ID          string    `json:"id" doc:"编号；存证凭此查询"`
	Grant       string    `json:"grant" doc:"授权编号"`
	FiledBy     string    `json:"filed_by" doc:"填报人（人员编号）"`
	FiledAt     time.Time `json:"filed_at" doc:"填报时间"`
	RetainUntil time.Time `json:"retain_until" doc:"至少保存至"`
}

// UsageList is one page of usage records, newest first.
type UsageList struct {
	Items []UsageRecord `json:"items" doc:"使用记录"`
	Next  string        `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}

// MonthCalls is the calls of one month.
type MonthCalls struct {
	Month string `json:"month" doc:"月份" example:"2026-03"`
	Calls int64  `json:"calls" doc:"占用的调用额度，与实际调用次数至多相差每日上限的百分之一"`
}

// CallSummary is the calls of a grant by month, the same for both sides.
type CallSummary struct {
	Counted bool         `json:"counted" doc:"是否计数；没有每日上限的授权不计数，逐次记录见存证"`
	Items   []MonthCalls `json:"items" doc:"各月"`
}
