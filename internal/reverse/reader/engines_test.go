package reader_test

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/reverse"
	"github.com/shuqiao/shuqiao/internal/reverse/mysqlwire"
	"github.com/shuqiao/shuqiao/internal/reverse/reader"
	"github.com/shuqiao/shuqiao/internal/testdb"
	"github.com/shuqiao/shuqiao/internal/testdb/mariadb"
)

var today = clock.NewFake(time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC))

// local allows this machine and the directory.
func local(dir string) *reader.Reader {
	return reader.New(reader.Policy{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Directory: dir}, today)
}

// people are synthetic, with valid check digits.
var people = []string{"11010119900307803X", "110101199003074514", "110101199003071153", "110101199003079710"}

func read(t *testing.T, r *reader.Reader, c reverse.Connection, sample bool) reverse.Schema {
	t.Helper()
	limits := reverse.DefaultLimits
	if sample {
		limits.Rows = reverse.SampleRows
	}
	s, err := r.Read(t.Context(), c, limits)
	if err != nil {
		t.Fatal(err)
	}
	s, _ = reverse.Finish(s)
	return s
}

func table(t *testing.T, s reverse.Schema, key string) reverse.Table {
	t.Helper()
	x, ok := s.Table(key)
	if !ok {
		t.Fatalf("no table %s in %v", key, keys(s))
	}
	return x
}

func keys(s reverse.Schema) (out []string) {
	for _, t := range s.Tables {
		out = append(out, t.Key())
	}
	return out
}

// line is a column in one line, for comparison.
func line(c reverse.Column) string {
	s := fmt.Sprintf("%s %s %d,%d", c.Name, c.Type, c.Length, c.Decimals)
	if c.Key > 0 {
		s += fmt.Sprintf(" key%d", c.Key)
	}
	if c.Nullable {
		s += " null"
	}
	if c.Domain != nil {
		s += " [" + c.Domain.Min + c.Domain.Max
		for _, v := range c.Domain.Values {
			s += v.Code + ";"
		}
		s += "]"
	}
	if c.References != "" {
		s += " ->" + c.References
	}
	if c.Comment != "" {
		s += " " + c.Comment
	}
	if c.Holds != "" {
		s += " !" + string(c.Holds)
	}
	return s
}

