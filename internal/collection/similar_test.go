package collection_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/collection"
)

func TestCompareNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want collection.Kind // "": no match
	}{
		{"姓名", "姓 名", collection.SameName},
		{"姓名(必填)", "姓名", collection.SameName},
		{"姓名（必填）", "姓名", collection.SameName},
		{"ＩＤ号", "id号", collection.SameName},
		{"身份证号", "公民身份号码", collection.SameName},
		{"居民身份证号码", "公民身份证号", collection.SameName},
		{"申请人姓名", "姓名", collection.Contained},
		{"申请救助人员姓名", "姓名", collection.Contained},
		{"区划", "区划代码", collection.Contained},
		{"区划", "区划调整批复文件", ""},
		{"婚姻状态", "婚姻状况", collection.Similar},
		{"死亡日期", "出生日期", ""},
		{"学历", "学位", ""},
		// Names that everything has say nothing.
		{"名称", "名称", ""},
		{"备注", "备注", ""},
		{"企业名称", "名称", ""},
		{"饲养宠物数量", "数量", ""},
		{"", "", ""},
		{"()", "姓名", ""},
	} {
		kind, why, ok := collection.Compare(collection.Normalise(c.a), collection.Normalise(c.b))
		if kind != c.want || ok != (c.want != "") || ok && why == "" {
			t.Errorf("%s, %s: %q %q", c.a, c.b, kind, why)
		}
	}
}

// A name matches itself unless it says nothing; both orders give one answer;
// normalising twice changes nothing.
func TestComparisonProperties(t *testing.T) {
	t.Parallel()
	name := rapid.StringOfN(rapid.RuneFrom([]rune("姓名身份证号码区划代日期(（]】 aA1ｚ，")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := collection.Normalise(name.Draw(t, "a")), collection.Normalise(name.Draw(t, "b"))
		if again := collection.Normalise(a); again != a {
			t.Fatalf("%q becomes %q", a, again)
		}
		k1, _, ok1 := collection.Compare(a, b)
		k2, _, ok2 := collection.Compare(b, a)
		if k1 != k2 || ok1 != ok2 {
			t.Fatalf("%q, %q: %s %v and %s %v", a, b, k1, ok1, k2, ok2)
		}
		if k, _, ok := collection.Compare(a, a); ok && k != collection.SameName {
			t.Fatalf("%q itself: %s", a, k)
		}
	})
}

func TestTheReasonNamesSynonyms(t *testing.T) {
	t.Parallel()
	for names, want := range map[[2]string]string{
		{"居民身份证号码", "公民身份号码"}: "“居民身份证号码”与“公民身份号码”是同一数据的不同叫法", {"姓名(必填)", "姓名"}: "名称相同",
	} {
		if kind, why, _ := collection.CompareNames(names[0], names[1]); kind != collection.SameName || why != want {
			t.Errorf("%v: %s %s", names, kind, why)
		}
	}
}
