package wire

import "time"

// OpenCase starts a case of any procedure.
type OpenCase struct {
	Procedure string            `json:"procedure" minLength:"1" maxLength:"64" doc:"流程，如 application、catalog_publication"`
	Action    string            `json:"action,omitempty" maxLength:"64" doc:"起始动作；流程只有一个起始动作时可以不填"`
	Subject   string            `json:"subject,omitempty" maxLength:"64" doc:"标的：资源编号、版本编号等，由流程规定；没有标的的流程不填"`
	Title     string            `json:"title,omitempty" maxLength:"200" doc:"标题"`
	Parties   map[string]string `json:"parties,omitempty" doc:"当事方到部门编号；本部门和主管部门由系统推算，不必填"`
	Fields    map[string]any    `json:"fields,omitempty" doc:"起始动作的表单"`
}

// TakeAction takes a step on a case.
type TakeAction struct {
	Fields map[string]any `json:"fields,omitempty" doc:"动作的表单"`
	Expect int            `json:"expect,omitempty" minimum:"0" doc:"所见案件的版本；他人已办理时拒绝；0 为不限"`
}

// Case is a case in a list.
type Case struct {
	ID        string            `json:"id" doc:"案件编号"`
	Number    string            `json:"number" doc:"文号" example:"申请-2026-000012"`
	Procedure string            `json:"procedure" doc:"流程"`
	Region    string            `json:"region" doc:"适用规则的区划代码"`
	Subject   string            `json:"subject" doc:"标的"`
	Title     string            `json:"title" doc:"标题"`
	Stage     string            `json:"stage" doc:"阶段"`
	Version   int               `json:"version" doc:"版本：已办理的步数"`
	Parties   map[string]string `json:"parties" doc:"当事方到部门编号"`
	OpenedAt  time.Time         `json:"opened_at" doc:"立案时间"`
	MovedAt   time.Time         `json:"moved_at" doc:"最近一步的时间"`
	ClosedAt  *time.Time        `json:"closed_at,omitempty" doc:"办结时间"`
}

