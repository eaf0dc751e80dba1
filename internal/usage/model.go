package usage

import (
	"context"
	"time"
)

// RetentionYears is how long a record is kept at least, counted from the last
// day of use or from filing, whichever is later (CN-29.2).
const RetentionYears = 3

// Way is how the data were obtained.
type Way string

// Medium is what the data were on.
type Medium string

// The ways and media (XN-18: 获取方式和介质类型).
var (
	Ways    = map[Way]string{"service_api": "服务接口", "batch_exchange": "批量交换", "file_download": "文件下载"}
	Mediums = map[Medium]string{"online": "在线使用不落地", "database": "数据库", "file": "电子文件", "removable": "移动介质", "paper": "纸质", "other": "其他"}
)

// Input is what a consumer files.
type Input struct {
	Scenario    string // 使用场景
	Process     string // 使用过程
	Effect      string // 应用成效
	Storage     string // 存储情况
	Destruction string // 销毁情况
	User        string // account of the user in the consumer's system, never a name
	Approver    string // account of who approved
	Content     string // what data: items and range, no values
	From        time.Time
	To          time.Time
	Way         Way
	Medium      Medium
	Corrects    string // an earlier record of the same grant; empty: none
}

// Record is a filed record.
type Record struct {
	Input
	ID          string
	Grant       string
	Consumer    string
	Provider    string
	FiledBy     string // person ID
	FiledAt     time.Time
	RetainUntil time.Time
}

// Month is how many calls the gateway let a grant make in a month.
type Month struct {
	Month string // YYYY-MM in Beijing time
	Calls int64
}

// Store is what this package needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	InsertUsage(ctx context.Context, r Record) error
	Usage(ctx context.Context, id string) (Record, error)
	// UsageOf lists the records of a grant, the newest first; after is the ID of
	// the last one seen.
	UsageOf(ctx context.Context, grant string, limit int, after string) ([]Record, error)
	// CallsByMonth sums the daily counters, the newest month first.
	CallsByMonth(ctx context.Context, grant string) ([]Month, error)
}
