package mask_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/gateway/mask"
)

func TestRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s        catalog.Sensitivity
		in, want string
	}{
		{catalog.PersonName, "李雷", "李*"},
		{catalog.PersonName, "欧阳小明", "欧阳**"},
		{catalog.PersonName, "欧阳", "欧*"},
		{catalog.PersonName, "李", "*"},
		{catalog.PersonName, "", ""},
		{catalog.PersonName, "a\xff", "***"},
		{catalog.ResidentID, "130102199003071234", "130***********1234"},
		{catalog.ResidentID, "130102900307123", "130********7123"},
		{catalog.ResidentID, "1301021990", "***"},
		{catalog.ResidentID, "13010219900307123412", "***"},
		{catalog.Phone, "13812345678", "138****5678"},
		{catalog.Phone, "0311-86651234", "***********34"},
		{catalog.Phone, "110", "***"},
		{catalog.Address, "河北省石家庄市长安区某某路1号", "河北省石家庄****"},
		{catalog.Address, "某村一号", "***"},
		{catalog.BankCard, "6222020200112345678", "***************5678"},
		{catalog.BankCard, "12345678", "***"},
		{catalog.Email, "lilei@example.com", "l***@example.com"},
		{catalog.Email, "l@example.com", "***@example.com"},
		{catalog.Email, "lilei", "***"},
		{catalog.Email, "x@130102199003071234", "***"},
		{catalog.Email, "@example.com", "***"},
		{catalog.Plate, "冀A12345", "冀A****5"},
		{catalog.Plate, "冀AD12345", "冀A*****5"},
		{catalog.Plate, "冀A", "***"},
		{catalog.OtherPI, "什么都不给看", "***"},
		{"", "x", "***"},
		{"new_kind", "x", "***"},
	} {
		if got := mask.For(c.s)(c.in); got != c.want {
			t.Errorf("%s(%q) = %q, want %q", c.s, c.in, got, c.want)
		}
	}
}

func TestValuesThatAreNotTexts(t *testing.T) {
	t.Parallel()
	f := mask.For(catalog.Phone)
	for _, c := range []struct{ in, want any }{
		{nil, nil}, {float64(13812345678), "138****5678"}, {int64(13812345678), "138****5678"},
		{13812345678, "138****5678"}, {true, "***"}, {[]any{"李雷"}, "***"}, {map[string]any{"a": "b"}, "***"},
	} {
		if got := mask.Value(f, c.in); got != c.want {
			t.Errorf("%v: %v, want %v", c.in, got, c.want)
		}
	}
}

// shows is the oracle: how many characters of each end a rule may let
// through at most, apart from the domain of an address.
var shows = map[catalog.Sensitivity]struct{ head, tail int }{
	catalog.PersonName: {2, 0}, catalog.ResidentID: {3, 4}, catalog.Phone: {3, 4}, catalog.Address: {6, 0},
	catalog.BankCard: {0, 4}, catalog.Plate: {2, 1}, catalog.OtherPI: {0, 0}, catalog.Email: {1, 0},
}

// bounded checks one value against the oracle: taking the allowed ends away,
// nothing but stars is left, and something was hidden.
func bounded(t interface {
	Fatalf(string, ...any)
}, s catalog.Sensitivity, in string) {
	got := mask.For(s)(in)
	if in == "" {
		if got != "" {
			t.Fatalf("%s of nothing is %q", s, got)
		}
		return
	}
	if !utf8.ValidString(got) || !strings.Contains(got, "*") {
		t.Fatalf("%s(%q) = %q", s, in, got)
	}
	core := got
	if s == catalog.Email {
		core, _, _ = strings.Cut(got, "@")
	}
	r, allowed := []rune(core), shows[s]
	shown := 0
	for _, c := range r {
		if c != '*' {
			shown++
		}
	}
	if shown > allowed.head+allowed.tail {
		t.Fatalf("%s(%q) = %q shows %d", s, in, got, shown)
	}
	for i, c := range r {
		if c != '*' && i >= allowed.head && i < len(r)-allowed.tail {
			t.Fatalf("%s(%q) = %q shows the middle", s, in, got)
		}
	}
	if n := utf8.RuneCountInString(in); shown >= n {
		t.Fatalf("%s(%q) = %q hides nothing", s, in, got)
	}
}

func TestNeverMoreThanTheRule(t *testing.T) {
	t.Parallel()
	kinds := []catalog.Sensitivity{
		catalog.PersonName, catalog.ResidentID, catalog.Phone, catalog.Address,
		catalog.BankCard, catalog.Email, catalog.Plate, catalog.OtherPI,
	}
	texts := rapid.OneOf(
		rapid.String(), rapid.StringMatching(`[0-9X]{0,24}`), rapid.StringMatching(`[\p{Han}·]{0,12}`),
		rapid.StringMatching(`[a-z*@.0-9]{0,40}`), rapid.StringMatching(`1[0-9]{10}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		bounded(t, rapid.SampledFrom(kinds).Draw(t, "kind"), texts.Draw(t, "text"))
	})
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{"李雷", "130102199003071234", "a@b.cn", "\xff\xfe", "@@", "冀A12345"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for s := range shows {
			bounded(t, s, in)
		}
	})
}
