package wire

import "time"

// WitnessStanding is how a witness stands to the ledger.
type WitnessStanding struct {
	Witness  string     `json:"witness" doc:"见证方的名称和公钥编号"`
	Size     uint64     `json:"size" doc:"其最近联署的检查点的规模；0 为尚未联署"`
	At       *time.Time `json:"at,omitempty" doc:"最近联署的时间"`
	Diverged string     `json:"diverged,omitempty" doc:"其所见与本日志矛盾之处；没有此项时从未矛盾"`
	Since    *time.Time `json:"since,omitempty" doc:"首次矛盾的时间"`
}

// WitnessList lists the witnesses.
type WitnessList struct {
	Items []WitnessStanding `json:"items" doc:"本日志的见证方"`
}

// AccessSearch asks who looked at a person's data.
type AccessSearch struct {
	Kind       string `json:"kind" doc:"标识的类别" enum:"resident_id,phone,person_name,bank_card,email,plate,address"`
	Identifier string `json:"identifier" doc:"个人标识；不保存，存证中只有其密钥摘要" maxLength:"200"`
	Basis      string `json:"basis" doc:"法律依据；永久存证，不得含有个人信息" maxLength:"500"`
	CaseNumber string `json:"case_number" doc:"案件编号；永久存证" maxLength:"100"`
	Below      uint64 `json:"below,omitempty" doc:"上一页的 next"`
	Limit      int    `json:"limit,omitempty" doc:"最多返回多少条，缺省 50" minimum:"0" maximum:"200"`
}

// PersonAccess is one call that asked about the person, or an earlier search.
type PersonAccess struct {
	Entry      string    `json:"entry" doc:"存证编号"`
	Index      uint64    `json:"index" doc:"在日志中的序号"`
	Kind       string    `json:"kind" doc:"类别：call 数据调用、refused_call 被拒绝的调用、batch 批次、access_search 以往的查询"`
	At         time.Time `json:"at" doc:"时间"`
	Consumer   string    `json:"consumer,omitempty" doc:"需求部门编号；以往的查询为查询的部门"`
	Provider   string    `json:"provider,omitempty" doc:"提供部门编号"`
	Grant      string    `json:"grant,omitempty" doc:"授权编号"`
	Resource   string    `json:"resource,omitempty" doc:"目录条目编号"`
	Purpose    string    `json:"purpose,omitempty" doc:"用途代码"`
	Endpoint   string    `json:"endpoint,omitempty" doc:"调用方式"`
	Status     int       `json:"status,omitempty" doc:"应答状态"`
	CaseNumber string    `json:"case_number,omitempty" doc:"以往查询的案件编号"`
}

// AccessSearchResult is a page of what was found.
type AccessSearchResult struct {
	Search   string         `json:"search" doc:"本次查询的存证编号"`
	Items    []PersonAccess `json:"items" doc:"最新的在前"`
	Searched uint64         `json:"searched" doc:"索引已读到的存证数"`
	Size     uint64         `json:"size" doc:"日志现有的存证数；大于 searched 时稍后再查可能更多"`
	Next     uint64         `json:"next,omitempty" doc:"下一页的 below；没有此项时为末页"`
}
