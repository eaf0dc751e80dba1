package reverse

import (
	"regexp"
	"strconv"
	"strings"
)

// Kind is a native type put into the words of the compilation guide.
type Kind struct {
	Type             string // C N Y D T L M G B I F
	Length, Decimals int
	Format           string
}

// typeParts takes "numeric(10,2) unsigned" and "timestamp(3) without time zone"
// apart: name before, arguments, name after.
var typeParts = regexp.MustCompile(`^([^(]*)(?:\(([^)]*)\))?(.*)$`)

// Map gives the kind of a native type. A type that nobody knows is G, a thing
// of no further form.
func Map(engine Engine, native string) Kind {
	native = strings.ToLower(strings.TrimSpace(native))
	if strings.HasSuffix(native, "[]") {
		return Kind{Type: "G", Format: "数组"}
	}
	m := typeParts.FindStringSubmatch(native)
	if m == nil {
		return Kind{Type: "G", Format: "其他"}
	}
	name := strings.Join(strings.Fields(m[1]+" "+m[3]), " ")
	args := numbers(m[2])
	name, unsigned := strings.CutSuffix(strings.TrimSuffix(name, " zerofill"), " unsigned")
	switch engine {
	case MySQL:
		if k, ok := mapMySQL(name, m[2], args, unsigned); ok {
			return k
		}
	case SQLite:
		if k, ok := mapSQLite(name, args); ok {
			return k
		}
	}
	return mapStandard(name, args)
}

func numbers(text string) []int {
	var out []int
	for _, part := range strings.Split(text, ",") {
		if n, err := strconv.Atoi(strings.TrimSpace(part)); err == nil {
			out = append(out, n)
		}
	}
	return out
}

func arg(args []int, i, otherwise int) int {
	if i < len(args) {
		return args[i]
	}
	return otherwise
}

// integers are the digits that the largest value of a type has.
var integers = map[string]int{
	"tinyint": 3, "smallint": 5, "int2": 5, "smallserial": 5, "mediumint": 8, "year": 4,
	"integer": 10, "int": 10, "int4": 10, "serial": 10, "oid": 10,
	"bigint": 19, "int8": 19, "bigserial": 19,
}

// fixed are the types that need no arguments to be known.
var fixed = map[string]Kind{
	"boolean": {Type: "L", Format: "是/否"}, "bool": {Type: "L", Format: "是/否"},
	"date": {Type: "D", Length: 10, Format: "YYYY-MM-DD"},
	"text": {Type: "M", Format: "文本"}, "clob": {Type: "M", Format: "文本"}, "xml": {Type: "M", Format: "XML"},
	"tinytext": {Type: "M", Format: "文本"}, "mediumtext": {Type: "M", Format: "文本"}, "longtext": {Type: "M", Format: "文本"}, "citext": {Type: "M", Format: "文本"},
	"double precision": {Type: "B", Format: "双精度小数"}, "double": {Type: "B", Format: "双精度小数"}, "float8": {Type: "B", Format: "双精度小数"},
	"real": {Type: "F", Format: "小数"}, "float4": {Type: "F", Format: "小数"}, "float": {Type: "F", Format: "小数"},
	"money": {Type: "Y", Length: 19, Decimals: 2, Format: "金额"},
	"uuid":  {Type: "C", Length: 36, Format: "UUID"},
	"json":  {Type: "G", Format: "JSON"}, "jsonb": {Type: "G", Format: "JSON"},
	"bytea": {Type: "G", Format: "二进制"}, "blob": {Type: "G", Format: "二进制"}, "tinyblob": {Type: "G", Format: "二进制"},
	"mediumblob": {Type: "G", Format: "二进制"}, "longblob": {Type: "G", Format: "二进制"}, "binary": {Type: "G", Format: "二进制"}, "varbinary": {Type: "G", Format: "二进制"},
	"geometry": {Type: "G", Format: "空间数据"}, "geography": {Type: "G", Format: "空间数据"}, "point": {Type: "G", Format: "空间数据"}, "polygon": {Type: "G", Format: "空间数据"},
	"linestring": {Type: "G", Format: "空间数据"}, "multipolygon": {Type: "G", Format: "空间数据"}, "multipoint": {Type: "G", Format: "空间数据"},
	"multilinestring": {Type: "G", Format: "空间数据"}, "geometrycollection": {Type: "G", Format: "空间数据"},
	"inet": {Type: "C", Length: 49, Format: "网络地址"}, "cidr": {Type: "C", Length: 49, Format: "网络地址"}, "macaddr": {Type: "C", Length: 17, Format: "MAC地址"},
	"interval": {Type: "C", Length: 64, Format: "时间段"}, "name": {Type: "C", Length: 63, Format: "字符"},
}

