package main

import (
	"context"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/monitor"
)

type cutoffCmd struct {
	Impose cutoffImposeCmd `cmd:"" help:"紧急停止:直接写入数据库并存证,运行中的各副本一秒之内生效。"`
	Lift   cutoffLiftCmd   `cmd:"" help:"恢复运维人员或者监测规则停止的。"`
	List   cutoffListCmd   `cmd:"" help:"列出现在有效的限速、暂停和紧急停止。"`
}

type cutoffImposeCmd struct {
	nodeFlags
	Target  string `arg:"" help:"对象:all、system、consumer、provider、resource、grant。" enum:"all,system,consumer,provider,resource,grant"`
	ID      string `arg:"" optional:"" help:"对象编号;all不写。"`
	Reason  string `help:"理由;不得写个人信息。" required:""`
	As      string `help:"以本节点哪个账号的名义。" required:""`
	Minutes int    `help:"多少分钟后自动结束;0为直到恢复。"`
}

// Run implements kong's command.
func (c *cutoffImposeCmd) Run(ctx context.Context) error {
	x, err := app.InEmergency(ctx, c.config(), app.Emergency{Username: c.As, Reason: c.Reason,
		Order: monitor.Order{Target: monitor.Target(c.Target), TargetID: c.ID, Minutes: c.Minutes}})
	if err != nil {
		return err
	}
	fmt.Println("已紧急停止,存证", x.ID)
	return nil
}

type cutoffLiftCmd struct {
	nodeFlags
	ID     string `arg:"" help:"措施编号。"`
	Reason string `help:"理由;不得写个人信息。" required:""`
	As     string `help:"以本节点哪个账号的名义。" required:""`
}

// Run implements kong's command.
func (c *cutoffLiftCmd) Run(ctx context.Context) error {
	x, err := app.InEmergency(ctx, c.config(), app.Emergency{Username: c.As, Reason: c.Reason, Lift: c.ID})
	if err != nil {
		return err
	}
	fmt.Println("已恢复", x.ID)
	return nil
}

type cutoffListCmd struct{ nodeFlags }

// Run implements kong's command.
func (c *cutoffListCmd) Run(ctx context.Context) error {
	list, err := app.CutoffsInForce(ctx, c.config())
	if err != nil {
		return err
	}
	for _, x := range list {
		until := "直到恢复"
		if x.Until != nil {
			until = "至" + x.Until.Format("2006-01-02T15:04:05Z07:00")
		}
		fmt.Println(x.ID, x.Measure, x.Target, x.TargetID, "由"+string(x.Side), until, x.Reason)
	}
	if len(list) == 0 {
		fmt.Println("没有有效的措施")
	}
	return nil
}
