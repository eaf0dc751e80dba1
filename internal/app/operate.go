package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/shuqiao/shuqiao/data/regions"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// First is the first authority of a node with its administrator.
type First struct{ Authority, USCC, Region, Username, Password string }

// Init loads the regions and registers the first authority on an empty node.
func Init(ctx context.Context, cfg Config, f First) error {
	if err := Migrate(ctx, cfg); err != nil {
		return err
	}
	n, err := New(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(n.init(ctx, f), n.Close())
}

func (n *Node) init(ctx context.Context, f First) error {
	if err := n.LoadRegions(ctx); err != nil {
		return err
	}
	_, err := n.Org.Bootstrap(ctx,
		org.Department{Name: f.Authority, USCC: f.USCC, Region: f.Region, Kind: org.Government, Sector: "数据管理"},
		org.Person{Name: "平台管理员", Username: f.Username, Roles: []org.Role{org.Admin}}, f.Password)
	return err
}

// LoadRegions loads the region tree that the release brings; a repeat changes
// nothing.
func (n *Node) LoadRegions(ctx context.Context) error {
	rows, err := regions.Load()
	if err != nil {
		return err
	}
	tree := make([]org.Region, len(rows))
	for i, r := range rows {
		tree[i] = org.Region{Code: r.Code, Name: r.Name, Parent: r.Parent, Level: org.Level(r.Level.String())}
	}
	return n.Org.LoadRegions(ctx, tree)
}

// KnownRegion tells whether a region code exists, as far as the release's data
// reach: Hebei in full, the others down to their cities.
func KnownRegion(code string) error {
	unknown := func() error {
		var faults fault.Collector
		faults.Add("region", "not_found", "没有代码为“"+code+"”的行政区划", "CN-2")
		return faults.Err("region_unknown", "行政区划不存在", "")
	}
	if strings.Trim(code, "0123456789") != "" || len(code) != 6 && len(code) != 9 && len(code) != 12 {
		return unknown()
	}
	for r, err := range regions.All() {
		if err != nil {
			return err
		}
		// Below the cities of other provinces the data do not reach.
		if r.Code == code || len(code) >= 6 && code[4:6] != "00" && !strings.HasPrefix(code, "13") && r.Code == code[:4]+"00" {
			return nil
		}
	}
	return unknown()
}

// VerifyLedger checks the whole log of a node's database and says what it saw.
func VerifyLedger(ctx context.Context, cfg Config) (string, error) {
	cfg.Inspect = true // what waits for its acknowledgement is to be looked at too
	n, err := New(ctx, cfg)
	if err != nil {
		return "", err
	}
	audit, err := n.Ledger.Verify(ctx)
	if err = errors.Join(err, n.Close()); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d条记录,树根%x,与%d个已签名检查点相符", audit.Size, audit.Root, audit.Checkpoints), nil
}

// Explain is an error in words for the command line: what a fault says, with
// every field and the clause; anything else as it is.
func Explain(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return err.Error()
	}
	var b strings.Builder
	b.WriteString(f.Message)
	if f.Basis != "" {
		b.WriteString("(依据 " + f.Basis + ")")
	}
	for _, x := range f.Fields {
		b.WriteString("\n  " + x.Path + ": " + x.Message)
		if x.Basis != "" {
			b.WriteString("(" + x.Basis + ")")
		}
	}
	if cause := errors.Unwrap(f); cause != nil && f.Kind != fault.Invalid {
		b.WriteString("\n  原因: " + cause.Error())
	}
	return b.String()
}
