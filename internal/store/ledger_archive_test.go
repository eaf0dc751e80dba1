package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/archive"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
	"github.com/shuqiao/shuqiao/internal/lookup"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/witness"
)

// archived is a log whose first 600 entries are four years old and whose last
// 600 are new, on a store with an archive attached.
func archived(t *testing.T, s *store.Store) (*ledger.Log, archive.Options) {
	t.Helper()
	dir := archive.Dir(t.TempDir())
	attached := archive.Attach(s.Ledger(), s.LedgerArchive(), dir)
	now := clock.NewFake(ledgertest.Noon)
	l, err := ledger.New(attached, ledgertest.NewSigner(t, ledgertest.Origin), ledgertest.Origin, now)
	ok(t, err)
	for i, at := range []time.Time{ledgertest.Noon.AddDate(-4, 0, 0), ledgertest.Noon} {
		entries := ledgertest.Entries(600)
		for j := range entries {
			entries[j].At = at
			entries[j].ID = fmt.Sprintf("01900000-0000-7000-8000-%012x", 600*i+j)
		}
		_, err := l.AppendIn(t.Context(), entries...)
		ok(t, err)
	}
	return l, archive.Options{Log: l, Store: s.Ledger(), Mover: s.LedgerArchive(), Dir: dir, Keep: archive.Retention, Clock: now}
}

func TestOldEntriesMoveToTheArchiveAndAreReadFromThere(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		l, o := archived(t, s)
		before, err := l.Leaf(ctx, "01900000-0000-7000-8000-000000000007")
		ok(t, err)
		report, err := archive.Run(ctx, o)
		if err != nil || report.Bundles != 2 || report.Next != 2 || report.Entries != 512 {
			t.Fatalf("%+v, %v", report, err)
		}
		if again, err := archive.Run(ctx, o); err != nil || again.Bundles != 0 || again.Tiles != 0 {
			t.Errorf("again: %+v, %v", again, err)
		}
		bare, err := s.Ledger().Leaf(ctx, 7)
		if err != nil || len(bare.Data) != 0 || len(bare.Hash) != 32 {
			t.Errorf("the row still has %d bytes, %v", len(bare.Data), err)
		}
		if young, err := s.Ledger().Leaf(ctx, 512); err != nil || len(young.Data) == 0 {
			t.Errorf("an entry of a bundle that is not all old has moved: %v", err)
		}
		after, err := l.Leaf(ctx, before.ID)
		if err != nil || !bytes.Equal(after.Data, before.Data) {
			t.Errorf("read back: %v", err)
		}
		r, err := l.Prove(ctx, before.ID)
		ok(t, err)
		if _, err := ledger.VerifyReceipt(r.Encode(), l.PublicKey()); err != nil {
			t.Error(err)
		}
		if audit, err := l.Verify(ctx); err != nil || audit.Size != 1200 {
			t.Errorf("%+v, %v", audit, err)
		}
		// The directory stands for itself.
		key, err := ledger.LoadVerifier(l.PublicKey())
		ok(t, err)
		found, err := ledger.Follow(ctx, o.Dir, nil, ledger.FollowOptions{Key: key, HashesOnly: true})
		if err != nil || found.Entries != 512 || found.HashesOnly != 688 {
			t.Errorf("%+v, %v", found, err)
		}
		// The log grows on, and the archive with it.
		_, err = l.AppendIn(ctx, ledgertest.Entries(300)...)
		ok(t, err)
		o.Clock.(*clock.Fake).Advance(3*366*24*time.Hour + time.Hour)
		if report, err = archive.Run(ctx, o); err != nil || report.Next != 5 {
			t.Errorf("%+v, %v", report, err)
		}
		if _, err := l.Verify(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestDamageOfTheArchiveIsFound(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		l, o := archived(t, s)
		_, err := archive.Run(ctx, o)
		ok(t, err)
		file := filepath.Join(string(o.Dir), "tile/entries/001")
		data, err := os.ReadFile(file)
		ok(t, err)
		data[100] ^= 1
		ok(t, os.WriteFile(file, data, 0o600))
		fresh := archive.Attach(s.Ledger(), s.LedgerArchive(), o.Dir)
		key, err := ledger.LoadVerifier(l.PublicKey())
		ok(t, err)
		var c *ledger.Corruption
		if _, err := ledger.Verify(ctx, fresh, key); !errors.As(err, &c) || c.First != 256 || c.Last != 511 {
			t.Errorf("damaged: %v", err)
		}
		ok(t, os.Remove(file))
		if _, err := ledger.Verify(ctx, fresh, key); !isCode(err, "ledger_archive_missing") {
			t.Errorf("gone: %v", err)
		}
		if _, err := ledger.Verify(ctx, archive.Attach(s.Ledger(), s.LedgerArchive(), ""), key); !isCode(err, "ledger_archive_missing") {
			t.Errorf("not configured: %v", err)
		}
	})
}

