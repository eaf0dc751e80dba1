package reader

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/reverse"
	"github.com/shuqiao/shuqiao/internal/reverse/mysqlwire"
)

func itoa(n int) string { return strconv.Itoa(n) }

// mysql reads MySQL and MariaDB by information_schema. Statements hold no
// values: the database is the connection's own.
type mysql struct {
	conn    *mysqlwire.Conn
	mariadb bool
}

func (r *Reader) openMySQL(ctx context.Context, c reverse.Connection) (session, error) {
	raw, err := r.dial(ctx, "tcp", net.JoinHostPort(c.Host, itoa(c.Port)))
	if err != nil {
		return nil, broken(ctx, err)
	}
	greeting, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := mysqlwire.Connect(greeting, raw, mysqlwire.Config{User: c.User, Password: c.Password, Database: c.Database, TLS: r.tls(c)})
	if err != nil {
		return nil, brokenMySQL(greeting, err)
	}
	m := &mysql{conn: conn, mariadb: strings.Contains(strings.ToLower(conn.Version), "mariadb")}
	limit := "SET SESSION max_execution_time = " + itoa(int(statementTime.Milliseconds()))
	if m.mariadb {
		limit = "SET SESSION max_statement_time = " + itoa(int(statementTime.Seconds()))
	}
	for _, statement := range []string{
		limit, "SET SESSION sql_mode = ''", "SET SESSION lock_wait_timeout = 2",
		"SET SESSION TRANSACTION READ ONLY", "START TRANSACTION READ ONLY",
	} {
		if _, err := conn.Query(ctx, statement); err != nil {
			if code(err) == 1193 { // a variable that this version does not know
				continue
			}
			m.close()
			return nil, brokenMySQL(ctx, err)
		}
	}
	return m, nil
}

func code(err error) int {
	var refused *mysqlwire.ServerError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return 0
}

func brokenMySQL(ctx context.Context, err error) error {
	switch n := code(err); n {
	case 0:
	case 1044, 1045, 1049, 1698, 4151: // access denied, unknown database, locked
		return loginFailed(itoa(n))
	case 1969, 3024:
		return fault.New(fault.Unavailable, "source_timeout", "数据源没有在限定时间内应答")
	case 1040, 1129, 1130, 1203: // too many connections, our address is blocked or not allowed
		return fault.New(fault.Unavailable, "source_unreachable", "数据源不接受本节点的连接").Because(errors.New("code " + itoa(n)))
	default:
		return forbiddenRead(itoa(n))
	}
	switch {
	case errors.Is(err, mysqlwire.ErrNoTLS):
		return fault.New(fault.Illegal, "source_tls", "数据源的证书未通过验证，或者没有启用加密")
	case errors.Is(err, mysqlwire.ErrAuth):
		return fault.New(fault.Illegal, "source_auth_unsupported", "数据源要求的认证方式会明文传送口令，请启用加密连接")
	case errors.Is(err, mysqlwire.ErrTooLarge):
		return fault.New(fault.TooLarge, "schema_too_large", "库结构超过上限，请使用只能看到所需表的账号")
	case errors.Is(err, mysqlwire.ErrProtocol):
		return fault.New(fault.Illegal, "source_protocol", "对方不是可以识别的MySQL或者MariaDB服务")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fault.New(fault.Unavailable, "source_unreachable", "无法连接数据源，或者连接中断")
	}
	return broken(ctx, err)
}

func (m *mysql) version() string { return m.conn.Version }
func (m *mysql) close()          { _ = m.conn.Close() }

func (m *mysql) schema(ctx context.Context, l reverse.Limits) (reverse.Schema, error) {
	t := newTables(l)
	for _, read := range []func(context.Context, *tables) error{m.tables, m.columns, m.keys, m.checks} {
		if err := read(ctx, t); err != nil {
			return reverse.Schema{}, brokenMySQL(ctx, err)
		}
	}
	return reverse.Schema{Tables: t.list}, nil
}