func compare(t *testing.T, x reverse.Table, want ...string) {
	t.Helper()
	var got []string
	for _, c := range x.Columns {
		got = append(got, line(c))
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", x.Key(), strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func pgConnection(t *testing.T, text string) reverse.Connection {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	port, _ := strconv.Atoi(u.Port())
	password, _ := u.User.Password()
	return reverse.Connection{Engine: reverse.Postgres, Host: u.Hostname(), Port: port, Database: strings.TrimPrefix(u.Path, "/"),
		User: u.User.Username(), Password: password, TLS: reverse.TLSDisable}
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	address := testdb.Postgres(t)
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var wide []string
	for i := range 1600 {
		wide = append(wide, fmt.Sprintf("c%d int", i))
	}
	for _, statement := range []string{
		`CREATE SCHEMA mz`,
		`CREATE TYPE mz.mood AS ENUM ('好', '一般')`,
		`CREATE DOMAIN mz.percent AS int CHECK (VALUE >= 0 AND VALUE <= 100)`,
		`CREATE TABLE mz.region (code char(12) PRIMARY KEY, name varchar(60) NOT NULL)`,
		`CREATE TABLE mz.person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id_no varchar(18) NOT NULL, name varchar(60), sex varchar(1) CHECK (sex IN ('1', '2')),
			age int CHECK (age BETWEEN 0 AND 150), born date, updated timestamptz, active boolean, income numeric(12,2), paid money, score double precision, rate real,
			note text, extra jsonb, region char(12) REFERENCES mz.region (code), feeling mz.mood, share mz.percent, tags text[])`,
		`COMMENT ON TABLE mz.person IS E'人员基本信息表：登记\x07在册\n人员'`,
		`COMMENT ON COLUMN mz.person.id_no IS '公民身份号码'`,
		`COMMENT ON COLUMN mz.person.sex IS '性别（1-男，2-女）'`,
		`CREATE TABLE mz."order ""quoted"" 订单" ("select" int, "Größe" int, "姓名" varchar(20), PRIMARY KEY ("姓名", "select"))`,
		`CREATE VIEW mz.adults AS SELECT id, name FROM mz.person WHERE age >= 18`,
		`CREATE TABLE mz.parts (d date, v int) PARTITION BY RANGE (d)`,
		`CREATE TABLE mz.parts_2026 PARTITION OF mz.parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`,
		`CREATE TABLE mz.wide (` + strings.Join(wide, ",") + `)`,
		`CREATE TABLE mz.marked (a int)`, `COMMENT ON COLUMN mz.marked.a IS '机密★10年 某事'`,
		`INSERT INTO mz.person (id_no, name) VALUES ('` + strings.Join(people, `', '甲'), ('`) + `', '乙')`,
		`ANALYZE mz.person`,
		`CREATE ROLE reverse_nobody_` + strings.TrimPrefix(pgConnection(t, address).Database, "shuqiao_t_") + ` LOGIN PASSWORD 'right'`,
	} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	t.Cleanup(func() {
		conn, err := pgx.Connect(context.Background(), address)
		if err == nil {
			_, _ = conn.Exec(context.Background(), "DROP ROLE reverse_nobody_"+strings.TrimPrefix(pgConnection(t, address).Database, "shuqiao_t_"))
			_ = conn.Close(context.Background())
		}
	})
	c := pgConnection(t, address)
	s := read(t, local(""), c, false)
	if got, want := keys(s), []string{"mz.adults", "mz.marked", `mz.order "quoted" 订单`, "mz.parts", "mz.person", "mz.region", "mz.wide"}; !reflect.DeepEqual(got, want) {
		t.Errorf("tables %q, want %q", got, want)
	}
	person := table(t, s, "mz.person")
	if person.Comment != "人员基本信息表：登记在册 人员" || person.Rows != 4 {
		t.Errorf("comment %q, rows %d", person.Comment, person.Rows)
	}
	compare(t, person, "id I 19,0 key1", "id_no C 18,0 公民身份号码", "name C 60,0 null", "sex C 1,0 null [1;2;] 性别（1-男，2-女）", "age I 10,0 null [0150]",
		"born D 10,0 null", "updated T 19,0 null", "active L 0,0 null", "income N 12,2 null", "paid Y 19,2 null", "score B 0,0 null", "rate F 0,0 null",
		"note M 0,0 null", "extra G 0,0 null", "region C 12,0 null ->mz.region.code", "feeling C 2,0 null [好;一般;]", "share I 10,0 null [0100]", "tags G 0,0 null")
	compare(t, table(t, s, `mz.order "quoted" 订单`), "select I 10,0 key2", "Größe I 10,0 null", "姓名 C 20,0 key1")
	if x := table(t, s, "mz.adults"); !x.View || len(x.Columns) != 2 {
		t.Errorf("view: %+v", x)
	}
	if x := table(t, s, "mz.wide"); x.Refused != reverse.RefusedTooWide || len(x.Columns) != 0 {
		t.Errorf("1,600 columns: %s, %d", x.Refused, len(x.Columns))
	}
	if x := table(t, s, "mz.marked"); x.Refused != reverse.RefusedSecret || len(x.Columns) != 0 {
		t.Errorf("marked: %+v", x)
	}
	for _, col := range person.Columns {
		if col.Holds != "" {
			t.Error("rows were looked at without being asked")
		}
	}
	if held := table(t, read(t, local(""), c, true), "mz.person").Columns[1].Holds; held != "resident_id" {
		t.Errorf("sample of identity numbers: %q", held)
	}
	c.Schemas = []string{"mz2"}
	if s := read(t, local(""), c, false); len(s.Tables) != 0 {
		t.Errorf("of another schema: %v", keys(s))
	}
	refusals(t, pgConnection(t, address))
	small := reverse.DefaultLimits
	small.Tables = 3
	if _, err := local("").Read(t.Context(), pgConnection(t, address), small); !fault.Is(err, "schema_too_large") {
		t.Errorf("more tables than allowed: %v", err)
	}
}

// refusals are what both servers refuse alike.
func refusals(t *testing.T, c reverse.Connection) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	for name, x := range map[string]struct {
		change func(*reverse.Connection)
		code   string
	}{
		"password":    {func(c *reverse.Connection) { c.Password = "wrong-Password-7" }, "source_login_failed"},
		"user":        {func(c *reverse.Connection) { c.User = "nobody_such" }, "source_login_failed"},
		"database":    {func(c *reverse.Connection) { c.Database = "nothing_such" }, "source_login_failed"},
		"unreachable": {func(c *reverse.Connection) { c.Port = port }, "source_unreachable"},
		"no TLS":      {func(c *reverse.Connection) { c.TLS = reverse.TLSVerify }, "source_tls"},
		"private":     {func(c *reverse.Connection) { c.Host = "10.1.2.3" }, "address_not_allowed"},
		"metadata":    {func(c *reverse.Connection) { c.Host = "169.254.169.254" }, "address_not_allowed"},
		"mapped":      {func(c *reverse.Connection) { c.Host = "::ffff:10.1.2.3" }, "address_not_allowed"},
		"octal":       {func(c *reverse.Connection) { c.Host = "0177.1" }, "source_invalid"},
		"socket":      {func(c *reverse.Connection) { c.Host = "/tmp" }, "source_invalid"},
	} {
		changed := c
		x.change(&changed)
		_, err := local("").Version(t.Context(), changed)
		if !fault.Is(err, x.code) {
			t.Errorf("%s: %v, want %s", name, err, x.code)
			continue
		}
		for _, secret := range []string{c.Password, "wrong-Password-7", c.Database, "nobody_such"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error tells %q: %v", name, secret, err)
			}
		}
	}
	// A name is looked at where it leads to, not before.
	named := c
	named.Host = "localhost"
	elsewhere := reader.New(reader.Policy{Networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}, today)
	if _, err := elsewhere.Version(t.Context(), named); !fault.Is(err, "address_not_allowed") {
		t.Errorf("a name that leads to this machine: %v", err)
	}
	if _, err := reader.New(reader.Policy{}, today).Version(t.Context(), c); !fault.Is(err, "address_not_allowed") {
		t.Errorf("nothing is allowed: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := local("").Version(ctx, c); err == nil {
		t.Error("with an ended context")
	}
}

