package testdb

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/shuqiao/shuqiao/internal/testdb/cluster"
)

// Variable names the environment variable with the URL of the server for tests.
const Variable = "SHUQIAO_TEST_POSTGRES"

// adminTimeout bounds one administrative statement. Creating databases is slow on
// a machine that runs other tests at the same time.
const adminTimeout = 2 * time.Minute

// findServer gives the server's URL, found or started once for the process. A
// server that it starts is not stopped here: it ends with the process.
var findServer = sync.OnceValues(func() (string, error) {
	if u := os.Getenv(Variable); u != "" {
		return u, nil
	}
	c, err := cluster.Start(context.Background())
	if err != nil {
		return "", err
	}
	return c.URL(), nil
})

// server gives the URL of the server, or skips the test. A server that is
// installed and does not start is a failure, not a reason to skip.
func server(t testing.TB) string {
	t.Helper()
	u, err := findServer()
	switch {
	case errors.Is(err, cluster.ErrNoBinaries):
		t.Skipf("PostgreSQL: %s is not set and %v", Variable, err)
	case err != nil:
		t.Fatalf("PostgreSQL: %v", err)
	}
	return u
}

// newDatabase creates a database, from the template where one is named, and
// drops it when the test ends.
func newDatabase(t testing.TB, admin, template string) string {
	t.Helper()
	name := randomName("shuqiao_t_")
	if err := create(admin, name, template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute(admin, "DROP DATABASE "+quote(name)+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	u, err := databaseURL(admin, name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// create makes a database.
func create(admin, name, template string) error {
	sql := "CREATE DATABASE " + quote(name)
	if template != "" {
		sql += " TEMPLATE " + quote(template)
	}
	if err := execute(admin, sql); err != nil {
		return fmt.Errorf("create the test's database: %w", err)
	}
	return nil
}

// execute runs one statement on a connection of its own.
func execute(admin, sql string, args ...any) error {
	return connected(admin, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, sql, args...)
		return err
	})
}

// connected opens a connection for f and closes it.
func connected(admin string, f func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), adminTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return err
	}
	return errors.Join(f(ctx, conn), conn.Close(ctx))
}

// databaseURL is the server's URL with another database.
func databaseURL(admin, name string) (string, error) {
	u, err := url.Parse(admin)
	if err != nil {
		// The error of url.Parse repeats the URL, password included.
		return "", fmt.Errorf("%s is not a URL", Variable)
	}
	u.Path = "/" + name
	return u.String(), nil
}

// randomName is prefix and 16 hexadecimal digits.
func randomName(prefix string) string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails
	return prefix + hex.EncodeToString(b)
}

// quote makes an SQL identifier of name.
func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
