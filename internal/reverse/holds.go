package reverse

import (
	"regexp"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/checkdigit"
)

var (
	mobileNumber = regexp.MustCompile(`^(\+?86)?1[3-9][0-9]{9}$`)
	mailAddress  = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$`)
	plate        = regexp.MustCompile(`^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}$`)
)

// minSeen is how many values must be there before a sample says anything.
const minSeen = 3

// Looks tells what kind of personal information a sample of a column's values
// looks like, if four in five agree; "" otherwise. The values are not kept.
func Looks(values []string, today time.Time) catalog.Sensitivity {
	seen := 0
	counts := map[catalog.Sensitivity]int{}
	for _, v := range values {
		v = strings.TrimSpace(v)
		if v == "" {
			continue
		}
		seen++
		switch {
		case checkdigit.ResidentID(v, today) == nil:
			counts[catalog.ResidentID]++
		case mobileNumber.MatchString(v):
			counts[catalog.Phone]++
		case mailAddress.MatchString(v):
			counts[catalog.Email]++
		case plate.MatchString(v):
			counts[catalog.Plate]++
		}
	}
	for kind, n := range counts {
		if seen >= minSeen && n*5 >= seen*4 {
			return kind
		}
	}
	return ""
}
