package reader

import (
	"context"
	"errors"
	"net/netip"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/reverse"
)

// postgres reads by the system catalogs: unlike information_schema they hold
// comments and estimates, and show what the account may not select.
type postgres struct {
	conn    *pgx.Conn
	tx      pgx.Tx
	schemas []string
}

func (r *Reader) openPostgres(ctx context.Context, c reverse.Connection) (session, error) {
	// The words here are not the connection's: what comes from the environment
	// (PGHOST, ~/.pgpass, service files) is overwritten or not looked for.
	cfg, err := pgx.ParseConfig("host=localhost port=5432 user=u password=p dbname=d sslmode=disable passfile=/dev/null servicefile=/dev/null")
	if err != nil {
		return nil, fault.New(fault.Unavailable, "source_unreachable", "无法连接数据源，或者连接中断").Because(errors.New("environment of PostgreSQL"))
	}
	cfg.Host, cfg.Port, cfg.Database, cfg.User, cfg.Password = c.Host, uint16(c.Port), c.Database, c.User, c.Password
	cfg.Fallbacks, cfg.TLSConfig, cfg.DialFunc = nil, r.tls(c), r.dial
	cfg.LookupFunc = func(_ context.Context, host string) ([]string, error) { return []string{host}, nil } // dial looks it up
	cfg.KerberosSrvName, cfg.KerberosSpn = "", ""
	if c.TLS == reverse.TLSDisable && !loopback(c.Host) {
		cfg.RequireAuth = "scram-sha-256" // what proves the password without sending it
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeExec
	cfg.RuntimeParams = map[string]string{
		"application_name": "shuqiao", "default_transaction_read_only": "on", "search_path": "pg_catalog",
		"statement_timeout": itoa(int(statementTime.Milliseconds())), "lock_timeout": "2000", "idle_in_transaction_session_timeout": "60000",
		"client_encoding": "UTF8",
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, brokenPostgres(ctx, err)
	}
	p := &postgres{conn: conn, schemas: c.Schemas}
	if p.tx, err = conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}); err != nil {
		p.close()
		return nil, brokenPostgres(ctx, err)
	}
	return p, nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

func brokenPostgres(ctx context.Context, err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case strings.HasPrefix(pg.Code, "28"), pg.Code == "3D000", pg.Code == "42501" && pg.Severity == "FATAL":
			return loginFailed(pg.Code)
		case pg.Code == "57014":
			return fault.New(fault.Unavailable, "source_timeout", "数据源没有在限定时间内应答")
		case strings.HasPrefix(pg.Code, "42"):
			return forbiddenRead(pg.Code)
		}
	}
	if strings.Contains(err.Error(), "server refused TLS connection") {
		return fault.New(fault.Illegal, "source_tls", "数据源的证书未通过验证，或者没有启用加密")
	}
	if strings.Contains(err.Error(), "require_auth") || strings.Contains(err.Error(), "authentication method") {
		return fault.New(fault.Illegal, "source_auth_unsupported", "数据源要求的认证方式会明文传送口令，请启用加密连接")
	}
	return broken(ctx, err)
}

func (p *postgres) version() string { return p.conn.PgConn().ParameterStatus("server_version") }

func (p *postgres) close() {
	ctx, cancel := context.WithTimeout(context.Background(), statementTime/10)
	defer cancel()
	if p.tx != nil {
		_ = p.tx.Rollback(ctx) // nothing was written
	}
	_ = p.conn.Close(ctx)
}

// own are the relations that people made: no system schemas, no temporary
// tables, no partitions (their parent stands for them), nothing of an extension.
const own = `
	c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND c.relpersistence <> 't'
	AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
	AND (cardinality($1::text[]) = 0 OR n.nspname = ANY ($1::text[]))
	AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`

func (p *postgres) schema(ctx context.Context, l reverse.Limits) (reverse.Schema, error) {
	t := newTables(l)
	for _, read := range []func(context.Context, *tables) error{p.tables, p.columns, p.keys, p.checks, p.references} {
		if err := read(ctx, t); err != nil {
			return reverse.Schema{}, brokenPostgres(ctx, err)
		}
	}
	return reverse.Schema{Tables: t.list}, nil
}