func TestMariaDB(t *testing.T) {
	t.Parallel()
	server := mariadb.Start(t, "CREATE DATABASE mz CHARACTER SET utf8mb4", "CREATE USER 'empty'@'127.0.0.1'", "GRANT SELECT ON mz.* TO 'empty'@'127.0.0.1'")
	raw, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(server.Port)))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := mysqlwire.Connect(t.Context(), raw, mysqlwire.Config{User: mariadb.User, Password: server.Password, Database: "mz"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var wide []string
	for i := range 600 {
		wide = append(wide, fmt.Sprintf("c%d int", i))
	}
	for _, statement := range []string{
		"CREATE TABLE region (code char(12) PRIMARY KEY, name varchar(60) NOT NULL) COMMENT '行政区划'",
		`CREATE TABLE person (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, id_no varchar(18) NOT NULL COMMENT '公民身份号码', phone varchar(20), sex enum('男','女') COMMENT '性别',
			age tinyint unsigned CHECK (age BETWEEN 0 AND 150), kind varchar(2) CHECK (kind IN ('01', '02')), born date, updated datetime(3), active tinyint(1), income decimal(12,2), score double, rate float,
			note longtext, extra json, photo longblob, y year, at time, region char(12), FOREIGN KEY (region) REFERENCES region (code)) COMMENT '人员基本信息表\a\n说明'`,
		"CREATE TABLE `order ``quoted`` 订单` (`select` int, `姓名` varchar(20), PRIMARY KEY (`姓名`, `select`))",
		"CREATE VIEW adults AS SELECT id, age FROM person",
		"CREATE TABLE wide (" + strings.Join(wide, ",") + ")",
		"CREATE TABLE marked (a int COMMENT '工作秘密')",
		"INSERT INTO person (id_no, phone) VALUES ('" + strings.Join(people, "', '13800000001'), ('") + "', '13900000002')",
	} {
		if _, err := conn.Query(t.Context(), statement); err != nil {
			t.Fatalf("%s: %+v", statement, err)
		}
	}
	c := reverse.Connection{Engine: reverse.MySQL, Host: "127.0.0.1", Port: server.Port, Database: "mz", User: mariadb.User, Password: server.Password, TLS: reverse.TLSDisable}
	s := read(t, local(""), c, true)
	if got, want := keys(s), []string{"adults", "marked", "order `quoted` 订单", "person", "region", "wide"}; !reflect.DeepEqual(got, want) {
		t.Errorf("tables %q, want %q", got, want)
	}
	if !strings.Contains(s.Version, "MariaDB") {
		t.Errorf("version %q", s.Version)
	}
	person := table(t, s, "person")
	compare(t, person, "id I 20,0 key1", "id_no C 18,0 公民身份号码 !resident_id", "phone C 20,0 null !phone", "sex C 1,0 null [男;女;] 性别", "age I 3,0 null [0150]", "kind C 2,0 null [01;02;]",
		"born D 10,0 null", "updated T 19,0 null", "active L 0,0 null", "income N 12,2 null", "score B 0,0 null", "rate F 0,0 null", "note M 0,0 null", "extra M 0,0 null", "photo G 0,0 null",
		"y I 4,0 null", "at C 8,0 null", "region C 12,0 null ->region.code")
	if person.Rows < 0 || !strings.HasPrefix(person.Comment, "人员基本信息表") {
		t.Errorf("%d rows, comment %q", person.Rows, person.Comment)
	}
	compare(t, table(t, s, "order `quoted` 订单"), "select I 10,0 key2", "姓名 C 20,0 key1")
	if x := table(t, s, "adults"); !x.View || x.Comment != "" || len(x.Columns) != 2 {
		t.Errorf("view: %+v", x)
	}
	if table(t, s, "wide").Refused != reverse.RefusedTooWide || table(t, s, "marked").Refused != reverse.RefusedSecret {
		t.Error("too wide or marked was not refused")
	}
	refusals(t, c)
	empty := c
	empty.User, empty.Password = "empty", ""
	if s := read(t, local(""), empty, false); len(s.Tables) != 6 {
		t.Errorf("with an empty password and SELECT alone: %v", keys(s))
	}
	system := c
	system.Database = "mysql"
	if _, err := local("").Version(t.Context(), system); !fault.Is(err, "source_invalid") {
		t.Errorf("a system database: %v", err)
	}
	// The session cannot write.
	if rows, err := conn.Query(t.Context(), "SELECT COUNT(*) FROM person"); err != nil || rows[0].Text(0) != "4" {
		t.Errorf("%v, %v", rows, err)
	}
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "mz.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	var wide []string
	for i := range 2000 {
		wide = append(wide, fmt.Sprintf("c%d INT", i))
	}
	for _, statement := range []string{
		`CREATE TABLE region (code TEXT PRIMARY KEY, name TEXT NOT NULL) -- 尾注`,
		`CREATE TABLE person ( -- 人员基本信息表
			id INTEGER PRIMARY KEY, -- 编号
			id_no VARCHAR(18) NOT NULL, /* 公民身份号码 */
			-- 性别
			sex CHAR(1) CHECK (sex IN ('1', '2')),
			age INT CHECK (age >= 0 AND age <= 150), born DATE, paid DECIMAL(10, 2), -- 缴费
			note, data BLOB,
			region TEXT REFERENCES region (code), -- 区划
			CONSTRAINT legal CHECK (born > '1900-01-01') -- 不是列
		)`,
		`CREATE TABLE "order ""quoted"" 订单" ("select" INT, "姓名" VARCHAR(20), PRIMARY KEY ("姓名", "select")) WITHOUT ROWID`,
		`CREATE VIEW adults AS SELECT id FROM person`,
		`CREATE VIEW broken AS SELECT gone FROM nowhere`,
		`CREATE TABLE wide (` + strings.Join(wide, ",") + `)`,
		`CREATE TABLE 绝密名单 (a INT)`,
		`INSERT INTO person (id_no) VALUES ('` + strings.Join(people, `'), ('`) + `')`,
		`ANALYZE`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := reverse.Connection{Engine: reverse.SQLite, File: "mz.db"}
	s := read(t, local(dir), c, true)
	person := table(t, s, "person")
	if person.Comment != "人员基本信息表" || table(t, s, "（已隐去）1").Refused != reverse.RefusedSecret {
		t.Errorf("comment %q; %v", person.Comment, keys(s))
	}
	compare(t, person, "id I 10,0 key1 编号", "id_no C 18,0 公民身份号码 !resident_id", "sex C 1,0 null [1;2;] 性别", "age I 10,0 null [0150]", "born D 10,0 null",
		"paid N 10,2 null 缴费", "note M 0,0 null", "data G 0,0 null", "region M 0,0 null ->region.code 区划")
	compare(t, table(t, s, `order "quoted" 订单`), "select I 10,0 key2", "姓名 C 20,0 key1")
	if x := table(t, s, "wide"); x.Refused != reverse.RefusedTooWide {
		t.Errorf("2,000 columns: %q", x.Refused)
	}
	if x := table(t, s, "broken"); !x.View || len(x.Columns) != 0 {
		t.Errorf("a view over nothing: %+v", x)
	}
	after, err := os.ReadFile(path)
	if err != nil || string(before) != string(after) {
		t.Errorf("the file was changed (%v)", err)
	}
	files(t, dir)
}

// files are refused when they are not below the directory, whatever leads there.
func files(t *testing.T, dir string) {
	t.Helper()
	outside := filepath.Join(t.TempDir(), "other.db")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.db")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "text.db"), []byte("这不是数据库，"+strings.Repeat("x", 4096)), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, code := range map[string]string{
		outside: "file_not_allowed", "../other.db": "file_not_allowed", "link.db": "file_not_allowed", ".": "file_not_allowed",
		"none.db": "file_missing", "text.db": "file_unreadable", "": "source_invalid",
	} {
		if _, err := local(dir).Version(t.Context(), reverse.Connection{Engine: reverse.SQLite, File: file}); !fault.Is(err, code) {
			t.Errorf("%s: %v, want %s", file, err, code)
		}
	}
	if _, err := local("").Version(t.Context(), reverse.Connection{Engine: reverse.SQLite, File: "mz.db"}); !fault.Is(err, "file_not_allowed") {
		t.Errorf("without a directory: %v", err)
	}
}
