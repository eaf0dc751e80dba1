package wire

import "time"

// Violation is one breach of one clause by one department.
type Violation struct {
	ID             string         `json:"id" doc:"违规记录编号"`
	Clause         string         `json:"clause" doc:"责任条款，如 CN-39.4"`
	Role           string         `json:"role" enum:"provider,consumer,authority,department" doc:"责任部门的身份：提供部门、需求部门、主管部门、政务部门"`
	Department     string         `json:"department" doc:"责任部门编号"`
	DepartmentName string         `json:"department_name" doc:"责任部门名称"`
	Case           string         `json:"case,omitempty" doc:"所涉案件编号"`
	Grant          string         `json:"grant,omitempty" doc:"所涉授权编号"`
	Resource       string         `json:"resource,omitempty" doc:"所涉资源编号"`
	Facts          map[string]any `json:"facts" doc:"平台掌握的事实"`
	Source         string         `json:"source" enum:"detected,filed" doc:"发现方式：平台发现、报告或者检查发现"`
	At             time.Time      `json:"at" doc:"发现的时间"`
	Rectification  string         `json:"rectification" doc:"责令改正案件编号"`
	Number         string         `json:"number" doc:"责令改正案件的文号"`
	Stage          string         `json:"stage" doc:"责令改正案件的阶段"`
	StageName      string         `json:"stage_name" doc:"阶段名称"`
	ClosedAt       *time.Time     `json:"closed_at,omitempty" doc:"办结时间"`
}

// ViolationList is one page of violations.
type ViolationList struct {
	Items []Violation `json:"items" doc:"违规记录，最新的在前"`
	Next  string      `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}

// Circular is a published circular (通报).
type Circular struct {
	ID          string    `json:"id" doc:"通报编号"`
	Case        string    `json:"case" doc:"通报案件编号"`
	Number      string    `json:"number" doc:"文号"`
	Issuer      string    `json:"issuer" doc:"通报机关编号"`
	IssuerName  string    `json:"issuer_name" doc:"通报机关名称"`
	Territory   string    `json:"territory" doc:"发布范围的行政区划代码"`
	Title       string    `json:"title" doc:"标题"`
	Kind        string    `json:"kind" enum:"criticism,situation,commendation" doc:"类别：通报批评、情况通报、通报表扬"`
	Text        string    `json:"text" doc:"正文"`
	Departments []string  `json:"departments" doc:"所涉部门编号"`
	Clauses     []string  `json:"clauses" doc:"所涉条款"`
	PublishedAt time.Time `json:"published_at" doc:"发布时间"`
}

// CircularList is one page of circulars.
type CircularList struct {
	Items []Circular `json:"items" doc:"通报，最新的在前"`
	Next  string     `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}

// LateClock is a statutory clock that has run out.
type LateClock struct {
	Case       string    `json:"case" doc:"案件编号"`
	Number     string    `json:"number" doc:"文号"`
	Title      string    `json:"title" doc:"标题"`
	Procedure  string    `json:"procedure" doc:"流程"`
	Clock      string    `json:"clock" doc:"期限"`
	Clause     string    `json:"clause" doc:"期限的依据条款"`
	Department string    `json:"department" doc:"逾期的部门编号"`
	Due        time.Time `json:"due" doc:"届满时间"`
	Breach     string    `json:"breach,omitempty" doc:"逾期构成的违规条款"`
}

// LateDepartment is a department with overdue clocks.
type LateDepartment struct {
	Department string    `json:"department" doc:"部门编号"`
	Name       string    `json:"name" doc:"部门名称"`
	Late       int       `json:"late" doc:"逾期的期限数"`
	Oldest     time.Time `json:"oldest" doc:"最早的届满时间"`
}

// ClauseCount counts open rectifications of one clause.
type ClauseCount struct {
	Clause  string `json:"clause" doc:"责任条款"`
	Article string `json:"article" doc:"条款名称"`
	Count   int    `json:"count" doc:"未办结的件数"`
}

// Overview is an authority's view of its territory.
type Overview struct {
	Late        []LateClock      `json:"late" doc:"已逾期的期限，最早届满的在前"`
	Departments []LateDepartment `json:"departments" doc:"有逾期的部门，最多的在前"`
	Open        []ClauseCount    `json:"open" doc:"未办结的责令改正，按条款"`
}

// Indicator is one thing that departments are assessed by.
type Indicator struct {
	ID      string   `json:"id" doc:"指标"`
	Name    string   `json:"name" doc:"名称"`
	Clause  string   `json:"clause" doc:"依据条款"`
	Weight  int      `json:"weight" doc:"权重，合计 100"`
	Measure string   `json:"measure" doc:"计算方法"`
	Clocks  []string `json:"clocks" doc:"计入的期限（流程.期限）"`
}

// Mark is one indicator's result.
type Mark struct {
	Applies bool    `json:"applies" doc:"是否适用；不适用的不计分"`
	Good    int     `json:"good" doc:"分子"`
	Total   int     `json:"total" doc:"分母；违规和投诉为件数"`
	Score   float64 `json:"score" doc:"得分，0 至 100"`
}

// Assessed is one department's result.
type Assessed struct {
	Rank       int     `json:"rank" doc:"名次，同分同名次"`
	Department string  `json:"department" doc:"部门编号"`
	Name       string  `json:"name" doc:"部门名称"`
	Region     string  `json:"region" doc:"行政区划代码"`
	Score      float64 `json:"score" doc:"总分，0 至 100"`
	Marks      []Mark  `json:"marks" doc:"各指标的结果，次序同 indicators"`
}

// Assessment is the departments of a territory, ranked.
type Assessment struct {
	From       string      `json:"from" doc:"期间第一日"`
	To         string      `json:"to" doc:"期间最后一日"`
	Region     string      `json:"region" doc:"行政区划代码"`
	MadeAt     time.Time   `json:"made_at" doc:"计算时间"`
	Indicators []Indicator `json:"indicators" doc:"指标"`
	Rows       []Assessed  `json:"rows" doc:"结果，得分高的在前"`
}
