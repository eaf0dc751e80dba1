package search

import (
	"math/bits"
	"strings"
)

// The facets.
const (
	ByProvider   FacetName = "provider"
	ByRegion     FacetName = "region"
	ByClass      FacetName = "class"
	ByAttribute  FacetName = "attribute"
	ByMethod     FacetName = "method"
	ByFormatKind FacetName = "format_kind"
	ByFrequency  FacetName = "frequency"
	ByLevel      FacetName = "level"
	ByLinked     FacetName = "linked"
	ByQuality    FacetName = "quality"
	ByState      FacetName = "state"
)

// None is the facet value of a document that has none.
const None = "none"

// value is one value of a small facet. Its place in the list of all values is
// the bit that documents have it by.
type value struct{ value, label string }

// enumeration is a facet with few values, each a bitmap over the documents.
type enumeration struct {
	name   FacetName
	label  string
	values []value
	of     func(*Document) []string
	first  int // bit of the first value
}

// mask has the bits of all values.
func (e *enumeration) mask() uint64 { return (1<<len(e.values) - 1) << e.first }

// bit gives the bit of a value; an unknown one is that of none.
func (e *enumeration) bit(v string) (int, bool) {
	for i, x := range e.values {
		if x.value == v {
			return e.first + i, true
		}
	}
	return 0, false
}

func one(of func(*Document) string) func(*Document) []string {
	return func(d *Document) []string { return []string{of(d)} }
}

// enumerations are the small facets in the order that they are shown in.
// Changing values changes the form of the index: raise formatVersion.
var enumerations = func() []enumeration {
	list := []enumeration{
		{name: ByAttribute, label: "共享属性", of: one(func(d *Document) string { return d.Attribute }), values: []value{
			{"unconditional", "无条件共享"}, {"conditional", "有条件共享"}, {"withheld", "不予共享"}, {None, "未填"}}},
		{name: ByMethod, label: "共享方式", of: func(d *Document) []string { return d.Methods }, values: []value{
			{"service_api", "服务接口"}, {"batch_exchange", "批量交换"}, {"file_download", "文件下载"}, {None, "未填"}}},
		{name: ByLinked, label: "挂接情况", of: one(func(d *Document) string { return d.Linked }), values: []value{
			{"hosted_copy", "物理汇聚"}, {"linked_service", "逻辑接入"}, {None, "未挂接"}}},
		{name: ByLevel, label: "数据级别", of: one(func(d *Document) string { return d.Level }), values: []value{
			{"general_1", "一般数据1级"}, {"general_2", "一般数据2级"}, {"general_3", "一般数据3级"}, {"general_4", "一般数据4级"},
			{"important", "重要数据"}, {"core", "核心数据"}, {None, "未定级"}}},
		{name: ByFormatKind, label: "格式分类", of: one(func(d *Document) string { return d.FormatKind }), values: []value{
			{"document", "电子文件"}, {"spreadsheet", "电子表格"}, {"database", "数据库"}, {"graphic", "图形图像"}, {"stream", "流媒体"},
			{"self_describing", "自描述格式"}, {"service", "服务接口"}, {None, "未填"}}},
		{name: ByFrequency, label: "更新周期", of: one(func(d *Document) string { return d.Frequency }), values: []value{
			{"realtime", "实时"}, {"daily", "每日"}, {"weekly", "每周"}, {"monthly", "每月"}, {"quarterly", "每季度"}, {"half_yearly", "每半年"},
			{"yearly", "每年"}, {"irregular", "不定期"}, {None, "未填"}}},
		{name: ByQuality, label: "数据质量", of: one(qualityBand), values: []value{
			{"excellent", "优(90分及以上)"}, {"good", "良(75至90分)"}, {"fair", "中(60至75分)"}, {"poor", "差(不足60分)"}, {None, "未评"}}},
		{name: ByState, label: "目录状态", of: one(func(d *Document) string { return d.State.String() }), values: []value{
			{"published", "已发布"}, {"draft", "编制中"}, {"submitted", "审核中"}}},
	}
	bit := 0
	for i := range list {
		list[i].first = bit
		bit += len(list[i].values)
	}
	if bit > 64 {
		panic("search: more than 64 values of small facets")
	}
	return list
}()

// facetBits is how many values the small facets have together.
var facetBits = enumerations[len(enumerations)-1].first + len(enumerations[len(enumerations)-1].values)

// String gives the state as a facet value.
func (s State) String() string { return [...]string{"published", "draft", "submitted"}[s] }

func qualityBand(d *Document) string {
	switch q := d.Quality; {
	case q < 0:
		return None
	case q < 60:
		return "poor"
	case q < 75:
		return "fair"
	case q < 90:
		return "good"
	}
	return "excellent"
}

// flagsOf gives the bits of a document's values.
func flagsOf(d *Document) uint64 {
	var flags uint64
	for i := range enumerations {
		e := &enumerations[i]
		before := flags
		for _, v := range e.of(d) {
			if b, ok := e.bit(v); ok {
				flags |= 1 << b
			}
		}
		if b, ok := e.bit(None); ok && flags == before {
			flags |= 1 << b
		}
	}
	return flags
}

// flagFilter gives the bits of the values that a filter asks for; false: one of
// them does not exist.
func (e *enumeration) filter(values []string) (uint64, bool) {
	var mask uint64
	for _, v := range values {
		b, ok := e.bit(v)
		if !ok {
			return 0, false
		}
		mask |= 1 << b
	}
	return mask, true
}

// enumerationOf finds a small facet.
func enumerationOf(name FacetName) (*enumeration, bool) {
	for i := range enumerations {
		if enumerations[i].name == name {
			return &enumerations[i], true
		}
	}
	return nil, false
}

// countFlags adds the values of one document.
func countFlags(counts *[64]int, flags uint64) {
	for ; flags != 0; flags &= flags - 1 {
		counts[bits.TrailingZeros64(flags)]++
	}
}

// classSteps are the lengths of 类, 项 and 目 in a class code.
var classSteps = []int{1, 3, 6}

// classBelow gives the value of the class facet that a code has below the
// chosen class; "" when it is not below it.
func classBelow(code, chosen string) string {
	if !strings.HasPrefix(code, chosen) || code == "" {
		return ""
	}
	for _, n := range classSteps {
		if n > len(chosen) && n <= len(code) {
			return code[:n]
		}
	}
	if len(code) > len(chosen) {
		return code
	}
	return chosen
}
