package wire

import "time"

// LevelProposal is what the rules propose for one item.
type LevelProposal struct {
	Item        string `json:"item" doc:"数据项代码"`
	Rule        string `json:"rule" doc:"规则"`
	RuleName    string `json:"rule_name" doc:"规则名称"`
	Level       string `json:"level" doc:"建议的级别"`
	Sensitivity string `json:"sensitivity,omitempty" doc:"建议的个人信息类别"`
	Masked      bool   `json:"masked,omitempty" doc:"建议默认脱敏"`
	By          string `json:"by" enum:"element,name,column,values" doc:"依据：标准数据元、名称、列名、已汇聚数据的取值"`
	Reason      string `json:"reason" doc:"理由"`
}

// ElementProposal are the elements that an item may be meant to cite.
type ElementProposal struct {
	Item     string         `json:"item" doc:"数据项代码"`
	Elements []ElementMatch `json:"elements" doc:"标准数据元，最相近的在前，至多3个"`
}

// Advice is what the platform proposes for an entry. A person confirms, or goes
// below with a reason.
type Advice struct {
	Level        string            `json:"level,omitempty" doc:"建议的目录条目级别：数据项中最高的"`
	PersonalInfo bool              `json:"personal_info" doc:"是否应标明含个人信息"`
	Items        []LevelProposal   `json:"items" doc:"各数据项的分级建议；没有规则涉及的不列"`
	Elements     []ElementProposal `json:"elements" doc:"未引用标准数据元的数据项可以引用的"`
}

// AskAdvice is an entry that is being written.
type AskAdvice struct {
	Entry Entry `json:"entry" doc:"目录内容；可以不完整，不保存"`
}

// FieldChange is one field that differs.
type FieldChange struct {
	Field string `json:"field" doc:"字段"`
	Name  string `json:"name" doc:"字段的中文名称"`
	From  any    `json:"from" doc:"前一版本的值；没有时为 null"`
	To    any    `json:"to" doc:"后一版本的值；没有时为 null"`
}

// ItemChange is one item that differs.
type ItemChange struct {
	Kind   string        `json:"kind" enum:"added,removed,changed,renamed" doc:"新增、删除、修改、改代码"`
	Code   string        `json:"code" doc:"数据项代码；删除的为前一版本的代码"`
	Was    string        `json:"was,omitempty" doc:"改代码之前的代码"`
	Name   string        `json:"name,omitempty" doc:"数据项名称"`
	Fields []FieldChange `json:"fields" doc:"不同的字段"`
}

// DiffSide is one of the two versions that are compared.
type DiffSide struct {
	Number      int        `json:"number" doc:"版本号"`
	Status      string     `json:"status" doc:"状态"`
	Digest      string     `json:"digest,omitempty" doc:"目录内容的 SHA-256"`
	CreatedBy   string     `json:"created_by,omitempty" doc:"编制人（人员编号）；只对提供部门和同级主管部门显示"`
	CreatedAt   time.Time  `json:"created_at" doc:"编制时间"`
	PublishedAt *time.Time `json:"published_at,omitempty" doc:"发布时间"`
	Reason      string     `json:"reason,omitempty" doc:"编制理由；只对提供部门和同级主管部门显示"`
}

// Difference is what changed between two versions.
type Difference struct {
	From   DiffSide      `json:"from" doc:"前一版本"`
	To     DiffSide      `json:"to" doc:"后一版本"`
	Fields []FieldChange `json:"fields" doc:"不同的字段"`
	Items  []ItemChange  `json:"items" doc:"不同的数据项"`
	Order  []string      `json:"order,omitempty" doc:"数据项的顺序或构成不同时，后一版本的各代码"`
}
