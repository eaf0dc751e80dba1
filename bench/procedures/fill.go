package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// base is a plain Monday morning; everything was opened before it.
var base = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

// departments owe and ask; the first of them are also authorities.
const departments = 2000

// deadlineOf is when the k-th set of clocks runs out.
func deadlineOf(k int) time.Time { return base.Add(time.Duration(k+1) * time.Hour) }

// filler writes cases with SQL of its own: through the engine ten million
// would take a day. What it writes has the form of what the engine writes,
// without the acts, which none of the measured queries reads.
type filler struct {
	db       *sql.DB
	postgres bool
	rules    string // key of the rules in force
	cases    int
	overdue  int // clocks of each set that runs out
	runs     int
}

// filled is where the cases and what is kept beside them live.
var filled = []string{"cases", "case_parties", "case_turns", "case_clocks"}

func openFiller(url string) (*filler, error) {
	if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
		db, err := sql.Open("sqlite", "file:"+path+"?_pragma=synchronous(OFF)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(OFF)&_pragma=cache_size(-20000)")
		if err == nil {
			db.SetMaxOpenConns(1)
		}
		return &filler{db: db}, err
	}
	db, err := sql.Open("pgx", url)
	if err == nil {
		db.SetMaxOpenConns(1) // the session's settings are one connection's
	}
	return &filler{db: db, postgres: true}, err
}

// fill writes all, with the secondary indexes made afterwards.
func (f *filler) fill(ctx context.Context) error {
	before, after := []string{}, []string{"ANALYZE"}
	if f.postgres {
		before = append(before, "SET session_replication_role = replica", "SET synchronous_commit = off") // references are not looked up
		after = []string{"VACUUM (ANALYZE) cases, case_parties, case_turns, case_clocks", "CHECKPOINT"}
	}
	indexes, err := f.dropIndexes(ctx)
	if err != nil {
		return err
	}
	before = append(before, f.people()...)
	if err := f.all(ctx, before); err != nil {
		return err
	}
	const chunk = 250_000
	for from := 0; from < f.cases; from += chunk {
		if err := f.all(ctx, f.chunk(from, min(from+chunk, f.cases))); err != nil {
			return err
		}
	}
	return f.all(ctx, append(indexes, after...))
}

func (f *filler) all(ctx context.Context, statements []string) error {
	for _, s := range statements {
		if _, err := f.db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%.80s: %w", s, err)
		}
	}
	return nil
}

