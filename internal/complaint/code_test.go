package complaint

import (
	"bytes"
	"strings"
	"testing"
)

func TestCodesAreRandomAndForgiving(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		code := newCode()
		plain := strings.ReplaceAll(code, "-", "")
		if seen[code] || len(plain) != 26 || strings.ContainsAny(code, "IO01") {
			t.Fatalf("code %q", code)
		}
		seen[code] = true
		for _, typed := range []string{plain, strings.ToLower(code), " " + code + " "} {
			if !bytes.Equal(hash(typed), hash(code)) {
				t.Fatalf("%q is not taken for %q", typed, code)
			}
		}
		if bytes.Equal(hash(code[:len(code)-1]), hash(code)) {
			t.Fatal("a part passes")
		}
	}
}
