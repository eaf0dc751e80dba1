package e2e

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/sheet"
)

const imports = "/api/v1/catalog/imports"

// handIn hands a file in and waits for the end of the dry run.
func (w *world) handIn(user, name string, file []byte) map[string]any {
	w.t.Helper()
	a := w.as(user, http.MethodPost, imports+"?name="+url.QueryEscape(name), bytes.NewReader(file))
	if a.Status != http.StatusAccepted {
		w.t.Fatalf("upload: %d %s", a.Status, a.Raw)
	}
	return w.rest(user, a.JSON["id"].(string))
}

// rest waits until no worker has anything to do with an import.
func (w *world) rest(user, id string) map[string]any {
	w.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		x := w.ok(user, http.MethodGet, imports+"/"+id, nil)
		switch x["state"] {
		case "unmapped", "checked", "done", "failed", "cancelled":
			return x
		}
	}
	w.t.Fatal("the import does not end")
	return nil
}

func (w *world) commit(user string, x map[string]any, mode string) map[string]any {
	w.t.Helper()
	id := x["id"].(string)
	w.ok(user, http.MethodPost, imports+"/"+id+"/commit", map[string]any{"digest": x["digest"], "mode": mode})
	return w.rest(user, id)
}

func (w *world) importRows(user string, x map[string]any, outcome string) []map[string]any {
	w.t.Helper()
	return list(w.ok(user, http.MethodGet, imports+"/"+x["id"].(string)+"/rows?limit=200&outcome="+outcome, nil), "items")
}

func tally(x map[string]any) string {
	c, _ := x["counts"].(map[string]any)
	return fmt.Sprint(c["new"], c["changed"], c["unchanged"], c["refused"])
}

