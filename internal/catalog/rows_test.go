package catalog

import "testing"

func TestValuesOfMoney(t *testing.T) {
	t.Parallel()
	item := Item{Code: "sum", Name: "金额", Type: "Y"}
	for value, good := range map[any]bool{
		"0": true, "12.30": true, "-5": true, "999999999999999999.000001": true,
		"": false, "007": false, "1,200": false, "十二元": false, "1e3": false, "1.": false, 12.3: false, true: false,
	} {
		if code, _ := checkValue(item, value); (code == "") != good {
			t.Errorf("%v: %q", value, code)
		}
	}
}
