package store_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

// A full disk stores nothing, whatever the caller swallows, is told apart from
// a mistake, and is over when there is space again.
func TestAFullDiskStoresNothing(t *testing.T) {
	t.Parallel()
	s := open(t, testdb.SQLiteMigrated(t, migrate))
	ctx := t.Context()
	pages := get(s.Text(ctx, "PRAGMA page_count"))(t)
	ok(t, s.Exec(ctx, "PRAGMA max_page_count = "+pages))
	big := bytes.Repeat([]byte("x"), 1<<20)
	_, err := s.Node().PutIfAbsent(ctx, "big", big)
	if !store.IsUnavailable(err) {
		t.Errorf("got %v", err)
	}
	err = s.Do(ctx, func(ctx context.Context) error {
		_, first := s.Node().PutIfAbsent(ctx, "big", big)
		if !store.IsUnavailable(first) {
			t.Errorf("got %v", first)
		}
		if err := s.Org().PutRegions(ctx, nation("1")); err == nil {
			t.Error("a statement ran after the transaction was lost")
		}
		return nil
	})
	if err == nil || has(t, s, "1") {
		t.Errorf("err %v, stored %v", err, has(t, s, "1"))
	}
	ok(t, s.Exec(ctx, "PRAGMA max_page_count = 1073741823"))
	get(s.Node().PutIfAbsent(ctx, "big", big))(t)
}

func TestALostConnectionIsUnavailable(t *testing.T) {
	t.Parallel()
	s := open(t, testdb.PostgresMigrated(t, migrate))
	err := s.Do(t.Context(), func(ctx context.Context) error {
		pid := get(s.TxText(ctx, "SELECT pg_backend_pid()::text"))(t)
		ok(t, s.Exec(context.Background(), "SELECT pg_terminate_backend("+pid+", 5000)"))
		return s.Org().PutRegions(ctx, nation("1"))
	})
	if !store.IsUnavailable(err) {
		t.Errorf("got %v", err)
	}
	if has(t, s, "1") {
		t.Error("stored all the same")
	}
	ok(t, s.Org().PutRegions(t.Context(), nation("2")))
}