// sheets makes a workbook of sheets of rows.
func sheets(t *testing.T, names []string, rows map[string][][]string, more ...func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, name := range names {
		if i == 0 {
			_ = f.SetSheetName("Sheet1", name)
		} else if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for n, row := range rows[name] {
			for c, text := range row {
				cell, _ := excelize.CoordinatesToCellName(c+1, n+1)
				if err := f.SetCellStr(name, cell, text); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, do := range more {
		do(f)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The national guide's table: two tiers of headings, the resource's cells
// merged over its items.
func nationalTable(t *testing.T) []byte {
	return sheets(t, []string{"目录"}, map[string][][]string{"目录": {
		{"信息资源分类", "", "", "", "信息资源名称", "信息资源代码", "信息资源提供方", "信息资源摘要", "信息资源格式", "信息项信息", "", "", "共享属性", "", "", "开放属性", "", "更新周期", "发布日期", "关联资源代码"},
		{"类", "项", "目", "细目", "", "", "", "", "", "信息项名称", "数据类型", "数据长度", "共享类型", "共享条件", "共享方式类型", "是否向社会开放", "开放条件", "", "", ""},
		{"基础信息资源", "法人", "社会组织", "", "社会团体年检结果", "", "河北省民政厅", "社会团体每年接受检查的结论", "数据库", "社会团体名称", "字符型C", "100", "有条件共享", "用于监管", "库表交换", "否", "", "每年", "2026-01-05", ""},
		{"", "", "", "", "", "", "", "", "", "检查年度", "数值型N", "4", "", "", "", "", "", "", "", ""},
		{"", "", "", "", "", "", "", "", "", "检查结论", "字符型C", "20", "", "", "", "", "", "", "", ""},
		{"基础信息资源", "法人", "社会组织", "", "基金会年检结果", "", "河北省民政厅", "基金会每年接受检查的结论", "数据库", "基金会名称", "字符型C", "100", "有条件共享", "用于监管", "文件下载", "否", "", "每年", "2026-01-05", ""},
	}}, func(f *excelize.File) {
		_ = f.MergeCell("目录", "A1", "D1")
		_ = f.MergeCell("目录", "J1", "L1")
		_ = f.MergeCell("目录", "M1", "O1")
		_ = f.MergeCell("目录", "P1", "Q1")
		for _, c := range []string{"E", "F", "G", "H", "I", "R", "S", "T"} {
			_ = f.MergeCell("目录", c+"1", c+"2")
		}
		for _, c := range []string{"A", "B", "C", "E", "G", "H", "I", "M", "N", "O", "P", "R", "S"} {
			_ = f.MergeCell("目录", c+"3", c+"5")
		}
	})
}

// HB-7, CN-12, CN-16: a department hands in the table that it has, looks at what
// would become of it, and commits exactly that; what comes of it are drafts. The
// export comes back unchanged, a change is told field by field, and what the
// catalog says meanwhile prevails.
func TestImportNationalTable(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		x := w.handIn("mzt.jb", "民政目录.xlsx", nationalTable(t))
		if x["state"] != "checked" || tally(x) != "2 0 0 0" {
			t.Fatalf("dry run: %v %v", x, w.importRows("mzt.jb", x, "refused"))
		}
		if a := w.as("mzt.jb", http.MethodGet, "/api/v1/resources?text="+url.QueryEscape("年检结果"), nil); len(list(a.JSON, "items")) != 0 {
			t.Fatalf("a dry run wrote: %s", a.Raw)
		}
		w.refusedAs("another dry run's digest", 0, func() answer {
			return w.as("mzt.jb", http.MethodPost, imports+"/"+x["id"].(string)+"/commit", map[string]any{"digest": strings.Repeat("0", 64)})
		}, 409, "digest_differs", "", nil)
		w.refusedAs("another department's import", 0, func() answer { return w.as("rst.jb", http.MethodGet, imports+"/"+x["id"].(string), nil) }, 404, "not_found", "", nil)
		w.refusedAs("an engineer's import", 0, func() answer { return w.as("mzt.dj", http.MethodGet, imports, nil) }, 403, "role_missing", "CN-11", nil)
		if x = w.commit("mzt.jb", x, "file"); x["state"] != "done" || x["counts"].(map[string]any)["done"] != 2.0 {
			t.Fatalf("commit: %v", x)
		}
		row := find(w.importRows("mzt.jb", x, "new"), "name", "社会团体年检结果")
		id, code := row["resource"].(string), row["code"].(string)
		detail := w.ok("mzt.jb", http.MethodGet, "/api/v1/resources/"+id, nil)
		pending := detail["pending"].(map[string]any)
		entry := pending["entry"].(map[string]any)
		items := list(entry, "items")
		if pending["status"] != "draft" || detail["published"] != nil || entry["class_code"] != "102004" || entry["attribute"] != "conditional" || entry["frequency"] != "yearly" ||
			entry["format_kind"] != "database" || entry["open_attribute"] != "not_open" || len(items) != 3 || items[0]["code"] != "shttmc" || items[0]["type"] != "C" || items[1]["length"] != 4.0 {
			t.Errorf("draft: %v", pending)
		}
		w.refusedAs("committed twice", 0, func() answer {
			return w.as("mzt.jb", http.MethodPost, imports+"/"+x["id"].(string)+"/commit", map[string]any{"digest": x["digest"]})
		}, 409, "import_state", "", nil)

		// Out and in again, in both formats.
		for _, f := range []struct{ format, name string }{{"xlsx", "a.xlsx"}, {"csv", "a.zip"}} {
			a := w.as("mzt.jb", http.MethodGet, "/api/v1/catalog/export?format="+f.format, nil)
			if a.Status != 200 {
				t.Fatalf("export: %d %s", a.Status, a.Raw)
			}
			if x := w.handIn("mzt.jb", f.name, a.Raw); x["state"] != "checked" || !strings.HasPrefix(tally(x), "0 0 ") || !strings.Contains(tally(x), " 0") {
				t.Errorf("%s comes back: %v %v %v", f.format, x["counts"], w.importRows("mzt.jb", x, "changed"), w.importRows("mzt.jb", x, "refused"))
			} else {
				w.ok("mzt.jb", http.MethodPost, imports+"/"+x["id"].(string)+"/cancel", nil)
			}
		}

		// Blank is unchanged, the marker clears, what is not named stays.
		edit := sheets(t, []string{"信息资源", "数据项"}, map[string][][]string{
			"信息资源": {{"信息资源代码", "信息资源名称", "内容摘要", "使用条件"}, {code, "社会团体年检结果", "", "〈清空〉"}},
			"数据项":  {{"信息资源代码", "数据项名称", "数据长度", "操作"}, {code, "检查结论", "30", ""}, {code, "检查年度", "", "删除"}}})
		x = w.handIn("mzt.jb", "改.xlsx", edit)
		row = w.importRows("mzt.jb", x, "changed")[0]
		if tally(x) != "0 1 0 0" || fmt.Sprint(row["fields"]) != "[use_conditions]" || len(list(row, "changes")) != 2 {
			t.Fatalf("changes: %v %v", x, row)
		}
		// Somebody edits the draft between dry run and commit.
		entry["abstract"] = "社会团体年度检查的结论"
		w.ok("mzt.jb", http.MethodPut, "/api/v1/resources/"+id+"/draft", map[string]any{"entry": entry, "revision": pending["revision"]})
		if x = w.commit("mzt.jb", x, "file"); x["state"] != "failed" || x["failure"] != "changed_meanwhile" {
			t.Fatalf("changed meanwhile: %v", x)
		}
		if r := w.importRows("mzt.jb", x, "refused"); len(r) != 1 || list(r[0], "reasons")[0]["code"] != "changed_meanwhile" {
			t.Errorf("told: %v", r)
		}
		x = w.commit("mzt.jb", w.handIn("mzt.jb", "改.xlsx", edit), "file")
		entry = w.ok("mzt.jb", http.MethodGet, "/api/v1/resources/"+id, nil)["pending"].(map[string]any)["entry"].(map[string]any)
		if items := list(entry, "items"); x["state"] != "done" || entry["abstract"] != "社会团体年度检查的结论" || entry["use_conditions"] != nil || len(items) != 2 || items[1]["length"] != 30.0 || items[1]["type"] != "C" {
			t.Errorf("edited: %v %v", x, entry)
		}
	})
}

// CN-3 and bad input: what is wrong is told cell by cell, nothing is half
// imported, and what is marked secret leaves no trace but that it was there.
func TestImportRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		good := []string{"1", "殡葬服务机构名录", "102004", "名录", "无条件共享"}
		header := []string{"资源编号", "信息资源名称", "分类代码", "内容摘要", "共享属性"}
		items := [][]string{{"资源编号", "数据项代码", "数据项名称", "数据类型"}, {"1", "mc", "名称", "字符型"}, {"2", "Bad Code", "名称", "字符型"}, {"9", "x", "孤儿", "字符型"}}
		file := sheets(t, []string{"信息资源", "数据项", "暗表"}, map[string][][]string{"数据项": items, "暗表": {header, good},
			"信息资源": {header, good, {"2", "收养登记系统", "999999", "=1+1 是文本", "共享"}, {"3", "殡葬服务机构名录", "102004", "", ""}, {"4", "军供站", "102004", "机密", "不予共享"}}},
			func(f *excelize.File) {
				_ = f.SetSheetVisible("暗表", false)
				_ = f.SetCellFormula("信息资源", "D4", "A1&\"x\"")
			})
		x := w.handIn("mzt.jb", "坏.xlsx", file)
		refused := w.importRows("mzt.jb", x, "refused")
		if x["state"] != "checked" || tally(x) != "1 0 0 4" || x["errors"] != true || !strings.Contains(fmt.Sprint(x["notes"]), "隐藏") || !strings.Contains(fmt.Sprint(x["notes"]), "CN-3") {
			t.Fatalf("dry run: %v %v", x, refused)
		}
		told := fmt.Sprint(refused)
		for _, code := range []string{"system_name", "unknown_class", "not_understood", "format", "duplicate", "formula", "secret", "no_resource"} {
			if !strings.Contains(told, "code:"+code) {
				t.Errorf("%s is not told: %s", code, told)
			}
		}
		if strings.Contains(told, "军供站") || strings.Contains(told, "机密") {
			t.Errorf("the secret row's content is told: %s", told)
		}
		if n := len(w.entriesOf(app.SecretRefused)); n != 1 {
			t.Errorf("%d records of the secret", n)
		}
		errs := w.as("mzt.jb", http.MethodGet, imports+"/"+x["id"].(string)+"/errors", nil)
		f, err := excelize.OpenReader(bytes.NewReader(errs.Raw))
		if err != nil {
			t.Fatalf("error file: %v %s", err, errs.Raw[:min(300, len(errs.Raw))])
		}
		defer f.Close()
		cell := func(at string) string { s, _ := f.GetCellValue("信息资源", at); return s }
		comments, _ := f.GetComments("信息资源")
		if cell("B3") != "收养登记系统" || cell("D3") != "=1+1 是文本" || cell("F1") != "问题说明" || !strings.Contains(cell("F3"), "系统") || cell("B5")+cell("D5") != "" || len(comments) < 4 {
			t.Errorf("error file: %q %q %q %q, %d comments", cell("B3"), cell("D3"), cell("F3"), cell("B5"), len(comments))
		}
		w.refusedAs("all or nothing", 0, func() answer {
			return w.as("mzt.jb", http.MethodPost, imports+"/"+x["id"].(string)+"/commit", map[string]any{"digest": x["digest"]})
		}, 409, "import_has_refusals", "", nil)
		w.refusedAs("the uploaded file is wiped", 0, func() answer {
			return w.as("mzt.jb", http.MethodPut, imports+"/"+x["id"].(string)+"/mapping", map[string]any{"sheets": []any{}})
		}, 409, "file_wiped", "", nil)
		if data, err := w.node.Store.Imports().BlobChunk(t.Context(), x["id"].(string), sheet.Upload, 0); data != nil || err != nil {
			t.Errorf("%d bytes of the upload are left (%v)", len(data), err)
		}
		if x = w.commit("mzt.jb", x, "resource"); x["state"] != "done" || x["counts"].(map[string]any)["done"] != 1.0 {
			t.Errorf("by resource: %v", x)
		}

		for name, c := range map[string]struct {
			file   []byte
			status int
			code   string
		}{
			"a.xlsm":   {file, 400, "file_kind"},
			"机密.xlsx":  {file, 400, "secret_refused"},
			"空.csv":    {nil, 400, "file_empty"},
			"大.csv":    {bytes.Repeat([]byte("x"), 65<<20), 413, "file_too_large"},
			"更大的.xlsx": {bytes.Repeat([]byte("x"), 64<<20+1), 413, "file_too_large"},
		} {
			if a := w.as("mzt.jb", http.MethodPost, imports+"?name="+url.QueryEscape(name), io.MultiReader(bytes.NewReader(c.file))); a.Status != c.status || a.code() != c.code {
				t.Errorf("%s: %d %s", name, a.Status, a.Raw)
			}
		}
		if x := w.handIn("mzt.jb", "假.xlsx", []byte("PK\x03\x04nothing")); x["state"] != "failed" || x["failure"] != "file_broken" {
			t.Errorf("broken: %v", x)
		}
	})
}

