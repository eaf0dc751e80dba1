package checkdigit_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/checkdigit"
)

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestUSCC(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]error{
		"91350100M000100Y43":  nil, // the example of the standard
		"91512081MA62K0260E":  nil,
		"91350100M000100Y44":  checkdigit.ErrUSCCCheck,
		"91350100M000100Y4":   checkdigit.ErrUSCCLength,
		"":                    checkdigit.ErrUSCCLength,
		"91350100M000100Y430": checkdigit.ErrUSCCLength,
		"91350100m000100y43":  checkdigit.ErrUSCCCharacter,
		"91350100I000100Y43":  checkdigit.ErrUSCCCharacter,
		"91350100 000100Y43":  checkdigit.ErrUSCCCharacter,
		"9135010数M00010":      checkdigit.ErrUSCCLength,
		"数桥数桥数桥":              checkdigit.ErrUSCCCharacter, // 18 bytes
		"91A50100M000100Y43":  checkdigit.ErrUSCCRegion,
	} {
		if err := checkdigit.USCC(code); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", code, err, want)
		}
	}
}

func TestResidentID(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]error{
		"11010519491231002X": nil, // the example of the standard
		"11010519491231002x": checkdigit.ErrIDCharacter,
		"110105194912310021": checkdigit.ErrIDCheck,
		"1101051949123100":   checkdigit.ErrIDLength,
		"1101051949123100X2": checkdigit.ErrIDCharacter,
		"00010519491231002X": checkdigit.ErrIDRegion,
		"110105194902300023": checkdigit.ErrIDBirth,
		"110105170001010029": checkdigit.ErrIDBirth,
	} {
		if err := checkdigit.ResidentID(number, today); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", number, err, want)
		}
	}
	born := complete(t, "13010220261123001")
	if err := checkdigit.ResidentID(born, today); err != nil {
		t.Errorf("born today: %v", err)
	}
	if err := checkdigit.ResidentID(born, today.AddDate(0, 0, -1)); !errors.Is(err, checkdigit.ErrIDBirth) {
		t.Errorf("born tomorrow: %v", err)
	}
}

func complete(t testing.TB, body string) string {
	t.Helper()
	number, err := checkdigit.CompleteResidentID(body)
	if err != nil {
		t.Fatal(err)
	}
	return number
}

func TestCompleteRefuses(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{
		"91350100M000100Y": checkdigit.ErrUSCCBody, "91350100Z000100Y4": checkdigit.ErrUSCCCharacter, "9135A100M000100Y4": checkdigit.ErrUSCCRegion,
	} {
		if got, err := checkdigit.CompleteUSCC(body); got != "" || !errors.Is(err, want) {
			t.Errorf("%q: %q, %v", body, got, err)
		}
	}
	for body, want := range map[string]error{"1": checkdigit.ErrIDBody, "1101051949123100X": checkdigit.ErrIDCharacter} {
		if got, err := checkdigit.CompleteResidentID(body); got != "" || !errors.Is(err, want) {
			t.Errorf("%q: %q, %v", body, got, err)
		}
	}
}

// change draws another character for one place of s.
func change(t *rapid.T, s, alphabet string) string {
	at := rapid.IntRange(0, len(s)-1).Draw(t, "at")
	with := rapid.SampledFrom([]byte(alphabet)).Filter(func(b byte) bool { return b != s[at] }).Draw(t, "with")
	return s[:at] + string(with) + s[at+1:]
}

func TestEverySingleChangeIsDetected(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code, err := checkdigit.CompleteUSCC(rapid.StringMatching(`[1-9AY][1-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}`).Draw(t, "uscc"))
		if err != nil || checkdigit.USCC(code) != nil {
			t.Fatalf("%q: %v, %v", code, err, checkdigit.USCC(code))
		}
		if wrong := change(t, code, usccAlphabet); checkdigit.USCC(wrong) == nil {
			t.Fatalf("%q passes for %q", wrong, code)
		}
		birth := time.Date(1900, 1, rapid.IntRange(1, 46000).Draw(t, "birth"), 0, 0, 0, 0, time.UTC).Format("20060102")
		number, err := checkdigit.CompleteResidentID("130102" + birth + rapid.StringMatching(`[0-9]{3}`).Draw(t, "serial"))
		if err != nil || checkdigit.ResidentID(number, today) != nil {
			t.Fatalf("%q: %v, %v", number, err, checkdigit.ResidentID(number, today))
		}
		if wrong := change(t, number, "0123456789X"); checkdigit.ResidentID(wrong, today) == nil {
			t.Fatalf("%q passes for %q", wrong, number)
		}
	})
}

// FuzzCheck: no input panics, every refusal is a Reason, and what passes is
// complete by its own rule.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"", "91350100M000100Y43", "11010519491231002X", "\xff\xfe", "数桥数桥数桥"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		uscc, id := checkdigit.USCC(s), checkdigit.ResidentID(s, today)
		for _, err := range []error{uscc, id} {
			var reason checkdigit.Reason
			if err != nil && (!errors.As(err, &reason) || reason.Code == "" || reason.Message == "") {
				t.Fatalf("%q: %v", s, err)
			}
		}
		if whole, err := checkdigit.CompleteUSCC(s[:min(17, len(s))]); uscc == nil && (err != nil || whole != s) {
			t.Fatalf("%q is complete as %q, %v", s, whole, err)
		}
		if whole, err := checkdigit.CompleteResidentID(s[:min(17, len(s))]); id == nil && (err != nil || whole != s) {
			t.Fatalf("%q is complete as %q, %v", s, whole, err)
		}
	})
}

func BenchmarkUSCC(b *testing.B) {
	for b.Loop() {
		if err := checkdigit.USCC("91350100M000100Y43"); err != nil {
			b.Fatal(err)
		}
	}
}
