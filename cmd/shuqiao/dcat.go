package main

import (
	"bufio"
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/dcat"
)

type dcatCmd struct {
	Export dcatExportCmd `cmd:"" help:"将已发布的目录导出为一份DCAT文档;节点不必在运行。"`
}

type dcatExportCmd struct {
	nodeFlags
	PublicURL string `help:"节点的公开地址,即各条目标识的开头;须与serve的第一个public-url一致。" name:"public-url" required:"" env:"SHUQIAO_PUBLIC_URL"`
	Format    string `help:"格式:jsonld或turtle。" enum:"jsonld,turtle" default:"jsonld"`
	Audience  string `help:"读者:departments为全部已发布条目;public只含向社会开放的条目。" enum:"departments,public" default:"departments"`
	Out       string `help:"输出文件;-为标准输出。" default:"-"`
}

// Run implements kong's command.
func (c *dcatExportCmd) Run(ctx context.Context) error {
	cfg := c.config()
	cfg.PublicURLs = []string{c.PublicURL}
	write := func(f *os.File) error {
		out := bufio.NewWriterSize(f, 1<<20)
		return errors.Join(app.ExportDCAT(ctx, cfg, dcat.Audience(c.Audience), dcat.Format(c.Format), out), out.Flush())
	}
	if c.Out == "-" {
		return write(os.Stdout)
	}
	// Beside its place first: a harvester never finds half a catalog.
	f, err := os.CreateTemp(filepath.Dir(c.Out), ".dcat-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	if err := errors.Join(write(f), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), c.Out)
}