// mapStandard knows the names of the SQL standard and of PostgreSQL.
func mapStandard(name string, args []int) Kind {
	if k, ok := fixed[name]; ok {
		return k
	}
	if n, ok := integers[name]; ok {
		return Kind{Type: "I", Length: n, Format: "整数"}
	}
	switch name {
	case "character varying", "varchar", "nvarchar", "varchar2", "nvarchar2", "character", "char", "nchar", "bpchar", "native character", "varying character":
		n := arg(args, 0, 0)
		if n == 0 {
			if strings.HasPrefix(name, "character") && name != "character varying" || name == "char" {
				return chars(1) // the standard's default
			}
			return Kind{Type: "M", Format: "文本"} // no bound was given
		}
		return chars(n)
	case "numeric", "decimal", "dec", "number", "fixed":
		return number(arg(args, 0, 0), arg(args, 1, 0))
	case "time", "time without time zone", "time with time zone", "timetz":
		return Kind{Type: "C", Length: 8, Format: "HH:MM:SS"}
	case "timestamp", "timestamp without time zone", "timestamp with time zone", "timestamptz", "datetime":
		return Kind{Type: "T", Length: 19, Format: "YYYY-MM-DD HH:MM:SS"}
	case "bit", "bit varying", "varbit":
		if name == "bit" && arg(args, 0, 1) == 1 {
			return Kind{Type: "L", Format: "是/否"}
		}
		return Kind{Type: "G", Format: "位串"}
	}
	return Kind{Type: "G", Format: "其他"}
}

// mapMySQL knows what MySQL and MariaDB write in COLUMN_TYPE and means
// differently, or alone.
func mapMySQL(name, raw string, args []int, unsigned bool) (Kind, bool) {
	switch name {
	case "tinyint":
		if arg(args, 0, 0) == 1 { // what BOOLEAN is written as
			return Kind{Type: "L", Format: "是/否"}, true
		}
	case "bigint":
		if unsigned {
			return Kind{Type: "I", Length: 20, Format: "整数"}, true
		}
	case "decimal", "numeric":
		return number(arg(args, 0, 10), arg(args, 1, 0)), true
	case "enum", "set":
		values, ok := literals(raw)
		if !ok {
			return Kind{}, false
		}
		longest, sum := 1, -1
		for _, v := range values {
			longest, sum = max(longest, len([]rune(v))), sum+len([]rune(v))+1
		}
		if name == "set" {
			return Kind{Type: "C", Length: max(1, sum), Format: "以逗号分隔的多个取值"}, true
		}
		return chars(longest), true
	}
	return Kind{}, false
}

// mapSQLite goes by the affinity of a declared type that is not a standard one.
func mapSQLite(name string, args []int) (Kind, bool) {
	if k := mapStandard(name, args); k.Format != "其他" {
		return k, true
	}
	switch {
	case name == "":
		return Kind{Type: "M", Format: "文本"}, true // SQLite keeps anything there
	case strings.Contains(name, "int"):
		return Kind{Type: "I", Length: 19, Format: "整数"}, true
	case strings.Contains(name, "char"), strings.Contains(name, "clob"), strings.Contains(name, "text"):
		if n := arg(args, 0, 0); n > 0 {
			return chars(n), true
		}
		return Kind{Type: "M", Format: "文本"}, true
	case strings.Contains(name, "real"), strings.Contains(name, "floa"), strings.Contains(name, "doub"):
		return Kind{Type: "B", Format: "双精度小数"}, true
	case name == "any", strings.Contains(name, "blob"):
		return Kind{Type: "G", Format: "其他"}, true
	}
	return Kind{}, false
}

// chars is text of a bounded length; beyond the longest value that a catalog
// knows it is a memo.
func chars(n int) Kind {
	if n > 100_000 {
		return Kind{Type: "M", Format: "文本"}
	}
	return Kind{Type: "C", Length: n, Format: "不超过" + strconv.Itoa(n) + "个字符"}
}

func number(precision, scale int) Kind {
	if precision == 0 { // as precise as it gets
		return Kind{Type: "N", Length: 38, Decimals: max(scale, 0), Format: "数值"}
	}
	if scale <= 0 {
		return Kind{Type: "N", Length: precision, Format: strconv.Itoa(precision) + "位数字"}
	}
	return Kind{Type: "N", Length: precision, Decimals: scale, Format: strconv.Itoa(precision) + "位数字，其中小数" + strconv.Itoa(scale) + "位"}
}