// dropIndexes drops what no constraint needs and gives the statements that
// make it again.
func (f *filler) dropIndexes(ctx context.Context) ([]string, error) {
	query := "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('" + strings.Join(filled, "', '") + "')"
	if f.postgres {
		query = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('" + strings.Join(filled, "', '") + "')" +
			" AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)"
	}
	rows, err := f.db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var drop, make []string
	for rows.Next() {
		var name, definition string
		if err := rows.Scan(&name, &definition); err != nil {
			return nil, err
		}
		drop, make = append(drop, "DROP INDEX "+name), append(make, definition)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	return make, f.all(ctx, drop)
}

func (f *filler) people() []string {
	now := base.UnixMicro()
	return []string{
		"INSERT INTO regions (code, name, parent, level, path) VALUES ('100000', '国', NULL, 'nation', '100000/')," +
			" ('130000', '省', '100000', 'province', '100000/130000/'), ('130100', '市', '130000', 'city', '100000/130000/130100/')",
		f.from(0, departments) + fmt.Sprintf(`INSERT INTO departments (id, name, uscc, region, kind, sector, version, created_at)
			SELECT %s, '部门' || i, 'u' || i, '130100', 'department', '综合', 1, %d FROM g`, f.department("i"), now),
	}
}

// from is the start of a statement over the numbers i of a range.
func (f *filler) from(from, to int) string {
	if f.postgres {
		return fmt.Sprintf("WITH g AS (SELECT i::bigint AS i FROM generate_series(%d, %d) AS s(i)) ", from, to-1)
	}
	return fmt.Sprintf("WITH RECURSIVE g (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM g WHERE i < %d) ", from, to-1)
}

// id is the ID of the expression's number, in the form of a UUIDv7.
func (f *filler) id(prefix, number string) string {
	hex := "printf('%012x', " + number + ")"
	if f.postgres {
		hex = "lpad(to_hex(" + number + "), 12, '0')"
	}
	return "'" + prefix + "-0000-7000-8000-' || " + hex
}

func (f *filler) kase(number string) string       { return f.id("01900000", number) }
func (f *filler) department(number string) string { return f.id("01910000", number) }

func (f *filler) json(text string) string {
	if f.postgres {
		return "(" + text + ")::jsonb"
	}
	return text
}

// chunk writes the cases of a range. Case i is owed by department i mod D; a
// hundred departments are also authorities. As many cases run out together as a
// sweep is to find, for as many sets as there are runs, spread over the whole
// table; the others in 10 to 40 days. To spare the disk a case has one of its
// parties and one turn in the tables beside it.
func (f *filler) chunk(from, to int) []string {
	step := max(f.cases/f.overdue, 1)
	set := fmt.Sprintf("(i %% %d)", step)
	due := fmt.Sprintf("CASE WHEN %s < %d THEN %d + %s * %d ELSE %d + (i %% 2592000) * 1000000 END",
		set, f.runs, deadlineOf(0).UnixMicro(), set, time.Hour.Microseconds(), base.AddDate(0, 0, 10).UnixMicro())
	next := fmt.Sprintf("CASE WHEN %s < %d THEN (%s) + 60000000 ELSE (%s) - %d END", set, f.runs, due, due, (4 * 24 * time.Hour).Microseconds())
	provider, consumer, authority := f.department(fmt.Sprintf("i %% %d", departments)), f.department(fmt.Sprintf("(i + 7) %% %d", departments)), f.department("i % 100")
	started := base.AddDate(0, 0, -3)
	g := f.from(from, to)
	return []string{
		g + fmt.Sprintf(`INSERT INTO cases (id, number, procedure, rules_key, region, subject, title, stage, version, parties, facts, clocks, taken, opened_at, moved_at)
			SELECT %s, '申请-2026-' || i, 'application', '%s', '130100', %s, '申请使用户籍信息', 'received', 3, %s, %s, %s, %s, %d, %d FROM g`,
			f.kase("i"), f.rules, f.id("01920000", "i % 50000"),
			f.json(`'{"consumer":"' || `+consumer+` || '","provider":"' || `+provider+` || '","provider.authority":"' || `+authority+` || '"}'`),
			f.json(`'{"attribute":"conditional","purpose":"社会救助审核"}'`),
			f.json(`'{"reply":{"term":"reply_conditional","clause":"CN-21.1","started_at":"`+started.Format(time.RFC3339)+`","due":"2026-03-16T16:00:00Z","last_day":"2026-03-16","working_days":10,"provisional":false}}'`),
			f.json(`'{"draft":1,"propose":1,"consent":1}'`), started.UnixMicro(), started.UnixMicro()),
		g + fmt.Sprintf("INSERT INTO case_parties (case_id, party, department) SELECT %s, 'provider', %s FROM g", f.kase("i"), provider),
		g + fmt.Sprintf("INSERT INTO case_turns (case_id, department, relation, due) SELECT %s, %s, 'provider.office_head', %s FROM g", f.kase("i"), provider, due),
		g + fmt.Sprintf(`INSERT INTO case_clocks (case_id, clock, term, clause, started_at, due, provisional, extended_by, department, relation,
			authority, authority_relation, breach, reminded, next_at)
			SELECT %s, 'reply', 'reply_conditional', 'CN-21.1', %d, %s, %s, 0, %s, 'provider.office_head', %s, 'provider.authority', 'CN-39.4', 0, %s FROM g`,
			f.kase("i"), started.UnixMicro(), due, "FALSE", provider, authority, next),
	}
}

// version asks the engine for its version.
func (f *filler) version(ctx context.Context) (string, error) {
	query := "SELECT sqlite_version()"
	if f.postgres {
		query = "SHOW server_version"
	}
	var v string
	err := f.db.QueryRowContext(ctx, query).Scan(&v)
	return v, err
}

// size is what the database takes on disk, in MB.
func (f *filler) size(ctx context.Context) (mb float64, err error) {
	query := "SELECT page_count * page_size / 1048576.0 FROM pragma_page_count(), pragma_page_size()"
	if f.postgres {
		query = "SELECT pg_database_size(current_database()) / 1048576.0"
	}
	err = f.db.QueryRowContext(ctx, query).Scan(&mb)
	return mb, err
}
