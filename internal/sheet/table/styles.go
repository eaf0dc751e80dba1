package table

import (
	"encoding/xml"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// readStyles finds out which cell styles show a number as a date.
func (w *workbook) readStyles(name string) error {
	own := map[string]bool{} // number formats of the workbook's own
	inXfs := false
	return w.each(name, func(t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "numFmt":
				own[attr(e, "numFmtId")] = dateFormat(attr(e, "formatCode"))
			case "cellXfs":
				inXfs = true
			case "xf":
				if inXfs && len(w.dates) < 100_000 {
					id := attr(e, "numFmtId")
					date, known := own[id]
					if !known {
						n, _ := strconv.Atoi(id)
						date = n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58
					}
					w.dates = append(w.dates, date)
				}
			}
		case xml.EndElement:
			if e.Name.Local == "cellXfs" {
				inXfs = false
			}
		}
		return nil
	})
}

var literal = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]|\\.|_.|\*.`)

// dateFormat tells whether a number format shows year and day or hours.
func dateFormat(code string) bool {
	plain := strings.ToLower(literal.ReplaceAllString(code, ""))
	return strings.ContainsAny(plain, "yd") || strings.Contains(plain, "h:") || strings.Contains(plain, "hh")
}

// dateText writes the number of a date as 2006-01-02, with the time of day when
// it has one.
func (w *workbook) dateText(raw string) (string, bool) {
	days, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsNaN(days) || days < 0 || days > 2_958_465.99999 {
		return "", false
	}
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if w.from04 {
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if days < 60 {
		first = first.AddDate(0, 0, 1) // the 29 February 1900 that spreadsheets believe in
	}
	whole, part := math.Modf(days)
	at := first.AddDate(0, 0, int(whole)).Add(time.Duration(math.Round(part*86400)) * time.Second)
	if at.Hour()+at.Minute()+at.Second() == 0 {
		return at.Format(time.DateOnly), true
	}
	return at.Format(time.DateTime), true
}

// exact is how many digits a number of a spreadsheet holds.
const exact = 15

// numberCell turns the stored form of a number into what a person sees. A code
// that was taken for a number and lost digits is told.
func numberCell(raw string) Cell {
	x, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return Cell{Text: raw, Kind: Number, Code: "number", Fault: "单元格的数值无法识别"}
	}
	c := Cell{Kind: Number}
	if math.Abs(x) >= 1e15 {
		c.Code, c.Fault = "number_precision", "单元格是以科学计数法保存的数值，超过15位的数字已经失真；请将单元格设为文本后重新填写"
		c.Text = raw
		return c
	}
	// Fifteen digits are what was typed; the rest is the binary fraction's.
	short := strconv.FormatFloat(x, 'g', exact, 64)
	y, _ := strconv.ParseFloat(short, 64)
	c.Text = strconv.FormatFloat(y, 'f', -1, 64)
	return c
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape reads the escapes _xHHHH_ by which a workbook writes characters that
// XML cannot hold.
func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escaped.ReplaceAllStringFunc(text, func(s string) string {
		n, _ := strconv.ParseUint(s[2:6], 16, 16)
		if n >= 0xD800 && n <= 0xDFFF {
			return s
		}
		return string(rune(n))
	})
}
