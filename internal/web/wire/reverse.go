package wire

import "time"

// NewReverseSource registers a database. What it holds is sealed and never told
// again, but for name and engine.
type NewReverseSource struct {
	Name     string   `json:"name" maxLength:"200" doc:"数据源名称，不写地址" example:"社会组织登记库"`
	Engine   string   `json:"engine" maxLength:"32" doc:"数据库类型：postgres、mysql（含 MariaDB）、sqlite"`
	Host     string   `json:"host,omitempty" maxLength:"253" doc:"主机；须在本节点核准的网段内"`
	Port     int      `json:"port,omitempty" doc:"端口；缺省 5432、3306"`
	Database string   `json:"database,omitempty" maxLength:"256" doc:"数据库"`
	User     string   `json:"user,omitempty" maxLength:"256" doc:"用户名；宜为只读账号"`
	Password string   `json:"password,omitempty" maxLength:"256" doc:"口令；加密保存，不再给出"`
	TLS      string   `json:"tls,omitempty" maxLength:"16" doc:"加密：verify（缺省）验证证书，require 只加密，disable 不加密"`
	File     string   `json:"file,omitempty" maxLength:"1000" doc:"SQLite 文件在指定目录下的相对路径"`
	Schemas  []string `json:"schemas,omitempty" maxItems:"100" doc:"PostgreSQL 的模式；缺省为全部非系统模式"`
}

// ReverseSource is a registered database, without its connection.
type ReverseSource struct {
	ID        string    `json:"id" doc:"数据源编号"`
	Name      string    `json:"name" doc:"数据源名称"`
	Engine    string    `json:"engine" enum:"postgres,mysql,sqlite" doc:"数据库类型"`
	CreatedAt time.Time `json:"created_at" doc:"登记时间"`
}

// ReverseSourceList is those of a department.
type ReverseSourceList struct {
	Items []ReverseSource `json:"items" doc:"数据源"`
}

// ReverseTested is the answer of a source that can be reached.
type ReverseTested struct {
	Version string `json:"version" doc:"数据库服务的版本"`
}

// NewReverseRun asks for a reading.
type NewReverseRun struct {
	Sample bool `json:"sample,omitempty" doc:"抽样查看每个表最多100行，只在内存中用于识别个人信息，不保存；由系统对接人员决定"`
}

// ReverseRun is one reading of a source.
type ReverseRun struct {
	ID      string         `json:"id" doc:"读取编号"`
	Source  string         `json:"source" doc:"数据源编号"`
	State   string         `json:"state" enum:"waiting,running,done,failed" doc:"状态：等待、进行中、已完成、失败"`
	Sample  bool           `json:"sample" doc:"是否抽样"`
	AskedAt time.Time      `json:"asked_at" doc:"提出时间"`
	EndedAt *time.Time     `json:"ended_at,omitempty" doc:"结束时间"`
	Failure string         `json:"failure,omitempty" doc:"失败原因代码"`
	Message string         `json:"message,omitempty" doc:"失败原因"`
	Digest  string         `json:"digest,omitempty" doc:"库结构的 SHA-256；相同即没有变化"`
	Count   int            `json:"count" doc:"表和视图数"`
	Tables  []ReverseTable `json:"tables,omitempty" doc:"库结构；只在查询单次读取时给出"`
}

// ReverseRunList is the runs of a source.
type ReverseRunList struct {
	Items []ReverseRun `json:"items" doc:"读取记录，最新的在前"`
}

// ReverseTable is a table or view as read.
type ReverseTable struct {
	Key       string          `json:"key" doc:"表：模式.表名"`
	View      bool            `json:"view,omitempty" doc:"是否视图"`
	Comment   string          `json:"comment,omitempty" doc:"注释"`
	Rows      *int64          `json:"rows,omitempty" doc:"大约行数；不知道时没有此项"`
	ChangedAt *time.Time      `json:"changed_at,omitempty" doc:"最近变动时间；不知道时没有此项"`
	Refused   string          `json:"refused,omitempty" enum:"secret,too_many_columns" doc:"不予编目的原因：标有密级、列数过多"`
	Columns   []ReverseColumn `json:"columns" doc:"列"`
}

// ReverseColumn is a column as read.
type ReverseColumn struct {
	Name       string `json:"name" doc:"列名"`
	Native     string `json:"native" doc:"数据库中的类型"`
	Type       string `json:"type" enum:"C,N,Y,D,T,L,M,G,B,I,F" doc:"数据类型（编制指南代号）"`
	Length     int    `json:"length,omitempty" doc:"长度"`
	Decimals   int    `json:"decimals,omitempty" doc:"小数位"`
	Nullable   bool   `json:"nullable" doc:"是否可空"`
	Key        int    `json:"key,omitempty" doc:"在主键中的次序，自1起"`
	Comment    string `json:"comment,omitempty" doc:"注释"`
	References string `json:"references,omitempty" doc:"外键引用的列"`
	Holds      string `json:"holds,omitempty" doc:"抽样像是何种个人信息"`
}

