package browser

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Two resources of two providers are put aside, applied for with one form, and
// are two applications; what is missing is told in its place, and nothing is
// opened then.
func TestACartBecomesApplications(t *testing.T) {
	t.Parallel()
	base, password := node(t)
	clerk := signedIn(t, base, "camz.jb", password)
	put := func(name string) []step {
		return []step{chromedp.Navigate(base + "/catalog"), click(name), button("放入数据车"), button("已在数据车中")}
	}
	clerk.do("put the first aside", put("常住人口基本信息(演示)")...)
	clerk.do("put the second aside", put("行政区划代码")...)
	clerk.do("see both by provider", chromedp.WaitVisible(`//a[@aria-label="数据车：2 项"]`), visible("石家庄市公安局（1）"), visible("河北省民政厅（1）"))
	clerk.do("be told of each entry that nothing was chosen", button("保存2份草稿"), visible("请选择数据项"))
	// An item of each; the second picker of an entry asks which are needed in clear.
	clerk.do("choose items", press(`(//section)[1]//label[contains(., "区划代码")]//input`), press(`(//section)[2]//label[contains(., "全选")]//input`))
	clerk.do("be told beside the field what is missing", button("保存并报负责人"), visible("使用依据为必填项"), visible("使用时限为必填项"))
	clerk.do("fill the common form and save",
		chromedp.SendKeys(chromedp.CSS("#basis"), "《社会救助暂行办法》第九条"),
		chromedp.SendKeys(chromedp.CSS("#until"), time.Now().AddDate(0, 6, 0).Format(time.DateOnly)+kb.Enter),
		button("保存2份草稿"), visible("已为 2 项资源形成共享申请"))
	clerk.do("the cart is empty, the applications are there", chromedp.WaitVisible(`//a[@aria-label="数据车：0 项"]`),
		press(`(//div[@role="status"]//li/a)[1]`), visible("《社会救助暂行办法》第九条"), visible("起草"))
}
