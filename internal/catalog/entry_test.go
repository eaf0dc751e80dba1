package catalog_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/catalog/catalogtest"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// faults lists "path:code" of every field fault.
func faults(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return ""
	}
	var out []string
	for _, x := range f.Fields {
		out = append(out, x.Path+":"+x.Code)
	}
	return strings.Join(out, " ")
}

func basisOf(err error, path string) string {
	f, ok := fault.As(err)
	if !ok {
		return ""
	}
	i := slices.IndexFunc(f.Fields, func(x fault.Field) bool { return x.Path == path })
	if i < 0 {
		return ""
	}
	return f.Fields[i].Basis
}

func with(change func(*catalog.Entry)) catalog.Entry {
	e := catalogtest.Entry()
	change(&e)
	return e
}

func conditional(e *catalog.Entry) {
	e.Attribute, e.Purposes, e.LegalBasis = catalog.Conditional, []string{"核验"}, "《条例》第三条"
}

func domain(item int, d catalog.Domain) func(*catalog.Entry) {
	return func(e *catalog.Entry) { e.Items[item].Domain = &d }
}

func withheld(e *catalog.Entry) {
	*e = catalog.Entry{Name: e.Name, ClassCode: e.ClassCode, Abstract: e.Abstract, FormatKind: e.FormatKind, Format: e.Format, Frequency: e.Frequency,
		Attribute: catalog.Withheld, Level: e.Level, Contact: e.Contact, Items: e.Items,
		WithheldReason: "依法保密", LegalBasis: "《中华人民共和国反洗钱法》第七条第一款"}
}

func linked(e *catalog.Entry) {
	e.Collection, e.Upstream = catalog.LinkedService, &catalog.Upstream{URL: "https://api.example.gov.cn/people"}
}

func TestCheckForm(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*catalog.Entry){
		"":                                         func(*catalog.Entry) {},
		"name:required":                            func(e *catalog.Entry) { e.Name = "" },
		"name:too_long":                            func(e *catalog.Entry) { e.Name = strings.Repeat("名", 51) },
		"name:system_name":                         func(e *catalog.Entry) { e.Name = "人口管理系统" },
		"class_code:format":                        func(e *catalog.Entry) { e.ClassCode = "301-001" },
		"class_code:required":                      func(e *catalog.Entry) { e.ClassCode = "" },
		"format:not_in_list":                       func(e *catalog.Entry) { e.Format = "纸" },
		"frequency:not_in_list":                    func(e *catalog.Entry) { e.Frequency = "sometimes" },
		"attribute:not_in_list":                    func(e *catalog.Entry) { e.Attribute = "secret" },
		"methods[0]:not_in_list":                   func(e *catalog.Entry) { e.Methods = []catalog.Method{"post"} },
		"methods[1]:duplicate":                     func(e *catalog.Entry) { e.Methods = append(e.Methods, e.Methods[0]) },
		"purposes[1]:duplicate":                    func(e *catalog.Entry) { e.Purposes = []string{"a", "a"} },
		"contact:private_phone":                    func(e *catalog.Entry) { e.Contact = "张处 138 0013 8000" },
		"level:not_in_list":                        func(e *catalog.Entry) { e.Level = "general_5" },
		"items[1].code:format":                     func(e *catalog.Entry) { e.Items[1].Code = `name"; --` },
		"items[1].code:duplicate":                  func(e *catalog.Entry) { e.Items[1].Code = "code" },
		"items[1].name:duplicate":                  func(e *catalog.Entry) { e.Items[1].Name = "代码" },
		"items[1].type:not_in_list":                func(e *catalog.Entry) { e.Items[1].Type = "X" },
		"items[1].length:out_of_range":             func(e *catalog.Entry) { e.Items[1].Length = -1 },
		"format_kind:not_in_list":                  func(e *catalog.Entry) { e.FormatKind = "paper" },
		"related[0]:format":                        func(e *catalog.Entry) { e.Related = []string{"行政区划"} },
		"related[1]:duplicate":                     func(e *catalog.Entry) { e.Related = []string{"301001/000001", "301001/000001"} },
		"items[2].decimals:inconsistent":           func(e *catalog.Entry) { e.Items[2].Decimals = 2 },
		"items[2].decimals:out_of_range":           func(e *catalog.Entry) { e.Items[2].Decimals = -1 },
		"items[2].attribute:not_in_list":           func(e *catalog.Entry) { e.Items[2].Attribute = "open" },
		"items[0].domain.pattern:format":           domain(0, catalog.Domain{Pattern: "("}),
		"items[2].domain.pattern:inconsistent":     domain(2, catalog.Domain{Pattern: "[0-9]+"}),
		"items[0].domain.min:inconsistent":         domain(0, catalog.Domain{Min: "1"}),
		"items[2].domain.max:type":                 domain(2, catalog.Domain{Max: "很大"}),
		"items[2].domain.min:inconsistent":         domain(2, catalog.Domain{Min: "10", Max: "9.5"}),
		"items[2].domain.values[0].code:type":      domain(2, catalog.Domain{Values: []catalog.CodeValue{{Code: "甲"}}}),
		"items[0].domain.values[0].code:type":      domain(0, catalog.Domain{Values: []catalog.CodeValue{{Code: "1301021301021"}}}),
		"items[0].domain.values[1].code:duplicate": domain(0, catalog.Domain{Values: []catalog.CodeValue{{Code: "1"}, {Code: "1"}}}),
		"items[0].sensitivity:not_in_list items[2].level:not_in_list": func(e *catalog.Entry) {
			e.Items[0].Sensitivity, e.Items[2].Level = "x", "y"
		},
	} {
		if got := faults(catalog.CheckForm(with(change))); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	}
	blank := catalog.Entry{Name: "名", ClassCode: "3010010001"}
	if err := catalog.CheckForm(blank); err != nil {
		t.Errorf("a draft may be incomplete: %v", err)
	}
}

