package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// citation is a title and an article: 《…》第…条.
var citation = regexp.MustCompile(`《[^《》]+》.*?第[零〇一二三四五六七八九十百千两0-9]+条`)

// CheckComplete tells everything that an entry lacks before it can be
// submitted, and everything that CheckForm tells, all at once and each with its
// clause: the mandatory fields (CN-13.2, HB-7), what the sharing attribute asks
// for (CN-15.2, XN-16), and what contradicts itself.
//
// A data item's standard element is not among them: not every item has one.
// What only the store knows is asked by checkEntry.
func CheckComplete(e Entry) error {
	var c fault.Collector
	complete(&c, e)
	return incomplete(&c)
}

func complete(c *fault.Collector, e Entry) {
	form(c, e)
	completeEntry(c, e)
	completeAttribute(c, e)
	completeCollection(c, e)
	completeItems(c, e)
}

func incomplete(c *fault.Collector) error {
	return c.Err("entry_incomplete", "目录条目信息不全或者前后矛盾，请补全后再报送", "")
}

func completeEntry(c *fault.Collector, e Entry) {
	c.Require("abstract", "内容摘要", e.Abstract, "HB-7")
	c.Require("format_kind", "数据格式分类", string(e.FormatKind), "CN-13.2")
	c.Require("format", "数据格式", e.Format, "CN-13.2")
	c.Require("frequency", "数据更新频率", e.Frequency, "CN-13.2")
	c.Require("attribute", "共享属性", string(e.Attribute), "CN-13.2")
	c.Require("level", "数据分类分级", string(e.Level), "CN-13.2")
	c.Require("contact", "联系方式", e.Contact, "CN-12")
	if e.Attribute == Withheld {
		return
	}
	// What follows says how the data are shared.
	if len(e.Methods) == 0 {
		c.Require("methods", "共享方式", "", "CN-13.2")
	}
	c.Require("use_conditions", "使用条件", e.UseConditions, "CN-13.2")
	c.Require("scope_of_use", "使用范围", e.ScopeOfUse, "HB-7")
	c.Require("collection", "归集方式", string(e.Collection), "HB-12")
}

// strictest is the strictest sharing attribute of the entry and its items: what
// one item needs a reason for, the entry gives.
func strictest(e Entry) Attribute {
	out := e.Attribute
	for _, x := range e.Items {
		if slices.Index(attributes, x.Attribute) > slices.Index(attributes, out) {
			out = x.Attribute
		}
	}
	return out
}

func completeAttribute(c *fault.Collector, e Entry) {
	switch strictest(e) {
	case Conditional:
		if len(e.Purposes) == 0 {
			c.Add("purposes", "required", "有条件共享的数据应列明使用用途", "CN-15.2")
		}
		if e.LegalBasis == "" {
			c.Add("legal_basis", "required", "有条件共享的数据应写明法律法规或者政策依据", "XN-16")
		}
	case Withheld:
		if e.WithheldReason == "" {
			c.Add("withheld_reason", "required", "不予共享的数据应列明理由", "CN-15.2")
		}
		if e.LegalBasis == "" {
			c.Add("legal_basis", "required", "不予共享的数据应明确法律、行政法规或者国务院决定依据", "CN-15.2")
		} else if !citation.MatchString(e.LegalBasis) {
			c.Add("legal_basis", "no_citation", "依据应写明名称和条款，如《××法》第×条", "CN-15.2")
		}
	}
}

func completeCollection(c *fault.Collector, e Entry) {
	linked := e.Collection == LinkedService
	api := slices.Contains(e.Methods, ServiceAPI)
	if linked && e.Attribute != Withheld {
		if e.Upstream == nil {
			c.Add("upstream.url", "required", "逻辑接入的数据应填写提供部门服务地址", "HB-12")
		}
		if !api {
			c.Add("methods", "inconsistent", "逻辑接入的数据应以服务接口方式共享", "CN-22")
		}
	}
	if !linked && e.Upstream != nil {
		c.Add("upstream", "inconsistent", "只有逻辑接入的数据才填写服务地址", "HB-12")
	}
	completeFormat(c, e)
	if e.Collection == HostedCopy && len(e.Items) > 0 && !slices.ContainsFunc(e.Items, func(x Item) bool { return x.Key }) {
		c.Add("items", "no_key", "物理汇聚的数据至少应有一个主键数据项", "HB-12")
	}
}

// completeFormat ties the sharing methods to the kind of format, and the kind
// to the words that say it more exactly.
func completeFormat(c *fault.Collector, e Entry) {
	fit := MethodsOf(e.FormatKind)
	if fit == nil {
		return
	}
	kind := Label(VocabFormatKind, string(e.FormatKind))
	if main, _, _ := strings.Cut(e.Format, "/"); main != "" && main != kind && slices.Contains(formats, main) {
		c.Add("format", "inconsistent", "数据格式应与数据格式分类“"+kind+"”一致，如“"+kind+"/具体格式”", "CN-13.2")
	}
	for i, m := range e.Methods {
		if !slices.Contains(fit, m) {
			var words []string
			for _, f := range fit {
				words = append(words, Label(VocabMethod, string(f)))
			}
			c.Add(fmt.Sprintf("methods[%d]", i), "inconsistent", "数据格式为“"+kind+"”的，共享方式应为"+strings.Join(words, "、"), "CN-22")
		}
	}
}

func completeItems(c *fault.Collector, e Entry) {
	if len(e.Items) == 0 {
		c.Add("items", "required", "至少应有一个数据项", "CN-13.2")
	}
	personal := false
	for i, x := range e.Items {
		at := func(field string) string { return fmt.Sprintf("items[%d].%s", i, field) }
		c.Require(at("name"), "数据项名称", x.Name, "CN-13.2")
		c.Require(at("type"), "数据类型", x.Type, "CN-13.2")
		c.Require(at("format"), "数据项格式", x.Format, "CN-13.2")
		c.Require(at("description"), "数据项说明", x.Description, "CN-13.2")
		c.Require(at("level"), "数据项分级", string(x.Level), "CN-13.2")
		if x.Length == 0 && (x.Type == "C" || x.Type == "N" || x.Type == "Y") {
			c.Require(at("length"), "数据长度", "", "CN-13.2")
		}
		if x.Attribute != "" && slices.Index(attributes, x.Attribute) < slices.Index(attributes, e.Attribute) {
			c.Add(at("attribute"), "more_open", "数据项的共享属性不得比目录条目更开放", "CN-14")
		}
		if e.Level != "" && rank(x.Level) > rank(e.Level) {
			c.Add("level", "below_item", "目录条目的级别不得低于其数据项“"+x.Name+"”的级别", "CN-13.2")
		}
		if x.Masked && x.Sensitivity == "" {
			c.Add(at("masked"), "inconsistent", "脱敏的数据项应选择敏感类型", "CN-35")
		}
		personal = personal || x.Sensitivity != ""
	}
	if personal && !e.PersonalInfo {
		c.Add("personal_info", "inconsistent", "数据项含个人信息，应标明含个人信息并开展个人信息保护影响评估", "CN-13.1")
	}
	if e.PersonalInfo && !personal && len(e.Items) > 0 {
		c.Add("personal_info", "inconsistent", "标明含个人信息的，至少应有一个数据项选择敏感类型", "CN-13.1")
	}
}

// rank orders levels; an unknown or blank one is lowest.
func rank(l Level) int { return slices.Index(levels, l) }
