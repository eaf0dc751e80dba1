package browser

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// One application from form to grant, by three people in three browsers: the
// clerk fills the form, the office head agrees, the provider replies. Each
// finds it among the to-dos with its date and clause, and the timeline tells
// the story.
func TestAnApplicationFromFormToGrant(t *testing.T) {
	t.Parallel()
	base, password := node(t)

	clerk := signedIn(t, base, "sjzyb.jb", password)
	clerk.do("find the resource", chromedp.Navigate(base+"/catalog"), click("行政区划代码"), visible("申请共享"))
	clerk.do("open the form", click("申请共享"), chromedp.WaitVisible(chromedp.CSS("#basis")))
	clerk.do("fill the form",
		chromedp.SendKeys(chromedp.CSS("#basis"), "《医疗保障基金使用监督管理条例》第三十二条"),
		chromedp.SendKeys(chromedp.CSS("#scenario"), "参保登记时核对地址"),
		chromedp.SendKeys(chromedp.CSS("#scope_of_use"), "本部门经办窗口"),
		chromedp.SendKeys(chromedp.CSS("#purpose"), "履行职责需要"),
		chromedp.SendKeys(chromedp.CSS("#until"), time.Now().AddDate(0, 6, 0).Format(time.DateOnly)+kb.Enter),
		click("全选"),
		chromedp.Click(chromedp.CSS("#systems")),
		click("医疗保障信息平台"),
		chromedp.KeyEvent(kb.Escape),
		button("保存草稿"),
		button("报负责人"),
		button("确认办理"),
		visible("待本部门共享工作机构负责人同意"))
	address, err := chromedp.Run(clerk.ctx, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}

	head := signedIn(t, base, "sjzyb.fzr", password)
	head.do("find it among the to-dos", visible("待本部门共享工作机构负责人同意"), click("行政区划代码"), button("同意提出"))
	head.do("agree", button("确认办理"), visible("待提供部门答复"))

	provider := signedIn(t, base, "mzt.fzr", password)
	provider.do("see the date and the clause", visible("剩余 1 个工作日"), visible("第二十一条第一款"))
	provider.do("agree", click("行政区划代码"), button("同意共享"), button("确认办理"), visible("已形成授权"))
	provider.do("read the timeline", visible("报负责人"), visible("同意提出"), visible("已同意,待提供"))
	provider.do("see the grant and how to call it", click("查看授权与调用方法"), visible("curl"), visible("履行职责需要"))

	clerk.do("the clerk sees the outcome", chromedp.Navigate(address), visible("已形成授权"))
}

// What is missing is told beside its field before anything is sent; what the
// server refuses stands there too, with its clause.
func TestARefusalStandsBesideItsField(t *testing.T) {
	t.Parallel()
	base, password := node(t)
	head := signedIn(t, base, "sjzga.fzr", password)
	head.do("refuse without reasons", click("常住人口基本信息(演示)"), button("不同意共享"), button("确认办理"))
	head.do("be told", visible("请填写理由"))
	head.do("agree to less, without reasons", button("取消"), button("同意共享"), press(`//label[contains(., "姓名")]//input`),
		button("确认办理"), visible("部分同意的,应当说明不同意其余数据项的理由"), visible("第二十一条第二款"))
}
