package main

import (
	"encoding/json"
	"os"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
)

type termCmd struct {
	Procedure string    `help:"程序:application、catalog_publication。" required:""`
	Attribute string    `help:"共享属性:unconditional、conditional;目录发布为update。" required:""`
	Region    string    `help:"区划代码。" required:""`
	Received  time.Time `help:"收到的时间(RFC 3339)。" required:"" format:"2006-01-02T15:04:05Z07:00"`
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
	answer, err := app.ComputeTerm(lib, calendar, app.TermQuery{Procedure: c.Procedure, Attribute: c.Attribute, Region: c.Region, Received: c.Received})
	if err != nil {
		return err
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(answer)
}