// each runs a query about the own relations and scans its rows.
func (p *postgres) each(ctx context.Context, query string, row func(pgx.Rows) error) error {
	schemas := p.schemas
	if schemas == nil {
		schemas = []string{}
	}
	rows, err := p.tx.Query(ctx, query, schemas)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (p *postgres) tables(ctx context.Context, t *tables) error {
	return p.each(ctx, `SELECT n.nspname::text, c.relname::text, c.relkind IN ('v', 'm'), COALESCE(obj_description(c.oid, 'pg_class'), ''), c.reltuples::float8
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE`+own+` ORDER BY 1, 2 LIMIT `+itoa(t.limits.Tables+1), func(rows pgx.Rows) error {
		var x reverse.Table
		var n float64
		if err := rows.Scan(&x.Schema, &x.Name, &x.View, &x.Comment, &n); err != nil {
			return err
		}
		x.Rows = -1
		if n >= 0 && !x.View {
			x.Rows = int64(n)
		}
		return t.add(x)
	})
}

// columns follows domains down to what they are made of, so that a domain's
// CHECK and length count.
func (p *postgres) columns(ctx context.Context, t *tables) error {
	return p.each(ctx, `SELECT n.nspname::text, c.relname::text, a.attname::text,
		CASE WHEN y.typtype = 'd' THEN format_type(y.typbasetype, y.typtypmod) ELSE format_type(a.atttypid, a.atttypmod) END,
		NOT (a.attnotnull OR y.typnotnull), COALESCE(col_description(c.oid, a.attnum), ''), y.typtype = 'e',
		COALESCE((SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = a.atttypid), '{}'),
		COALESCE((SELECT min(pg_get_constraintdef(k.oid)) FROM pg_constraint k WHERE y.typtype = 'd' AND k.contypid = y.oid AND k.contype = 'c'), '')
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		JOIN pg_type y ON y.oid = a.atttypid
		WHERE`+own+` ORDER BY 1, 2, a.attnum`, func(rows pgx.Rows) error {
		var schema, table, check string
		var c reverse.Column
		var isEnum bool
		var labels []string
		if err := rows.Scan(&schema, &table, &c.Name, &c.Native, &c.Nullable, &c.Comment, &isEnum, &labels, &check); err != nil {
			return err
		}
		apply(&c, reverse.Map(reverse.Postgres, c.Native))
		if isEnum {
			apply(&c, reverse.Kind{Type: "C", Length: longest(labels), Format: "枚举"})
			c.Domain = reverse.ParseEnum(labels)
		}
		if check != "" {
			_, c.Domain = reverse.ParseCheck(reverse.Postgres, check) // about VALUE
		}
		return t.column(schema, table, c)
	})
}

func (p *postgres) keys(ctx context.Context, t *tables) error {
	return p.each(ctx, `SELECT n.nspname::text, c.relname::text, a.attname::text, array_position(i.indkey::int2[], a.attnum) + 1
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
		WHERE`+own, func(rows pgx.Rows) error {
		var schema, table, column string
		var position int
		if err := rows.Scan(&schema, &table, &column, &position); err != nil {
			return err
		}
		t.with(schema, table, column, func(c *reverse.Column) { c.Key = position })
		return nil
	})
}

func (p *postgres) checks(ctx context.Context, t *tables) error {
	return p.each(ctx, `SELECT n.nspname::text, c.relname::text, pg_get_constraintdef(k.oid)
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'c'
		WHERE cardinality(k.conkey) = 1 AND`+own+` ORDER BY 1, 2, k.conname`, func(rows pgx.Rows) error {
		var schema, table, condition string
		if err := rows.Scan(&schema, &table, &condition); err != nil {
			return err
		}
		t.check(reverse.Postgres, schema, table, condition)
		return nil
	})
}

func (p *postgres) references(ctx context.Context, t *tables) error {
	return p.each(ctx, `SELECT n.nspname::text, c.relname::text, a.attname::text, fn.nspname || '.' || f.relname || '.' || fa.attname
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' AND cardinality(k.conkey) = 1
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
		JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
		JOIN pg_attribute fa ON fa.attrelid = f.oid AND fa.attnum = k.confkey[1]
		WHERE`+own+` ORDER BY 1, 2, k.conname`, func(rows pgx.Rows) error {
		var schema, table, column, target string
		if err := rows.Scan(&schema, &table, &column, &target); err != nil {
			return err
		}
		t.with(schema, table, column, func(c *reverse.Column) { c.References = target })
		return nil
	})
}

func (p *postgres) values(ctx context.Context, t reverse.Table, columns []string, limit int) ([][]string, error) {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = "left(" + pgx.Identifier{c}.Sanitize() + "::text, 64)"
	}
	// At a savepoint: a table that may not be read must not end the transaction.
	inner, err := p.tx.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = inner.Rollback(ctx) }()
	rows, err := inner.Query(ctx, "SELECT "+strings.Join(quoted, ", ")+" FROM "+pgx.Identifier{t.Schema, t.Name}.Sanitize()+" LIMIT "+itoa(limit))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make([][]string, len(columns))
	for rows.Next() {
		row := make([]*string, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, v := range row {
			if v != nil {
				out[i] = append(out[i], *v)
			}
		}
	}
	return out, rows.Err()
}
