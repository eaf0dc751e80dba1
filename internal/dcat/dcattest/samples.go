package dcattest

import (
	"fmt"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Address is the public address of the samples' node.
const Address = "https://share.example.gov"

// Day is when the samples were published.
var Day = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

// Operator answers for the samples' catalog.
func Operator() org.Department {
	return org.Department{ID: "d-0", Name: "河北省数据和政务服务局", USCC: "11130000000000000A", Region: "130000", Sector: "数据"}
}

// Provider provides the samples.
func Provider() org.Department {
	return org.Department{ID: "d-1", Name: "河北省民政厅", USCC: "11130000000000001B", Region: "130000", Sector: "民政",
		Office: &org.SharingOffice{Name: "信息化处", Head: "人员甲", Leader: "人员乙", Manager: "人员丙", Contact: "13800000000", FiledAt: Day}}
}

// ID of the nth sample.
func ID(n int) string { return fmt.Sprintf("0190a000-0000-7000-8000-%012d", n) }

func record(n int, e catalog.Entry) dcat.Record {
	return dcat.Record{
		Resource: catalog.Resource{ID: ID(n), Code: fmt.Sprintf("%s/%06d", e.ClassCode, n), Provider: "d-1", Region: "130000", Published: 1},
		Entry:    e, Version: 1, FirstIssued: Day, PublishedAt: Day, Provider: Provider(), RegionName: "河北省",
	}
}

// Samples are entries of every kind: open, conditional with personal data,
// withheld, one with hardly anything filled in and one full of odd characters.
func Samples() []dcat.Record {
	revised := record(1, open())
	revised.Version, revised.PublishedAt, revised.Related = 3, Day.Add(49*time.Hour), []string{ID(2)}
	return []dcat.Record{revised, record(2, conditional()), record(3, withheld()), record(4, bare()), record(5, odd())}
}

func open() catalog.Entry {
	return catalog.Entry{
		Name: "行政区划代码", ClassCode: "3010010001", Abstract: "全省各级行政区划的代码、名称、上级和级别。", Format: "数据库", Frequency: "yearly",
		Attribute: catalog.Unconditional, Methods: []catalog.Method{catalog.ServiceAPI, catalog.FileDownload}, UseConditions: "无", ScopeOfUse: "各部门",
		Purposes: []string{"履行职责需要"}, Level: catalog.General1, Collection: catalog.HostedCopy, SourceSystem: "区划地名管理",
		DutyBasis: "《行政区划管理条例》第四条", Contact: "0311-80000001", OpenAttribute: "open", Category: "民政", Related: []string{"1010010002/000002"},
		Items: []catalog.Item{
			{Code: "code", Name: "区划代码", Type: "C", Length: 12, Format: "6、9或12位数字", Description: "按统计用区划代码", Element: "DE-QHDM", Key: true,
				Level: catalog.General1, EnglishName: "region code", Authoritative: true, Domain: &catalog.Domain{Scheme: "GB/T 2260"}},
			{Code: "area", Name: "面积", Type: "N", Length: 12, Decimals: 2, Nullable: true, Level: catalog.General1},
			{Code: "founded", Name: "设立日期", Type: "D", Level: catalog.General1, Attribute: catalog.Conditional},
		},
	}
}

func conditional() catalog.Entry {
	return catalog.Entry{
		Name: "社会救助对象", ClassCode: "1010010002", Abstract: "社会救助对象的基本信息。", Format: "服务接口", Frequency: "realtime",
		Attribute: catalog.Conditional, Methods: []catalog.Method{catalog.ServiceAPI, catalog.BatchExchange}, UseConditions: "按批准的用途逐笔查询",
		ScopeOfUse: "医疗保障部门", Purposes: []string{"参保身份核验", "救助对象核验"}, LegalBasis: "《社会救助暂行办法》第三条", Level: catalog.General4,
		PersonalInfo: true, Collection: catalog.LinkedService, Upstream: &catalog.Upstream{URL: "https://inner.example.gov/secret-path"},
		SourceSystem: "社会救助", DutyBasis: "《社会救助暂行办法》第三条", Contact: "138 0000 0000", OpenAttribute: "not_open",
		Items: []catalog.Item{{Code: "id_number", Name: "公民身份号码", Type: "C", Length: 18, Key: true, Level: catalog.General4,
			Sensitivity: catalog.ResidentID, Masked: true}},
	}
}

func withheld() catalog.Entry {
	return catalog.Entry{
		Name: "收养登记档案", ClassCode: "3010020001", Abstract: "档案内容说明", Frequency: "irregular", Attribute: catalog.Withheld,
		WithheldReason: "法律规定应当保守收养秘密", LegalBasis: "《中华人民共和国民法典》第一千一百一十条", Contact: "0311-80000001", OpenAttribute: "not_open",
		SourceSystem: "收养登记", Items: []catalog.Item{{Code: "adopter", Name: "收养人", Type: "C", Length: 50}},
	}
}

func bare() catalog.Entry {
	return catalog.Entry{Name: "婚姻登记", ClassCode: "201", Attribute: catalog.Conditional, Contact: "见门户", Frequency: "other"}
}

func odd() catalog.Entry {
	e := open()
	e.Name = "引号\"反斜\\换行\n制表\t零\x00铃\a 删\x7f界\u2028\ufeff表情😀扩𠮷右\u202e"
	e.Abstract = "<script>&amp;'''\"\"\"@zh . ; , ]> ^^xsd:date \\u0041 " + string([]byte{0xff, 0xfe}) + "尾"
	e.Format, e.Contact = "CSV 文件", "0311-8000(0001)>"
	e.Items = append(e.Items, catalog.Item{Code: "odd_item", Name: "奇\"名\\", Type: "?", Description: "\r\n"})
	return e
}
