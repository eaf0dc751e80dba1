package store_test

import (
	"cmp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/store"
)

// someTime draws from the years 1 to 9999, in any zone.
func someTime(t *rapid.T, label string) time.Time {
	first, last := time.Time{}.Unix(), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).Unix()
	at := time.Unix(rapid.Int64Range(first, last).Draw(t, label+" s"), rapid.Int64Range(0, 999_999_999).Draw(t, label+" ns"))
	return at.In(time.FixedZone("", rapid.IntRange(-14*3600, 14*3600).Draw(t, label+" zone")))
}

func TestTimesKeepTheirMicroseconds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := someTime(t, "a"), someTime(t, "b")
		back := store.RoundTrip(a)
		if want := a.UTC().Truncate(time.Microsecond); !back.Equal(want) || back.Location() != time.UTC {
			t.Fatalf("%v became %v", want, back)
		}
		ta, tb := a.Truncate(time.Microsecond), b.Truncate(time.Microsecond)
		if store.Order(a, b) != cmp.Compare(0, tb.Sub(ta)) && absolute(tb.Sub(ta)) < 200*365*24*time.Hour {
			t.Fatalf("%v and %v are stored in another order", a, b)
		}
	})
	if !store.RoundTrip(time.Time{}).IsZero() {
		t.Error("the zero time does not stay zero")
	}
}

func absolute(d time.Duration) time.Duration { return max(d, -d) }

// Each engine gives back the same instants, to the microsecond, whatever the
// zones of the server and this process are.
func TestEnginesKeepInstants(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		shanghai := time.FixedZone("Asia/Shanghai", 8*3600)
		for _, at := range []time.Time{
			{}, time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC), noon,
			time.Date(2026, 3, 2, 23, 59, 59, 999_999_999, shanghai), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		} {
			x := org.Secrets{Person: w.person.ID, PasswordHash: "h", LockedUntil: &at}
			ok(t, s.Org().PutSecrets(w.ctx, x))
			got := get(s.Org().Secrets(w.ctx, w.person.ID))(t)
			if want := at.UTC().Truncate(time.Microsecond); !got.LockedUntil.Equal(want) || got.LockedUntil.Location() != time.UTC {
				t.Errorf("%v became %v", want, got.LockedUntil)
			}
		}
	})
}

// prefixEnd bounds exactly the texts with the prefix.
func TestPrefixEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(),
			rapid.SampledFrom([]rune{'%', '_', 'a', '户', '\uD7FF', '\uE000', utf8.MaxRune})))
		prefix, other := text.Draw(t, "prefix"), text.Draw(t, "other")
		if rapid.Bool().Draw(t, "inside") {
			other = prefix + other
		}
		end := store.PrefixEnd(prefix)
		if !utf8.ValidString(end) {
			t.Fatalf("%q is no text", end)
		}
		inside := other >= prefix && (end == "" || other < end)
		if inside != strings.HasPrefix(other, prefix) {
			t.Fatalf("%q in [%q, %q): %v", other, prefix, end, inside)
		}
	})
}
