package wire

import "time"

// Import is a file handed in and what becomes of it.
type Import struct {
	ID        string        `json:"id" doc:"导入编号"`
	Name      string        `json:"name" doc:"文件名"`
	Size      int64         `json:"size" doc:"字节数"`
	SHA256    string        `json:"sha256,omitempty" doc:"文件的 SHA-256"`
	Format    string        `json:"format,omitempty" doc:"xlsx、csv、csv_zip（CSV 压缩包）"`
	State     string        `json:"state" enum:"uploading,waiting,checking,unmapped,checked,queued,committing,done,failed,cancelled" doc:"状态：unmapped 待指定列的对应，checked 预检完成待提交"`
	Mode      string        `json:"mode" enum:"file,resource" doc:"提交方式：整个文件或者按信息资源"`
	RowsDone  int           `json:"rows_done" doc:"当前阶段已处理：读取时为行，其后为信息资源"`
	RowsTotal int           `json:"rows_total" doc:"当前阶段共需处理；0 为尚不知道"`
	Counts    ImportCounts  `json:"counts" doc:"预检结果"`
	Sheets    []ImportSheet `json:"sheets" doc:"列与字段的对应"`
	Notes     []string      `json:"notes" doc:"提示：未导入的列、隐藏的工作表等"`
	Digest    string        `json:"digest,omitempty" doc:"预检结果的摘要；提交时原样给出"`
	Failure   string        `json:"failure,omitempty" doc:"失败的代码"`
	Message   string        `json:"message,omitempty" doc:"失败的说明"`
	Errors    bool          `json:"errors" doc:"有错误文件可下载"`
	CreatedAt time.Time     `json:"created_at" doc:"上传时间"`
	EndedAt   *time.Time    `json:"ended_at,omitempty" doc:"结束时间"`
}

// ImportCounts are the resources of a file by outcome.
type ImportCounts struct {
	New       int `json:"new" doc:"新增"`
	Changed   int `json:"changed" doc:"修改"`
	Unchanged int `json:"unchanged" doc:"不变"`
	Refused   int `json:"refused" doc:"未通过"`
	Items     int `json:"items" doc:"数据项"`
	Reasons   int `json:"reasons" doc:"有误的单元格"`
	Done      int `json:"done" doc:"已提交"`
}

// ImportSheet says what a sheet is.
type ImportSheet struct {
	Sheet   string         `json:"sheet" maxLength:"200" doc:"工作表"`
	Content string         `json:"content" enum:"resources,items,both,ignored" doc:"内容：信息资源、数据项、一行一个数据项并重复信息资源、不导入"`
	Heading int            `json:"heading,omitempty" doc:"表头所在的行"`
	Columns []ImportColumn `json:"columns" maxItems:"300" doc:"列"`
}

// ImportColumn says what a column is.
type ImportColumn struct {
	Column  string `json:"column" maxLength:"3" pattern:"^[A-Z]{1,3}$" doc:"列"`
	Heading string `json:"heading,omitempty" maxLength:"500" doc:"表头"`
	Field   string `json:"field" maxLength:"50" doc:"字段；空为不导入"`
}

// ImportList is a page of imports.
type ImportList struct {
	Items []Import `json:"items" doc:"导入，新的在前"`
	Next  string   `json:"next,omitempty" doc:"下一页的 after"`
}

// ImportMapping corrects what the columns are.
type ImportMapping struct {
	Sheets []ImportSheet `json:"sheets" maxItems:"50" doc:"要更正的工作表"`
}

// ImportField is a field that a column can be mapped to.
type ImportField struct {
	Field string `json:"field" doc:"字段"`
	Name  string `json:"name" doc:"名称"`
}

// ImportFields lists them.
type ImportFields struct {
	Items []ImportField `json:"items" doc:"字段"`
}

// ImportCommit asks for drafts of a dry run.
type ImportCommit struct {
	Digest string `json:"digest" maxLength:"64" doc:"所提交的预检结果的摘要"`
	Mode   string `json:"mode,omitempty" enum:"file,resource" default:"file" doc:"file：全部通过才提交，要么全部写入要么全不写入；resource：只提交通过的，每个信息资源连同其数据项为一体"`
}

// ImportRow is what would become of one resource.
type ImportRow struct {
	Seq      int                `json:"seq" doc:"序号"`
	Sheet    string             `json:"sheet" doc:"工作表"`
	Line     int                `json:"line" doc:"所在的行"`
	Outcome  string             `json:"outcome" enum:"new,changed,unchanged,refused" doc:"结果"`
	Done     bool               `json:"done" doc:"已提交"`
	Resource string             `json:"resource,omitempty" doc:"信息资源编号"`
	Code     string             `json:"code,omitempty" doc:"信息资源代码"`
	Name     string             `json:"name,omitempty" doc:"信息资源名称"`
	Items    int                `json:"items" doc:"文件中的数据项"`
	Fields   []string           `json:"fields" doc:"修改的字段"`
	Changes  []ImportItemChange `json:"changes" doc:"数据项的变化"`
	Reasons  []ImportReason     `json:"reasons" doc:"未通过的原因"`
	Hints    []string           `json:"hints" doc:"报送前还需补全的内容"`
}

// ImportItemChange is what would become of an item.
type ImportItemChange struct {
	Kind   string   `json:"kind" enum:"added,removed,changed,renamed" doc:"变化"`
	Code   string   `json:"code" doc:"数据项代码"`
	Name   string   `json:"name" doc:"数据项名称"`
	Fields []string `json:"fields" doc:"修改的字段"`
}

// ImportReason is what is wrong with a cell.
type ImportReason struct {
	Sheet   string `json:"sheet" doc:"工作表"`
	Line    int    `json:"line" doc:"行"`
	Column  string `json:"column,omitempty" doc:"列"`
	Field   string `json:"field,omitempty" doc:"字段"`
	Code    string `json:"code" doc:"代码"`
	Message string `json:"message" doc:"原因"`
	Basis   string `json:"basis,omitempty" doc:"依据"`
}

// ImportRowList is a page of rows.
type ImportRowList struct {
	Items []ImportRow `json:"items" doc:"按文件中的次序"`
	Next  int         `json:"next,omitempty" doc:"下一页的 after"`
}
