package wire

import "time"

// Condition narrows the rows of a grant.
type Condition struct {
	Item   string   `json:"item" doc:"数据项英文名"`
	Op     string   `json:"op" enum:"eq,in,prefix" doc:"比较方式：等于、属于、前缀"`
	Values []string `json:"values" doc:"比较的值"`
}

// Grant is an agreed application in force (授权).
type Grant struct {
	ID                 string      `json:"id" doc:"授权编号"`
	Case               string      `json:"case" doc:"共享申请的案件编号"`
	Resource           string      `json:"resource" doc:"资源编号"`
	ResourceVersion    int         `json:"resource_version" doc:"资源版本号"`
	Consumer           string      `json:"consumer" doc:"需求部门编号"`
	Provider           string      `json:"provider" doc:"提供部门编号"`
	Status             string      `json:"status" enum:"active,not_yet,expired,suspended,terminated" doc:"此刻的状态：有效、未生效、已到期、暂停、终止"`
	Systems            []string    `json:"systems" doc:"可以调用的系统编号"`
	Items              []string    `json:"items" doc:"可以请求的数据项"`
	Clear              []string    `json:"clear" doc:"其中不脱敏的数据项"`
	Rows               []Condition `json:"rows" doc:"行范围：全部条件都须满足"`
	Purpose            string      `json:"purpose" doc:"用途代码；调用时须注明"`
	MorePurposes       []string    `json:"more_purposes" doc:"后经提供部门同意增加的用途"`
	Scenario           string      `json:"scenario" doc:"使用场景"`
	Mode               string      `json:"mode" enum:"query,verify" doc:"方式：查询、核验（只答一致与否）"`
	Method             string      `json:"method" doc:"共享方式"`
	NotBefore          time.Time   `json:"not_before" doc:"生效时间"`
	NotAfter           time.Time   `json:"not_after" doc:"到期时间（不含）"`
	RatePerSecond      int         `json:"rate_per_second,omitempty" doc:"每秒调用上限；没有此项时用节点缺省值"`
	DailyCalls         int         `json:"daily_calls,omitempty" doc:"每日调用上限；没有此项时不限"`
	SuspendedConsumer  bool        `json:"suspended_consumer" doc:"需求部门已暂停"`
	SuspendedProvider  bool        `json:"suspended_provider" doc:"提供部门已暂停"`
	SuspendedAuthority bool        `json:"suspended_authority" doc:"主管部门已暂停"`
	TerminatedAt       *time.Time  `json:"terminated_at,omitempty" doc:"终止时间"`
	DeliveredAt        *time.Time  `json:"delivered_at,omitempty" doc:"首次成功使用的时间（视为提供）"`
	DisposedAt         *time.Time  `json:"disposed_at,omitempty" doc:"提供部门确认处置完毕的时间"`
	Version            int         `json:"version" doc:"修订号"`
	CreatedAt          time.Time   `json:"created_at" doc:"授权时间"`
}

// GrantList is one page of grants.
type GrantList struct {
	Items []Grant `json:"items" doc:"授权"`
	Next  string  `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}