func isCode(err error, code string) bool {
	f, ok := fault.As(err)
	return ok && f.Code == code
}

// What was not written to the archive as it should does not leave the database.
func TestNothingMovesThatIsNotProved(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		_, o := archived(t, s)
		bad := o
		bad.Keep = archive.Retention - time.Hour
		if _, err := archive.Run(ctx, bad); !isCode(err, "archive_too_early") {
			t.Errorf("too early: %v", err)
		}
		bad = o
		bad.Limit = 1
		ok(t, first(archive.Run(ctx, bad)))
		// A tile above is damaged: no proof to the checkpoint can be made.
		file := filepath.Join(string(o.Dir), "tile/1/000.p/4")
		data, err := os.ReadFile(file)
		ok(t, err)
		data[0] ^= 1
		ok(t, os.WriteFile(file, data, 0o600))
		if report, err := archive.Run(ctx, o); err == nil || report.Bundles != 0 || !strings.Contains(err.Error(), "nothing was moved") {
			t.Errorf("%+v, %v", report, err)
		}
		if leaf, err := s.Ledger().Leaf(ctx, 300); err != nil || len(leaf.Data) == 0 {
			t.Errorf("it has moved: %v", err)
		}
	})
}

func first(_ archive.Report, err error) error { return err }

// The database itself keeps entries that are young or not recorded as archived,
// whatever asks it.
func TestTheDatabaseGuardsItsEntries(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		_, o := archived(t, s)
		m := archive.Moved{Bundle: 2, SHA256: make([]byte, 32), Before: o.Clock.Now().Add(-archive.Retention), At: o.Clock.Now()}
		if err := s.LedgerArchive().Move(ctx, m); err == nil {
			t.Error("a bundle with young entries was emptied")
		}
		m.Bundle, m.Before = 0, o.Clock.Now().Add(-archive.Retention+time.Hour)
		if err := s.LedgerArchive().Move(ctx, m); err == nil {
			t.Error("a bundle was moved before its time")
		}
		m.Bundle, m.Before = 9, o.Clock.Now().Add(-archive.Retention)
		if err := s.LedgerArchive().Move(ctx, m); err == nil {
			t.Error("a bundle that there is not was moved")
		}
		ok(t, first(archive.Run(ctx, o)))
		blob := "x'00'"
		empty := "x''"
		if s.Concurrent() {
			blob, empty = "'\\x00'", "''"
		}
		statements := []string{
			"UPDATE ledger_entries SET data = " + empty, "UPDATE ledger_entries SET data = " + empty + " WHERE idx = 600",
			"UPDATE ledger_entries SET data = " + blob + " WHERE idx = 1", "UPDATE ledger_entries SET data = " + empty + ", hash = " + blob + " WHERE idx = 1",
			"UPDATE ledger_entries SET data = " + empty + ", at = 0 WHERE idx = 1", "DELETE FROM ledger_entries WHERE idx = 1",
			"DELETE FROM ledger_archived", "UPDATE ledger_archived SET before = before + 1",
		}
		if s.Concurrent() {
			statements = append(statements, "TRUNCATE ledger_archived", "TRUNCATE ledger_entries")
		} else {
			statements = append(statements, "REPLACE INTO ledger_archived (bundle, sha256, before, at) SELECT bundle, sha256, before - 1, at FROM ledger_archived")
		}
		for _, statement := range statements {
			if err := s.Exec(ctx, statement); err == nil {
				t.Errorf("%s went through", statement)
			}
		}
	})
}

