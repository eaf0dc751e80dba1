package wire

import "time"

// RiskSignal is what a monitoring rule saw.
type RiskSignal struct {
	ID        string         `json:"id" doc:"编号，即其存证编号"`
	Kind      string         `json:"kind" doc:"类别" enum:"volume,off_hours,sequential,misses,refused,new_address"`
	Name      string         `json:"name" doc:"监测规则的名称"`
	Clause    string         `json:"clause" doc:"依据条款编号"`
	Grant     string         `json:"grant,omitempty" doc:"授权编号；没有此项时针对系统"`
	System    string         `json:"system" doc:"信息系统编号"`
	Resource  string         `json:"resource,omitempty" doc:"目录条目编号"`
	Consumer  string         `json:"consumer" doc:"需求部门编号"`
	Provider  string         `json:"provider,omitempty" doc:"提供部门编号"`
	Facts     map[string]any `json:"facts" doc:"监测到的事实：次数、百分比、网段，没有查询内容"`
	At        time.Time      `json:"at" doc:"时间"`
	Measure   string         `json:"measure" doc:"已采取的措施：signal 只提示、slow 限速、pause 暂停、cut_off 停止" enum:"signal,slow,pause,cut_off"`
	Cutoff    string         `json:"cutoff,omitempty" doc:"措施编号"`
	State     string         `json:"state" doc:"状态：open 待判断、confirmed 属实、dismissed 误报" enum:"open,confirmed,dismissed"`
	DecidedBy string         `json:"decided_by,omitempty" doc:"判断人编号"`
	DecidedAt *time.Time     `json:"decided_at,omitempty" doc:"判断时间"`
	Reason    string         `json:"reason,omitempty" doc:"判断理由"`
	Case      string         `json:"case,omitempty" doc:"由此立件的案件编号"`
}

// RiskSignalList is a page of signals.
type RiskSignalList struct {
	Items []RiskSignal `json:"items" doc:"最新的在前"`
	Next  string       `json:"next,omitempty" doc:"下一页的 after；没有此项时为末页"`
}

// DecideSignal confirms or dismisses a signal.
type DecideSignal struct {
	Decision string `json:"decision" doc:"confirm 属实、dismiss 误报（同时恢复由其引起的措施）" enum:"confirm,dismiss"`
	Reason   string `json:"reason,omitempty" maxLength:"2000" doc:"理由；误报时必填；不得写个人信息"`
}

// SignalIncident turns a signal into an incident case.
type SignalIncident struct {
	Gravity  string `json:"gravity" doc:"事件等级：general 一般、serious 较大、grave 重大、extreme 特别重大" enum:"general,serious,grave,extreme"`
	Measures string `json:"measures" minLength:"1" maxLength:"2000" doc:"已采取的应急措施；不得写个人信息"`
}

// SignalReport turns a signal into a violation report.
type SignalReport struct {
	Description string `json:"description,omitempty" maxLength:"2000" doc:"补充说明；监测到的事实已自动写入"`
}

// OpenedCase names a case that was opened.
type OpenedCase struct {
	ID     string `json:"id" doc:"案件编号"`
	Number string `json:"number" doc:"文号"`
	Stage  string `json:"stage" doc:"所处阶段"`
}

// Cutoff is something slowed, paused or cut off.
type Cutoff struct {
	ID         string     `json:"id" doc:"编号，即其存证编号"`
	Target     string     `json:"target" doc:"对象：all 全部服务、system 系统、consumer 需求部门、provider 提供部门、resource 目录条目、grant 授权" enum:"all,system,consumer,provider,resource,grant"`
	TargetID   string     `json:"target_id,omitempty" doc:"对象编号"`
	Measure    string     `json:"measure" doc:"措施" enum:"slow,pause,cut_off"`
	Rate       int        `json:"rate,omitempty" doc:"限速：每个副本每秒的次数"`
	Side       string     `json:"side" doc:"决定方：self 对象所属部门、authority 主管部门、platform 监测规则、operator 运维人员" enum:"self,authority,platform,operator"`
	Department string     `json:"department,omitempty" doc:"决定的部门编号"`
	Person     string     `json:"person,omitempty" doc:"决定人编号"`
	Signal     string     `json:"signal,omitempty" doc:"引起它的监测信号编号"`
	Clause     string     `json:"clause" doc:"依据条款编号"`
	Reason     string     `json:"reason" doc:"理由"`
	At         time.Time  `json:"at" doc:"时间"`
	Until      *time.Time `json:"until,omitempty" doc:"自动结束的时间；没有此项时直到恢复"`
	InForce    bool       `json:"in_force" doc:"现在是否有效"`
	LiftedAt   *time.Time `json:"lifted_at,omitempty" doc:"恢复时间"`
	LiftedBy   string     `json:"lifted_by,omitempty" doc:"恢复人编号"`
	LiftReason string     `json:"lift_reason,omitempty" doc:"恢复的理由"`
}

// CutoffList is a page of cut-offs.
type CutoffList struct {
	Items []Cutoff `json:"items" doc:"最新的在前"`
	Next  string   `json:"next,omitempty" doc:"下一页的 after；没有此项时为末页"`
}

// ImposeCutoff cuts off in an emergency.
type ImposeCutoff struct {
	Target   string `json:"target" doc:"对象" enum:"all,system,consumer,provider,resource,grant"`
	TargetID string `json:"target_id,omitempty" maxLength:"64" doc:"对象编号；停止全部服务时不写"`
	Reason   string `json:"reason" maxLength:"2000" doc:"理由；不得写个人信息"`
	Minutes  int    `json:"minutes,omitempty" minimum:"0" maximum:"44640" doc:"多少分钟后自动结束；0 为直到恢复"`
}

// LiftCutoff lifts a cut-off.
type LiftCutoff struct {
	Reason string `json:"reason" maxLength:"2000" doc:"理由；不得写个人信息"`
}

// GrantMonitoring are the monitoring figures of a grant.
type GrantMonitoring struct {
	Hours       []MonitoredHour `json:"hours" doc:"最近七天有调用的各小时"`
	Expected    *int            `json:"expected,omitempty" doc:"本小时按以往应有的调用次数；历史不足时没有此项"`
	InForce     []Cutoff        `json:"in_force" doc:"对此授权有效的措施"`
	OpenSignals int             `json:"open_signals" doc:"待判断的信号数"`
}

// MonitoredHour is what a grant did in an hour.
type MonitoredHour struct {
	Start   time.Time `json:"start" doc:"小时的开始"`
	Calls   int       `json:"calls" doc:"调用次数，含被拒绝的"`
	Refused int       `json:"refused" doc:"被拒绝的次数"`
	Keys    int       `json:"keys" doc:"查询的键数"`
	Misses  int       `json:"misses" doc:"其中查无结果的"`
}
