package quality

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// FindingKind is a side of how well a catalog entry is filled.
type FindingKind string

// The kinds, in the order in which they are shown.
const (
	AbstractShort   FindingKind = "abstract_short"   // too short to tell what the data are
	AbstractIsName  FindingKind = "abstract_is_name" // says no more than the name
	NameVague       FindingKind = "name_vague"       // too short, or a word that everything is
	FieldsEmpty     FindingKind = "fields_empty"     // optional fields
	NoContact       FindingKind = "no_contact"
	NoKey           FindingKind = "no_key"
	ItemsUntold     FindingKind = "items_untold"     // items without a description
	ItemsNoElement  FindingKind = "items_no_element" // items without a standard element
	ItemsNoDomain   FindingKind = "items_no_domain"  // coded items without a value domain
	ItemsNoLevel    FindingKind = "items_no_level"
	PersonalInClear FindingKind = "personal_in_clear" // items with personal data that are shown in clear
	NeverLoaded     FindingKind = "never_loaded"
	Stale           FindingKind = "stale" // last load older than the frequency promises
)

// Weights of the kinds in the score of an entry. What does not apply to it does
// not count.
var entryWeights = map[FindingKind]float64{
	AbstractShort: 10, AbstractIsName: 10, NameVague: 5, FieldsEmpty: 15, NoContact: 10, NoKey: 5, ItemsUntold: 10,
	ItemsNoElement: 10, ItemsNoDomain: 5, ItemsNoLevel: 5, PersonalInClear: 10, NeverLoaded: 5, Stale: 10,
}

// EntryKinds lists the kinds.
var EntryKinds = []FindingKind{AbstractShort, AbstractIsName, NameVague, FieldsEmpty, NoContact, NoKey, ItemsUntold, ItemsNoElement,
	ItemsNoDomain, ItemsNoLevel, PersonalInClear, NeverLoaded, Stale}

var findingWords = map[FindingKind]string{
	AbstractShort: "摘要过短，看不出数据内容", AbstractIsName: "摘要只是重复名称", NameVague: "名称过短或者过于笼统", FieldsEmpty: "选填内容没有填写",
	NoContact: "没有联系方式", NoKey: "没有主键", ItemsUntold: "数据项没有说明", ItemsNoElement: "数据项没有对应标准数据元", ItemsNoDomain: "代码类数据项没有值域",
	ItemsNoLevel: "数据项没有分级", PersonalInClear: "个人信息数据项没有脱敏", NeverLoaded: "承诺汇聚而从未装载", Stale: "超过更新周期没有装载",
}

// Word gives the Chinese name of a kind.
func (k FindingKind) Word() string { return findingWords[k] }

// Finding counts things of an entry that are not as they should be: one, or so
// many of its fields or items.
type Finding struct {
	Kind    FindingKind
	Failed  int
	Checked int
}

// EntryScore is how well a published entry is filled.
type EntryScore struct {
	Resource string
	Version  int
	Provider string
	Region   string
	Score    float64 // 0..100
	Findings []Finding
	At       time.Time
}

const (
	goodAbstract = 20 // characters
	goodName     = 4
)

// vague are names that say nothing of the data.
var vague = map[string]bool{"数据": true, "信息": true, "数据表": true, "信息表": true, "基本信息": true, "基础数据": true, "数据资源": true, "信息资源": true, "统计数据": true, "测试数据": true}

// entryReview collects the findings of one entry.
type entryReview struct {
	findings        []Finding
	weighted, total float64
}

// look counts failed of checked things of a kind; nothing checked: it does not
// apply.
func (r *entryReview) look(k FindingKind, failed, checked int) {
	if checked == 0 {
		return
	}
	r.total += entryWeights[k]
	r.weighted += entryWeights[k] * float64(checked-failed) / float64(checked)
	if failed > 0 {
		r.findings = append(r.findings, Finding{k, failed, checked})
	}
}

func (r *entryReview) one(k FindingKind, bad bool) {
	if bad {
		r.look(k, 1, 1)
	} else {
		r.look(k, 0, 1)
	}
}

// ReviewEntry scores an entry by what its form leaves open and by the last load
// (zero: never), and tells when the age of the data will change the score; zero:
// not by itself.
func ReviewEntry(e catalog.Entry, loaded, now time.Time) (score float64, findings []Finding, next time.Time) {
	var r entryReview
	abstract, name := strings.TrimSpace(e.Abstract), strings.TrimSpace(e.Name)
	r.one(AbstractShort, utf8.RuneCountInString(abstract) < goodAbstract)
	r.one(AbstractIsName, abstract != "" && plain(strings.ReplaceAll(abstract, name, "")) == "")
	r.one(NameVague, utf8.RuneCountInString(name) < goodName || vague[name])
	empty, fields := emptyFields(e)
	r.look(FieldsEmpty, empty, fields)
	r.one(NoContact, strings.TrimSpace(e.Contact) == "")
	r.items(e)
	next = r.age(e, loaded, now)
	return cut(100 * r.weighted / r.total), r.findings, next
}

// plain leaves what a text says beside words that every abstract has.
func plain(text string) string {
	for _, filler := range []string{"数据", "信息", "包括", "的", "等", "内容", "本", "资源", "目录", "。", "，", ",", ".", " "} {
		text = strings.ReplaceAll(text, filler, "")
	}
	return text
}

// emptyFields counts the optional fields that say something of every entry.
func emptyFields(e catalog.Entry) (empty, of int) {
	for _, text := range []string{e.Format, string(e.FormatKind), e.Category, e.ScopeOfUse, e.UseConditions, e.SourceSystem, e.DutyBasis, e.OpenAttribute} {
		of++
		if strings.TrimSpace(text) == "" {
			empty++
		}
	}
	return empty, of
}

// coded tells whether an item's name says that its values are codes of a list.
func coded(x catalog.Item) bool {
	for _, end := range []string{"代码", "类型", "类别", "状态", "级别", "等级", "性别", "民族", "标志"} {
		if strings.HasSuffix(x.Name, end) && x.Type == "C" {
			return true
		}
	}
	return false
}

func (r *entryReview) items(e catalog.Entry) {
	n := len(e.Items)
	var untold, noElement, codes, noDomain, noLevel, personal, clear int
	for _, x := range e.Items {
		untold += count(strings.TrimSpace(x.Description) == "")
		noElement += count(x.Element == "")
		noLevel += count(x.Level == "")
		if coded(x) && x.Element == "" { // an element brings its own domain
			codes++
			noDomain += count(x.Domain == nil)
		}
		if x.Sensitivity != "" {
			personal++
			clear += count(!x.Masked)
		}
	}
	r.one(NoKey, len(keysOf(e.Items)) == 0)
	r.look(ItemsUntold, untold, n)
	r.look(ItemsNoElement, noElement, n)
	r.look(ItemsNoDomain, noDomain, codes)
	r.look(ItemsNoLevel, noLevel, n)
	r.look(PersonalInClear, clear, personal)
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// age looks whether hosted data are as fresh as promised.
func (r *entryReview) age(e catalog.Entry, loaded, now time.Time) (next time.Time) {
	if e.Collection != catalog.HostedCopy {
		return time.Time{}
	}
	r.one(NeverLoaded, loaded.IsZero())
	period, regular := periods[e.Frequency]
	if loaded.IsZero() || !regular {
		return time.Time{}
	}
	late := loaded.Add(period)
	r.one(Stale, now.After(late))
	if now.After(late) {
		return time.Time{}
	}
	return late.Add(time.Second)
}
