package reverse

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Secret is what was found marked in a schema: a table by its ordinal number
// and its fields, nothing of their content.
type Secret struct {
	Table  int
	Fields []string
}

// Finish makes of what a reader found what may be kept and shown: texts made
// fit, marked tables withheld, tables in order.
func Finish(s Schema) (Schema, []Secret) {
	var secrets []Secret
	out := Schema{Engine: s.Engine, Version: Cut(clean(s.Version), 100), Tables: make([]Table, 0, len(s.Tables))}
	for i, t := range s.Tables {
		t, fields := Withhold(t)
		if len(fields) > 0 {
			secrets = append(secrets, Secret{i, fields})
			if t.Name == "" {
				t.Name = "（已隐去）" + itoa(len(secrets))
			}
		}
		t.Comment = clean(t.Comment)
		t.Columns = slices.Clone(t.Columns)
		for j := range t.Columns {
			c := &t.Columns[j]
			c.Comment, c.Native = clean(c.Comment), Cut(clean(c.Native), 200)
		}
		out.Tables = append(out.Tables, t)
	}
	slices.SortFunc(out.Tables, func(a, b Table) int { return strings.Compare(a.Key(), b.Key()) })
	return out, secrets
}

// Digest is the SHA-256 of the structure: what changes by itself (rows, times,
// what a sample looked like, the server's version) is left out.
func (s Schema) Digest() (string, error) {
	plain := make([]Table, len(s.Tables))
	for i, t := range s.Tables {
		t.Rows, t.ChangedAt = 0, nil
		t.Columns = slices.Clone(t.Columns)
		for j := range t.Columns {
			t.Columns[j].Holds = ""
		}
		plain[i] = t
	}
	b, err := json.Marshal(plain)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// Table finds a table by its key.
func (s Schema) Table(key string) (Table, bool) {
	for _, t := range s.Tables {
		if t.Key() == key {
			return t, true
		}
	}
	return Table{}, false
}
