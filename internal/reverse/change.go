package reverse

import "reflect"

// Change is what happened to a table between two snapshots.
type Change struct {
	Table   string // key
	Kind    string // added, removed, changed
	Columns []ColumnChange
	// What of the table itself changed: comment, view, refused.
	Aspects []string
}

// ColumnChange is what happened to a column.
type ColumnChange struct {
	Column  string
	Kind    string   // added, removed, changed
	Aspects []string // of a changed one: type, nullable, key, comment, domain, references
}

// Compare tells what is different in after, tables in its order, removed ones
// last. Row counts and times are no difference.
func Compare(before, after Schema) []Change {
	old := map[string]Table{}
	for _, t := range before.Tables {
		old[t.Key()] = t
	}
	var out []Change
	for _, t := range after.Tables {
		was, known := old[t.Key()]
		delete(old, t.Key())
		if !known {
			out = append(out, Change{Table: t.Key(), Kind: "added"})
			continue
		}
		if c := compareTables(was, t); len(c.Columns)+len(c.Aspects) > 0 {
			out = append(out, c)
		}
	}
	for _, t := range before.Tables {
		if _, gone := old[t.Key()]; gone {
			out = append(out, Change{Table: t.Key(), Kind: "removed"})
		}
	}
	return out
}

func compareTables(was, is Table) Change {
	c := Change{Table: is.Key(), Kind: "changed"}
	for _, a := range []struct {
		name    string
		differs bool
	}{{"comment", was.Comment != is.Comment}, {"view", was.View != is.View}, {"refused", was.Refused != is.Refused}} {
		if a.differs {
			c.Aspects = append(c.Aspects, a.name)
		}
	}
	if is.Refused != "" || was.Refused != "" {
		return c // columns are not known on one side
	}
	old := map[string]Column{}
	for _, x := range was.Columns {
		old[x.Name] = x
	}
	for _, x := range is.Columns {
		before, known := old[x.Name]
		delete(old, x.Name)
		if !known {
			c.Columns = append(c.Columns, ColumnChange{Column: x.Name, Kind: "added"})
		} else if aspects := compareColumns(before, x); len(aspects) > 0 {
			c.Columns = append(c.Columns, ColumnChange{Column: x.Name, Kind: "changed", Aspects: aspects})
		}
	}
	for _, x := range was.Columns {
		if _, gone := old[x.Name]; gone {
			c.Columns = append(c.Columns, ColumnChange{Column: x.Name, Kind: "removed"})
		}
	}
	return c
}

func compareColumns(was, is Column) []string {
	var out []string
	for _, a := range []struct {
		name    string
		differs bool
	}{
		{"type", was.Native != is.Native || was.Type != is.Type || was.Length != is.Length || was.Decimals != is.Decimals},
		{"nullable", was.Nullable != is.Nullable}, {"key", was.Key != is.Key}, {"comment", was.Comment != is.Comment},
		{"domain", !reflect.DeepEqual(was.Domain, is.Domain)}, {"references", was.References != is.References},
	} {
		if a.differs {
			out = append(out, a.name)
		}
	}
	return out
}
