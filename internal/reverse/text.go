package reverse

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds a comment, in characters, and a name.
const maxText = 500

// clean makes a text of a foreign database fit to be shown: without control
// characters and those that turn the direction of writing, white space in single
// blanks, valid UTF-8, bounded.
func clean(text string) string {
	var b strings.Builder
	blank := false
	for _, r := range strings.ToValidUTF8(text, "�") {
		switch {
		case unicode.IsSpace(r):
			blank = b.Len() > 0
			continue
		case unicode.Is(unicode.C, r): // control, format, private use, surrogate
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(r)
	}
	return Cut(b.String(), maxText)
}

// Cut shortens a text to n characters.
func Cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n])
}

// innocent are words that contain those of a marking and are none.
var innocent = strings.NewReplacer("商业秘密", "", "商业机密", "", "个人秘密", "", "机密性", "")

// Marked tells whether a text of a foreign database bears the words of a
// marking of state or work secrets (CN-3). It is stricter than the check of what
// people enter by hand: nobody has read this text yet, and a table refused by
// mistake can still be catalogued by hand.
func Marked(text string) bool {
	var plain strings.Builder // 绝 密 and 绝<U+200B>密 are markings too
	for _, r := range text {
		if !unicode.IsSpace(r) && !unicode.Is(unicode.C, r) {
			plain.WriteRune(r)
		}
	}
	rest := innocent.Replace(plain.String())
	for _, word := range []string{"绝密", "机密", "秘密"} { // 秘密 is in 工作秘密 and 国家秘密
		if strings.Contains(rest, word) {
			return true
		}
	}
	return false
}

// Withhold is what is kept of a table marked secret: that there is one. It
// gives the paths of the marked fields, which hold nothing of the content.
func Withhold(t Table) (kept Table, fields []string) {
	if Marked(t.Schema) {
		fields = append(fields, "schema")
	}
	if Marked(t.Name) {
		fields = append(fields, "name")
	}
	if Marked(t.Comment) {
		fields = append(fields, "comment")
	}
	for i, c := range t.Columns {
		at := "columns[" + itoa(i) + "]"
		if Marked(c.Name) {
			fields = append(fields, at+".name")
		}
		if Marked(c.Comment) {
			fields = append(fields, at+".comment")
		}
		if Marked(c.References) || Marked(c.Native) || markedDomain(c) {
			fields = append(fields, at+".domain")
		}
	}
	if len(fields) == 0 {
		return t, nil
	}
	kept = Table{Schema: t.Schema, Name: t.Name, View: t.View, Rows: -1, Columns: []Column{}, Refused: RefusedSecret}
	if Marked(kept.Schema) {
		kept.Schema = ""
	}
	if Marked(kept.Name) {
		kept.Name = "" // Finish gives it a number
	}
	return kept, fields
}

func markedDomain(c Column) bool {
	if c.Domain == nil {
		return false
	}
	for _, v := range c.Domain.Values {
		if Marked(v.Code) || Marked(v.Name) {
			return true
		}
	}
	return false
}