// A layout that nobody knows is mapped by a person once and known ever after; CSV
// in GB18030 and multipart uploads are taken; the template has what it says.
func TestImportMapping(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		csv := []byte("题名,说明文字,门类\n地名普查成果,第二次普查,103004\n")
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, _ := form.CreateFormFile("file", "地名.csv")
		_, _ = part.Write(csv)
		_ = form.Close()
		req, _ := http.NewRequest(http.MethodPost, w.base+imports, &body)
		req.Header.Set("Content-Type", form.FormDataContentType())
		req.Header.Set("Authorization", "Bearer "+w.session("mzt.jb"))
		a := w.do(req)
		if a.Status != 202 || a.JSON["name"] != "地名.csv" {
			t.Fatalf("multipart: %d %s", a.Status, a.Raw)
		}
		x := w.rest("mzt.jb", a.JSON["id"].(string))
		if x["state"] != "unmapped" || x["message"] == "" {
			t.Fatalf("unknown headings: %v", x)
		}
		columns := func(third string) map[string]any {
			return map[string]any{"sheets": []any{map[string]any{"sheet": "CSV", "content": "resources", "columns": []any{map[string]any{"column": "A", "field": "name"},
				map[string]any{"column": "B", "field": "abstract"}, map[string]any{"column": "C", "field": third}}}}}
		}
		mapping := imports + "/" + x["id"].(string) + "/mapping"
		w.refusedAs("a field that is none", 0, func() answer { return w.as("mzt.jb", http.MethodPut, mapping, columns("colour")) }, 400, "mapping_invalid", "", map[string]string{"sheets[0].columns[2].field": ""})
		w.ok("mzt.jb", http.MethodPut, mapping, columns("class_code"))
		if x = w.rest("mzt.jb", x["id"].(string)); x["state"] != "checked" || tally(x) != "1 0 0 0" {
			t.Fatalf("mapped: %v %v", x, w.importRows("mzt.jb", x, "refused"))
		}
		if x = w.handIn("mzt.jb", "又一份.csv", bytes.ReplaceAll(csv, []byte("地名普查"), []byte("界线勘定"))); x["state"] != "checked" || tally(x) != "1 0 0 0" {
			t.Errorf("the next time: %v", x)
		}
		if x = w.handIn("rst.jb", "别的部门.csv", csv); x["state"] != "unmapped" {
			t.Errorf("another department: %v", x)
		}
		if x := w.ok("rst.jb", http.MethodPost, imports+"/"+x["id"].(string)+"/cancel", nil); x["state"] != "cancelled" {
			t.Errorf("cancelled: %v", x)
		}
	})
}

