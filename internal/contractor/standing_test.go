package contractor_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/contractor"
	"github.com/shuqiao/shuqiao/internal/fault"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

func days(n int) time.Time { return noon.AddDate(0, 0, n) }

func at(n int) *time.Time { t := days(n); return &t }

func TestStatusFollowsTheTime(t *testing.T) {
	t.Parallel()
	e := contractor.Entrustment{NotBefore: days(0), NotAfter: days(10)}
	stopped, ended := e, e
	stopped.StoppedAt, ended.StoppedAt, ended.EndedAt = at(5), at(5), at(7)
	for _, c := range []struct {
		e    contractor.Entrustment
		now  time.Time
		want contractor.Status
	}{
		{e, days(-1), contractor.Waiting}, {e, days(0), contractor.Active}, {e, days(10).Add(-time.Microsecond), contractor.Active},
		{e, days(10), contractor.Expired}, {stopped, days(4), contractor.Active}, {stopped, days(5), contractor.Stopped},
		{stopped, days(20), contractor.Stopped}, {ended, days(6), contractor.Stopped}, {ended, days(7), contractor.Ended},
	} {
		if got := c.e.StatusAt(c.now); got != c.want {
			t.Errorf("%v: %s, want %s", c.now, got, c.want)
		}
	}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	base := contractor.Entrustment{ID: "e1", Systems: []string{"s"}, Grants: []string{"g"}, NotBefore: days(0), NotAfter: days(10)}
	with := func(change func(*contractor.Entrustment)) contractor.Entrustment {
		e := base
		change(&e)
		return e
	}
	home := with(func(e *contractor.Entrustment) { e.EndedAt, e.InHouse = at(5), true })
	again := with(func(e *contractor.Entrustment) { e.ID, e.NotBefore, e.NotAfter = "e2", days(20), days(30) })
	for name, c := range map[string]struct {
		all        []contractor.Entrustment
		grant      string
		now        time.Time
		mark, code string
	}{
		"never entrusted":                     {nil, "g", days(1), "", ""},
		"not yet":                             {[]contractor.Entrustment{base}, "g", days(-1), "", ""},
		"in force":                            {[]contractor.Entrustment{base}, "g", days(1), "e1", ""},
		"another grant":                       {[]contractor.Entrustment{base}, "h", days(1), "", "outside_entrustment"},
		"expired":                             {[]contractor.Entrustment{base}, "g", days(10), "", "entrustment_over"},
		"taken back":                          {[]contractor.Entrustment{home}, "g", days(6), "", ""},
		"before it was taken back":            {[]contractor.Entrustment{home}, "g", days(4), "e1", ""},
		"taken back, and entrusted again":     {[]contractor.Entrustment{home, again}, "g", days(21), "e2", ""},
		"taken back, entrusted again, over":   {[]contractor.Entrustment{home, again}, "g", days(31), "", "entrustment_over"},
		"expired, and not yet entrusted anew": {[]contractor.Entrustment{base, again}, "g", days(15), "", "entrustment_over"},
	} {
		mark, err := contractor.Standing(c.all, c.grant, c.now)
		if mark != c.mark || c.code == "" && err != nil || c.code != "" && !fault.Is(err, c.code) {
			t.Errorf("%s: %q %v", name, mark, err)
		}
		if f, ok := fault.As(err); ok && f.Basis != "CN-36.1" {
			t.Errorf("%s: under %s", name, f.Basis)
		}
	}
}

// Whatever the register holds: a call that is let through is either covered by
// an entrustment in force, which it is marked with, or of a system that no
// entrustment has touched since the department took it back.
func TestNobodyCallsWithoutAnEntrustment(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var all []contractor.Entrustment
		for i := range rapid.IntRange(0, 5).Draw(rt, "n") {
			from := rapid.IntRange(-20, 20).Draw(rt, "from")
			e := contractor.Entrustment{ID: string(rune('a' + i)), Systems: []string{"s"}, NotBefore: days(from), NotAfter: days(from + rapid.IntRange(1, 20).Draw(rt, "days"))}
			if rapid.Bool().Draw(rt, "covers") {
				e.Grants = []string{"g"}
			}
			if rapid.Bool().Draw(rt, "stopped") {
				e.StoppedAt = at(from + rapid.IntRange(0, 25).Draw(rt, "stop"))
			}
			if rapid.Bool().Draw(rt, "ended") {
				e.EndedAt, e.InHouse = at(from+rapid.IntRange(0, 25).Draw(rt, "end")), rapid.Bool().Draw(rt, "home")
			}
			all = append(all, e)
		}
		now := days(rapid.IntRange(-25, 45).Draw(rt, "now"))
		mark, err := contractor.Standing(all, "g", now)
		covered, begun, takenBack := false, false, false
		for _, e := range all {
			active := e.StatusAt(now) == contractor.Active
			covered = covered || active && len(e.Grants) > 0
			if mark == e.ID && (!active || len(e.Grants) == 0) {
				rt.Fatalf("marked with %+v", e)
			}
			begun = begun || !now.Before(e.NotBefore)
			takenBack = takenBack || e.InHouse && e.StatusAt(now) == contractor.Ended
		}
		switch {
		case covered != (mark != ""):
			rt.Fatalf("covered %v, mark %q, %v", covered, mark, err)
		case mark == "" && err == nil && begun && !takenBack:
			rt.Fatalf("an entrusted system calls unmarked: %+v", all)
		case !begun && err != nil:
			rt.Fatalf("refused before anything began: %v", err)
		}
		if got := len(contractor.ActiveFor(all, "s", now)) > 0; covered && !got {
			rt.Fatal("ActiveFor does not know it")
		}
	})
}
