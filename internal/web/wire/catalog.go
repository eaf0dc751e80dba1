package wire

import "time"

// Item is one data item (数据项).
type Item struct {
	Code        string `json:"code" doc:"英文名（列名）" example:"region_code"`
	Name        string `json:"name,omitempty" doc:"中文名" example:"区划代码"`
	Type        string `json:"type,omitempty" enum:"C,N,Y,D,T,L,M,G,B,I,F" doc:"数据类型（编制指南代号）"`
	Length      int    `json:"length,omitempty" minimum:"0" doc:"长度"`
	Format      string `json:"format,omitempty" doc:"数据格式" example:"YYYY-MM-DD"`
	Description string `json:"description,omitempty" doc:"说明"`
	Element     string `json:"element,omitempty" doc:"标准数据元代码"`
	Key         bool   `json:"key,omitempty" doc:"是否主键"`
	Nullable    bool   `json:"nullable,omitempty" doc:"是否可空"`
	Level       string `json:"level,omitempty" enum:"general_1,general_2,general_3,general_4,important,core" doc:"数据分类分级"`
	Sensitivity string `json:"sensitivity,omitempty" enum:"person_name,resident_id,phone,address,bank_card,email,plate,other_personal" doc:"个人信息类别；不含个人信息时没有此项"`
	Masked      bool   `json:"masked,omitempty" doc:"是否默认脱敏"`

	Authoritative bool `json:"authoritative,omitempty" doc:"是否标准数据元的权威来源；只有数源部门可以标明（CN-19.2）"`

	EnglishName string      `json:"english_name,omitempty" maxLength:"100" doc:"英文名称"`
	Decimals    int         `json:"decimals,omitempty" minimum:"0" maximum:"15" doc:"小数位数；只用于数值型、货币型，不超过长度"`
	Domain      *Domain     `json:"domain,omitempty" doc:"值域；没有此项时为该类型的任何值"`
	Attribute   string      `json:"attribute,omitempty" enum:"unconditional,conditional,withheld" doc:"数据项的共享属性；不得比目录条目更开放，缺省与目录条目相同"`
	ElementNote string      `json:"element_note,omitempty" maxLength:"500" doc:"与所引标准数据元的类型或长度不一致的说明"`
	LevelBasis  *LevelBasis `json:"level_basis,omitempty" doc:"定级依据；只对提供部门和同级主管部门显示"`
}

// Domain is the value domain of an item (值域).
type Domain struct {
	Values  []CodeValue `json:"values,omitempty" maxItems:"2000" doc:"枚举：可以出现的代码"`
	Min     string      `json:"min,omitempty" maxLength:"64" doc:"下限：数值，日期型为 YYYY-MM-DD"`
	Max     string      `json:"max,omitempty" maxLength:"64" doc:"上限：数值，日期型为 YYYY-MM-DD"`
	Pattern string      `json:"pattern,omitempty" maxLength:"500" doc:"正则表达式（RE2），须与整个值相符"`
	Scheme  string      `json:"scheme,omitempty" maxLength:"100" doc:"所依据的代码标准" example:"GB/T 2261.1"`
}

// CodeValue is one code of a value domain.
type CodeValue struct {
	Code string `json:"code" doc:"代码"`
	Name string `json:"name,omitempty" doc:"含义"`
}

// LevelBasis is what the level of an item rests on. The platform writes all of
// it but the reason.
type LevelBasis struct {
	Rule        string     `json:"rule,omitempty" doc:"提出建议的规则；由平台填写"`
	Proposed    string     `json:"proposed,omitempty" doc:"规则建议的级别；由平台填写"`
	Sensitivity string     `json:"sensitivity,omitempty" doc:"规则建议的个人信息类别；由平台填写"`
	Reason      string     `json:"reason,omitempty" maxLength:"500" doc:"低于建议的理由"`
	By          string     `json:"by,omitempty" doc:"确认人（人员编号）；由平台填写"`
	At          *time.Time `json:"at,omitempty" doc:"确认时间；由平台填写"`
}

