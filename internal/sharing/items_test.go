package sharing

import (
	"testing"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// An item may be shared under stricter terms than its resource (CN-14).
func TestItemsWithTermsOfTheirOwn(t *testing.T) {
	t.Parallel()
	items := []catalog.Item{{Code: "a"}, {Code: "b", Name: "乙", Attribute: catalog.Withheld}, {Code: "c", Attribute: catalog.Conditional}}
	var faults fault.Collector
	withheldItems(&faults, "fields.items", []string{"a", "c"}, items)
	if !faults.Empty() {
		t.Error("items that may be shared were refused")
	}
	withheldItems(&faults, "fields.items", []string{"a", "b"}, items)
	f, _ := fault.As(faults.Err("x", "", ""))
	if f == nil || len(f.Fields) != 1 || f.Fields[0].Code != "item_withheld" || f.Fields[0].Basis != "CN-14" {
		t.Errorf("%+v", f)
	}
	if hasConditional([]string{"a", "b"}, items) || !hasConditional([]string{"a", "c"}, items) {
		t.Error("conditional items are not told")
	}
}
