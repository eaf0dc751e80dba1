package browser

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/pquerna/otp/totp"
)

// choose opens a select and takes an option by its whole text.
func choose(field, option string) step {
	// Opened by the event that the list listens to: a click by coordinates
	// misses it while a dialog is still growing.
	open := func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.querySelector("#`+field+`").closest(".ant-select").querySelector(".ant-select-selector").dispatchEvent(new MouseEvent("mousedown", {bubbles: true}))`))
		return err
	}
	return chromedp.Steps(chromedp.WaitVisible(chromedp.CSS("#"+field)), chromedp.Func(open),
		press(`//*[contains(@class, "ant-select-item-option-content") and normalize-space(.) = "`+option+`"]`))
}

// A procedure that needs no grant and no resource begins at 发起办件: its form
// tells what is wrong beside the field, and the case is among the to-dos.
func TestAnIncidentFromItsFormToTheTodos(t *testing.T) {
	t.Parallel()
	base, password := node(t)
	clerk := signedIn(t, base, "sjzyb.jb", password)
	clerk.do("find the procedure", click("发起办件"), visible("第六章 保障措施"),
		chromedp.SendKeys(`//input[@aria-label="查找办理事项"]`, "安全事件"), click("安全事件处置"),
		chromedp.WaitVisible(chromedp.CSS("#summary")))
	clerk.do("be told at once what is missing", button("上报安全事件并启动应急处置"),
		visible("请填写事件类别"), visible("请填写事件等级"), visible("请填写发现日期"), visible("请填写已采取的应急措施"))
	day := func(at time.Time) step {
		return chromedp.SendKeys(chromedp.CSS("#discovered_on"), at.In(time.FixedZone("Asia/Shanghai", 8*3600)).Format(time.DateOnly)+kb.Enter)
	}
	clerk.do("fill the form", choose("kind", "泄露"), choose("gravity", "较大"), day(time.Now().AddDate(0, 0, 3)),
		chromedp.SendKeys(chromedp.CSS("#title"), "演练:测试环境口令外泄"),
		chromedp.SendKeys(chromedp.CSS("#summary"), "测试环境的口令出现在公开的代码中"),
		chromedp.SendKeys(chromedp.CSS("#first_measures"), "已更换口令"),
		button("上报安全事件并启动应急处置"))
	clerk.do("be refused beside the field, with the clause", visible("发现日期不得晚于今天"), visible("第三十五条第三款"))
	clerk.do("mend it", chromedp.SendKeys(chromedp.CSS("#discovered_on"), kb.Control+"a"), chromedp.Func(clearDay),
		day(time.Now()), button("上报安全事件并启动应急处置"), visible("应急处置中"))
	clerk.do("find it among the to-dos", chromedp.Navigate(base+"/todos"), click("演练:测试环境口令外泄"), visible("已更换口令"))

	head := signedIn(t, base, "sjzyb.fzr", password)
	head.do("the head has it too, with the term", visible("演练:测试环境口令外泄"), click("演练:测试环境口令外泄"), visible("向有关主管部门报告期限"))
}

// clearDay empties the date field as its cross does.
func clearDay(ctx context.Context, _ *chromedp.Target) error {
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`(() => {
		const cross = document.querySelector(".ant-picker:has(#discovered_on) .ant-picker-clear");
		if (!cross) return false;
		for (const kind of ["mousedown", "mouseup", "click"]) cross.dispatchEvent(new MouseEvent(kind, {bubbles: true}));
		return true;
	})()`))
	return err
}

// The secret is drawn on the page and is in no address; a wrong code is told
// and does not sign anybody out; from then on sign-in asks for the code, and a
// code takes it away again.
func TestEnrollingAndRemovingTheOneTimeCode(t *testing.T) {
	t.Parallel()
	base, password := node(t)
	clerk := signedIn(t, base, "rst.jb", password)
	clerk.do("enrol", chromedp.Navigate(base+"/account"), visible("未绑定"), button("绑定动态口令"),
		chromedp.WaitVisible(chromedp.CSS(".ant-qrcode svg")))
	text, err := chromedp.Run(clerk.ctx, chromedp.Text(chromedp.CSS(".totp-secret")))
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.ReplaceAll(text, " ", "")
	address, err := chromedp.Run(clerk.ctx, chromedp.Location())
	if err != nil || strings.Contains(address, secret) || address != base+"/account" {
		t.Errorf("address %q, %v", address, err)
	}
	code := func(at time.Time) string {
		c, err := totp.GenerateCode(secret, at)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	wrong := "000000"
	for _, off := range []time.Duration{-30 * time.Second, 0, 30 * time.Second} {
		if code(time.Now().Add(off)) == wrong {
			wrong = "111111"
		}
	}
	clerk.do("a wrong code is told", chromedp.SendKeys(chromedp.CSS("#code"), wrong), button("确认绑定"), visible("动态验证码不正确"))
	clerk.do("bind with a code", chromedp.SendKeys(chromedp.CSS("#code"), strings.Repeat(kb.Backspace, 6)+code(time.Now())),
		button("确认绑定"), visible("已绑定"))
	clerk.do("sign-in asks for it", button("退出"), chromedp.WaitVisible(chromedp.CSS("#username")),
		chromedp.SendKeys(chromedp.CSS("#username"), "rst.jb"), chromedp.SendKeys(chromedp.CSS("#password"), password+"\r"),
		visible("请填写身份验证器上显示的"),
		// The code of the next half minute: that of this one is used up, and one ahead is taken.
		chromedp.SendKeys(chromedp.CSS("#totp"), code(time.Now().Add(30*time.Second))+"\r"), visible("退出"))
	clerk.do("see that it is bound", chromedp.Navigate(base+"/account"), visible("登录须填写动态口令"), button("解除绑定"),
		chromedp.WaitVisible(chromedp.CSS("#code")), chromedp.SendKeys(chromedp.CSS("#code"), wrong), button("解除绑定"),
		visible("动态验证码不正确"))
}
