package wire

// Problem is an RFC 9457 problem document. Package problem writes it; this is
// its shape for readers.
type Problem struct {
	_        struct{}       `additionalProperties:"true"`
	Type     string         `json:"type" doc:"urn:shuqiao:problem: 加 code"`
	Title    string         `json:"title" doc:"类别（中文）"`
	Status   int            `json:"status" doc:"HTTP 状态码"`
	Detail   string         `json:"detail" doc:"说明（中文）"`
	Code     string         `json:"code" doc:"稳定的英文代码" example:"input_invalid"`
	Basis    string         `json:"basis,omitempty" doc:"依据条款编号" example:"CN-21.2"`
	Errors   []ProblemField `json:"errors,omitempty" doc:"全部有误的字段"`
	Facts    map[string]any `json:"facts,omitempty" doc:"有助于调用方的事实，如当前阶段"`
	Incident string         `json:"incident,omitempty" doc:"内部错误的事件编号，日志凭此查找"`
}

// ProblemField is one fault of one field.
type ProblemField struct {
	Field   string `json:"field" doc:"字段路径" example:"items[2].level"`
	Code    string `json:"code" doc:"稳定的英文代码" example:"required"`
	Message string `json:"message" doc:"说明（中文）"`
	Basis   string `json:"basis,omitempty" doc:"依据条款编号"`
}