// CaseList is one page of cases, newest first.
type CaseList struct {
	Items []Case `json:"items" doc:"案件"`
	Next  string `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}

// Party is one side of a case.
type Party struct {
	Party      string `json:"party" doc:"当事方" example:"provider"`
	Label      string `json:"label" doc:"当事方名称" example:"提供部门的同级主管部门"`
	Department string `json:"department" doc:"部门编号"`
	Name       string `json:"name" doc:"部门名称"`
}

// Clock is one statutory clock of a case.
type Clock struct {
	ID              string     `json:"id" doc:"期限"`
	Name            string     `json:"name" doc:"期限名称"`
	Term            string     `json:"term" doc:"适用的法定期限"`
	Clause          string     `json:"clause" doc:"依据条款编号" example:"CN-21.1"`
	Article         string     `json:"article" doc:"依据条文" example:"第二十一条第一款"`
	StartedAt       time.Time  `json:"started_at" doc:"起算事件的时间；当日不计"`
	Due             time.Time  `json:"due" doc:"届满时刻：最后一日 24 时"`
	LastDay         string     `json:"last_day" format:"date" doc:"最后一日"`
	WorkingDays     int        `json:"working_days" doc:"期限内的工作日数"`
	Provisional     bool       `json:"provisional" doc:"涉及尚无放假通知的年份，日期为暂定"`
	ExtendedBy      int        `json:"extended_by,omitempty" doc:"已延长的日数"`
	Running         bool       `json:"running" doc:"是否仍在计时"`
	StoppedAt       *time.Time `json:"stopped_at,omitempty" doc:"停止计时的时间"`
	WorkingDaysLeft int        `json:"working_days_left" doc:"剩余工作日；负数为逾期的工作日"`
	Overdue         bool       `json:"overdue" doc:"是否逾期"`
}

// Act is one line of a case's timeline.
type Act struct {
	ID             string         `json:"id" doc:"行为编号；存证凭此查询"`
	Version        int            `json:"version" doc:"办理后案件的版本"`
	Action         string         `json:"action" doc:"动作"`
	ActionName     string         `json:"action_name" doc:"动作名称"`
	Clause         string         `json:"clause,omitempty" doc:"依据条款编号"`
	Article        string         `json:"article,omitempty" doc:"依据条文"`
	Person         string         `json:"person,omitempty" doc:"办理人（人员编号）"`
	PersonName     string         `json:"person_name,omitempty" doc:"办理人姓名"`
	System         string         `json:"system,omitempty" doc:"办理的系统"`
	Department     string         `json:"department,omitempty" doc:"部门编号"`
	DepartmentName string         `json:"department_name,omitempty" doc:"部门名称"`
	Relation       string         `json:"relation" doc:"以何身份"`
	RelationName   string         `json:"relation_name" doc:"身份名称"`
	At             time.Time      `json:"at" doc:"时间"`
	From           string         `json:"from,omitempty" doc:"办理前的阶段"`
	To             string         `json:"to" doc:"办理后的阶段"`
	StageName      string         `json:"stage_name" doc:"办理后的阶段名称"`
	Fields         map[string]any `json:"fields,omitempty" doc:"填写的内容"`
	Results        map[string]any `json:"results,omitempty" doc:"这一步产生的结果，如授权编号（grant）、目录摘要（digest）"`
}

// FormField is one field of an action's form.
type FormField struct {
	ID       string            `json:"id" doc:"字段"`
	Name     string            `json:"name" doc:"名称"`
	Type     string            `json:"type" enum:"text,date,integer,boolean,choice,texts,id,ids,object,evidence" doc:"类型"`
	Clause   string            `json:"clause,omitempty" doc:"依据条款编号"`
	Required bool              `json:"required" doc:"是否必填"`
	Min      int               `json:"min,omitempty" doc:"最小值"`
	Max      int               `json:"max,omitempty" doc:"最大值，或最多字数；0 为不限"`
	Options  map[string]string `json:"options,omitempty" doc:"可选值到名称"`
}

// Action is an action the reader may take now.
type Action struct {
	ID      string      `json:"id" doc:"动作"`
	Name    string      `json:"name" doc:"名称"`
	Clause  string      `json:"clause,omitempty" doc:"依据条款编号"`
	Article string      `json:"article,omitempty" doc:"依据条文"`
	Fields  []FormField `json:"fields" doc:"表单"`
}

// CaseView is a case as the reader sees it: where it stands, what happened,
// what the reader can do now, by when and under which clause.
type CaseView struct {
	ID            string            `json:"id" doc:"案件编号"`
	Number        string            `json:"number" doc:"文号"`
	Procedure     string            `json:"procedure" doc:"流程"`
	ProcedureName string            `json:"procedure_name" doc:"流程名称"`
	Rules         string            `json:"rules" doc:"受理时适用的规则版本"`
	Region        string            `json:"region" doc:"适用规则的区划代码"`
	Subject       string            `json:"subject" doc:"标的"`
	Title         string            `json:"title" doc:"标题"`
	Stage         string            `json:"stage" doc:"阶段"`
	StageName     string            `json:"stage_name" doc:"阶段名称"`
	Final         bool              `json:"final" doc:"是否已办结"`
	Version       int               `json:"version" doc:"版本；办理时作为 expect 传回"`
	Parties       []Party           `json:"parties" doc:"当事方"`
	Facts         map[string]any    `json:"facts" doc:"各字段的最新内容"`
	Names         map[string]string `json:"names" doc:"内容中出现的系统、部门编号到名称"`
	Clocks        []Clock           `json:"clocks" doc:"期限"`
	Acts          []Act             `json:"acts" doc:"办理过程"`
	Actions       []Action          `json:"actions" doc:"现在可以办理的动作"`
	Relations     []string          `json:"relations" doc:"本人与案件的关系"`
	OpenedAt      time.Time         `json:"opened_at" doc:"立案时间"`
	MovedAt       time.Time         `json:"moved_at" doc:"最近一步的时间"`
	ClosedAt      *time.Time        `json:"closed_at,omitempty" doc:"办结时间"`
}

// Todo is one line of a to-do list.
type Todo struct {
	Case            Case       `json:"case" doc:"案件"`
	ProcedureName   string     `json:"procedure_name" doc:"流程名称"`
	StageName       string     `json:"stage_name" doc:"阶段名称"`
	Relation        string     `json:"relation" doc:"应以何身份办理"`
	RelationName    string     `json:"relation_name" doc:"身份名称"`
	Due             *time.Time `json:"due,omitempty" doc:"届满时刻；没有法定期限时没有此项"`
	LastDay         string     `json:"last_day,omitempty" format:"date" doc:"最后一日"`
	WorkingDaysLeft int        `json:"working_days_left,omitempty" doc:"剩余工作日；负数为逾期的工作日"`
	Overdue         bool       `json:"overdue" doc:"是否逾期"`
	Provisional     bool       `json:"provisional" doc:"涉及尚无放假通知的年份，日期为暂定"`
	Clause          string     `json:"clause,omitempty" doc:"期限的依据条款编号"`
	Article         string     `json:"article,omitempty" doc:"期限的依据条文"`
}

// TodoList is what waits for the signed-in person, most urgent first.
type TodoList struct {
	Items []Todo `json:"items" doc:"待办"`
}

// Notice tells what happened.
type Notice struct {
	ID       string     `json:"id" doc:"通知编号"`
	Case     string     `json:"case" doc:"案件编号"`
	Relation string     `json:"relation" doc:"通知的身份"`
	Text     string     `json:"text" doc:"内容"`
	Clause   string     `json:"clause,omitempty" doc:"依据条款编号"`
	Due      *time.Time `json:"due,omitempty" doc:"届满时刻"`
	At       time.Time  `json:"at" doc:"时间"`
}

// NoticeList is the newest notices.
type NoticeList struct {
	Items []Notice `json:"items" doc:"通知"`
}
