package trace

import (
	"strings"
	"testing"

	"github.com/shuqiao/shuqiao/internal/ident"
)

const good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

func TestParse(t *testing.T) {
	t.Parallel()
	for value, ok := range map[string]bool{
		good: true,
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00":       true,
		"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later": true,
		"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01":       true,
		"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01later":  false,
		good + "-later": false,
		"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01": false,
		"00-00000000000000000000000000000000-00f067aa0ba902b7-01": false,
		"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01": false,
		strings.ToUpper(good): false,
		"00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01": false,
		"00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01": false,
		good[:54]:                false,
		"":                       false,
		"张三" + good:              false,
		good[:53] + "\r\n" + "1": false,
	} {
		if _, got := Parse(value); got != ok {
			t.Errorf("%q: %v", value, got)
		}
	}
}

func TestOr(t *testing.T) {
	t.Parallel()
	id := ident.New()
	digits := strings.ReplaceAll(id, "-", "")
	c := Or([]string{good}, id)
	if c.ID() != good[3:35] || c.String() != "00-"+good[3:35]+"-"+digits[16:]+"-01" {
		t.Errorf("continued: %s", c)
	}
	for _, values := range [][]string{nil, {"nonsense"}, {good, good}} {
		c := Or(values, id)
		if c.ID() != digits || c.String() != "00-"+digits+"-"+digits[16:]+"-00" {
			t.Errorf("%v: %s", values, c)
		}
		if _, ok := Parse(c.String()); !ok {
			t.Errorf("%s is not what we take ourselves", c)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(good)
	f.Fuzz(func(t *testing.T, value string) {
		c, ok := Parse(value)
		if !ok {
			return
		}
		again, ok := Parse(c.String())
		if !ok || again != c {
			t.Errorf("%q became %q", value, c.String())
		}
	})
}
