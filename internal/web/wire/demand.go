package wire

import "time"

// Demand is a demand on the board: what every department may know of it.
type Demand struct {
	ID             string             `json:"id" doc:"需求编号，即办件编号"`
	Number         string             `json:"number" doc:"文号"`
	Department     string             `json:"department" doc:"需求部门编号"`
	DepartmentName string             `json:"department_name" doc:"需求部门名称"`
	Region         string             `json:"region" doc:"需求部门的区划代码"`
	Name           string             `json:"name" doc:"需要的数据的名称"`
	Data           string             `json:"data" doc:"需要什么数据"`
	Items          []string           `json:"items" doc:"需要的数据项"`
	Scope          string             `json:"scope" doc:"地区和时间范围"`
	Urgency        string             `json:"urgency" enum:"normal,urgent" doc:"紧急程度"`
	State          string             `json:"state" enum:"open,answered,closed" doc:"办理中、已有目录可以申请、已办结"`
	Resource       string             `json:"resource,omitempty" doc:"满足需要的目录条目编号"`
	ResourceCode   string             `json:"resource_code,omitempty" doc:"满足需要的目录条目代码"`
	ResourceName   string             `json:"resource_name,omitempty" doc:"满足需要的目录条目名称"`
	MergedInto     string             `json:"merged_into,omitempty" doc:"并入的需求编号"`
	Joined         []DemandDepartment `json:"joined" doc:"也需要的部门"`
	Ours           bool               `json:"ours" doc:"是本部门提出的"`
	JoinedByUs     bool               `json:"joined_by_us" doc:"本部门也需要"`
	AnnouncedAt    time.Time          `json:"announced_at" doc:"提出的时间"`
	ClosedAt       *time.Time         `json:"closed_at,omitempty" doc:"办结的时间"`
}

// DemandDepartment is a department that needs the same.
type DemandDepartment struct {
	Department string `json:"department" doc:"部门编号"`
	Name       string `json:"name" doc:"部门名称"`
}

// DemandList is a page of the board.
type DemandList struct {
	Items []Demand `json:"items" doc:"需求，最新的在前"`
	Next  string   `json:"next,omitempty" doc:"下一页的 after"`
}

// DemandJoin says that the own department needs the same.
type DemandJoin struct {
	Note string `json:"note,omitempty" maxLength:"500" doc:"说明；不得写个人信息"`
}

// DemandLook is what somebody is about to ask for.
type DemandLook struct {
	Name  string   `json:"name" minLength:"1" maxLength:"200" doc:"需要的数据的名称"`
	Words string   `json:"words,omitempty" maxLength:"200" doc:"没有查到结果的检索词"`
	Items []string `json:"items,omitempty" maxItems:"200" doc:"需要的数据项"`
}

// DemandItemMatch pairs a wanted item with one that looks like it.
type DemandItemMatch struct {
	Wanted string `json:"wanted" doc:"需要的数据项"`
	Item   string `json:"item" doc:"相同或者相近的数据项"`
	Why    string `json:"why" doc:"为什么"`
}

// DemandResource is a published entry that may meet the demand.
type DemandResource struct {
	Resource     string            `json:"resource" doc:"目录条目编号"`
	Code         string            `json:"code" doc:"目录条目代码"`
	Name         string            `json:"name" doc:"目录条目名称"`
	Provider     string            `json:"provider" doc:"提供部门编号"`
	ProviderName string            `json:"provider_name" doc:"提供部门名称"`
	Attribute    string            `json:"attribute" doc:"共享属性"`
	Items        []DemandItemMatch `json:"items" doc:"相同或者相近的数据项"`
	Complete     bool              `json:"complete" doc:"含全部需要的数据项"`
}

// DemandLike is a running demand that looks like the same.
type DemandLike struct {
	ID         string            `json:"id" doc:"需求编号"`
	Number     string            `json:"number" doc:"文号"`
	Department string            `json:"department" doc:"需求部门编号"`
	Name       string            `json:"name" doc:"需要的数据的名称"`
	State      string            `json:"state" enum:"open,answered,closed" doc:"办理中、已有目录可以申请、已办结"`
	Resource   string            `json:"resource,omitempty" doc:"满足需要的目录条目编号"`
	Why        string            `json:"why" doc:"为什么认为相同"`
	Items      []DemandItemMatch `json:"items" doc:"相同或者相近的数据项"`
}

// DemandMatches is what there is already.
type DemandMatches struct {
	Resources  []DemandResource `json:"resources" doc:"可能满足需要的目录条目"`
	Demands    []DemandLike     `json:"demands" doc:"正在办理的相同需求，可以加入"`
	Incomplete bool             `json:"incomplete" doc:"检索暂不可用，可能还有"`
}

// DemandApplication is an application's form as far as the demand fills it, in
// the shape that POST /api/v1/cases takes.
type DemandApplication struct {
	Procedure string         `json:"procedure" doc:"流程"`
	Subject   string         `json:"subject" doc:"目录条目编号"`
	Title     string         `json:"title" doc:"目录条目名称"`
	Fields    map[string]any `json:"fields" doc:"已填的内容"`
	Missing   []string       `json:"missing" doc:"此目录条目没有的、需要的数据项"`
}
