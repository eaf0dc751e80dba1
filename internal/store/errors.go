package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// changedMeanwhile is the fault of a lost compare-and-set.
func changedMeanwhile() *fault.Fault {
	return fault.New(fault.Conflict, "changed_meanwhile", "内容已被他人修改，请刷新后重试")
}

// translate makes the fault "already_exists" of a broken uniqueness, with the
// columns that are not free when the engine tells. Everything else keeps its
// nature and learns what was being done.
func translate(what string, err error) error {
	columns, unique := brokenUniqueness(err)
	if !unique {
		return fmt.Errorf("%s: %w", what, err)
	}
	f := fault.New(fault.Conflict, "already_exists", "相同的记录已经存在").Because(fmt.Errorf("%s: %w", what, err))
	for _, c := range columns {
		f.Fields = append(f.Fields, fault.Field{Path: c, Code: "already_exists", Message: "该内容已被占用，请更换"})
	}
	return f
}

// brokenUniqueness tells whether a UNIQUE or PRIMARY KEY was violated and,
// when known, its columns.
func brokenUniqueness(err error) ([]string, bool) {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		if pg.Code != "23505" {
			return nil, false
		}
		// Key (resource, number)=(…) already exists. The sentence depends on
		// the server's language, the parentheses do not; the values stay here.
		_, rest, _ := strings.Cut(pg.Detail, "(")
		list, _, found := strings.Cut(rest, ")=")
		if !found {
			return nil, true
		}
		return strings.Split(list, ", "), true
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		if lite.Code() != sqlite3.SQLITE_CONSTRAINT_UNIQUE && lite.Code() != sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
			return nil, false
		}
		// constraint failed: UNIQUE constraint failed: persons.username (2067)
		_, rest, found := strings.Cut(lite.Error(), "UNIQUE constraint failed: ")
		if !found {
			return nil, true
		}
		list, _, _ := strings.Cut(rest, " (")
		var columns []string
		for _, c := range strings.Split(list, ", ") {
			_, column, _ := strings.Cut(c, ".")
			columns = append(columns, column)
		}
		return columns, true
	}
	return nil, false
}

// isSerialization tells whether PostgreSQL asks for another attempt:
// serialization_failure or deadlock_detected.
func isSerialization(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// IsUnavailable tells whether err means that the database cannot work now:
// unreachable, shutting down, out of connections, locked for too long, full,
// read-only or failing to write. Nothing was stored, and trying later may
// help. The one exception: when the connection broke during a commit, nobody
// knows.
func IsUnavailable(err error) bool {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		return true
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		// 08 connection, 53 insufficient resources, 57P operator intervention,
		// 58 system error, 25006 a standby; XX corruption.
		for _, class := range []string{"08", "53", "57P", "58", "25006", "XX"} {
			if strings.HasPrefix(pg.Code, class) {
				return true
			}
		}
		return false
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY,
			sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB,
			sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL:
			return true
		}
		return false
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err)
}
