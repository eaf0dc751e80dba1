package lawview

import "strings"

// table is a Markdown table.
type table struct {
	head []string
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// String writes the table between empty lines; one without rows is nothing.
func (t *table) String() string {
	if len(t.rows) == 0 {
		return ""
	}
	var out strings.Builder
	line := func(cells []string) {
		out.WriteString("|")
		for _, c := range cells {
			out.WriteString(" " + strings.NewReplacer("|", `\|`, "\n", " ").Replace(c) + " |")
		}
		out.WriteString("\n")
	}
	out.WriteString("\n")
	line(t.head)
	out.WriteString(strings.Repeat("|---", len(t.head)) + "|\n")
	for _, r := range t.rows {
		line(r)
	}
	return out.String()
}

func code(s string) string { return "`" + s + "`" }
