package sheet

import (
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// The type parameters of these columns.
type (
	entry = catalog.Entry
	item  = catalog.Item
)

// entryColumns are the fields of an entry, in the order of the template.
// Synonyms are headings of other layouts, those of the national guide's table
// included.
var entryColumns = []column[entry]{
	text("name", "信息资源名称", "必填；本部门内不得重名，不超过50个字符，不能是系统名称", "社会团体登记信息", func(e *entry) *string { return &e.Name },
		"数据资源名称", "数据目录名称", "目录名称", "资源名称", "政务信息资源名称", "数据目录", "公共数据资源名称"),
	coded(text("class_code", "分类代码", "类1位、项2位、目3位和细目", "3010010001", func(e *entry) *string { return &e.ClassCode },
		"信息资源分类", "资源分类", "目录分类", "分类", "信息资源分类代码")),
	text("abstract", "内容摘要", "说明数据的内容、范围和用途", "在民政部门登记的社会团体的名称、代码、住所等", func(e *entry) *string { return &e.Abstract },
		"信息资源摘要", "资源摘要", "摘要", "数据资源摘要", "资源描述", "信息资源描述"),
	word("format_kind", "数据格式分类", catalog.VocabFormatKind, "先选格式分类，共享方式随之变化", "数据库", func(e *entry) *catalog.FormatKind { return &e.FormatKind },
		"信息资源格式分类", "格式分类", "资源格式分类"),
	formatColumn,
	word("frequency", "更新周期", catalog.VocabFrequency, "从列表中选择", "每日", func(e *entry) *string { return &e.Frequency },
		"更新频率", "数据更新频率", "数据更新周期"),
	word("attribute", "共享属性", catalog.VocabAttribute, "从列表中选择", "有条件共享", func(e *entry) *catalog.Attribute { return &e.Attribute },
		"共享类型", "资源共享属性", "共享属性/共享类型"),
	methodsColumn,
	text("use_conditions", "使用条件", "", "用于行政审批核验", func(e *entry) *string { return &e.UseConditions }, "共享条件", "共享属性/共享条件"),
	text("scope_of_use", "使用范围", "", "本省各级政务部门", func(e *entry) *string { return &e.ScopeOfUse }, "共享范围"),
	several("purposes", "使用用途", "有条件共享必填；多个以“；”分隔", "行政许可审查；事后监管", func(e *entry) *[]string { return &e.Purposes }, "用途"),
	text("legal_basis", "法律依据", "有条件、不予共享必填；写明名称和条款", "《社会团体登记管理条例》第十五条", func(e *entry) *string { return &e.LegalBasis },
		"共享依据", "政策依据", "法律法规依据", "不予共享依据"),
	text("withheld_reason", "不予共享的理由", "不予共享必填", "", func(e *entry) *string { return &e.WithheldReason }, "不予共享理由", "不共享理由"),
	word("level", "数据分级", catalog.VocabLevel, "从列表中选择", "一般2级", func(e *entry) *catalog.Level { return &e.Level },
		"数据级别", "资源分级", "数据分类分级", "安全级别"),
	text("category", "数据分类", "按 GB/T 43697 的行业领域分类", "社会组织管理数据", func(e *entry) *string { return &e.Category }),
	either("personal_info", "含个人信息", "是或者否", "否", func(e *entry) *bool { return &e.PersonalInfo }, "是否含个人信息", "是否涉及个人信息"),
	word("collection", "归集方式", catalog.VocabCollection, "从列表中选择", "物理汇聚", func(e *entry) *catalog.Collection { return &e.Collection },
		"汇聚方式"),
	upstreamURL, upstreamTimeout,
	text("source_system", "来源系统", "", "社会组织登记管理系统", func(e *entry) *string { return &e.SourceSystem }, "所属系统", "来源信息系统", "所属信息系统", "信息系统名称"),
	text("duty_basis", "履职依据", "", "三定规定第三条", func(e *entry) *string { return &e.DutyBasis }, "职责依据"),
	text("contact", "联系方式", "办公电话，不得填写个人手机", "0311-12345678", func(e *entry) *string { return &e.Contact }, "联系电话", "联系人电话"),
	word("open_attribute", "开放属性", catalog.VocabOpenness, "从列表中选择", "不予开放", func(e *entry) *string { return &e.OpenAttribute },
		"是否向社会开放", "是否开放", "开放类型", "开放属性/是否向社会开放"),
	relatedColumn,
	text("secrecy_marking", "密级标志", "", "", func(e *entry) *string { return &e.SecrecyMarking }, "密级", "涉密标识", "涉密级别", "保密级别"),
}

// coded marks a column of codes.
func coded[T any](c column[T]) column[T] {
	c.code = true
	return c
}

var relatedColumn = coded(several("related", "关联资源", "关联的信息资源代码，多个以“；”分隔", "", func(e *entry) *[]string { return &e.Related },
	"关联资源代码", "关联信息资源", "关联及类目名称", "关联信息资源代码", "关联资源目录"))

// formatColumn takes the kind of format for a format too: the national table has
// one heading for both.
var formatColumn = text("format", "数据格式", "如“数据库/MySQL”；缺省同格式分类", "数据库/PostgreSQL", func(e *entry) *string { return &e.Format },
	"信息资源格式", "资源格式", "信息资源格式类型")

var methodsColumn = column[entry]{key: "methods", name: "共享方式", list: catalog.VocabMethod, note: "随数据格式分类；多个以“；”分隔", example: "服务接口",
	synonyms: []string{"共享方式类型", "共享属性/共享方式", "共享属性/共享方式类型", "提供方式"},
	get: func(e entry) string {
		out := make([]string, len(e.Methods))
		for i, m := range e.Methods {
			out[i] = catalog.Label(catalog.VocabMethod, string(m))
		}
		return strings.Join(out, "；")
	},
	set: func(e *entry, s string) string {
		out := []catalog.Method{}
		for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("；;、,，/\n", r) }) {
			code, found := wordOf(catalog.VocabMethod, strings.TrimSpace(w))
			if !found {
				return "应为以下之一或者几个：" + strings.Join(words(catalog.VocabMethod), "、")
			}
			out = append(out, catalog.Method(code))
		}
		e.Methods = out
		return ""
	}}

var upstreamURL = column[entry]{key: "upstream.url", name: "服务地址", note: "逻辑接入必填", synonyms: []string{"接口地址"},
	get: func(e entry) string {
		if e.Upstream == nil {
			return ""
		}
		return e.Upstream.URL
	},
	set: func(e *entry, s string) string { ownUpstream(e).URL = s; settleUpstream(e); return "" }}

var upstreamTimeout = number("upstream.timeout_seconds", "服务超时秒数", "1至60", "", func(e entry) int {
	if e.Upstream == nil {
		return 0
	}
	return e.Upstream.TimeoutSeconds
}, func(e *entry, n int) { ownUpstream(e).TimeoutSeconds = n; settleUpstream(e) })

// ownUpstream gives the entry an upstream that it shares with no other.
func ownUpstream(e *entry) *catalog.Upstream {
	u := catalog.Upstream{}
	if e.Upstream != nil {
		u = *e.Upstream
	}
	e.Upstream = &u
	return e.Upstream
}

func settleUpstream(e *entry) {
	if *e.Upstream == (catalog.Upstream{}) {
		e.Upstream = nil
	}
}