// Upstream is the provider's service behind a linked resource.
type Upstream struct {
	URL            string `json:"url" doc:"服务基地址" example:"https://host:8443/path"`
	TimeoutSeconds int    `json:"timeout_seconds,omitempty" minimum:"0" maximum:"60" doc:"超时秒数；缺省 10"`
}

// Entry is the content of one version of a catalog entry. A draft may be
// incomplete; what is missing is told at submission, all at once and with the
// clause (CN-13.2).
type Entry struct {
	Name           string    `json:"name" doc:"信息资源名称：同一部门内唯一，不超过 50 字，不得是系统名称"`
	ClassCode      string    `json:"class_code,omitempty" doc:"分类码：类 1 位、项 2 位、目 3 位、细目；取自 GET /api/v1/catalog/classes。以后的版本可以更换，发布时另编信息资源代码，原代码继续有效" example:"301001"`
	Abstract       string    `json:"abstract,omitempty" doc:"摘要"`
	Format         string    `json:"format,omitempty" doc:"数据格式：数据库、电子表格、服务接口等"`
	Frequency      string    `json:"frequency,omitempty" enum:"realtime,daily,weekly,monthly,quarterly,half_yearly,yearly,irregular" doc:"更新周期"`
	Attribute      string    `json:"attribute,omitempty" enum:"unconditional,conditional,withheld" doc:"共享属性：无条件、有条件、不予共享（CN-14）"`
	Methods        []string  `json:"methods,omitempty" enum:"service_api,batch_exchange,file_download" doc:"共享方式：服务接口、批量交换、文件下载（CN-22）"`
	UseConditions  string    `json:"use_conditions,omitempty" doc:"使用条件"`
	ScopeOfUse     string    `json:"scope_of_use,omitempty" doc:"使用范围"`
	Purposes       []string  `json:"purposes,omitempty" doc:"使用用途；有条件共享必填（CN-15.2）"`
	LegalBasis     string    `json:"legal_basis,omitempty" doc:"法律依据：名称与条款；不予共享、有条件共享必填"`
	WithheldReason string    `json:"withheld_reason,omitempty" doc:"不予共享的理由"`
	Level          string    `json:"level,omitempty" enum:"general_1,general_2,general_3,general_4,important,core" doc:"数据分类分级"`
	PersonalInfo   bool      `json:"personal_info,omitempty" doc:"是否含个人信息"`
	Collection     string    `json:"collection,omitempty" enum:"hosted_copy,linked_service" doc:"归集方式：物理汇聚、逻辑接入（HB-12）"`
	Upstream       *Upstream `json:"upstream,omitempty" doc:"逻辑接入的服务地址，随版本一并审核"`
	SourceSystem   string    `json:"source_system,omitempty" doc:"来源系统"`
	DutyBasis      string    `json:"duty_basis,omitempty" doc:"履职依据"`
	Contact        string    `json:"contact,omitempty" doc:"联系方式（办公电话）"`
	OpenAttribute  string    `json:"open_attribute,omitempty" enum:"open,conditional_open,not_open" doc:"开放属性"`
	SecrecyMarking string    `json:"secrecy_marking,omitempty" doc:"密级标志；有密级的数据一律不得编入目录（CN-3）"`
	Items          []Item    `json:"items,omitempty" maxItems:"500" doc:"数据项"`
	FormatKind     string    `json:"format_kind,omitempty" enum:"document,spreadsheet,database,graphic,stream,self_describing,service" doc:"数据格式分类：电子文件、电子表格、数据库、图形图像、流媒体、自描述格式、服务接口；未填时由数据格式得出，共享方式应与其相符（CN-22）"`
	Related        []string  `json:"related,omitempty" maxItems:"50" doc:"关联资源的信息资源代码"`
	Category       string    `json:"category,omitempty" maxLength:"100" doc:"数据分类：数据所属的业务领域（GB/T 43697）"`
}