// CN-13.2, CN-15.2, XN-16, HB-12, CN-13.1
func TestCheckComplete(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		e     catalog.Entry
		want  string
		basis string // of the first field
	}{
		"complete":    {e: catalogtest.Entry()},
		"conditional": {e: with(conditional)},
		"withheld":    {e: with(withheld)},
		"linked":      {e: with(linked)},
		"nothing": {catalog.Entry{}, "name:required class_code:required abstract:required format_kind:required format:required frequency:required " +
			"attribute:required level:required contact:required methods:required use_conditions:required scope_of_use:required " +
			"collection:required items:required", "CN-13.2"},
		"conditional without purposes and basis": {with(func(e *catalog.Entry) { e.Attribute = catalog.Conditional }),
			"purposes:required legal_basis:required", "CN-15.2"},
		"conditional without legal basis": {with(func(e *catalog.Entry) { conditional(e); e.LegalBasis = "" }),
			"legal_basis:required", "XN-16"},
		"withheld without basis": {with(func(e *catalog.Entry) { withheld(e); e.LegalBasis, e.WithheldReason = "", "" }),
			"withheld_reason:required legal_basis:required", "CN-15.2"},
		"withheld without article": {with(func(e *catalog.Entry) { withheld(e); e.LegalBasis = "《反洗钱法》" }),
			"legal_basis:no_citation", "CN-15.2"},
		"linked without upstream": {with(func(e *catalog.Entry) { linked(e); e.Upstream = nil }), "upstream.url:required", "HB-12"},
		"linked as file": {with(func(e *catalog.Entry) { linked(e); e.Methods = []catalog.Method{catalog.FileDownload} }),
			"methods:inconsistent", "CN-22"},
		"upstream of a copy": {with(func(e *catalog.Entry) { linked(e); e.Collection = catalog.HostedCopy }), "upstream:inconsistent", "HB-12"},
		"service format as file": {with(func(e *catalog.Entry) {
			e.FormatKind, e.Format, e.Methods = catalog.FormatService, "服务接口/REST", []catalog.Method{catalog.FileDownload}
		}), "methods[0]:inconsistent", "CN-22"},
		"kind against format": {with(func(e *catalog.Entry) { e.FormatKind = catalog.FormatSpreadsheet }), "format:inconsistent", "CN-13.2"},
		"item more open than its entry": {with(func(e *catalog.Entry) { conditional(e); e.Items[1].Attribute = catalog.Unconditional }),
			"items[1].attribute:more_open", "CN-14"},
		"item stricter than its entry": {with(func(e *catalog.Entry) { e.Items[1].Attribute = catalog.Withheld }),
			"withheld_reason:required legal_basis:required", "CN-15.2"},
		"copy without key": {with(func(e *catalog.Entry) { e.Items[0].Key = false }), "items:no_key", "HB-12"},
		"bare item": {with(func(e *catalog.Entry) { e.Items = append(e.Items, catalog.Item{Code: "x", Type: "C"}) }),
			"items[3].name:required items[3].format:required items[3].description:required items[3].level:required items[3].length:required", "CN-13.2"},
		"item above entry":        {with(func(e *catalog.Entry) { e.Items[1].Level = catalog.General2 }), "level:below_item", "CN-13.2"},
		"personal but not marked": {with(func(e *catalog.Entry) { e.Items[1].Sensitivity = catalog.PersonName }), "personal_info:inconsistent", "CN-13.1"},
		"marked but not personal": {with(func(e *catalog.Entry) { e.PersonalInfo = true }), "personal_info:inconsistent", "CN-13.1"},
		"nothing to mask":         {with(func(e *catalog.Entry) { e.Items[1].Masked = true }), "items[1].masked:inconsistent", "CN-35"},
	} {
		err := catalog.CheckComplete(x.e)
		if got := faults(err); got != x.want {
			t.Errorf("%s: got %q; want %q", name, got, x.want)
		}
		first, _, _ := strings.Cut(x.want, ":")
		if got := basisOf(err, first); got != x.basis {
			t.Errorf("%s: basis of %s is %q; want %q", name, first, got, x.basis)
		}
	}
}

