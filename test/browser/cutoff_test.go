package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// typed fills an input.
func typed(selector, text string) step {
	return chromedp.Steps(chromedp.WaitVisible(chromedp.CSS(selector)), chromedp.SendKeys(chromedp.CSS(selector), text))
}

// A provider's head stops what others call, from the form to the list; the
// phrase must be typed, a wrong one stops nothing. The consumer sees who stopped
// it and why and cannot lift it; the head lifts it, and the record stays.
func TestAnEmergencyCutOffIsImposedAndLifted(t *testing.T) {
	t.Parallel()
	base, password := node(t)

	head := signedIn(t, base, "mzt.fzr", password)
	head.do("open the form", click("风险监测"), visible("没有待判断的信号"), click("紧急停止"),
		visible("现在没有限速、暂停或者停止的对象"), button("紧急停止"), chromedp.WaitVisible(chromedp.CSS("#target")))
	head.do("choose the resource", choose("target", "目录条目"),
		chromedp.SendKeys(chromedp.CSS("#target_id"), "行政区划"), press(`//*[contains(@class, "ant-select-item-option-content") and contains(., "行政区划代码")]`))
	head.do("be told what is missing", button("立即停止"), visible("请填写理由"), visible("请原样输入“停止目录条目”"))
	head.do("a wrong phrase stops nothing", typed("#reason", "演练:核查异常调用"), typed("#typed", "停止"), button("立即停止"),
		visible("请原样输入“停止目录条目”"))
	head.do("stop it", typed("#typed", "目录条目"), button("立即停止"), visible("已停止，各副本一秒之内生效"),
		visible("直到恢复"), visible("演练:核查异常调用"))

	consumer := signedIn(t, base, "rst.fzr", password)
	consumer.do("the consumer reads who stopped it and why, and cannot lift it", click("授权"), visible("行政区划代码"))
	consumer.do("no lifting for the consumer", chromedp.Navigate(base+"/risk?tab=cutoffs"), visible("紧急停止"))
	n, err := chromedp.Run(consumer.ctx, chromedp.Evaluate[int](`[...document.querySelectorAll("td button")].filter((b) => b.textContent.replace(/\s/g, "") === "恢复").length`))
	if err != nil || n != 0 {
		t.Errorf("%d buttons for lifting, %v", n, err)
	}

	head.do("lifting needs a reason", button("恢复"), chromedp.WaitVisible(chromedp.CSS("#reason")),
		press(`//div[@role="dialog"]//button[contains(@class, "ant-btn-primary")]`), visible("请填写理由"))
	head.do("lift it", typed("#reason", "核查完毕"), press(`//div[@role="dialog"]//button[contains(@class, "ant-btn-primary")]`),
		visible("现在没有限速、暂停或者停止的对象"))
	head.do("the record stays", click("包括已经恢复和到期的"), visible("恢复：核查完毕"), visible("演练:核查异常调用"))
}
