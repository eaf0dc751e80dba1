package sharing

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// How an item is known to hold the region code of its row: by its standard
// element first, else by its name, in this order.
var (
	regionElements = []string{"DE-QHDM"}
	regionNames    = []string{"行政区划代码", "区划代码", "所属行政区划代码", "所属区划代码", "属地区划代码"}
)

// backflowSubject fills a backflow (CN-24, HB-22.3): a department of a lower
// government asks the higher one for the data of its own territory. The system
// itself narrows the rows to that territory; nobody may narrow them further.
func (f *Flows) backflowSubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	if err := f.applicationSubject(ctx, p, c); err != nil {
		return err
	}
	delete(c.Facts, "attribute") // no condition of the catalog binds a backflow
	lower, err := f.regionOf(ctx, c.Parties["consumer"])
	if err != nil {
		return err
	}
	upper, err := f.regionOf(ctx, c.Parties["provider"])
	if err != nil {
		return err
	}
	if lower.Path == upper.Path || !strings.HasPrefix(lower.Path, upper.Path) {
		return fault.New(fault.Illegal, "not_backflow", "回流是上级部门向下级部门返还其行政区域内的数据;其他情形请申请共享").Under("CN-24.1")
	}
	v, err := f.version(ctx, c)
	if err != nil {
		return err
	}
	item, ok := regionItem(v.Entry.Items)
	if !ok {
		return fault.New(fault.Illegal, "region_item_missing", "此目录条目没有标明区划代码的数据项,不能按行政区域回流;请提供部门更新目录").Under("CN-24.1")
	}
	c.Facts["rows"] = []any{map[string]any{"item": item, "op": string(catalog.Prefix), "values": []any{RegionPrefix(lower.Code)}}}
	all := make([]string, len(v.Entry.Items))
	for i, x := range v.Entry.Items {
		all[i] = x.Code
	}
	c.Facts["items"] = all // complete, unless the asking department needs less
	return nil
}

func (f *Flows) regionOf(ctx context.Context, department string) (org.Region, error) {
	d, err := f.systems.Department(ctx, department)
	if err != nil {
		return org.Region{}, err
	}
	return f.authorities.Region(ctx, d.Region)
}

// regionItem finds the item that holds the region code of a row.
func regionItem(items []catalog.Item) (code string, ok bool) {
	for _, element := range regionElements {
		if i := slices.IndexFunc(items, func(x catalog.Item) bool { return x.Element == element }); i >= 0 {
			return items[i].Code, true
		}
	}
	for _, name := range regionNames {
		if i := slices.IndexFunc(items, func(x catalog.Item) bool { return x.Name == name }); i >= 0 {
			return items[i].Code, true
		}
	}
	return "", false
}

// RegionPrefix gives what the codes of a region and of all below it begin
// with: 130100 → 1301, 130102 → 130102.
func RegionPrefix(code string) string {
	for len(code) == 6 || len(code) == 4 {
		if !strings.HasSuffix(code, "00") {
			break
		}
		code = code[:len(code)-2]
	}
	return code
}

// giveBack issues the grant of a backflow: all that was asked for, in clear
// where it was asked in clear. The provider has nothing to agree to less of.
func (f *Flows) giveBack(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	whole := *c
	whole.Facts = maps.Clone(c.Facts)
	whole.Facts["agreed_clear_items"] = c.Facts["clear_items"]
	return f.issue(ctx, &whole, act)
}
