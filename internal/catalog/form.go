package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Bounds of an entry's texts, in characters. Fifty for the name is the
// compilation guide's; the others keep a form readable.
const (
	maxName     = 50
	maxShort    = 100
	maxLong     = 500
	maxPurposes = 20
	maxItems    = 500
	maxLength   = 100_000 // of one value
)

var (
	// classCode is 类 (1 digit), 项 (2), 目 (3) and, where there is one, 细目.
	classCode = regexp.MustCompile(`^[0-9]{6,20}$`)
	itemCode  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	// mobile is a mobile number anywhere in a text, however it is spaced.
	mobile = regexp.MustCompile(`(^|[^0-9])(\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}($|[^0-9])`)

	formats       = labelsOf(VocabFormatKind)
	frequencies   = codesOf[string](VocabFrequency)
	attributes    = codesOf[Attribute](VocabAttribute) // most open first
	methods       = codesOf[Method](VocabMethod)
	collections   = codesOf[Collection](VocabCollection)
	openness      = codesOf[string](VocabOpenness)
	levels        = codesOf[Level](VocabLevel) // lowest first
	sensitivities = codesOf[Sensitivity](VocabSensitivity)
	formatKinds   = codesOf[FormatKind](VocabFormatKind)
	itemTypes     = codesOf[string](VocabItemType)
	// systemName ends a name that is a system's and not a resource's.
	systemName = regexp.MustCompile(`(系统|平台|数据库)$`)
)

// CheckForm tells, all at once, what can never be kept, not even in a draft:
// words outside their lists, codes of the wrong form, texts too long,
// duplicates, an upstream address the gateway must not go to. Blank fields are
// left to CheckComplete, but for name and class code, without which a resource
// has no code.
func CheckForm(e Entry) error {
	var c fault.Collector
	form(&c, e)
	return c.Err("entry_invalid", "目录条目填写有误", "")
}

func form(c *fault.Collector, e Entry) {
	c.Require("name", "数据目录名称", e.Name, "CN-13.2")
	tooLong(c, "name", e.Name, maxName, "CN-12")
	if systemName.MatchString(e.Name) {
		c.Add("name", "system_name", "目录名称应说明数据内容，不能是信息系统的名称", "CN-12")
	}
	if e.ClassCode == "" {
		c.Require("class_code", "分类代码", "", "CN-12")
	} else if !classCode.MatchString(e.ClassCode) {
		c.Add("class_code", "format", "分类代码由类1位、项2位、目3位和细目数字组成，不超过20位", "CN-12")
	}
	for _, x := range []struct {
		path, text string
		limit      int
	}{
		{"abstract", e.Abstract, maxLong}, {"use_conditions", e.UseConditions, maxLong},
		{"scope_of_use", e.ScopeOfUse, maxLong}, {"legal_basis", e.LegalBasis, maxLong},
		{"withheld_reason", e.WithheldReason, maxLong}, {"duty_basis", e.DutyBasis, maxLong},
		{"source_system", e.SourceSystem, maxShort}, {"contact", e.Contact, maxShort}, {"category", e.Category, maxShort},
	} {
		tooLong(c, x.path, x.text, x.limit, "CN-12")
	}
	main, _, _ := strings.Cut(e.Format, "/")
	oneOf(c, "format", main, formats, "CN-13.2")
	tooLong(c, "format", e.Format, maxShort, "CN-12")
	oneOf(c, "format_kind", e.FormatKind, formatKinds, "CN-13.2")
	oneOf(c, "frequency", e.Frequency, frequencies, "CN-13.2")
	oneOf(c, "attribute", e.Attribute, attributes, "CN-14")
	oneOf(c, "level", e.Level, levels, "CN-13.2")
	oneOf(c, "collection", e.Collection, collections, "HB-12")
	oneOf(c, "open_attribute", e.OpenAttribute, openness, "CN-12")
	for i, m := range e.Methods {
		path := fmt.Sprintf("methods[%d]", i)
		oneOf(c, path, m, methods, "CN-22")
		if m == "" || slices.Contains(e.Methods[:i], m) {
			c.Add(path, "duplicate", "共享方式为空或者重复", "CN-22")
		}
	}
	formPurposes(c, e.Purposes)
	formRelated(c, e.Related)
	if mobile.MatchString(e.Contact) {
		c.Add("contact", "private_phone", "联系方式应为办公电话，不得填写个人手机号码", "CN-35")
	}
	if e.Upstream != nil {
		formUpstream(c, *e.Upstream)
	}
	formItems(c, e.Items)
}

func formPurposes(c *fault.Collector, purposes []string) {
	if len(purposes) > maxPurposes {
		c.Add("purposes", "too_many", fmt.Sprintf("使用用途不得超过%d项", maxPurposes), "CN-15.2")
	}
	for i, p := range purposes {
		path := fmt.Sprintf("purposes[%d]", i)
		tooLong(c, path, p, maxShort, "CN-15.2")
		if p == "" || slices.Contains(purposes[:i], p) {
			c.Add(path, "duplicate", "使用用途为空或者重复", "CN-15.2")
		}
	}
}

func formItems(c *fault.Collector, items []Item) {
	if len(items) > maxItems {
		c.Add("items", "too_many", fmt.Sprintf("数据项不得超过%d项", maxItems), "CN-13.2")
		return
	}
	codes, names := map[string]bool{}, map[string]bool{}
	for i, x := range items {
		at := func(field string) string { return fmt.Sprintf("items[%d].%s", i, field) }
		if !itemCode.MatchString(x.Code) {
			c.Add(at("code"), "format", "数据项代码以小写字母开头，由小写字母、数字和下划线组成，不超过63位", "CN-13.2")
		} else if codes[x.Code] {
			c.Add(at("code"), "duplicate", "数据项代码重复", "CN-13.2")
		}
		if x.Name != "" && names[x.Name] {
			c.Add(at("name"), "duplicate", "数据项名称重复", "CN-13.2")
		}
		codes[x.Code], names[x.Name] = true, true
		oneOf(c, at("type"), x.Type, itemTypes, "CN-13.2")
		if x.Length < 0 || x.Length > maxLength {
			c.Add(at("length"), "out_of_range", fmt.Sprintf("数据长度应为0至%d", maxLength), "CN-13.2")
		}
		tooLong(c, at("name"), x.Name, maxShort, "CN-13.2")
		tooLong(c, at("format"), x.Format, maxShort, "CN-13.2")
		tooLong(c, at("description"), x.Description, maxLong, "CN-13.2")
		tooLong(c, at("element"), x.Element, maxShort, "CN-13.2")
		oneOf(c, at("level"), x.Level, levels, "CN-13.2")
		oneOf(c, at("sensitivity"), x.Sensitivity, sensitivities, "CN-13.1")
		formItemModel(c, at, x)
	}
}

// labelsOf lists the Chinese names of an enumeration.
func labelsOf(enumeration string) []string {
	var out []string
	for _, code := range codesOf[string](enumeration) {
		out = append(out, Label(enumeration, code))
	}
	return out
}

func tooLong(c *fault.Collector, path, text string, limit int, basis string) {
	if utf8.RuneCountInString(text) > limit {
		c.Add(path, "too_long", fmt.Sprintf("不得超过%d个字符", limit), basis)
	}
}

// oneOf records a word outside its list; a blank one is somebody else's matter.
func oneOf[T ~string](c *fault.Collector, path string, word T, list []T, basis string) {
	if word == "" || slices.Contains(list, word) {
		return
	}
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	c.Add(path, "not_in_list", "应为以下之一："+strings.Join(words, "、"), basis)
}
