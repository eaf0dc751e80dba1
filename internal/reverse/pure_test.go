package reverse_test

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/reverse"
)

func TestMap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		engine       reverse.Engine
		native, want string
	}{
		{reverse.Postgres, "character varying(50)", "C 50 0"}, {reverse.Postgres, "character varying", "M 0 0"}, {reverse.Postgres, "character(18)", "C 18 0"},
		{reverse.Postgres, "bpchar", "M 0 0"}, {reverse.Postgres, "text", "M 0 0"}, {reverse.Postgres, "numeric(12,2)", "N 12 2"}, {reverse.Postgres, "numeric", "N 38 0"},
		{reverse.Postgres, "integer", "I 10 0"}, {reverse.Postgres, "bigint", "I 19 0"}, {reverse.Postgres, "smallint", "I 5 0"}, {reverse.Postgres, "double precision", "B 0 0"},
		{reverse.Postgres, "real", "F 0 0"}, {reverse.Postgres, "money", "Y 19 2"}, {reverse.Postgres, "boolean", "L 0 0"}, {reverse.Postgres, "date", "D 10 0"},
		{reverse.Postgres, "timestamp without time zone", "T 19 0"}, {reverse.Postgres, "timestamp(3) with time zone", "T 19 0"}, {reverse.Postgres, "time without time zone", "C 8 0"},
		{reverse.Postgres, "jsonb", "G 0 0"}, {reverse.Postgres, "bytea", "G 0 0"}, {reverse.Postgres, "uuid", "C 36 0"}, {reverse.Postgres, "geometry(Point,4490)", "G 0 0"},
		{reverse.Postgres, "text[]", "G 0 0"}, {reverse.Postgres, "bit(1)", "L 0 0"}, {reverse.Postgres, "bit(8)", "G 0 0"}, {reverse.Postgres, "mystery", "G 0 0"}, {reverse.Postgres, "", "G 0 0"},
		{reverse.MySQL, "varchar(255)", "C 255 0"}, {reverse.MySQL, "char(2)", "C 2 0"}, {reverse.MySQL, "tinyint(1)", "L 0 0"}, {reverse.MySQL, "tinyint(3) unsigned", "I 3 0"},
		{reverse.MySQL, "int(10) unsigned zerofill", "I 10 0"}, {reverse.MySQL, "bigint(20) unsigned", "I 20 0"}, {reverse.MySQL, "bigint", "I 19 0"}, {reverse.MySQL, "decimal(10,0)", "N 10 0"},
		{reverse.MySQL, "decimal(8,3) unsigned", "N 8 3"}, {reverse.MySQL, "datetime(6)", "T 19 0"}, {reverse.MySQL, "timestamp", "T 19 0"}, {reverse.MySQL, "year(4)", "I 4 0"},
		{reverse.MySQL, "enum('男','女','未说明')", "C 3 0"}, {reverse.MySQL, "enum('a,b','it''s')", "C 4 0"}, {reverse.MySQL, "set('a','bb')", "C 4 0"}, {reverse.MySQL, "longtext", "M 0 0"},
		{reverse.MySQL, "double", "B 0 0"}, {reverse.MySQL, "float", "F 0 0"}, {reverse.MySQL, "bit(1)", "L 0 0"}, {reverse.MySQL, "varbinary(16)", "G 0 0"}, {reverse.MySQL, "json", "G 0 0"},
		{reverse.SQLite, "INTEGER", "I 10 0"}, {reverse.SQLite, "VARCHAR(20)", "C 20 0"}, {reverse.SQLite, "TEXT", "M 0 0"}, {reverse.SQLite, "NVARCHAR(9)", "C 9 0"}, {reverse.SQLite, "", "M 0 0"},
		{reverse.SQLite, "UNSIGNED BIG INT", "I 19 0"}, {reverse.SQLite, "DECIMAL(10, 2)", "N 10 2"}, {reverse.SQLite, "BLOB", "G 0 0"}, {reverse.SQLite, "DATETIME", "T 19 0"}, {reverse.SQLite, "BOOLEAN", "L 0 0"},
	} {
		k := reverse.Map(c.engine, c.native)
		if got := fmt.Sprintf("%s %d %d", k.Type, k.Length, k.Decimals); got != c.want || k.Format == "" {
			t.Errorf("%s %q: %s (%s), want %s", c.engine, c.native, got, k.Format, c.want)
		}
	}
}

func TestParseCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		engine    reverse.Engine
		condition string
		want      string // column and domain
	}{
		{reverse.Postgres, `CHECK (((sex)::text = ANY ((ARRAY['1'::character varying, '2'::character varying])::text[])))`, "sex 1,2"},
		{reverse.Postgres, `CHECK ((kind = ANY (ARRAY['a'::text, 'it''s'::text])))`, "kind a,it's"},
		{reverse.Postgres, `CHECK (((age >= 0) AND (age <= 150)))`, "age 0..150"},
		{reverse.Postgres, `CHECK ((n = ANY (ARRAY[(1)::numeric, (2)::numeric(10,2)])))`, "n 1,2"},
		{reverse.Postgres, `CHECK ((age >= 0))`, "age 0.."},
		{reverse.Postgres, `CHECK (("性别" = ANY (ARRAY['男'::text])))`, "性别 男"},
		{reverse.MySQL, "`sex` in ('1','2')", "sex 1,2"}, {reverse.MySQL, "(`sex` in (_utf8mb4'1',_utf8mb4'2'))", "sex 1,2"}, {reverse.MySQL, "`age` between 0 and 150", "age 0..150"},
		{reverse.SQLite, `"a b" IN (1, 2.5)`, "a b 1,2.5"}, {reverse.SQLite, `[a] IN ('x')`, "a x"},
		{reverse.Postgres, `CHECK ((a > 0))`, ""}, {reverse.Postgres, `CHECK (((a = 1) OR (b = 2)))`, ""}, {reverse.Postgres, `CHECK ((length(a) >= 2))`, ""},
		{reverse.Postgres, `CHECK ((a <> ALL (ARRAY['x'::text])))`, ""}, {reverse.MySQL, "`a` not in ('x')", ""}, {reverse.MySQL, "`a` >= 0 and `b` <= 9", ""},
		{reverse.MySQL, "json_valid(`extra`)", ""}, {reverse.SQLite, "'", ""}, {reverse.SQLite, "", ""}, {reverse.SQLite, "a IN (", ""}, {reverse.SQLite, "\xff in (1)", ""},
	} {
		column, d := reverse.ParseCheck(c.engine, c.condition)
		got := ""
		if d != nil {
			var values []string
			for _, v := range d.Values {
				values = append(values, v.Code)
			}
			if got = column + " " + strings.Join(values, ","); len(values) == 0 {
				got = column + " " + d.Min + ".." + d.Max
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.condition, got, c.want)
		}
	}
}

