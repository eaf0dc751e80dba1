package wire

import "time"

// QualityRule is a rule that the provider filed on one item.
type QualityRule struct {
	Kind    string   `json:"kind" maxLength:"32" doc:"规则类别：required 必填、pattern 正则、domain 值域、range 范围、unique 唯一" example:"domain"`
	Item    string   `json:"item" maxLength:"64" doc:"数据项代码"`
	Pattern string   `json:"pattern,omitempty" maxLength:"2000" doc:"正则表达式（RE2），须与整个值相符"`
	Values  []string `json:"values,omitempty" maxItems:"5000" doc:"值域；不得写个人信息"`
	Min     string   `json:"min,omitempty" maxLength:"64" doc:"下限：数值，日期型为 YYYY-MM-DD"`
	Max     string   `json:"max,omitempty" maxLength:"64" doc:"上限：数值，日期型为 YYYY-MM-DD"`
}

// FileQualityRules replaces the filed rules.
type FileQualityRules struct {
	Version int           `json:"version" minimum:"0" doc:"已读的规则版本；尚未填报时为 0"`
	Rules   []QualityRule `json:"rules" maxItems:"1000" doc:"全部规则，取代原有的规则"`
}

// QualityRules is a version of the filed rules.
type QualityRules struct {
	Version int           `json:"version" doc:"规则版本；0 为尚未填报"`
	Rules   []QualityRule `json:"rules" doc:"提供部门填报的规则"`
	FiledAt *time.Time    `json:"filed_at,omitempty" doc:"填报时间"`
	FiledBy string        `json:"filed_by,omitempty" doc:"填报人编号；只对提供部门和同级主管部门显示"`
}

// QualityScores are scores from 0 to 100. A dimension that was not measured is
// not there.
type QualityScores struct {
	Total        float64  `json:"total" doc:"总分：完整性30、规范性30、唯一性15、一致性15、及时性10，未检查的方面不计入"`
	Completeness *float64 `json:"completeness,omitempty" doc:"完整性"`
	Validity     *float64 `json:"validity,omitempty" doc:"规范性"`
	Uniqueness   *float64 `json:"uniqueness,omitempty" doc:"唯一性"`
	Consistency  *float64 `json:"consistency,omitempty" doc:"一致性"`
	Timeliness   *float64 `json:"timeliness,omitempty" doc:"及时性"`
}

// QualityOutcome is what one rule found: counts, no values.
type QualityOutcome struct {
	Dimension string `json:"dimension" doc:"所属方面"`
	Kind      string `json:"kind" doc:"规则类别"`
	Item      string `json:"item,omitempty" doc:"数据项代码；多个以逗号分隔"`
	Filed     bool   `json:"filed" doc:"是否为提供部门填报的规则；否则由目录条目得出"`
	Checked   int64  `json:"checked" doc:"检查了多少个值"`
	Failed    int64  `json:"failed" doc:"其中多少个不符合"`
}

// QualityPoint is one run in the trend.
type QualityPoint struct {
	ID           string        `json:"id" doc:"检查编号，即其存证编号"`
	At           time.Time     `json:"at" doc:"检查时间"`
	EntryVersion int           `json:"entry_version" doc:"目录条目版本"`
	RulesVersion int           `json:"rules_version" doc:"规则版本"`
	Rows         int64         `json:"rows" doc:"行数"`
	Scores       QualityScores `json:"scores" doc:"得分"`
}

// QualityRun is one run in full.
type QualityRun struct {
	QualityPoint
	By       string           `json:"by,omitempty" doc:"检查人编号；只对提供部门和同级主管部门显示"`
	LoadedAt *time.Time       `json:"loaded_at,omitempty" doc:"最近一次装载数据的时间"`
	Outcomes []QualityOutcome `json:"outcomes" doc:"各条规则的结果"`
}

// Quality is the quality of a resource.
type Quality struct {
	Rules  QualityRules   `json:"rules" doc:"提供部门填报的规则"`
	Latest *QualityRun    `json:"latest,omitempty" doc:"最近一次检查；尚未检查时没有此项"`
	Trend  []QualityPoint `json:"trend" doc:"最近30次检查，最新的在前"`
}
