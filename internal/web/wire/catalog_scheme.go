package wire

import "time"

// Word is one code of an enumeration.
type Word struct {
	Code string `json:"code" doc:"代码"`
	Name string `json:"name" doc:"中文名称"`
}

// Enumeration is a list of codes.
type Enumeration struct {
	ID    string `json:"id" doc:"枚举的标识" example:"attribute"`
	Name  string `json:"name" doc:"枚举的中文名称"`
	Words []Word `json:"words" doc:"代码，按选择的顺序"`
}

// FormatMethods are the sharing methods that fit a kind of format.
type FormatMethods struct {
	FormatKind string   `json:"format_kind" doc:"数据格式分类"`
	Methods    []string `json:"methods" doc:"可以选择的共享方式（CN-22）"`
}

// LevelRule is a rule that proposes a level.
type LevelRule struct {
	ID          string `json:"id" doc:"规则"`
	Name        string `json:"name" doc:"规则名称"`
	Level       string `json:"level" doc:"建议的级别"`
	Sensitivity string `json:"sensitivity,omitempty" doc:"建议的个人信息类别"`
	Reason      string `json:"reason" doc:"理由"`
}

// Vocabulary is every enumeration of the catalog.
type Vocabulary struct {
	Enumerations  []Enumeration   `json:"enumerations" doc:"各枚举"`
	FormatMethods []FormatMethods `json:"format_methods" doc:"数据格式分类与共享方式的对应"`
	LevelRules    []LevelRule     `json:"level_rules" doc:"分级规则"`
}

// Class is a class of information resources with those below it.
type Class struct {
	Code      string     `json:"code" doc:"分类代码"`
	Parent    string     `json:"parent,omitempty" doc:"上级分类"`
	Tier      int        `json:"tier" doc:"1 类、2 项、3 目、4 细目"`
	Name      string     `json:"name" doc:"分类名称"`
	Note      string     `json:"note,omitempty" doc:"说明"`
	Region    string     `json:"region,omitempty" doc:"增加该分类的主管部门所在区划；平台自带的没有此项"`
	Authority string     `json:"authority,omitempty" doc:"增加该分类的主管部门"`
	AddedAt   *time.Time `json:"added_at,omitempty" doc:"增加时间"`
	EndedAt   *time.Time `json:"ended_at,omitempty" doc:"停用时间；停用后不能再编入新的条目"`
	Reason    string     `json:"reason,omitempty" doc:"停用理由"`
	Children  []Class    `json:"children,omitempty" doc:"下级分类"`
}

// ClassTree is a part of the classes.
type ClassTree struct {
	Items []Class `json:"items" doc:"分类"`
}

// NewClass adds a class; the platform makes the code.
type NewClass struct {
	Parent string `json:"parent" maxLength:"20" doc:"上级分类：增加“目”填“项”的代码，增加“细目”填“目”的代码"`
	Name   string `json:"name" maxLength:"50" doc:"分类名称"`
	Note   string `json:"note,omitempty" maxLength:"500" doc:"说明"`
}

// EndClass closes a class to new entries.
type EndClass struct {
	Reason string `json:"reason" maxLength:"500" doc:"停用理由"`
}

// Element is a standard data element.
type Element struct {
	Code        string     `json:"code" doc:"标准数据元代码" example:"DE-XM"`
	Version     int        `json:"version" doc:"版本"`
	Name        string     `json:"name" doc:"名称"`
	EnglishName string     `json:"english_name,omitempty" doc:"英文名称"`
	Type        string     `json:"type" doc:"数据类型"`
	Length      int        `json:"length,omitempty" doc:"长度；没有此项时不限"`
	Decimals    int        `json:"decimals,omitempty" doc:"小数位数"`
	Format      string     `json:"format" doc:"数据格式"`
	Domain      *Domain    `json:"domain,omitempty" doc:"值域"`
	Definition  string     `json:"definition" doc:"定义"`
	Aliases     []string   `json:"aliases,omitempty" doc:"同义名称"`
	Authority   string     `json:"authority,omitempty" doc:"填报的主管部门；平台自带的没有此项"`
	FiledAt     *time.Time `json:"filed_at,omitempty" doc:"填报时间"`
	Reason      string     `json:"reason,omitempty" doc:"修改理由"`
}

// ElementMatch is an element that was found.
type ElementMatch struct {
	Element Element `json:"element" doc:"标准数据元"`
	Match   string  `json:"match,omitempty" enum:"code,name,alias,english_name,part" doc:"与查询文字的关系：代码、名称、同义名称、英文名称相同，或者部分相同"`
}

// ElementList is what a search found, or every version of an element.
type ElementList struct {
	Items []ElementMatch `json:"items" doc:"标准数据元"`
}

// FileElement adds an element or a version of it.
type FileElement struct {
	Version     int      `json:"version" minimum:"0" doc:"已读的版本；新增时为 0"`
	Name        string   `json:"name" maxLength:"50" doc:"名称"`
	EnglishName string   `json:"english_name,omitempty" maxLength:"100" doc:"英文名称"`
	Type        string   `json:"type" enum:"C,N,Y,D,T,L,M,G,B,I,F" doc:"数据类型"`
	Length      int      `json:"length,omitempty" minimum:"0" doc:"长度；0 为不限"`
	Decimals    int      `json:"decimals,omitempty" minimum:"0" maximum:"15" doc:"小数位数"`
	Format      string   `json:"format" maxLength:"100" doc:"数据格式"`
	Domain      *Domain  `json:"domain,omitempty" doc:"值域"`
	Definition  string   `json:"definition" maxLength:"500" doc:"定义"`
	Aliases     []string `json:"aliases,omitempty" maxItems:"20" doc:"同义名称"`
	Reason      string   `json:"reason,omitempty" maxLength:"500" doc:"修改理由；修改已有数据元时必填"`
}
