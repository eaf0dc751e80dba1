package dcat

import (
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// The authority tables of the Publications Office of the EU that DCAT-AP asks
// for.
const (
	euAuthority  = "http://publications.europa.eu/resource/authority/"
	euThemes     = euAuthority + "data-theme"
	euGovernment = euThemes + "/GOVE"
	publisherADM = "http://purl.org/adms/publishertype/1.0"
)

// word is an entry of a controlled vocabulary. It is told with its name, so
// that a document can be checked without fetching the vocabulary.
func word(id, scheme, text string, c *class) *Node {
	types := []*class{c, conceptClass}
	if c == conceptClass {
		types = types[1:]
	}
	return sharedNode(id, types...).add(prefLabel, text).add(inScheme, scheme)
}

// chinese is the language of every text.
func chinese() *Node {
	return word(euAuthority+"language/ZHO", euAuthority+"language", "汉语", languageClass)
}

// frequencies: update frequency of an entry → EU frequency.
var frequencies = map[string]string{
	"realtime": "UPDATE_CONT", "daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "quarterly": "QUARTERLY",
	"half_yearly": "ANNUAL_2", "yearly": "ANNUAL", "irregular": "IRREG",
}

func frequencyOf(e catalog.Entry) *Node {
	f, ok := frequencies[e.Frequency]
	if !ok {
		return nil
	}
	return word(euAuthority+"frequency/"+f, euAuthority+"frequency", catalog.Label(catalog.VocabFrequency, e.Frequency), frequencyClass)
}

// accessOf tells who gets at the data: nobody by sharing, the public, or those
// who are granted it.
func accessOf(e catalog.Entry) *Node {
	code, text := "RESTRICTED", "受限"
	switch {
	case e.Attribute == catalog.Withheld:
		code, text = "NON_PUBLIC", "不公开"
	case Open(e):
		code, text = "PUBLIC", "公开"
	}
	return word(euAuthority+"access-right/"+code, euAuthority+"access-right", text, rightsClass)
}

// fileTypes: what an entry calls its format → EU file type.
var fileTypes = []struct{ has, code string }{
	{"JSON", "JSON"}, {"CSV", "CSV"}, {"XML", "XML"}, {"XLSX", "XLSX"}, {"XLS", "XLS"}, {"PDF", "PDF"}, {"DOCX", "DOCX"}, {"SHP", "SHP"},
}

// formatOf gives the format of a distribution: the gateway answers in JSON;
// files are what the entry says, as a word of its own where the table has none.
func formatOf(e catalog.Entry, m catalog.Method, id string) *Node {
	table := euAuthority + "file-type"
	if m == catalog.ServiceAPI {
		return word(table+"/JSON", table, "JSON", extentClass)
	}
	for _, t := range fileTypes {
		if strings.Contains(strings.ToUpper(e.Format), t.has) {
			return word(table+"/"+t.code, table, t.code, extentClass)
		}
	}
	return node(id+"-format", extentClass).add(label, e.Format)
}

// kinds of class codes by their first digit (类).
var majors = map[string]string{"1": "基础信息资源", "2": "主题信息资源", "3": "部门信息资源"}

const classScheme = "urn:shuqiao:class"

// themesOf gives the themes: all of it is of government, and the class code's
// 类 says of which kind.
func themesOf(e catalog.Entry) []any {
	out := []any{word(euGovernment, euThemes, "政府和公共部门", conceptClass)}
	if e.ClassCode == "" {
		return out
	}
	major := e.ClassCode[:1]
	if text, ok := majors[major]; ok {
		out = append(out, word(classScheme+":"+segment(major), classScheme, text, conceptClass).add(notation, major))
	}
	return out
}

// taxonomies are the schemes that themes come from.
func taxonomies() []any {
	return []any{
		sharedNode(euThemes, schemeClass).add(title, "欧盟数据主题"),
		sharedNode(classScheme, schemeClass).add(title, "政务信息资源分类"),
	}
}

// publisherType tells the level of government from the region code.
func publisherType(region string) *Node {
	code, text := "LocalAuthority", "地方机关"
	switch {
	case region == "":
		return nil
	case region == "100000":
		code, text = "NationalAuthority", "国家机关"
	case len(region) == 6 && strings.HasSuffix(region, "0000"):
		code, text = "RegionalAuthority", "省级机关"
	}
	return word("http://purl.org/adms/publishertype/"+code, publisherADM, text, conceptClass)
}

// datatypes: type of an item by the compilation guide → XML Schema.
var datatypes = map[string]string{
	"C": "string", "N": "decimal", "Y": "decimal", "D": "date", "T": "dateTime", "L": "boolean", "M": "string", "G": "string",
	"B": "double", "I": "integer", "F": "double",
}

// datatypeOf gives the XML Schema type of an item; text where none is known.
func datatypeOf(i catalog.Item) string {
	t, ok := datatypes[strings.ToUpper(i.Type)]
	if !ok {
		t = "string"
	}
	return "http://www.w3.org/2001/XMLSchema#" + t
}