func TestWhatAWitnessHoldsGoesForwardOnly(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), s.Witness()
		held := func(size uint64, root string) witness.Held {
			return witness.Held{Size: size, Root: []byte(root), Note: []byte("note " + root), At: ledgertest.Noon}
		}
		none, err := w.Held(ctx, "a")
		if err != nil || none.Note != nil {
			t.Fatalf("%+v, %v", none, err)
		}
		swap := func(was, next witness.Held, want bool) {
			t.Helper()
			if got, err := w.Swap(ctx, "a", was, next); err != nil || got != want {
				t.Errorf("swap %d to %d: %v, %v", was.Size, next.Size, got, err)
			}
		}
		swap(none, held(5, "five"), true)
		swap(none, held(6, "six"), false) // two firsts: one was first
		swap(held(5, "other"), held(6, "six"), false)
		swap(held(5, "five"), held(7, "seven"), true)
		swap(held(5, "five"), held(6, "six"), false) // the race of the specification
		if got, err := w.Held(ctx, "a"); err != nil || got.Size != 7 || string(got.Root) != "seven" || !got.At.Equal(ledgertest.Noon) {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := w.Swap(ctx, "a", held(7, "seven"), held(3, "three")); err == nil {
			t.Error("it went back")
		}
		for _, statement := range []string{"DELETE FROM witness_logs", "UPDATE witness_logs SET size = 1"} {
			if err := s.Exec(ctx, statement); err == nil {
				t.Errorf("%s went through", statement)
			}
		}
		e := witness.Evidence{ID: "01900000-0000-7000-8000-000000000001", Origin: "a", Size: 7, Root: []byte("x"), Kind: witness.Split, Note: []byte("n"), Held: []byte("h"), At: ledgertest.Noon}
		for _, want := range []bool{true, false} {
			if fresh, err := w.PutEvidence(ctx, e); err != nil || fresh != want {
				t.Errorf("evidence: %v, %v", fresh, err)
			}
		}
		if list, err := w.ListEvidence(ctx, 9); err != nil || len(list) != 1 || list[0].Kind != witness.Split || !list[0].At.Equal(e.At) {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestCosignaturesAndStandings(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, c, w := t.Context(), s.Cosignatures(), s.Witnesses()
		if _, err := c.WitnessedSize(ctx); !isCode(err, "not_found") {
			t.Errorf("none yet: %v", err)
		}
		ok(t, s.Ledger().PutCheckpoint(ctx, 5, []byte("note")))
		for range 2 {
			ok(t, c.PutCosignature(ctx, 5, "b", []byte("line b\n")))
			ok(t, c.PutCosignature(ctx, 5, "a", []byte("line a\n")))
		}
		lines, err := c.Cosignatures(ctx, 5)
		if err != nil || len(lines) != 2 || string(lines[0]) != "line a\n" {
			t.Errorf("%q, %v", lines, err)
		}
		for _, size := range []uint64{5, 9, 7} {
			ok(t, c.SetWitnessedSize(ctx, size))
		}
		if size, err := c.WitnessedSize(ctx); err != nil || size != 9 {
			t.Errorf("%d, %v", size, err)
		}
		if stand, err := w.Standing(ctx, "x"); err != nil || stand.Witness != "x" || stand.Size != 0 {
			t.Errorf("%+v, %v", stand, err)
		}
		stand := witness.Standing{Witness: "x", Size: 5, At: ledgertest.Noon, Diverged: "it holds another root", Since: ledgertest.Noon}
		ok(t, w.PutStanding(ctx, stand))
		ok(t, w.PutStanding(ctx, witness.Standing{Witness: "x", Size: 6, At: ledgertest.Noon, Since: ledgertest.Noon.Add(time.Hour)}))
		stand.Size = 6
		if list, err := w.Standings(ctx); err != nil || len(list) != 1 || list[0] != stand {
			t.Errorf("a contradiction was forgotten: %+v, %v", list, err)
		}
	})
}

func TestTheIndexOfIdentifiers(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, l := t.Context(), s.Lookup()
		var lines []lookup.Line
		for i := range uint64(1200) {
			lines = append(lines, lookup.Line{Identifier: "d" + fmt.Sprint(i%2), Index: i})
		}
		moved, err := l.Advance(ctx, 0, 1200, lines)
		if err != nil || !moved {
			t.Fatal(moved, err)
		}
		if moved, err := l.Advance(ctx, 0, 1300, lines); err != nil || moved {
			t.Errorf("two went on from one place: %v, %v", moved, err)
		}
		got, err := l.Indexes(ctx, "d1", 1199, 3)
		if err != nil || fmt.Sprint(got) != "[1197 1195 1193]" {
			t.Errorf("%v, %v", got, err)
		}
		if next, err := l.NextIndex(ctx); err != nil || next != 1200 {
			t.Errorf("%d, %v", next, err)
		}
	})
}
