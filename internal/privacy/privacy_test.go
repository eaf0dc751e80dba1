package privacy_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/checkdigit"
	"github.com/shuqiao/shuqiao/internal/privacy"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"户主身份证号11010519491231002X有误":         "居民身份证号",
		"号码 110105 19491231 002x":            "居民身份证号",
		"１１０１０５１９４９１２３１００２X":                 "居民身份证号",
		"请联系13912345678":                     "手机号码",
		"请联系139-1234-5678。":                  "手机号码",
		"卡号6222 0000 0000 0000 04":           "",
		"卡号4111 1111 1111 1111":              "银行卡号",
		"办公电话0311-80000001":                  "",
		"2026-03-02 登记,共123456789012345678条": "",
		"统一社会信用代码91350100M000100Y43":         "",
		"住址与户口簿不一致":                          "",
		"":                                   "",
	} {
		if got := privacy.Find(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestEveryResidentIDIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		id, err := checkdigit.CompleteResidentID(fmt.Sprintf("1301%02d%04d%02d%02d%03d", rapid.IntRange(1, 34).Draw(rt, "county"),
			rapid.IntRange(1900, 2025).Draw(rt, "y"), rapid.IntRange(1, 12).Draw(rt, "m"), rapid.IntRange(1, 28).Draw(rt, "d"), rapid.IntRange(0, 999).Draw(rt, "n")))
		if err != nil {
			rt.Fatal(err)
		}
		text := rapid.StringMatching(`[一-龥,。a-w]{0,6}`).Draw(rt, "before") + id + rapid.StringMatching(`[一-龥,。a-w]{0,6}`).Draw(rt, "after")
		if privacy.Find(text) == "" {
			rt.Fatalf("%q passed", text)
		}
	})
}

func TestHolds(t *testing.T) {
	t.Parallel()
	if !privacy.Holds("原登记为长安区建设街1号", "长安区建设街1号") || privacy.Holds("性别有误", "男") || privacy.Holds("无关", "张三丰") {
		t.Error("Holds")
	}
}
