package reader

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/reverse"
)

// sqlite reads a file. Nothing in the file is trusted: no functions of its
// schema are run, and views are not asked for rows.
type sqlite struct {
	db    *sql.DB
	tx    *sql.Tx
	serve string
}

func (r *Reader) openSQLite(ctx context.Context, c reverse.Connection) (session, error) {
	path, err := r.file(c.File)
	if err != nil {
		return nil, err
	}
	u := url.URL{Path: filepath.ToSlash(path)}
	db, err := sql.Open("sqlite", "file:"+u.EscapedPath()+"?mode=ro&_pragma=query_only(1)&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)&_pragma=busy_timeout(2000)&_pragma=mmap_size(0)")
	if err != nil {
		return nil, errors.New("the driver sqlite is not registered")
	}
	db.SetMaxOpenConns(1)
	s := &sqlite{db: db}
	if s.tx, err = db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}); err == nil {
		err = s.tx.QueryRowContext(ctx, "SELECT sqlite_version() FROM (SELECT COUNT(*) FROM sqlite_master)").Scan(&s.serve)
	}
	if err != nil {
		s.close()
		return nil, brokenSQLite(ctx, err)
	}
	return s, nil
}

func brokenSQLite(ctx context.Context, err error) error {
	if f, ok := fault.As(err); ok {
		return f
	}
	if ctx.Err() != nil {
		return broken(ctx, err)
	}
	return fault.New(fault.Illegal, "file_unreadable", "不是可以读取的SQLite数据库文件，或者正被占用")
}

func (s *sqlite) version() string { return "SQLite " + s.serve }

func (s *sqlite) close() {
	if s.tx != nil {
		_ = s.tx.Rollback() // nothing was written
	}
	_ = s.db.Close()
}

func (s *sqlite) rows(ctx context.Context, query string, args []any, row func(*sql.Rows) error) error {
	rows, err := s.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

func (s *sqlite) schema(ctx context.Context, l reverse.Limits) (reverse.Schema, error) {
	t := newTables(l)
	var texts []string
	err := s.rows(ctx, `SELECT name, type, COALESCE(sql, '') FROM sqlite_master WHERE type IN ('table', 'view')
		AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name LIMIT ?`, []any{l.Tables + 1}, func(rows *sql.Rows) error {
		var name, kind, text string
		if err := rows.Scan(&name, &kind, &text); err != nil {
			return err
		}
		texts = append(texts, text)
		return t.add(reverse.Table{Name: name, View: kind == "view", Rows: -1})
	})
	for i := 0; err == nil && i < len(t.list); i++ {
		err = s.table(ctx, t, t.list[i].Name, texts[i])
	}
	if err == nil {
		s.estimates(ctx, t)
	}
	if err != nil {
		return reverse.Schema{}, brokenSQLite(ctx, err)
	}
	return reverse.Schema{Tables: t.list}, nil
}

func (s *sqlite) table(ctx context.Context, t *tables, name, text string) error {
	err := s.rows(ctx, `SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?) WHERE hidden IN (0, 2, 3)`, []any{name}, func(rows *sql.Rows) error {
		var c reverse.Column
		var required bool
		if err := rows.Scan(&c.Name, &c.Native, &required, &c.Key); err != nil {
			return err
		}
		c.Nullable = !required && c.Key == 0
		apply(&c, reverse.Map(reverse.SQLite, c.Native))
		return t.column("", name, c)
	})
	if err != nil {
		x := t.get("", name)
		if f, isFault := fault.As(err); isFault || ctx.Err() != nil || !x.View {
			if isFault {
				return f
			}
			return err
		}
		x.Columns = []reverse.Column{} // a view over what is not there any more
		return nil
	}
	declared := declare(text)
	t.get("", name).Comment = declared.comment
	for column, comment := range declared.columns {
		t.with("", name, column, func(c *reverse.Column) { c.Comment = comment })
	}
	for _, condition := range declared.checks {
		t.check(reverse.SQLite, "", name, condition)
	}
	return s.rows(ctx, `SELECT min("from"), min("table"), COALESCE(min("to"), '') FROM pragma_foreign_key_list(?) GROUP BY id HAVING COUNT(*) = 1`, []any{name}, func(rows *sql.Rows) error {
		var from, table, to string
		if err := rows.Scan(&from, &table, &to); err != nil {
			return err
		}
		t.with("", name, from, func(c *reverse.Column) { c.References = strings.TrimSuffix(table+"."+to, ".") })
		return nil
	})
}

// estimates takes the numbers of rows that ANALYZE left. Counting would read
// the whole file.
func (s *sqlite) estimates(ctx context.Context, t *tables) {
	_ = s.rows(ctx, `SELECT tbl, CAST(stat AS INTEGER) FROM sqlite_stat1`, nil, func(rows *sql.Rows) error {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			return err
		}
		if x := t.get("", name); x != nil {
			x.Rows = max(x.Rows, n)
		}
		return nil
	}) // most files were never analysed
}

func (s *sqlite) values(ctx context.Context, t reverse.Table, columns []string, limit int) ([][]string, error) {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = `substr(CAST("` + strings.ReplaceAll(c, `"`, `""`) + `" AS TEXT), 1, 64)`
	}
	out := make([][]string, len(columns))
	err := s.rows(ctx, "SELECT "+strings.Join(quoted, ", ")+` FROM "`+strings.ReplaceAll(t.Name, `"`, `""`)+`" LIMIT ?`, []any{limit}, func(rows *sql.Rows) error {
		row := make([]sql.NullString, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range row {
			if v.Valid {
				out[i] = append(out[i], v.String)
			}
		}
		return nil
	})
	return out, err
}
