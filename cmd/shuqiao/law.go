package main

import (
	"encoding/json"
	"io"
	"os"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/fault"
)

type termCmd struct {
	Term      string    `help:"期限的ID(shuqiao law terms列出全部);或者用--procedure和--attribute。" xor:"what" required:""`
	Procedure string    `help:"程序:application、catalog_publication。" xor:"what" required:""`
	Attribute string    `help:"与--procedure同用的共享属性:unconditional、conditional;目录发布为update。"`
	Region    string    `help:"区划代码。" required:""`
	Received  time.Time `help:"收到的时间(RFC 3339)。" required:"" format:"2006-01-02T15:04:05Z07:00"`
	Extended  bool      `help:"按允许的最长期限延长。"`
}

// Validate implements kong's check: --attribute goes with --procedure.
func (c *termCmd) Validate() error {
	if (c.Procedure != "") != (c.Attribute != "") {
		return fault.New(fault.Invalid, "usage", "--attribute与--procedure同用")
	}
	return nil
}

// Run implements kong's command.
func (c *termCmd) Run() error {
	lib, calendar, err := app.Law()
	if err != nil {
		return err
	}
	if err := app.KnownRegion(c.Region); err != nil {
		return err
	}
	answer, err := app.ComputeTerm(lib, calendar, app.TermQuery{Term: c.Term, Procedure: c.Procedure, Attribute: c.Attribute,
		Region: c.Region, Received: c.Received, Extended: c.Extended})
	if err != nil {
		return err
	}
	return printJSON(os.Stdout, answer)
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