// Every mandatory field that is blanked is told, and no other is.
func TestEveryMissingFieldIsTold(t *testing.T) {
	t.Parallel()
	blank := map[string]func(*catalog.Entry){
		"abstract":             func(e *catalog.Entry) { e.Abstract = "" },
		"frequency":            func(e *catalog.Entry) { e.Frequency = "" },
		"methods":              func(e *catalog.Entry) { e.Methods = nil },
		"use_conditions":       func(e *catalog.Entry) { e.UseConditions = "" },
		"scope_of_use":         func(e *catalog.Entry) { e.ScopeOfUse = "" },
		"purposes":             func(e *catalog.Entry) { e.Purposes = nil },
		"legal_basis":          func(e *catalog.Entry) { e.LegalBasis = "" },
		"level":                func(e *catalog.Entry) { e.Level = "" },
		"items[0].description": func(e *catalog.Entry) { e.Items[0].Description = "" },
		"items[1].level":       func(e *catalog.Entry) { e.Items[1].Level = "" },
		"items[2].type":        func(e *catalog.Entry) { e.Items[2].Type = "" },
	}
	var paths []string
	for p := range blank {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	rapid.Check(t, func(t *rapid.T) {
		e := with(conditional)
		var want []string
		for _, p := range paths {
			if rapid.Bool().Draw(t, p) {
				blank[p](&e)
				want = append(want, p+":required")
			}
		}
		got := strings.Fields(faults(catalog.CheckComplete(e)))
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("got %v; want %v", got, want)
		}
	})
}

func TestUpstreamAddress(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"https://api.example.gov.cn:8443/v1":                     "",
		"http://10.1.2.3/api":                                    "",
		"http://127.0.0.1:18080":                                 "",
		"http://[fd12::1]:80/":                                   "",
		"":                                                       "required",
		"api.example.gov.cn/v1":                                  "format",
		"ftp://api.example.gov.cn":                               "format",
		"file:///etc/passwd":                                     "format",
		"https://user:pw@api.example.gov.cn":                     "credentials",
		"https://api.example.gov.cn/?token=x":                    "format",
		"https://api.example.gov.cn/#x":                          "format",
		"https://api.example.gov.cn/a/../b":                      "format",
		"https://api.example.gov.cn/a%2fb":                       "format",
		"http://169.254.169.254/latest/meta-data/":               "forbidden_address",
		"http://[::ffff:169.254.169.254]/":                       "forbidden_address",
		"http://[fe80::1%25eth0]/":                               "forbidden_address",
		"http://[fd00:ec2::254]/":                                "forbidden_address",
		"http://100.100.100.200/":                                "forbidden_address",
		"http://metadata.google.internal./":                      "forbidden_address",
		"http://METADATA.tencentyun.com/":                        "forbidden_address",
		"http://0.0.0.0/":                                        "forbidden_address",
		"http://[::]/":                                           "forbidden_address",
		"http://224.0.0.1/":                                      "forbidden_address",
		"http://2852039166/":                                     "format",
		"http://0xa9fea9fe/":                                     "format",
		"http://0251.0376.0251.0376/":                            "format",
		"http://169.254.43518/":                                  "format",
		"http://例子.中国/":                                          "format",
		"https://api.example.gov.cn/" + strings.Repeat("a", 500): "format",
	} {
		e := with(linked)
		e.Upstream.URL = url
		err := catalog.CheckForm(e)
		if want == "" && err == nil {
			continue
		}
		if got := faults(err); got != "upstream.url:"+want {
			t.Errorf("%s: %q; want %q", url, got, want)
		}
	}
}

// No spelling of a forbidden IPv4 address passes the form.
func TestForbiddenAddressInAnySpelling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, d := rapid.Byte().Draw(t, "c"), rapid.Byte().Draw(t, "d")
		a := netip.AddrFrom4([4]byte{169, 254, c, d})
		if !catalog.ForbiddenAddr(a) || !catalog.ForbiddenAddr(netip.AddrFrom16(a.As16())) {
			t.Fatalf("%s let through", a)
		}
		host := rapid.SampledFrom([]string{"%d.%d.%d.%d", "0%o.0%o.0%o.0%o", "0x%x.0x%x.0x%x.0x%x"}).Draw(t, "spelling")
		e := with(linked)
		e.Upstream.URL = "http://" + fmt.Sprintf(host, 169, 254, c, d) + "/"
		if catalog.CheckForm(e) == nil {
			t.Fatalf("%s let through", e.Upstream.URL)
		}
	})
}
