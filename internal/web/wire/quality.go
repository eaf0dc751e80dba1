package wire

import "time"

// QualityRule is a rule that the provider filed on one item.
type QualityRule struct {
	Kind    string   `json:"kind" maxLength:"32" doc:"规则类别：required 必填、pattern 正则、domain 值域、range 范围、unique 唯一、referential 参照、compare 项间关系" example:"domain"`
	Item    string   `json:"item" maxLength:"64" doc:"数据项代码"`
	Pattern string   `json:"pattern,omitempty" maxLength:"2000" doc:"正则表达式（RE2），须与整个值相符"`
	Values  []string `json:"values,omitempty" maxItems:"5000" doc:"值域；不得写个人信息"`
	Min     string   `json:"min,omitempty" maxLength:"64" doc:"下限：数值，日期型为 YYYY-MM-DD"`
	Max     string   `json:"max,omitempty" maxLength:"64" doc:"上限：数值，日期型为 YYYY-MM-DD"`
	// What a value refers to, or is compared with.
	Resource string `json:"resource,omitempty" maxLength:"64" doc:"参照的资源编号：本部门的，或者本部门已取得有效授权的物理汇聚资源"`
	Target   string `json:"target,omitempty" maxLength:"64" doc:"参照资源唯一的主键数据项代码"`
	Op       string `json:"op,omitempty" maxLength:"8" doc:"与 other 的关系：lt、le、eq、ne、ge、gt"`
	Other    string `json:"other,omitempty" maxLength:"64" doc:"同一行另一个数据项的代码"`
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
	// Of rules that look at something else as well.
	Other      string `json:"other,omitempty" doc:"参照的资源和数据项，或者相比较的数据项"`
	Unmeasured string `json:"unmeasured,omitempty" doc:"没有检查的原因：not_readable 为提供部门现在不能读取参照的资源"`
}

// QualityPoint is one run in the trend.
type QualityPoint struct {
	ID           string        `json:"id" doc:"检查编号，即其存证编号"`
	At           time.Time     `json:"at" doc:"检查时间"`
	EntryVersion int           `json:"entry_version" doc:"目录条目版本"`
	RulesVersion int           `json:"rules_version" doc:"规则版本"`
	Rows         int64         `json:"rows" doc:"行数"`
	Band         string        `json:"band" enum:"excellent,good,fair,poor" doc:"总分档次：优90、良75、中60、差"`
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
	Job    *QualityJob    `json:"job,omitempty" doc:"最近一次发起的检查及其进度"`
	Entry  *EntryQuality  `json:"entry,omitempty" doc:"目录条目本身的质量"`
}

// QualityJob is a measurement that was asked for.
type QualityJob struct {
	ID        string     `json:"id" doc:"编号"`
	State     string     `json:"state" enum:"queued,running,done,failed,cancelled" doc:"排队、进行中、完成、失败、已取消"`
	By        string     `json:"by,omitempty" doc:"发起人编号；只对提供部门和同级主管部门显示；自动检查没有"`
	QueuedAt  time.Time  `json:"queued_at" doc:"发起时间"`
	StartedAt *time.Time `json:"started_at,omitempty" doc:"开始时间"`
	EndedAt   *time.Time `json:"ended_at,omitempty" doc:"结束时间"`
	Read      int64      `json:"read" doc:"已读行数；为查重可能读多遍"`
	Total     int64      `json:"total" doc:"共要读的行数；0 为还不知道"`
	Stopping  bool       `json:"stopping" doc:"已要求停止"`
	Run       string     `json:"run,omitempty" doc:"检查结果的编号，即其存证编号"`
	Code      string     `json:"code,omitempty" doc:"失败的原因代码"`
	Message   string     `json:"message,omitempty" doc:"失败的原因"`
}

// EntryFinding is what an entry lacks: counts.
type EntryFinding struct {
	Kind    string `json:"kind" doc:"类别"`
	Text    string `json:"text" doc:"说明"`
	Failed  int    `json:"failed" doc:"有问题的个数"`
	Checked int    `json:"checked" doc:"看了多少个"`
}

// EntryQuality is how well a published entry is filled.
type EntryQuality struct {
	Version  int            `json:"version" doc:"目录条目版本"`
	Score    float64        `json:"score" doc:"得分，0至100"`
	At       time.Time      `json:"at" doc:"评分时间"`
	Findings []EntryFinding `json:"findings" doc:"不足之处"`
}

// DepartmentQuality sums up a department.
type DepartmentQuality struct {
	Department string  `json:"department" doc:"部门编号"`
	Entries    int     `json:"entries" doc:"已评分的目录条目数"`
	EntryMean  float64 `json:"entry_mean" doc:"目录条目平均得分"`
	Measured   int     `json:"measured" doc:"检查过数据质量的资源数"`
	DataMean   float64 `json:"data_mean" doc:"数据质量平均得分"`
	Poor       int     `json:"poor" doc:"其中不足60分的资源数"`
}

// DepartmentQualityList is a page of departments.
type DepartmentQualityList struct {
	Items []DepartmentQuality `json:"items" doc:"部门，按编号排列"`
	Next  string              `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}

// FindingCount is how many entries have a finding.
type FindingCount struct {
	Kind    string `json:"kind" doc:"类别"`
	Text    string `json:"text" doc:"说明"`
	Entries int    `json:"entries" doc:"有此问题的目录条目数"`
}

// ScoredEntry is an entry in the list of a department.
type ScoredEntry struct {
	Resource string         `json:"resource" doc:"资源编号"`
	Name     string         `json:"name" doc:"名称"`
	Score    float64        `json:"score" doc:"得分"`
	Findings []EntryFinding `json:"findings" doc:"不足之处"`
}

// DepartmentQualityReport is the quality of one department.
type DepartmentQualityReport struct {
	DepartmentQuality
	Findings []FindingCount `json:"findings" doc:"各类问题的目录条目数，多的在前"`
	Items    []ScoredEntry  `json:"items" doc:"目录条目，得分低的在前"`
	Next     string         `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}
