package wire

import "time"

// SourceCounts counts the elements of a map by state.
type SourceCounts struct {
	Designated  int `json:"designated" doc:"已明确数源部门并已发布"`
	Unpublished int `json:"unpublished" doc:"已明确数源部门，尚未发布"`
	Single      int `json:"single" doc:"只有一个部门提供，尚未明确"`
	Unsettled   int `json:"unsettled" doc:"两个以上部门提供，尚未明确"`
	Absent      int `json:"absent" doc:"无人提供"`
	Conflicts   int `json:"conflicts" doc:"数源部门以外的部门标为权威来源，或者多个部门都标为权威来源"`
}

// SourceMapLine is one standard element in the map of a government.
type SourceMapLine struct {
	Element     string  `json:"element" doc:"标准数据元代码"`
	Name        string  `json:"name" doc:"数据元名称；未登记的为空"`
	State       string  `json:"state" enum:"designated,unpublished,single,unsettled,absent" doc:"状态，见 counts"`
	Departments int     `json:"departments" doc:"提供部门数"`
	Resources   int     `json:"resources" doc:"目录条目数"`
	Items       int     `json:"items" doc:"数据项数"`
	Conflict    bool    `json:"conflict" doc:"权威来源有冲突"`
	Source      *Source `json:"source,omitempty" doc:"已明确的数源部门"`
}

// SourceMap is one page of the map of one government (一数一源, CN-19.2).
type SourceMap struct {
	Authority string          `json:"authority" doc:"主管部门编号"`
	Region    string          `json:"region" doc:"行政区划代码"`
	Counts    SourceCounts    `json:"counts" doc:"全部标准数据元的计数，不受筛选影响"`
	Items     []SourceMapLine `json:"items" doc:"标准数据元，按代码排列"`
	Next      string          `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}

// ElementDepartment is a department that publishes an element.
type ElementDepartment struct {
	Department    string `json:"department" doc:"部门编号"`
	Region        string `json:"region" doc:"区划代码"`
	Resources     int    `json:"resources" doc:"目录条目数"`
	Items         int    `json:"items" doc:"数据项数"`
	Authoritative int    `json:"authoritative" doc:"其中标为权威来源的数据项数"`
}

// EarlierSource is a designation that has ended.
type EarlierSource struct {
	Source
	EndedAt time.Time `json:"ended_at" doc:"结束时间"`
}

// ElementSources is where one standard element comes from.
type ElementSources struct {
	Element     string              `json:"element" doc:"标准数据元代码"`
	Name        string              `json:"name" doc:"数据元名称"`
	Source      *Source             `json:"source,omitempty" doc:"已明确的数源部门"`
	Earlier     []EarlierSource     `json:"earlier" doc:"以前的数源部门，最近的在前"`
	Departments []ElementDepartment `json:"departments" doc:"提供部门，最多500个"`
	Items       []ElementItem       `json:"items" doc:"含此数据元的数据项"`
	Conflict    bool                `json:"conflict" doc:"权威来源有冲突"`
	Next        string              `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}

// DepartmentElement is one element of a department.
type DepartmentElement struct {
	Element       string     `json:"element" doc:"标准数据元代码"`
	Name          string     `json:"name" doc:"数据元名称"`
	Resources     int        `json:"resources" doc:"本部门的目录条目数"`
	Items         int        `json:"items" doc:"本部门的数据项数"`
	Authoritative int        `json:"authoritative" doc:"其中标为权威来源的数据项数"`
	Source        string     `json:"source,omitempty" doc:"数源部门编号"`
	Since         *time.Time `json:"since,omitempty" doc:"明确的时间"`
	Case          string     `json:"case,omitempty" doc:"明确数源部门的案件编号"`
}

// DepartmentSources is what a department is the source of and what not.
type DepartmentSources struct {
	Department string              `json:"department" doc:"部门编号"`
	Own        []DepartmentElement `json:"own" doc:"本部门是数源部门"`
	Others     []DepartmentElement `json:"others" doc:"本部门提供，数源是其他部门"`
	Open       []DepartmentElement `json:"open" doc:"本部门提供，尚未明确数源部门"`
}

// PlanItem is one item of a planned form.
type PlanItem struct {
	Name    string `json:"name" maxLength:"400" doc:"收集项目名称"`
	Element string `json:"element,omitempty" maxLength:"400" doc:"标准数据元代码"`
	Note    string `json:"note,omitempty" maxLength:"2000" doc:"说明"`
}

// CompareForm asks for a comparison without a case.
type CompareForm struct {
	Items []PlanItem `json:"items,omitempty" maxItems:"1000" doc:"收集项目"`
	Text  string     `json:"text,omitempty" maxLength:"200000" doc:"粘贴的文本或者CSV：一行一项，依次为名称、标准数据元、说明，可以有表头；与 items 任选其一"`
}

// PlanMatch is a published item that a planned one can be had from.
type PlanMatch struct {
	Kind         string `json:"kind" enum:"element,name,contains,similar" doc:"标准数据元相同、名称相同、名称包含、名称相近"`
	Why          string `json:"why" doc:"判断的理由"`
	Resource     string `json:"resource,omitempty" doc:"资源编号；没有的是尚未发布的数源部门"`
	ResourceName string `json:"resource_name,omitempty" doc:"目录名称"`
	Code         string `json:"code,omitempty" doc:"数据项英文名"`
	Name         string `json:"name,omitempty" doc:"数据项名称"`
	Provider     string `json:"provider" doc:"提供部门编号"`
	Region       string `json:"region,omitempty" doc:"提供部门的区划代码"`
	Partial      bool   `json:"partial" doc:"只有本区域一部分的数据"`
}

// PlanRemedy is a thing to do about an item.
type PlanRemedy struct {
	Kind      string `json:"kind" enum:"apply,demand,designated,justify,collect" doc:"申请共享、供需对接、向数源部门提出、说明理由、可以收集"`
	Text      string `json:"text" doc:"说明"`
	Procedure string `json:"procedure,omitempty" doc:"可以发起的流程"`
	Subject   string `json:"subject,omitempty" doc:"流程的对象：资源编号或者部门编号"`
}

// ComparedItem is one item with what was found for it.
type ComparedItem struct {
	PlanItem
	Verdict  string       `json:"verdict" enum:"shareable,partly,not_there" doc:"可以通过共享取得、部分可以、没有"`
	Matches  []PlanMatch  `json:"matches" doc:"最多5个，最有把握的在前"`
	Remedies []PlanRemedy `json:"remedies" doc:"可以怎样办"`
}

// Comparison is a form compared with the catalog.
type Comparison struct {
	Items     []ComparedItem `json:"items" doc:"逐项结果"`
	Shareable int            `json:"shareable" doc:"可以通过共享取得的项数"`
	Partly    int            `json:"partly" doc:"部分可以的项数"`
	NotThere  int            `json:"not_there" doc:"没有的项数"`
}
