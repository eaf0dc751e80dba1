package catalog

// Word is one code of an enumeration with its Chinese name.
type Word struct {
	Code string
	Name string
}

// Enumeration is a list of codes, in the order in which people choose.
type Enumeration struct {
	ID    string // "sharing_attribute"
	Name  string // 共享属性
	Words []Word
}

// Names of the enumerations that Vocabulary gives, for those who look for one.
const (
	VocabAttribute   = "attribute"
	VocabMethod      = "method"
	VocabCollection  = "collection"
	VocabLevel       = "level"
	VocabSensitivity = "sensitivity"
	VocabItemType    = "item_type"
	VocabFormatKind  = "format_kind"
	VocabFrequency   = "frequency"
	VocabOpenness    = "open_attribute"
	VocabStatus      = "version_status"
	VocabEntryField  = "entry_field"
	VocabItemField   = "item_field"
)

// vocabulary is the one place where codes of the catalog meet their names: the
// form checks, imports, exports and the console all ask it.
var vocabulary = []Enumeration{
	{VocabAttribute, "共享属性", []Word{{"unconditional", "无条件共享"}, {"conditional", "有条件共享"}, {"withheld", "不予共享"}}},
	{VocabMethod, "共享方式", []Word{{"service_api", "服务接口"}, {"batch_exchange", "批量交换"}, {"file_download", "文件下载"}}},
	{VocabCollection, "归集方式", []Word{{"hosted_copy", "物理汇聚"}, {"linked_service", "逻辑接入"}}},
	{VocabLevel, "数据分级", []Word{{"general_1", "一般1级"}, {"general_2", "一般2级"}, {"general_3", "一般3级"}, {"general_4", "一般4级"},
		{"important", "重要数据"}, {"core", "核心数据"}}},
	{VocabSensitivity, "个人信息类别", []Word{{"person_name", "姓名"}, {"resident_id", "身份证号"}, {"phone", "电话号码"}, {"address", "住址"},
		{"bank_card", "银行卡号"}, {"email", "电子邮箱"}, {"plate", "车牌号"}, {"other_personal", "其他个人信息"}}},
	{VocabItemType, "数据类型", []Word{{"C", "字符型"}, {"N", "数值型"}, {"Y", "货币型"}, {"D", "日期型"}, {"T", "日期时间型"}, {"L", "逻辑型"},
		{"M", "备注型"}, {"G", "通用型"}, {"B", "双精度型"}, {"I", "整型"}, {"F", "浮点型"}}},
	{VocabFormatKind, "数据格式分类", []Word{{"document", "电子文件"}, {"spreadsheet", "电子表格"}, {"database", "数据库"}, {"graphic", "图形图像"},
		{"stream", "流媒体"}, {"self_describing", "自描述格式"}, {"service", "服务接口"}}},
	{VocabFrequency, "更新周期", []Word{{"realtime", "实时"}, {"daily", "每日"}, {"weekly", "每周"}, {"monthly", "每月"}, {"quarterly", "每季度"},
		{"half_yearly", "每半年"}, {"yearly", "每年"}, {"irregular", "不定期"}}},
	{VocabOpenness, "开放属性", []Word{{"open", "无条件开放"}, {"conditional_open", "有条件开放"}, {"not_open", "不予开放"}}},
	{VocabStatus, "版本状态", []Word{{"draft", "草稿"}, {"submitted", "审核中"}, {"published", "已发布"}, {"superseded", "已被替代"}, {"abandoned", "已放弃"}}},
	{VocabEntryField, "目录条目", []Word{{"name", "信息资源名称"}, {"class_code", "分类代码"}, {"abstract", "内容摘要"}, {"format_kind", "数据格式分类"},
		{"format", "数据格式"}, {"frequency", "更新周期"}, {"attribute", "共享属性"}, {"methods", "共享方式"}, {"use_conditions", "使用条件"},
		{"scope_of_use", "使用范围"}, {"purposes", "使用用途"}, {"legal_basis", "法律依据"}, {"withheld_reason", "不予共享的理由"},
		{"level", "数据分级"}, {"category", "数据分类"}, {"personal_info", "含个人信息"}, {"collection", "归集方式"}, {"upstream", "服务地址"},
		{"source_system", "来源系统"}, {"duty_basis", "履职依据"}, {"contact", "联系方式"}, {"open_attribute", "开放属性"},
		{"secrecy_marking", "密级标志"}, {"related", "关联资源"}, {"items", "数据项"}}},
	{VocabItemField, "数据项", []Word{{"code", "代码"}, {"name", "名称"}, {"english_name", "英文名称"}, {"type", "数据类型"}, {"length", "长度"},
		{"decimals", "小数位数"}, {"format", "数据格式"}, {"description", "说明"}, {"domain", "值域"}, {"element", "标准数据元"},
		{"element_note", "与标准数据元不一致的说明"}, {"key", "主键"}, {"nullable", "可空"}, {"level", "分级"}, {"level_basis", "定级依据"},
		{"sensitivity", "个人信息类别"}, {"masked", "脱敏"}, {"attribute", "共享属性"}, {"authoritative", "权威来源"}}},
}

// Vocabulary gives every enumeration of the catalog with its Chinese names
// (CN-12: one standard). The caller does not change it.
func Vocabulary() []Enumeration { return vocabulary }

// Label gives the Chinese name of a code of an enumeration, the code itself
// when there is none.
func Label(enumeration, code string) string {
	for _, e := range vocabulary {
		for _, w := range e.Words {
			if e.ID == enumeration && w.Code == code {
				return w.Name
			}
		}
	}
	return code
}

// CodeOf gives the code that a name or a code stands for in an enumeration, as
// people write it in tables; found is false when it is neither.
func CodeOf(enumeration, text string) (code string, found bool) {
	for _, e := range vocabulary {
		for _, w := range e.Words {
			if e.ID == enumeration && (w.Name == text || w.Code == text) {
				return w.Code, true
			}
		}
	}
	return "", false
}

// codesOf lists the codes of an enumeration.
func codesOf[T ~string](enumeration string) []T {
	var out []T
	for _, e := range vocabulary {
		if e.ID == enumeration {
			for _, w := range e.Words {
				out = append(out, T(w.Code))
			}
		}
	}
	return out
}

// kindMethods ties the sharing method to the kind of format (CN-22 and the
// compilation guide): a service is called, a file is fetched or exchanged.
// Tables that were loaded here can be asked as well.
var kindMethods = map[FormatKind][]Method{
	FormatDocument:       {FileDownload, BatchExchange},
	FormatSpreadsheet:    {FileDownload, BatchExchange, ServiceAPI},
	FormatDatabase:       {ServiceAPI, BatchExchange, FileDownload},
	FormatGraphic:        {FileDownload, BatchExchange, ServiceAPI},
	FormatStream:         {ServiceAPI, FileDownload},
	FormatSelfDescribing: {ServiceAPI, BatchExchange, FileDownload},
	FormatService:        {ServiceAPI},
}

// MethodsOf gives the sharing methods that fit a kind of format.
func MethodsOf(k FormatKind) []Method { return kindMethods[k] }
