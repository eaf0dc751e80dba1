package wire

import "time"

// CallRecord is one call as the ledger has it, as one side sees it.
type CallRecord struct {
	Receipt    string    `json:"receipt" doc:"存证编号，即应答头 Shuqiao-Receipt"`
	Index      uint64    `json:"index" doc:"在存证日志中的序号"`
	Time       time.Time `json:"time" doc:"调用到达的时间"`
	Endpoint   string    `json:"endpoint" doc:"rows 查询，verify 核验，token 换取令牌"`
	Grant      string    `json:"grant,omitempty" doc:"授权编号"`
	Resource   string    `json:"resource,omitempty" doc:"目录条目编号"`
	Consumer   string    `json:"consumer,omitempty" doc:"需求部门编号"`
	Provider   string    `json:"provider,omitempty" doc:"提供部门编号"`
	System     string    `json:"system,omitempty" doc:"调用的系统编号"`
	Auth       string    `json:"auth,omitempty" doc:"认证方式；仅需求部门可见"`
	Purpose    string    `json:"purpose,omitempty" doc:"使用目的"`
	Operator   string    `json:"operator,omitempty" doc:"操作人员的摘要；仅需求部门可见，可用“计算摘要”核对"`
	CaseNumber string    `json:"case_number,omitempty" doc:"业务流水号的摘要；仅需求部门可见"`
	Rows       int       `json:"rows" doc:"给出的行数"`
	Dropped    int       `json:"dropped,omitempty" doc:"提供部门的系统多给、平台未予转交的行数"`
	Status     int       `json:"status" doc:"应答的 HTTP 状态码"`
	Code       string    `json:"code,omitempty" doc:"被拒绝或者失败的代码"`
	Basis      string    `json:"basis,omitempty" doc:"拒绝所依据的条款"`
	SHA256     string    `json:"response_sha256,omitempty" doc:"应答正文的 SHA-256 摘要；仅需求部门可见"`
	Bytes      int       `json:"bytes" doc:"应答正文的字节数"`
	DurationUS int64     `json:"duration_us" doc:"处理时间（微秒）"`
}

// CallRecordList is one page of a call log, the newest first.
type CallRecordList struct {
	Items  []CallRecord `json:"items" doc:"调用"`
	Next   string       `json:"next,omitempty" doc:"下一页的 after；没有此项即已到末尾"`
	Behind uint64       `json:"behind" doc:"存证日志中尚未列入的条数；通常为 0"`
}

// DigestQuestion asks for the digests of the department's own operators and
// case numbers.
type DigestQuestion struct {
	Operators   []string `json:"operators,omitempty" maxItems:"200" doc:"操作人员账号，与调用时 Shuqiao-Operator 的写法相同"`
	CaseNumbers []string `json:"case_numbers,omitempty" maxItems:"200" doc:"业务流水号，与调用时 Shuqiao-Case 的写法相同"`
}

// DigestAnswer has them in the order asked.
type DigestAnswer struct {
	Operators   []string `json:"operators" doc:"操作人员的摘要，次序与请求相同"`
	CaseNumbers []string `json:"case_numbers" doc:"业务流水号的摘要，次序与请求相同"`
}

// Reconciliation is the comparison of a side's own log with the ledger.
type Reconciliation struct {
	ID            string         `json:"id" doc:"编号；完成后存证凭此查询"`
	Side          string         `json:"side" doc:"consumer 需求部门，provider 提供部门"`
	Grant         string         `json:"grant,omitempty" doc:"授权编号；没有此项即不限"`
	Resource      string         `json:"resource,omitempty" doc:"目录条目编号；没有此项即不限"`
	From          time.Time      `json:"from" doc:"时段开始"`
	To            time.Time      `json:"to" doc:"时段结束（不含）"`
	Refused       bool           `json:"refused" doc:"被拒绝的调用也应在本部门记录中"`
	Tolerance     int            `json:"tolerance_seconds" doc:"容许的时间误差（秒）"`
	State         string         `json:"state" enum:"comparing,done" doc:"comparing 正在比对，done 已完成"`
	Lines         int            `json:"lines" doc:"本部门记录的条数，同一存证编号计一条"`
	SHA256        string         `json:"log_sha256" doc:"上传文件的 SHA-256 摘要"`
	Matched       int            `json:"matched" doc:"一致的条数"`
	Counts        map[string]int `json:"mismatches" doc:"各类差异的条数：missing_there 本部门记录缺少，missing_here 平台存证没有，repeated 重复，digest_differs 应答摘要不一致，count_differs 行数不一致，grant_differs 授权不一致，time_differs 时间不一致"`
	CreatedBy     string         `json:"created_by" doc:"上传人（人员编号）"`
	CreatedAt     time.Time      `json:"created_at" doc:"上传时间"`
	FinishedAt    *time.Time     `json:"finished_at,omitempty" doc:"完成时间"`
	Case          string         `json:"case,omitempty" doc:"据以立案的案件编号"`
	CaseProcedure string         `json:"case_procedure,omitempty" doc:"案件的流程"`
}

// ReconciliationList is one page of reconciliations, the newest first.
type ReconciliationList struct {
	Items []Reconciliation `json:"items" doc:"对账"`
	Next  string           `json:"next,omitempty" doc:"下一页的 after；没有此项即已到末尾"`
}

// ReconciliationReport turns what was found into a case.
type ReconciliationReport struct {
	Clause      string `json:"clause,omitempty" maxLength:"20" doc:"报告对方违反的条款，如 CN-40.2；不填即作为本部门的安全事件上报"`
	Description string `json:"description" maxLength:"1000" doc:"情况说明；作为安全事件上报的，写已采取的应急措施"`
	Gravity     string `json:"gravity,omitempty" enum:"general,serious,grave,extreme" doc:"安全事件的等级"`
}