func TestMarked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"绝密": true, "机密★10年": true, "【秘密】某表": true, "工作秘密": true, "国家秘密目录": true, "绝 密": true, "绝\u200b密": true, "机\n密": true, "机密级文件": true,
		"": false, "商业秘密保护情况": false, "保密承诺书": false, "加密方式": false, "机密性等级": false, "商业机密": false,
	} {
		if reverse.Marked(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func column(name, comment string) reverse.Column {
	return reverse.Column{Name: name, Native: "varchar(9)", Type: "C", Length: 9, Format: "不超过9个字符", Comment: comment}
}

func propose(t *testing.T, tables ...reverse.Table) []reverse.Proposal {
	t.Helper()
	s, _ := reverse.Finish(reverse.Schema{Engine: reverse.Postgres, Tables: tables})
	out := reverse.Propose(s, reverse.Options{ClassCode: "3010010077"})
	for i := range out {
		if err := reverse.Complete(t.Context(), advisor{}, &out[i]); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestPropose(t *testing.T) {
	t.Parallel()
	id := column("ID", "编号：自动生成")
	id.Key = 1
	sex := column("sexCode", "性别（1-男，2-女，9-未说明）")
	sex.Domain = reverse.ParseEnum([]string{"1", "2"})
	region := column("region", "")
	region.References = "mz.region.code"
	held := column("no", "号码")
	held.Holds = catalog.ResidentID
	all := propose(t, reverse.Table{Schema: "mz", Name: "t_person", Comment: "人员基本信息表：登记\x07在册\u202e人员",
		Columns: []reverse.Column{id, sex, region, held, column("select", "选择"), column("证件 类型", ""), column("id_", "编号"), column("1st", ""), column("level_code", "级别")}})
	p := all[0]
	e := p.Entry
	if e.Name != "人员基本信息" || e.Abstract != "人员基本信息表：登记在册人员" || !p.Selected || e.FormatKind != catalog.FormatDatabase || e.Collection != catalog.HostedCopy || !e.PersonalInfo {
		t.Errorf("%+v", p)
	}
	var got []string
	for _, x := range e.Items {
		got = append(got, x.Code+" "+x.Name+" "+x.EnglishName)
	}
	want := []string{"id 编号 Id", "sex_code 性别 Sex Code", "region Region Region", "no 号码 No", "select 选择 Select", "item_6 证件 类型 ", "id_2 编号2 Id", "c_1st 1st 1st", "level_code 级别 Level Code"}
	want[7] = "c_1st 1st 1st"
	if !reflect.DeepEqual(got, want) {
		t.Errorf("items\n%q\nwant\n%q", got, want)
	}
	if d := e.Items[1].Domain; d == nil || len(d.Values) != 2 || d.Values[0].Name != "男" || !e.Items[0].Key || e.Items[0].Nullable {
		t.Errorf("domain %+v, key %+v", d, e.Items[0])
	}
	if e.Items[2].Description != "引用 mz.region.code" || e.Items[3].Sensitivity != catalog.ResidentID || !e.Items[3].Masked {
		t.Errorf("%+v", e.Items[2:4])
	}
	if e.Items[1].Element != "DE-SEX" || e.Items[8].Element != "" || e.Items[3].Level == "" || e.Level == "" {
		t.Errorf("registers were not asked: %+v, %+v", e.Items[1], e.Items[8])
	}
	var paths []string
	for _, f := range p.Missing {
		paths = append(paths, f.Path)
	}
	for _, path := range []string{"items[2].name", "items[7].name", "attribute", "use_conditions", "frequency"} {
		if !slices.Contains(paths, path) {
			t.Errorf("%s is not said to be missing: %v", path, paths)
		}
	}
	if err := catalog.CheckForm(e); err != nil {
		t.Errorf("the proposal cannot be kept: %v", err)
	}
}

func TestJunkIsNotSelected(t *testing.T) {
	t.Parallel()
	one := []reverse.Column{column("a", "甲")}
	names := map[string]bool{"schema_migrations": false, "tmp_person": false, "person_bak": false, "person_20250101": false, "sys_oper_log": false, "QRTZ_TRIGGERS": false, "操作日志": false,
		"user_sessions": false, "flyway_schema_history": false, "loginLog": false, "person": true, "catalog": true, "template": true, "log_permit_x": false, "法人信息": true, "testament": true, "backup": false, "blog": true}
	var tables []reverse.Table
	for n := range names {
		tables = append(tables, reverse.Table{Name: n, Columns: one})
	}
	for _, p := range propose(t, tables...) {
		if p.Selected != names[p.Table] || p.Selected == (p.Reason != "") {
			t.Errorf("%s: selected %v, %s", p.Table, p.Selected, p.Reason)
		}
	}
	if p := propose(t, reverse.Table{Name: "empty"}); p[0].Selected {
		t.Error("a table without columns is selected")
	}
}

func TestMarkedTablesAreNotProposed(t *testing.T) {
	t.Parallel()
	s, secrets := reverse.Finish(reverse.Schema{Tables: []reverse.Table{
		{Name: "a", Comment: "机密★ 某某行动", Columns: []reverse.Column{column("x", "行动代号")}},
		{Name: "b", Columns: []reverse.Column{column("x", "甲"), column("y", "工作秘密事项")}},
		{Name: "绝密行动", Columns: []reverse.Column{column("x", "甲")}},
		{Name: "c", Columns: []reverse.Column{column("x", "甲")}},
	}})
	text := fmt.Sprintf("%+v %+v", s, secrets)
	for _, gone := range []string{"某某行动", "行动代号", "绝密", "事项"} {
		if strings.Contains(text, gone) {
			t.Errorf("%s is kept: %s", gone, text)
		}
	}
	if !reflect.DeepEqual(secrets, []reverse.Secret{{Table: 0, Fields: []string{"comment"}}, {Table: 1, Fields: []string{"columns[1].comment"}}, {Table: 2, Fields: []string{"name"}}}) {
		t.Errorf("recorded: %+v", secrets)
	}
	for _, p := range reverse.Propose(s, reverse.Options{}) {
		if refused := p.Table != "c"; refused != (p.Refused == reverse.RefusedSecret) || refused && (p.Selected || p.Entry.Name != "") {
			t.Errorf("%+v", p)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	longer, key := column("x", "甲"), column("z", "丙")
	longer.Length, longer.Native = 20, "varchar(20)"
	key.Key = 1
	before := reverse.Schema{Tables: []reverse.Table{{Name: "a", Rows: 5, Columns: []reverse.Column{column("x", "甲"), column("y", "乙"), column("z", "丙")}}, {Name: "b"}, {Name: "same", Rows: 1}}}
	after := reverse.Schema{Tables: []reverse.Table{{Name: "a", Comment: "新", Rows: 9, Columns: []reverse.Column{longer, key, column("w", "丁")}}, {Name: "c"}, {Name: "same", Rows: 2}}}
	want := []reverse.Change{
		{Table: "a", Kind: "changed", Aspects: []string{"comment"}, Columns: []reverse.ColumnChange{
			{Column: "x", Kind: "changed", Aspects: []string{"type"}}, {Column: "z", Kind: "changed", Aspects: []string{"key"}}, {Column: "w", Kind: "added"}, {Column: "y", Kind: "removed"}}},
		{Table: "c", Kind: "added"}, {Table: "b", Kind: "removed"},
	}
	if got := reverse.Compare(before, after); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if got := reverse.Compare(before, before); len(got) != 0 {
		t.Errorf("of itself: %+v", got)
	}
	d1, _ := before.Digest()
	before.Tables[0].Rows, before.Tables[0].Columns[0].Holds = 77, "phone"
	d2, _ := before.Digest()
	d3, _ := after.Digest()
	if d1 != d2 || d1 == d3 {
		t.Errorf("digests %s %s %s", d1, d2, d3)
	}
}

// Whatever a database calls its tables and columns, what is proposed can be
// kept as a draft once it has a class code.
func TestEveryProposalCanBeKept(t *testing.T) {
	t.Parallel()
	code := regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zA-Z_ "'\x60.]{0,80}`), rapid.StringMatching(`[\p{Han}（）：系统平台表，]{0,90}`))
		tables := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) reverse.Table {
			x := reverse.Table{Name: text.Draw(t, "name"), Comment: text.Draw(t, "comment")}
			for range rapid.IntRange(0, 6).Draw(t, "columns") {
				c := column(text.Draw(t, "column"), text.Draw(t, "note"))
				c.References = text.Draw(t, "references")
				x.Columns = append(x.Columns, c)
			}
			return x
		}), 1, 4).Draw(t, "tables")
		s, _ := reverse.Finish(reverse.Schema{Tables: tables})
		out := reverse.Propose(s, reverse.Options{ClassCode: "3010010077"})
		names := map[string]bool{}
		for _, p := range out {
			if p.Refused != "" {
				continue
			}
			if err := catalog.CheckForm(p.Entry); err != nil {
				t.Fatalf("%q: %v", p.Table, err)
			}
			if names[p.Entry.Name] || !utf8.ValidString(p.Entry.Name) {
				t.Fatalf("name %q twice or broken", p.Entry.Name)
			}
			names[p.Entry.Name] = true
			for _, x := range p.Entry.Items {
				if !code.MatchString(x.Code) {
					t.Fatalf("code %q", x.Code)
				}
			}
		}
	})
}
