package catalog

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

const (
	// MaxRows bounds one load: a larger copy comes in parts.
	MaxRows = 100_000
	// maxRowFaults bounds how many faulty values one answer names.
	maxRowFaults = 50
)

// LoadRows adds or replaces rows of a hosted resource by its key items, all or
// none. The provider's clerks and engineers do it, once the version is
// published or at least submitted. The fault "rows_invalid" names the faulty
// values by row and item, without repeating them.
func (s *Service) LoadRows(ctx context.Context, p org.Principal, resourceID string, rows []Row) error {
	r, err := s.store.Resource(ctx, resourceID)
	if err != nil {
		return err
	}
	if p.Department.ID != r.Provider || !p.HasAny(org.Clerk, org.OfficeHead, org.Engineer) {
		if insider, err := s.seesDrafts(ctx, p, r); err != nil {
			return err
		} else if r.Published == 0 && !insider {
			return missing(resourceID)
		}
		return fault.New(fault.Forbidden, "role_missing", "只有提供部门的经办人员或者系统对接人员可以装载数据").Under("CN-11")
	}
	if len(rows) > MaxRows {
		return fault.Newf(fault.TooLarge, "too_many_rows", "一次装载不得超过%d行，请分批装载", MaxRows)
	}
	return s.store.Do(ctx, func(ctx context.Context) error {
		v, err := s.loadable(ctx, resourceID)
		if err != nil {
			return err
		}
		if err := checkRows(v.Entry.Items, rows); err != nil {
			return err
		}
		if err := s.hosted.CreateTable(ctx, resourceID, v.Entry.Items); err != nil {
			return err
		}
		return s.hosted.Load(ctx, resourceID, v.Entry.Items, rows)
	})
}

// loadable gives the version whose items the rows must have.
func (s *Service) loadable(ctx context.Context, resourceID string) (Version, error) {
	r, err := s.store.Resource(ctx, resourceID)
	if err != nil {
		return Version{}, err
	}
	number := r.Published
	if number == 0 {
		number = r.Pending
	}
	if number == 0 {
		return Version{}, notPublished()
	}
	v, err := s.store.Version(ctx, resourceID, number)
	switch {
	case err != nil:
		return Version{}, err
	case v.Status != PublishedV && v.Status != Submitted:
		return Version{}, notPublished()
	case v.Entry.Collection != HostedCopy:
		return Version{}, fault.New(fault.Illegal, "not_hosted", "逻辑接入的数据不在本平台存放，不能装载").Under("HB-12")
	}
	return v, nil
}

func checkRows(items []Item, rows []Row) error {
	byCode := make(map[string]Item, len(items))
	for _, x := range items {
		byCode[x.Code] = x
	}
	c := rowFaults{}
	keys := make(map[string]bool, len(rows))
	for i, row := range rows {
		if c.full() {
			break
		}
		for code := range row {
			if _, ok := byCode[code]; !ok {
				c.add(i, "", "unknown_item", "有未在目录中列明的数据项")
			}
		}
		var key strings.Builder
		for _, x := range items {
			value := row[x.Code]
			if code, message := checkValue(x, value); code != "" {
				c.add(i, x.Code, code, message)
			}
			if x.Key {
				fmt.Fprintf(&key, "%v\x00", value)
			}
		}
		if keys[key.String()] {
			c.add(i, "", "duplicate_key", "同一批数据中主键重复")
		}
		keys[key.String()] = true
	}
	return c.Err("rows_invalid", "数据不符合目录列明的数据项", "CN-18")
}

type rowFaults struct {
	fault.Collector
	n int
}

func (c *rowFaults) full() bool { return c.n >= maxRowFaults }

func (c *rowFaults) add(row int, item, code, message string) {
	if c.full() {
		return
	}
	c.n++
	path := fmt.Sprintf("rows[%d]", row)
	if item != "" {
		path += "." + item
	}
	c.Add(path, code, message, "CN-18")
}

var timeLayouts = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"}

// checkValue says what is wrong with a value for an item.
func checkValue(x Item, value any) (code, message string) {
	if value == nil {
		if x.Key || !x.Nullable {
			return "required", "数据项“" + x.Name + "”不得为空"
		}
		return "", ""
	}
	wrong := func() (string, string) {
		return "type", "数据项“" + x.Name + "”应为" + Label(VocabItemType, x.Type)
	}
	switch x.Type {
	case "Y": // as text, so that a sum keeps its last digit
		if text, ok := value.(string); !ok || !money.MatchString(text) {
			return wrong()
		}
	case "N", "B", "F", "I":
		n, ok := value.(float64)
		if !ok || math.IsNaN(n) || math.IsInf(n, 0) || x.Type == "I" && (n != math.Trunc(n) || math.Abs(n) > 1<<53) {
			return wrong()
		}
	case "L":
		if _, ok := value.(bool); !ok {
			return wrong()
		}
	default:
		text, ok := value.(string)
		if !ok || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return wrong()
		}
		if x.Key && text == "" {
			return "required", "主键数据项“" + x.Name + "”不得为空"
		}
		if x.Type == "D" && !parses(text, time.DateOnly) || x.Type == "T" && !parses(text, timeLayouts...) {
			return wrong()
		}
		if x.Length > 0 && x.Type != "D" && x.Type != "T" && utf8.RuneCountInString(text) > x.Length {
			return "too_long", fmt.Sprintf("数据项“%s”不得超过%d个字符", x.Name, x.Length)
		}
	}
	return "", ""
}

// money is a sum as decimal text: 1234.50.
var money = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?$`)

func parses(text string, layouts ...string) bool {
	return slices.ContainsFunc(layouts, func(l string) bool {
		_, err := time.Parse(l, text)
		return err == nil
	})
}
