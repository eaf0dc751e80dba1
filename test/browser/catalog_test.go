package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Two characters and a facet find an entry; a new version of it is edited in
// the table of items, refused at its cell, mended, and compared with the
// published one.
func TestSearchEditAndCompareAnEntry(t *testing.T) {
	t.Parallel()
	base, password := node(t)
	clerk := signedIn(t, base, "mzt.jb", password)
	clerk.do("search by two initials and a facet", chromedp.Navigate(base+"/catalog"),
		chromedp.SendKeys(`//input[@aria-label="检索目录"]`, "xz"), chromedp.WaitVisible(chromedp.CSS("mark")),
		press(`//section[@aria-label="共享属性"]//label[contains(., "无条件共享")]//input`),
		chromedp.WaitVisible(`//*[@aria-label="已选条件"]//*[contains(., "无条件共享")]`))
	address, err := chromedp.Run(clerk.ctx, chromedp.Location())
	if err != nil || address != base+"/catalog?q=xz&attribute=unconditional" {
		t.Errorf("the search is not in the address: %q, %v", address, err)
	}
	clerk.do("open the entry", press(`//a[contains(@class, "hit-name")]`), visible("3010010001/000001"))
	clerk.do("begin a new version", button("编制新版本"), chromedp.WaitVisible(chromedp.CSS("#renew-reason")),
		chromedp.SendKeys(chromedp.CSS("#renew-reason"), "增加社区类别"), button("编制"), chromedp.WaitVisible(chromedp.CSS(".grid")))
	clerk.do("add an item with a code that cannot be", press(`//button[contains(., "添加数据项")]`),
		chromedp.WaitVisible(chromedp.CSS(`[data-row="4"]`)),
		chromedp.SendKeys(chromedp.CSS(`[data-row="4"][data-field="name"]`), "社区类别"),
		chromedp.SendKeys(chromedp.CSS(`[data-row="4"][data-field="code"]`), "Bad Code"),
		button("保存草稿"), chromedp.WaitVisible(`//td[contains(@class, "grid-faulty")]//*[@role="alert"]`))
	clerk.do("mend it in its cell and save",
		chromedp.SendKeys(chromedp.CSS(`[data-row="4"][data-field="code"]`), strings.Repeat(kb.Backspace, 8)+"kind"), button("保存草稿"), visible("第 2 版待发布"))
	clerk.do("see what changed, by whom and why", click("查看改动"), visible("第 1 版 → 第 2 版"), visible("增加社区类别"),
		chromedp.WaitVisible(`//li[contains(@class, "diff-item") and contains(., "新增") and contains(., "社区类别")]`))
}

// A search that finds nothing leads to a demand.
func TestAnEmptySearchLeadsToADemand(t *testing.T) {
	t.Parallel()
	base, password := node(t)
	clerk := signedIn(t, base, "camz.jb", password)
	clerk.do("find nothing", chromedp.Navigate(base+"/catalog"),
		chromedp.SendKeys(`//input[@aria-label="检索目录"]`, "殡葬惠民龘"), visible("没有找到与"),
		press(`//a[starts-with(@href, "/demands/new?words=")]//button`), visible("已有的目录和需求"))
	address, err := chromedp.Run(clerk.ctx, chromedp.Location())
	if err != nil || address != base+"/demands/new?words=%E6%AE%A1%E8%91%AC%E6%83%A0%E6%B0%91%E9%BE%98" {
		t.Errorf("led to %q, %v", address, err)
	}
}

// A table is checked before anything is written: what is wrong is told with its
// cell, and what passed becomes drafts.
func TestImportIsCheckedThenCommitted(t *testing.T) {
	t.Parallel()
	base, password := node(t)
	file := filepath.Join(t.TempDir(), "目录.csv")
	table := "\uFEFF信息资源名称,分类代码,内容摘要,数据项代码,数据项名称,数据类型\n" +
		"婚姻登记机关,301001,办理婚姻登记的机关,jgmc,机关名称,字符型\n" +
		"殡葬服务机构,301001,殡葬服务机构名录,jgmc,机构名称,不知何型\n"
	if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	clerk := signedIn(t, base, "mzt.jb", password)
	clerk.do("upload", chromedp.Navigate(base+"/imports"), visible("点击选择，或者把文件拖到这里"),
		chromedp.SetUploadFiles(chromedp.CSS("input[type=file]"), []string{file}))
	clerk.do("be told the cell and the reason", visible("未通过（1）"), visible("F3"), visible("殡葬服务机构"), visible("下载错误文件"))
	clerk.do("commit what passed", press(`//label[contains(., "只提交通过的 1 个信息资源")]//input`),
		button("提交1个信息资源的草稿"), visible("已提交 1 个信息资源的草稿"))
	clerk.do("find the draft", chromedp.Navigate(base+"/catalog?q=hydjjg&state=draft"),
		chromedp.WaitVisible(`//a[contains(@class, "hit-name") and contains(., "婚姻登记机关")]`))
}