// ReverseProposal is an entry proposed for a table.
type ReverseProposal struct {
	Table    string         `json:"table" doc:"表"`
	View     bool           `json:"view,omitempty" doc:"是否视图"`
	Rows     *int64         `json:"rows,omitempty" doc:"大约行数"`
	Selected bool           `json:"selected" doc:"是否建议编目"`
	Reason   string         `json:"reason,omitempty" doc:"不建议编目的原因"`
	Refused  string         `json:"refused,omitempty" enum:"secret,too_many_columns" doc:"不予编目的原因代码"`
	Resource string         `json:"resource,omitempty" doc:"已由该表编制的资源编号"`
	Entry    *Entry         `json:"entry,omitempty" doc:"建议的目录内容，由人补全"`
	Missing  []ReverseField `json:"missing" doc:"报送前还须补全或者更正的内容"`
	Notes    []string       `json:"notes" doc:"说明"`
}

// ReverseField is something that an entry lacks.
type ReverseField struct {
	Field   string `json:"field" doc:"字段"`
	Code    string `json:"code" doc:"代码"`
	Message string `json:"message" doc:"说明"`
	Basis   string `json:"basis,omitempty" doc:"依据条款"`
}

// ReverseProposalList is a page of proposals.
type ReverseProposalList struct {
	Items []ReverseProposal `json:"items" doc:"建议"`
	Next  string            `json:"next,omitempty" doc:"下一页的起点；没有下一页时没有此项"`
}

// ReverseDraft is an entry to be made of a table.
type ReverseDraft struct {
	Table string `json:"table" maxLength:"300" doc:"表"`
	Entry Entry  `json:"entry" doc:"目录内容"`
}

// NewReverseDrafts asks for drafts.
type NewReverseDrafts struct {
	All    bool           `json:"all,omitempty" doc:"全部编成或者一个也不编；缺省为逐表办理"`
	Drafts []ReverseDraft `json:"drafts" minItems:"1" maxItems:"200" doc:"要编制的目录条目"`
}

// ReverseOutcome is what became of a draft.
type ReverseOutcome struct {
	Table    string         `json:"table" doc:"表"`
	Resource *Resource      `json:"resource,omitempty" doc:"编成的资源"`
	Code     string         `json:"code,omitempty" doc:"未能编制的原因代码"`
	Message  string         `json:"message,omitempty" doc:"未能编制的原因"`
	Basis    string         `json:"basis,omitempty" doc:"依据条款"`
	Errors   []ReverseField `json:"errors,omitempty" doc:"有误的字段"`
}

// ReverseOutcomes is what became of all.
type ReverseOutcomes struct {
	Created int              `json:"created" doc:"编成几个草稿"`
	Items   []ReverseOutcome `json:"items" doc:"各表的结果"`
}

// ReverseChange is what happened to a table.
type ReverseChange struct {
	Table    string                `json:"table" doc:"表"`
	Kind     string                `json:"kind" enum:"added,removed,changed" doc:"新增、删除、变动"`
	Aspects  []string              `json:"aspects" doc:"表本身的变动：comment、view、refused"`
	Columns  []ReverseColumnChange `json:"columns" doc:"列的变动"`
	Affected []ReverseAffected     `json:"affected" doc:"涉及的目录条目"`
}

// ReverseColumnChange is what happened to a column.
type ReverseColumnChange struct {
	Column  string   `json:"column" doc:"列"`
	Kind    string   `json:"kind" enum:"added,removed,changed" doc:"新增、删除、变动"`
	Aspects []string `json:"aspects" doc:"变动的方面：type、nullable、key、comment、domain、references"`
}

// ReverseAffected is an entry that a change concerns.
type ReverseAffected struct {
	Resource string `json:"resource" doc:"资源编号"`
	Code     string `json:"code" doc:"信息资源代码"`
	Name     string `json:"name" doc:"目录名称"`
	Propose  string `json:"propose" enum:"catalog_update,edit_draft" doc:"建议：立案更新目录（CN-17），或者修改草稿"`
}

// ReverseChanges compares two runs.
type ReverseChanges struct {
	From  ReverseRun      `json:"from" doc:"较早的读取"`
	To    ReverseRun      `json:"to" doc:"较近的读取"`
	Items []ReverseChange `json:"items" doc:"变动；没有变动时为空"`
}
