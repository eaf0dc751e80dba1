package wire

import "time"

// BulkSubject is one case of a bulk request, with what differs from the form.
type BulkSubject struct {
	Subject string            `json:"subject" minLength:"1" maxLength:"64" doc:"标的"`
	Title   string            `json:"title,omitempty" maxLength:"200" doc:"标题"`
	Parties map[string]string `json:"parties,omitempty" doc:"当事方到部门编号，如主管部门代为起草时的需求部门"`
	Fields  map[string]any    `json:"fields,omitempty" doc:"与共同的表单不同的内容"`
}

// OpenBulk opens many cases with one form.
type OpenBulk struct {
	Procedure string         `json:"procedure" minLength:"1" maxLength:"64" doc:"流程"`
	Action    string         `json:"action,omitempty" maxLength:"64" doc:"起始动作"`
	Title     string         `json:"title,omitempty" maxLength:"200" doc:"共同的标题；不填时各用各的"`
	Fields    map[string]any `json:"fields,omitempty" doc:"共同的表单"`
	Subjects  []BulkSubject  `json:"subjects" minItems:"1" maxItems:"200" doc:"各件的标的和不同之处"`
}

// BulkStep is one case of a bulk step.
type BulkStep struct {
	Case   string         `json:"case" minLength:"1" maxLength:"64" doc:"案件编号"`
	Expect int            `json:"expect,omitempty" minimum:"0" doc:"所见案件的版本；0 为不限"`
	Fields map[string]any `json:"fields,omitempty" doc:"与共同的表单不同的内容"`
}

// TakeBulk takes one step on many cases.
type TakeBulk struct {
	Fields map[string]any `json:"fields,omitempty" doc:"共同的表单"`
	Cases  []BulkStep     `json:"cases" minItems:"1" maxItems:"200" doc:"各件"`
}

// BulkResult says what became of one case.
type BulkResult struct {
	Index     int            `json:"index" doc:"在请求中的次序，从 0 起"`
	Case      string         `json:"case" doc:"案件编号"`
	Done      bool           `json:"done" doc:"是否办成"`
	Number    string         `json:"number,omitempty" doc:"文号"`
	Subject   string         `json:"subject,omitempty" doc:"标的"`
	Stage     string         `json:"stage,omitempty" doc:"阶段"`
	StageName string         `json:"stage_name,omitempty" doc:"阶段名称"`
	Version   int            `json:"version,omitempty" doc:"版本"`
	Code      string         `json:"code,omitempty" doc:"未办成的代码"`
	Detail    string         `json:"detail,omitempty" doc:"未办成的原因"`
	Basis     string         `json:"basis,omitempty" doc:"依据条款编号"`
	Errors    []ProblemField `json:"errors,omitempty" doc:"有误的字段"`
}

// BulkResults is the result of a bulk request, in its order.
type BulkResults struct {
	Items []BulkResult `json:"items" doc:"各件的结果"`
	Done  int          `json:"done" doc:"办成的件数"`
}

// Risk is a combination of data that a department holds (CN-25.2).
type Risk struct {
	Consumer     string    `json:"consumer" doc:"需求部门编号"`
	Rule         string    `json:"rule" doc:"汇聚情形"`
	RuleName     string    `json:"rule_name" doc:"汇聚情形名称"`
	Clause       string    `json:"clause" doc:"依据条款编号"`
	RaisesTo     string    `json:"raises_to" doc:"汇聚后的级别"`
	Resources    []string  `json:"resources" doc:"涉及的资源编号"`
	Demanded     bool      `json:"demanded" doc:"尚无风险可控的评估，应当评估"`
	AssessedCase string    `json:"assessed_case,omitempty" doc:"最近一次评估的案件编号"`
	FirstSeen    time.Time `json:"first_seen" doc:"首次发现的时间"`
	LastSeen     time.Time `json:"last_seen" doc:"最近发现的时间"`
}

// RiskList is the combinations in force.
type RiskList struct {
	Items []Risk `json:"items" doc:"汇聚风险"`
}
