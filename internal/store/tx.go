package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
)

// maxAttempts bounds how often the outermost Do runs its function when
// PostgreSQL could not order it among the others.
const maxAttempts = 5

// scope is a running Do. The outermost one has no savepoint.
type scope struct {
	tx    bun.Tx
	depth int
	// doomed is the error of a statement that the database refused. It ends
	// the scope, swallowed or not.
	doomed error
}

// scopeKey finds the scope of one database in a context; two databases of one
// process (tests, nodes) do not see each other's.
type scopeKey struct{ d *database }

func (d *database) scopeOf(ctx context.Context) *scope {
	sc, _ := ctx.Value(scopeKey{d}).(*scope)
	return sc
}

// InTx tells whether ctx carries a transaction of this database.
func (d *database) InTx(ctx context.Context) bool { return d.scopeOf(ctx) != nil }

// Do runs fn in a transaction, or at a savepoint of the running one.
func (d *database) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	if outer := d.scopeOf(ctx); outer != nil {
		return d.join(ctx, outer, fn)
	}
	for attempt := 1; ; attempt++ {
		err := d.begin(ctx, fn)
		if err == nil || attempt == maxAttempts || !isSerialization(err) || ctx.Err() != nil {
			return err
		}
	}
}

// begin is one attempt of the outermost Do. The transaction is rolled back
// when fn fails or panics.
func (d *database) begin(ctx context.Context, fn func(ctx context.Context) error) error {
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback() // a panic is on its way up, which says more
		}
	}()
	sc := &scope{tx: tx}
	err = sc.run(context.WithValue(ctx, scopeKey{d}, sc), fn)
	done = true
	if err != nil {
		if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) && ctx.Err() == nil {
			return errors.Join(err, fmt.Errorf("rollback: %w", back))
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// join runs fn at a savepoint. If that cannot be undone, the outer scope ends
// with it.
func (d *database) join(ctx context.Context, outer *scope, fn func(ctx context.Context) error) error {
	point := fmt.Sprintf("scope_%d", outer.depth+1)
	exec := func(statement string) error {
		_, err := outer.tx.Tx.ExecContext(ctx, statement+point)
		if err != nil {
			err = d.fail(ctx, "savepoint", err)
		}
		return err
	}
	if err := exec("SAVEPOINT "); err != nil {
		return err
	}
	inner := &scope{tx: outer.tx, depth: outer.depth + 1}
	err := inner.run(context.WithValue(ctx, scopeKey{d}, inner), fn)
	if err != nil {
		if back := exec("ROLLBACK TO SAVEPOINT "); back != nil {
			return errors.Join(err, back)
		}
	}
	return errors.Join(err, exec("RELEASE SAVEPOINT "))
}

// run gives fn's error, or the one it swallowed.
func (sc *scope) run(ctx context.Context, fn func(ctx context.Context) error) error {
	err := fn(ctx)
	if err == nil {
		err = sc.doomed
	}
	return err
}

// fail turns the error of a statement into the one to give to the caller and
// ends the scope that it happened in.
func (d *database) fail(ctx context.Context, what string, err error) error {
	err = translate(what, err)
	sc := d.scopeOf(ctx)
	if sc == nil {
		return err
	}
	if sc.doomed == nil {
		sc.doomed = err
	}
	if IsUnavailable(err) {
		// SQLite may have rolled back on its own (disk full), and what came
		// next would be committed by itself: nothing may come next.
		_ = sc.tx.Rollback()
	}
	return err
}

// failed is fail for what may be nil.
func (d *database) failed(ctx context.Context, what string, err error) error {
	if err == nil {
		return nil
	}
	return d.fail(ctx, what, err)
}
