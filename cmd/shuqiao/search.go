package main

import (
	"context"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/app"
)

type searchCmd struct {
	Rebuild searchRebuildCmd `cmd:"" help:"从数据库重建目录检索索引;节点运行中时由节点自行重建,期间照常检索。"`
}

type searchRebuildCmd struct{ nodeFlags }

// Run implements kong's command.
func (c *searchRebuildCmd) Run(ctx context.Context) error {
	status, waiting, err := app.RebuildSearch(ctx, c.config())
	if err != nil {
		return err
	}
	if waiting {
		fmt.Println("节点正在运行,已通知它重建检索索引")
		return nil
	}
	fmt.Printf("检索索引已重建:%d 个文档\n", status.Documents)
	return nil
}
