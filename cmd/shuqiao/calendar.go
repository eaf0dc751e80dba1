package main

import (
	"context"
	"fmt"
	"os"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/calendar"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

type calendarCmd struct {
	List  calendarListCmd  `cmd:"" help:"列出各年的放假安排和依据。"`
	Check calendarCheckCmd `cmd:"" help:"检查一份放假安排文件(JSON或者CSV)。"`
}

type calendarListCmd struct {
	nodeFlags
	From int  `help:"起始年份;缺省为去年。"`
	To   int  `help:"终止年份;缺省为后年。"`
	JSON bool `name:"json" help:"以JSON输出。"`
}

// Run implements kong's command.
func (c *calendarListCmd) Run(ctx context.Context) error {
	year := worktime.DayOf(clock.System{}.Now()).Year()
	if c.From == 0 {
		c.From = year - 1
	}
	if c.To == 0 {
		c.To = max(c.From, year+2)
	}
	years, err := app.CalendarYears(ctx, c.config(), c.From, c.To)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, years)
	}
	for _, y := range years {
		printYear(y)
	}
	return nil
}

type calendarCheckCmd struct {
	File  string `arg:"" help:"放假安排文件。" type:"existingfile"`
	Title string `help:"通知标题,文件中没有时。" default:"(未写明通知标题)"`
}

// Run implements kong's command.
func (c *calendarCheckCmd) Run() error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	y, err := app.CheckCalendar(data, c.Title)
	if err != nil {
		return err
	}
	for _, d := range y.Days {
		fmt.Println(d.Date, dayKind(d.Kind), d.Name)
	}
	printYear(y)
	fmt.Println("文件无误。")
	return nil
}

func printYear(y calendar.Year) {
	off, on := 0, 0
	for _, d := range y.Days {
		if d.Kind == worktime.MakeUp {
			on++
		} else {
			off++
		}
	}
	state := "通知"
	if y.Provisional {
		state = "暂定"
	}
	fmt.Printf("%d %s 放假%d天 调休上班%d天 工作日%d天 %s", y.Year, state, off, on, y.WorkingDays, y.Source)
	if y.ID != "" {
		fmt.Printf(" [%s]", y.ID)
	}
	fmt.Println()
}

func dayKind(k worktime.Kind) string {
	if k == worktime.MakeUp {
		return "上班"
	}
	return "放假"
}