func (m *mysql) tables(ctx context.Context, t *tables) error {
	rows, err := m.conn.Query(ctx, `SELECT TABLE_NAME, TABLE_TYPE, COALESCE(TABLE_COMMENT, ''), TABLE_ROWS, UNIX_TIMESTAMP(UPDATE_TIME)
		FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
		ORDER BY TABLE_NAME LIMIT `+itoa(t.limits.Tables+1))
	if err != nil {
		return err
	}
	for _, r := range rows {
		x := reverse.Table{Name: r.Text(0), View: r.Text(1) == "VIEW", Comment: r.Text(2), Rows: -1}
		if x.View {
			x.Comment = "" // it says VIEW
		} else if n, err := strconv.ParseInt(r.Text(3), 10, 64); err == nil {
			x.Rows = n
		}
		whole, _, _ := strings.Cut(r.Text(4), ".")
		if n, err := strconv.ParseInt(whole, 10, 64); err == nil {
			at := time.Unix(n, 0).UTC()
			x.ChangedAt = &at
		}
		if err := t.add(x); err != nil {
			return err
		}
	}
	return nil
}

func (m *mysql) columns(ctx context.Context, t *tables) error {
	rows, err := m.conn.Query(ctx, `SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COALESCE(COLUMN_COMMENT, '')
		FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION LIMIT `+itoa(t.limits.Total+1))
	if err != nil {
		return err
	}
	for _, r := range rows {
		c := reverse.Column{Name: r.Text(1), Native: r.Text(2), Nullable: r.Text(3) == "YES", Comment: r.Text(4)}
		apply(&c, reverse.Map(reverse.MySQL, c.Native))
		lower := strings.ToLower(c.Native)
		if strings.HasPrefix(lower, "enum(") {
			// From the type as written: the letters of the values count.
			c.Domain = reverse.EnumOf(c.Native)
		}
		if err := t.column("", r.Text(0), c); err != nil {
			return err
		}
	}
	return nil
}

func (m *mysql) keys(ctx context.Context, t *tables) error {
	rows, err := m.conn.Query(ctx, `SELECT k.TABLE_NAME, k.COLUMN_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME,
		(SELECT COUNT(*) FROM information_schema.KEY_COLUMN_USAGE o WHERE o.TABLE_SCHEMA = DATABASE() AND o.CONSTRAINT_SCHEMA = DATABASE() AND o.TABLE_NAME = k.TABLE_NAME AND o.CONSTRAINT_NAME = k.CONSTRAINT_NAME)
		FROM information_schema.KEY_COLUMN_USAGE k WHERE k.TABLE_SCHEMA = DATABASE() AND k.CONSTRAINT_SCHEMA = DATABASE()
		AND (k.CONSTRAINT_NAME = 'PRIMARY' OR k.REFERENCED_TABLE_NAME IS NOT NULL)`)
	if err != nil {
		return err
	}
	for _, r := range rows {
		t.with("", r.Text(0), r.Text(1), func(c *reverse.Column) {
			if r.Text(2) == "PRIMARY" {
				c.Key, _ = strconv.Atoi(r.Text(3))
			} else if r.Text(6) == "1" {
				c.References = r.Text(4) + "." + r.Text(5)
			}
		})
	}
	return nil
}

func (m *mysql) checks(ctx context.Context, t *tables) error {
	query := `SELECT TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE() ORDER BY 1, CONSTRAINT_NAME`
	if !m.mariadb {
		query = `SELECT t.TABLE_NAME, c.CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS c
			JOIN information_schema.TABLE_CONSTRAINTS t ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME
			WHERE c.CONSTRAINT_SCHEMA = DATABASE() ORDER BY 1, c.CONSTRAINT_NAME`
	}
	rows, err := m.conn.Query(ctx, query)
	if n := code(err); n == 1109 || n == 1146 || n == 1054 { // a version without CHECK constraints
		return nil
	}
	if err != nil {
		return err
	}
	for _, r := range rows {
		clause := r.Text(1)
		if !m.mariadb {
			clause = strings.ReplaceAll(clause, `\'`, `'`) // MySQL writes _utf8mb4\'1\'
		}
		t.check(reverse.MySQL, "", r.Text(0), clause)
	}
	return nil
}

func backtick(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

func (m *mysql) values(ctx context.Context, t reverse.Table, columns []string, limit int) ([][]string, error) {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = "LEFT(" + backtick(c) + ", 64)"
	}
	rows, err := m.conn.Query(ctx, "SELECT "+strings.Join(quoted, ", ")+" FROM "+backtick(t.Name)+" LIMIT "+itoa(limit))
	if err != nil {
		return nil, err
	}
	out := make([][]string, len(columns))
	for _, r := range rows {
		for i := range columns {
			if r[i] != nil {
				out[i] = append(out[i], *r[i])
			}
		}
	}
	return out, nil
}
