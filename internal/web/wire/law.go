package wire

// Procedures is the law in force as the platform runs it.
type Procedures struct {
	Region     string      `json:"region" doc:"适用的区划代码"`
	Procedures []Procedure `json:"procedures" doc:"流程"`
	Terms      []Term      `json:"terms" doc:"法定期限"`
	Clauses    []Clause    `json:"clauses" doc:"条款"`
}

// Procedure is one statutory procedure.
type Procedure struct {
	ID      string            `json:"id" doc:"流程" example:"application"`
	Name    string            `json:"name" doc:"名称"`
	Clause  string            `json:"clause" doc:"依据条款编号"`
	Parties map[string]string `json:"parties" doc:"当事方到名称"`
	Stages  []Stage           `json:"stages" doc:"阶段"`
	Actions []LawAction       `json:"actions" doc:"动作"`
}

// Stage is where a case of the procedure may stand.
type Stage struct {
	ID    string   `json:"id" doc:"阶段"`
	Name  string   `json:"name" doc:"名称"`
	Turn  []string `json:"turn" doc:"轮到谁办理"`
	Final bool     `json:"final" doc:"是否为办结"`
}

// LawAction is one legal step of a procedure, with the form it asks for.
type LawAction struct {
	ID     string      `json:"id" doc:"动作"`
	Name   string      `json:"name" doc:"名称"`
	Clause string      `json:"clause,omitempty" doc:"依据条款编号"`
	Opens  bool        `json:"opens" doc:"是否为起始动作"`
	From   []string    `json:"from" doc:"可以在哪些阶段办理"`
	To     string      `json:"to,omitempty" doc:"办理后的阶段；没有此项时不变"`
	By     []string    `json:"by" doc:"谁可以办理"`
	Fields []FormField `json:"fields" doc:"表单"`
}

// Term is a statutory period.
type Term struct {
	ID        string `json:"id" doc:"期限"`
	Name      string `json:"name" doc:"名称"`
	Clause    string `json:"clause" doc:"依据条款编号"`
	Length    int    `json:"length" doc:"长度"`
	Unit      string `json:"unit" enum:"working_day,calendar_day,month,year" doc:"单位"`
	From      string `json:"from,omitempty" doc:"起算事件"`
	Extension int    `json:"extension,omitempty" doc:"至多可延长多少；没有此项时不得延长"`
}

// Clause is one clause with a gist in our own words.
type Clause struct {
	ID      string `json:"id" doc:"条款编号" example:"CN-21.1"`
	Article string `json:"article" doc:"条文" example:"第二十一条第一款"`
	Gist    string `json:"gist" doc:"要旨"`
}
