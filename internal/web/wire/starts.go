package wire

// StartParty is a department that the opener has to name: the others follow
// from the own department or from the subject.
type StartParty struct {
	Party string `json:"party" doc:"当事方" example:"department"`
	Label string `json:"label" doc:"当事方名称" example:"被检查部门"`
}

// Start is one way in which the signed-in person may begin a case.
type Start struct {
	Procedure     string       `json:"procedure" doc:"流程" example:"incident"`
	ProcedureName string       `json:"procedure_name" doc:"流程名称"`
	Clause        string       `json:"clause" doc:"流程的依据条款编号"`
	Article       string       `json:"article" doc:"流程的依据条文"`
	Instrument    string       `json:"instrument" doc:"规定此流程的法规、规章或者办法"`
	Chapter       string       `json:"chapter,omitempty" doc:"依据条款所在的章" example:"第六章 保障措施"`
	Who           []string     `json:"who" doc:"谁可以发起"`
	Subject       string       `json:"subject" enum:"none,resource,own_resource,version,grant,case,case_or_grant,project,element,domain,liability,sealed" doc:"标的：没有、目录条目、本部门的目录条目、目录版本、授权、办件、办件或者授权、项目办件、标准数据元、基础库领域或者主题、责任条款；sealed 为须经 /api/v1/corrections 密封立案"`
	SubjectLabel  string       `json:"subject_label,omitempty" doc:"标的的名称"`
	Title         string       `json:"title" enum:"none,optional,required" doc:"标题：由系统写明、可以填写、必须填写"`
	Parties       []StartParty `json:"parties" doc:"须由发起人指明的部门"`
	Action        Action       `json:"action" doc:"起始动作和表单"`
}

// StartList is everything that the signed-in person may begin.
type StartList struct {
	Items []Start `json:"items" doc:"可以发起的办理事项，按法规和条款排列"`
}
