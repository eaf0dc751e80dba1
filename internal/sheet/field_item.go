package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// itemColumns are the fields of an item, in the order of the template.
var itemColumns = []column[item]{
	text("code", "数据项代码", "小写字母开头；新增且留空的，按名称生成", "shttmc", func(x *item) *string { return &x.Code },
		"信息项代码", "字段名", "字段代码", "字段英文名", "英文字段名", "数据项编码"),
	text("name", "数据项名称", "必填", "社会团体名称", func(x *item) *string { return &x.Name },
		"信息项名称", "字段名称", "字段中文名", "中文名称", "信息项信息/信息项名称", "数据项", "信息项"),
	text("english_name", "英文名称", "", "", func(x *item) *string { return &x.EnglishName }, "信息项英文名称", "数据项英文名称"),
	word("type", "数据类型", catalog.VocabItemType, "从列表中选择", "字符型", func(x *item) *string { return &x.Type },
		"信息项数据类型", "字段类型", "信息项信息/数据类型"),
	lengthColumn,
	number("decimals", "小数位数", "数值型、货币型填写", "", func(x item) int { return x.Decimals }, func(x *item, n int) { x.Decimals = n }, "精度"),
	text("format", "数据项格式", "如 YYYY-MM-DD、18位字符", "不超过100字符", func(x *item) *string { return &x.Format }, "信息项格式"),
	text("description", "数据项说明", "", "登记证书上的名称", func(x *item) *string { return &x.Description }, "信息项描述", "信息项说明", "字段说明", "字段描述", "数据项描述"),
	coded(text("element", "标准数据元", "标准数据元代码", "", func(x *item) *string { return &x.Element }, "数据元", "标准数据元代码", "数据元代码")),
	text("element_note", "与标准数据元不一致的说明", "", "", func(x *item) *string { return &x.ElementNote }),
	either("key", "主键", "是或者否", "否", func(x *item) *bool { return &x.Key }, "是否主键"),
	either("nullable", "可空", "是或者否", "否", func(x *item) *bool { return &x.Nullable }, "是否可空", "是否为空", "允许为空"),
	word("level", "数据项分级", catalog.VocabLevel, "从列表中选择", "一般1级", func(x *item) *catalog.Level { return &x.Level }, "信息项分级", "字段分级"),
	levelReason,
	word("sensitivity", "个人信息类别", catalog.VocabSensitivity, "含个人信息的从列表中选择", "", func(x *item) *catalog.Sensitivity { return &x.Sensitivity }, "敏感类型"),
	either("masked", "脱敏", "是或者否", "否", func(x *item) *bool { return &x.Masked }, "是否脱敏"),
	word("attribute", "数据项共享属性", catalog.VocabAttribute, "缺省同信息资源", "", func(x *item) *catalog.Attribute { return &x.Attribute },
		"信息项共享属性", "信息项共享类型", "数据项共享类型"),
	either("authoritative", "权威来源", "是或者否", "否", func(x *item) *bool { return &x.Authoritative }, "是否权威来源"),
	domainValues,
	domainPart("domain.min", "值域下限", "", func(d *catalog.Domain) *string { return &d.Min }),
	domainPart("domain.max", "值域上限", "", func(d *catalog.Domain) *string { return &d.Max }),
	domainPart("domain.pattern", "值域正则", "RE2 正则表达式", func(d *catalog.Domain) *string { return &d.Pattern }),
	domainPart("domain.scheme", "值域标准", "如 GB/T 2261.1", func(d *catalog.Domain) *string { return &d.Scheme }),
}

// lengthColumn also reads "18,2" and "18位".
var lengthColumn = column[item]{key: "length", name: "数据长度", note: "字符型、数值型必填", example: "100", synonyms: []string{"长度", "信息项信息/数据长度", "字段长度"},
	get: func(x item) string {
		if x.Length == 0 {
			return ""
		}
		return strconv.Itoa(x.Length)
	},
	set: func(x *item, s string) string {
		whole, decimals, both := strings.Cut(strings.NewReplacer("，", ",", "位", "", "(", "", ")", "").Replace(s), ",")
		n, err := strconv.Atoi(strings.TrimSpace(whole))
		if s == "" {
			n, err = 0, nil
		}
		if err != nil || n < -1<<30 || n > 1<<30 {
			return "应为整数，或者“长度,小数位数”"
		}
		if both {
			d, err := strconv.Atoi(strings.TrimSpace(decimals))
			if err != nil {
				return "应为整数，或者“长度,小数位数”"
			}
			x.Decimals = d
		}
		x.Length = n
		return ""
	}}

// levelReason is the one part of an item's level basis that people write.
var levelReason = column[item]{key: "level_basis.reason", name: "定级理由", note: "低于建议级别的，填写理由", synonyms: []string{"定级依据"},
	get: func(x item) string {
		if x.LevelBasis == nil {
			return ""
		}
		return x.LevelBasis.Reason
	},
	set: func(x *item, s string) string {
		b := catalog.LevelBasis{}
		if x.LevelBasis != nil {
			b = *x.LevelBasis
		}
		if b.Reason = s; b == (catalog.LevelBasis{}) {
			x.LevelBasis = nil
			return ""
		}
		x.LevelBasis = &b
		return ""
	}}

var domainValues = column[item]{key: "domain.values", name: "值域", note: "代码=含义，多个以“；”分隔，如 1=男；2=女", synonyms: []string{"代码表", "值域代码", "字典"},
	get: func(x item) string {
		if x.Domain == nil {
			return ""
		}
		out := make([]string, len(x.Domain.Values))
		for i, v := range x.Domain.Values {
			out[i] = quote(v.Code, separators+"=")
			if v.Name != "" {
				out[i] += "=" + quote(v.Name, separators)
			}
		}
		return strings.Join(out, "；")
	},
	set: func(x *item, s string) string {
		d := ownDomain(x)
		d.Values = nil
		for i, part := range cut(s, separators, 0) {
			pair := cut(part, "=", 2)
			v := catalog.CodeValue{Code: strings.TrimSpace(unquote(pair[0]))}
			if len(pair) == 2 {
				v.Name = strings.TrimSpace(unquote(pair[1]))
			}
			if v == (catalog.CodeValue{}) {
				continue
			}
			if v.Code == "" {
				return fmt.Sprintf("值域第%d个值没有代码；应写作“代码=含义”", i+1)
			}
			d.Values = append(d.Values, v)
		}
		settleDomain(x)
		return ""
	}}

func domainPart(key, name, note string, at func(*catalog.Domain) *string) column[item] {
	return column[item]{key: key, name: name, note: note,
		get: func(x item) string {
			if x.Domain == nil {
				return ""
			}
			return *at(x.Domain)
		},
		set: func(x *item, s string) string { *at(ownDomain(x)) = s; settleDomain(x); return "" }}
}

// ownDomain gives the item a domain that it shares with no other.
func ownDomain(x *item) *catalog.Domain {
	d := catalog.Domain{}
	if x.Domain != nil {
		d = *x.Domain
		d.Values = slices.Clone(d.Values)
	}
	x.Domain = &d
	return x.Domain
}

func settleDomain(x *item) {
	if d := x.Domain; len(d.Values) == 0 && d.Min+d.Max+d.Pattern+d.Scheme == "" {
		x.Domain = nil
	}
}