// Resource is one catalog entry through all its versions.
type Resource struct {
	ID        string    `json:"id" doc:"资源编号"`
	Code      string    `json:"code" doc:"信息资源代码：分类码 / 顺序号"`
	Provider  string    `json:"provider" doc:"提供部门编号"`
	Region    string    `json:"region" doc:"提供部门的区划代码"`
	Published int       `json:"published" doc:"已发布的版本号；0 为尚未发布"`
	Pending   int       `json:"pending" doc:"编制或审核中的版本号；0 为没有"`
	CreatedAt time.Time `json:"created_at" doc:"登记时间"`
}

// Version is one version of a resource.
type Version struct {
	ID          string     `json:"id" doc:"版本编号；发布流程以它为标的"`
	Resource    string     `json:"resource" doc:"资源编号"`
	Number      int        `json:"number" doc:"版本号"`
	Status      string     `json:"status" enum:"draft,submitted,published,superseded,abandoned" doc:"状态"`
	Entry       Entry      `json:"entry" doc:"目录内容"`
	Case        string     `json:"case,omitempty" doc:"发布流程的案件编号"`
	Digest      string     `json:"digest,omitempty" doc:"目录内容的 SHA-256"`
	CreatedBy   string     `json:"created_by,omitempty" doc:"编制人（人员编号）"`
	CreatedAt   time.Time  `json:"created_at" doc:"编制时间"`
	PublishedAt *time.Time `json:"published_at,omitempty" doc:"发布时间"`
	Revision    int        `json:"revision" doc:"修订号；修改草稿时须传回"`
	Reason      string     `json:"reason,omitempty" doc:"编制这一版本的理由"`
}

// VersionList is every version of a resource.
type VersionList struct {
	Items []Version `json:"items" doc:"版本"`
}

// ResourceDetail is a resource with what the reader may see of it.
type ResourceDetail struct {
	Resource  Resource `json:"resource" doc:"资源"`
	Published *Version `json:"published,omitempty" doc:"已发布的版本"`
	Pending   *Version `json:"pending,omitempty" doc:"编制或审核中的版本；只有本部门和主管部门可见"`
}

// ResourceSummary is a line of a catalog list.
type ResourceSummary struct {
	Resource     Resource   `json:"resource" doc:"资源"`
	Name         string     `json:"name" doc:"信息资源名称"`
	ProviderName string     `json:"provider_name" doc:"提供部门名称"`
	Attribute    string     `json:"attribute,omitempty" doc:"共享属性"`
	Abstract     string     `json:"abstract,omitempty" doc:"摘要"`
	Methods      []string   `json:"methods" doc:"共享方式"`
	Collection   string     `json:"collection,omitempty" doc:"归集方式"`
	Items        int        `json:"items" doc:"数据项个数"`
	PublishedAt  *time.Time `json:"published_at,omitempty" doc:"发布时间"`
}

// ResourceList is one page of the catalog.
type ResourceList struct {
	Items []ResourceSummary `json:"items" doc:"目录条目"`
	Next  string            `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}

// NewResource starts a catalog entry.
type NewResource struct {
	Entry Entry `json:"entry" doc:"目录内容；草稿可以不完整"`
}

// NewVersion starts a version beside the published one.
type NewVersion struct {
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"编制这一版本的理由"`
}

// EditDraft replaces the content of a draft.
type EditDraft struct {
	Entry    Entry `json:"entry" doc:"目录内容"`
	Revision int   `json:"revision" minimum:"0" doc:"所见草稿的修订号；他人已改动时拒绝"`
}

// LoadRows adds or replaces rows of a hosted resource.
type LoadRows struct {
	Rows []map[string]any `json:"rows" minItems:"1" maxItems:"20000" doc:"数据行：数据项英文名到值（字符串、数字、布尔或空）"`
}

// RowsLoaded says how many rows were taken.
type RowsLoaded struct {
	Rows int `json:"rows" doc:"接收的行数"`
}