func zipNames(t *testing.T, data []byte) (out []string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		out = append(out, f.Name)
	}
	return out
}

// The template can be had in both formats, and is refused as it is: an example
// is no content.
func TestImportTemplate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.as("mzt.jb", http.MethodGet, "/api/v1/catalog/import-template", nil)
		if a.Status != 200 || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") {
			t.Fatalf("template: %d %s", a.Status, a.Raw)
		}
		if x := w.handIn("mzt.jb", "模板.xlsx", a.Raw); x["state"] != "failed" || x["failure"] != "file_empty" {
			t.Errorf("an empty template: %v", x)
		}
		if a := w.as("mzt.jb", http.MethodGet, "/api/v1/catalog/import-template?format=csv", nil); fmt.Sprint(zipNames(t, a.Raw)) != "[信息资源.csv 数据项.csv]" {
			t.Errorf("CSV: %v", zipNames(t, a.Raw))
		}
		w.refusedAs("others' drafts are not exported", 0, func() answer {
			return w.as("rst.jb", http.MethodGet, "/api/v1/catalog/export?provider="+w.ok("mzt.jb", http.MethodGet, "/api/v1/me", nil)["department"].(map[string]any)["id"].(string), nil)
		}, 403, "drafts_hidden", "CN-16", nil)
	})
}
