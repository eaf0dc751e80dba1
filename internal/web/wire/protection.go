package wire

import "time"

// ReportCorrection reports wrong or incomplete data. Key and claims are sealed;
// the other members become part of the case.
type ReportCorrection struct {
	Procedure string         `json:"procedure" enum:"correction,correction_via_authority" doc:"直接向提供部门提出，或者向主管部门提出"`
	Grant     string         `json:"grant" minLength:"1" maxLength:"64" doc:"取得数据所依据的授权编号"`
	Source    string         `json:"source" minLength:"1" maxLength:"64" doc:"取得数据的调用或者批次的存证编号"`
	Kind      string         `json:"kind" maxLength:"64" doc:"问题类别：wrong、incomplete、outdated、missing"`
	Key       map[string]any `json:"key" doc:"指明是哪条记录：数据项代码到值；密封保存，不进入案件"`
	Claims    []Claim        `json:"claims" maxItems:"100" doc:"有问题的数据项；值密封保存，不进入案件"`
	Problem   string         `json:"problem" maxLength:"1000" doc:"问题说明；不得写个人信息"`
	Evidence  string         `json:"evidence,omitempty" maxLength:"64" doc:"佐证材料的SHA-256摘要"`
}

// Claim says what is wrong with one item and what would be right.
type Claim struct {
	Item  string `json:"item" maxLength:"64" doc:"数据项代码"`
	Found any    `json:"found,omitempty" doc:"收到的值"`
	Right any    `json:"right,omitempty" doc:"认为正确的值"`
}

// SealedCorrection is the opened sealed part of a correction.
type SealedCorrection struct {
	Record string         `json:"record" doc:"密封记录的编号"`
	Key    map[string]any `json:"key" doc:"指明是哪条记录"`
	Claims []Claim        `json:"claims" doc:"有问题的数据项"`
	Filed  map[string]any `json:"filed,omitempty" doc:"提供部门填报的正确值"`
}

// FileValues files the right values of a correction.
type FileValues struct {
	Values map[string]any `json:"values" doc:"数据项代码到正确的值；密封保存"`
}

// LodgeComplaint is a complaint of the public.
type LodgeComplaint struct {
	Kind    string `json:"kind" maxLength:"64" doc:"反映的问题：leak、misuse、wrong_data、repeated_collection、other"`
	About   string `json:"about,omitempty" maxLength:"64" doc:"被反映的部门编号；由其主管部门处理"`
	Handler string `json:"handler,omitempty" maxLength:"64" doc:"选择处理的部门编号"`
	Text    string `json:"text" maxLength:"5000" doc:"投诉举报内容；密封保存，只有承办部门可以查看"`
	Name    string `json:"name,omitempty" maxLength:"100" doc:"姓名或者名称；可以不写"`
	Contact string `json:"contact,omitempty" maxLength:"100" doc:"联系方式；可以不写"`
}

// Lodged is the receipt of a complaint. The code is shown this once.
type Lodged struct {
	Number     string `json:"number" doc:"投诉举报编号" example:"TS-2026-000012"`
	Code       string `json:"code" doc:"查询码，只显示这一次，请妥善保存"`
	Department string `json:"department" doc:"承办部门名称"`
}

// ComplaintProgress is what the complainant sees.
type ComplaintProgress struct {
	Number     string           `json:"number" doc:"投诉举报编号"`
	Kind       string           `json:"kind" doc:"反映的问题"`
	Department string           `json:"department" doc:"现承办部门"`
	LodgedAt   time.Time        `json:"lodged_at" doc:"收到时间"`
	Stage      string           `json:"stage" doc:"阶段"`
	StageName  string           `json:"stage_name" doc:"阶段名称"`
	Closed     bool             `json:"closed" doc:"是否已办结"`
	LastDay    string           `json:"last_day,omitempty" doc:"办理期限的最后一日"`
	Overdue    bool             `json:"overdue" doc:"是否已逾期"`
	Reasons    string           `json:"reasons,omitempty" doc:"不予受理的理由"`
	Result     string           `json:"result,omitempty" doc:"处理结果"`
	Measures   string           `json:"measures,omitempty" doc:"采取的措施"`
	Reply      string           `json:"reply,omitempty" doc:"答复"`
	Events     []ComplaintEvent `json:"events" doc:"办理过程"`
}

// ComplaintEvent is one line of what happened.
type ComplaintEvent struct {
	At   time.Time `json:"at" doc:"时间"`
	What string    `json:"what" doc:"办理事项"`
}

// ComplaintContent is the opened sealed part of a complaint.
type ComplaintContent struct {
	Text    string `json:"text" doc:"投诉举报内容"`
	Name    string `json:"name,omitempty" doc:"姓名或者名称"`
	Contact string `json:"contact,omitempty" doc:"联系方式"`
}

// PublicDepartment is a department as the public finds it.
type PublicDepartment struct {
	ID     string `json:"id" doc:"部门编号"`
	Name   string `json:"name" doc:"部门名称"`
	Region string `json:"region" doc:"区划代码"`
}

// PublicDepartmentList is a list of departments.
type PublicDepartmentList struct {
	Items []PublicDepartment `json:"items" doc:"部门"`
}

// Entrustment is an approved entrustment of a contractor.
type Entrustment struct {
	ID         string     `json:"id" doc:"委托编号"`
	Case       string     `json:"case" doc:"审批案件编号"`
	Department string     `json:"department" doc:"委托部门编号"`
	Contractor string     `json:"contractor" doc:"受托方名称"`
	USCC       string     `json:"uscc" doc:"受托方统一社会信用代码"`
	Work       string     `json:"work" doc:"委托事项"`
	Status     string     `json:"status" doc:"现状：not_yet、active、stopped、expired、ended"`
	Systems    []string   `json:"systems" doc:"受托方操作的系统编号"`
	Grants     []string   `json:"grants" doc:"可以使用的授权编号"`
	Resources  []string   `json:"resources" doc:"可以处理的本部门目录条目编号"`
	Agreement  string     `json:"agreement" doc:"委托合同的SHA-256摘要"`
	NotBefore  time.Time  `json:"not_before" doc:"开始时刻"`
	NotAfter   time.Time  `json:"not_after" doc:"结束时刻（不含）"`
	StoppedAt  *time.Time `json:"stopped_at,omitempty" doc:"停止访问的时刻"`
	EndedAt    *time.Time `json:"ended_at,omitempty" doc:"委托结束的时刻"`
	InHouse    bool       `json:"in_house" doc:"结束后由本部门自行运行"`
}

// EntrustmentList is one page of the register, newest first.
type EntrustmentList struct {
	Items []Entrustment `json:"items" doc:"委托"`
	Next  string        `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}
