package witness_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
	"github.com/shuqiao/shuqiao/internal/witness"
)

// memory is both stores of this package and that of the cosignatures; the real
// ones are tested in internal/store and in test/e2e.
type memory struct {
	mu       sync.Mutex
	held     map[string]witness.Held
	evidence []witness.Evidence
	stand    map[string]witness.Standing
	lines    map[uint64]map[string][]byte
	size     uint64
	broken   error
}

func newMemory() *memory {
	return &memory{held: map[string]witness.Held{}, stand: map[string]witness.Standing{}, lines: map[uint64]map[string][]byte{}}
}

func (m *memory) Held(_ context.Context, origin string) (witness.Held, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.held[origin], nil
}

func (m *memory) Swap(_ context.Context, origin string, was, next witness.Held) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return false, m.broken
	}
	if have := m.held[origin]; have.Size != was.Size || !bytes.Equal(have.Root, was.Root) {
		return false, nil
	}
	m.held[origin] = next
	return true, nil
}

func (m *memory) PutEvidence(_ context.Context, e witness.Evidence) (bool, error) {
	for _, x := range m.evidence {
		if x.Origin == e.Origin && x.Size == e.Size && bytes.Equal(x.Root, e.Root) {
			return false, nil
		}
	}
	m.evidence = append(m.evidence, e)
	return true, nil
}
func (m *memory) ListEvidence(context.Context, int) ([]witness.Evidence, error) {
	return m.evidence, nil
}
func (m *memory) Standing(_ context.Context, id string) (witness.Standing, error) {
	s := m.stand[id]
	s.Witness = id
	return s, nil
}
func (m *memory) PutStanding(_ context.Context, s witness.Standing) error {
	m.stand[s.Witness] = s
	return nil
}
func (m *memory) Standings(context.Context) ([]witness.Standing, error) { return nil, nil }
func (m *memory) PutCosignature(_ context.Context, size uint64, w string, line []byte) error {
	if m.lines[size] == nil {
		m.lines[size] = map[string][]byte{}
	}
	m.lines[size][w] = line
	return nil
}
func (m *memory) Cosignatures(_ context.Context, size uint64) (out [][]byte, err error) {
	for _, line := range m.lines[size] {
		out = append(out, line)
	}
	return out, nil
}
func (m *memory) SetWitnessedSize(_ context.Context, size uint64) error {
	m.size = max(m.size, size)
	return nil
}
func (m *memory) WitnessedSize(context.Context) (uint64, error) {
	if m.size == 0 {
		return 0, fault.Missing("checkpoint", "")
	}
	return m.size, nil
}

type world struct {
	signer  *ledger.Signer
	log     *ledger.Log
	kept    *memory // of the log's node
	store   *memory // of the witness
	server  *witness.Server
	client  *witness.Client
	policy  ledger.Policy
	logged  *bytes.Buffer
	clock   *clock.Fake
	witness *ledger.Witness
}

func newWorld(t *testing.T, suite ledger.Suite) *world {
	t.Helper()
	w := &world{kept: newMemory(), store: newMemory(), logged: &bytes.Buffer{}, clock: clock.NewFake(ledgertest.Noon)}
	skey, vkey, err := suite.NewKey(ledgertest.Origin, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if w.signer, err = ledger.LoadSigner(skey); err != nil {
		t.Fatal(err)
	}
	known, err := ledger.LoadVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	ckey, wkey, err := suite.GenerateCosigner("witness.example/w", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cosigner, err := ledger.LoadCosigner(ckey)
	if err != nil {
		t.Fatal(err)
	}
	if w.policy, err = ledger.NewPolicy(1, wkey); err != nil {
		t.Fatal(err)
	}
	w.witness = w.policy.Witnesses[0]
	logger := slog.New(slog.NewTextHandler(w.logged, nil))
	w.server = witness.NewServer(w.store, cosigner, w.clock, logger, known)
	w.rebuild(t)
	return w
}

// rebuild begins the log anew, with the same key, on an empty database.
func (w *world) rebuild(t *testing.T) {
	t.Helper()
	l, err := ledger.New(ledgertest.NewMemory(), w.signer, ledgertest.Origin, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	w.kept = newMemory()
	l.WithWitnesses(w.policy, w.kept).Start(t.Context())
	t.Cleanup(l.Close)
	w.log = l
	w.client = &witness.Client{Witness: w.witness, Log: l, Store: w.kept, Clock: w.clock, Logger: slog.New(slog.NewTextHandler(w.logged, nil)),
		Send: func(ctx context.Context, body []byte) (int, []byte, error) {
			line, err := w.server.Add(ctx, body)
			var r *witness.Refusal
			switch {
			case err == nil:
				return 200, line, nil
			case !errors.As(err, &r):
				return 500, nil, nil
			case r.Why == witness.Conflict:
				return 409, []byte(strconv.FormatUint(r.Size, 10) + "\n"), nil
			}
			return int(r.Why), []byte(r.Detail), nil
		}}
}

func (w *world) grow(t *testing.T, n int) ledger.Leaf {
	t.Helper()
	leaves, err := w.log.AppendIn(t.Context(), ledgertest.Entries(n)...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.log.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	return leaves[0]
}

func (w *world) submit(t *testing.T) {
	t.Helper()
	if err := w.client.Submit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestAReceiptBearsTheWitnessesWord(t *testing.T) {
	t.Parallel()
	for _, suite := range ledger.Suites() {
		w := newWorld(t, suite)
		for _, n := range []int{1, 5, 300, 1} {
			leaf := w.grow(t, n)
			w.submit(t)
			w.submit(t) // nothing new: nothing asked
			r, err := w.log.Prove(t.Context(), leaf.ID)
			if err != nil {
				t.Fatal(err)
			}
			v, err := ledger.VerifyWitnessed(r.Encode(), w.log.PublicKey(), w.policy)
			if err != nil || len(v.Witnesses) != 1 {
				t.Fatalf("%s: %+v, %v", suite.Name, v, err)
			}
		}
		// What is newer than the witness's word is proved without it, and says so.
		leaf := w.grow(t, 1)
		r, err := w.log.Prove(t.Context(), leaf.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.VerifyWitnessed(r.Encode(), w.log.PublicKey(), w.policy); err == nil {
			t.Error("a quorum of nobody was counted")
		}
		if _, err := ledger.VerifyReceipt(r.Encode(), w.log.PublicKey()); err != nil {
			t.Error(err)
		}
		if len(w.store.evidence) > 0 {
			t.Errorf("%+v", w.store.evidence)
		}
	}
}

// Test 5 of the reliability list: whoever holds the node's keys rebuilds the
// whole log. The witness cosigns none of it, and both sides tell.
func TestTheWitnessNoticesARebuiltLog(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		n        int
		evidence string
	}{"larger": {900, witness.Unproven}, "same size": {700, witness.Split}, "smaller": {400, ""}} {
		w := newWorld(t, ledger.DefaultSuite())
		w.grow(t, 700)
		w.submit(t)
		w.rebuild(t)
		w.grow(t, c.n)
		w.submit(t)
		w.submit(t)
		if held := w.store.held[ledgertest.Origin]; held.Size != 700 {
			t.Errorf("%s: the witness holds %d now", name, held.Size)
		}
		if _, _, err := w.log.Witnessed(t.Context()); err == nil {
			t.Errorf("%s: it is witnessed", name)
		}
		if stand := w.kept.stand[w.witness.ID()]; stand.Diverged == "" || stand.Size != 0 {
			t.Errorf("%s: standing %+v", name, stand)
		}
		if got := strings.Count(w.logged.String(), "ALARM"); got != 1 {
			t.Errorf("%s: %d alarms", name, got)
		}
		if c.evidence == "" && len(w.store.evidence) > 0 || c.evidence != "" && (len(w.store.evidence) != 1 || w.store.evidence[0].Kind != c.evidence) {
			t.Errorf("%s: evidence %+v", name, w.store.evidence)
		}
		// The log itself says so.
		head, err := w.log.Head(t.Context())
		if err != nil || head.Size != uint64(c.n)+1 {
			t.Errorf("%s: the contradiction is not recorded: %d, %v", name, head.Size, err)
		}
	}
}

func TestTheWitnessRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ledger.DefaultSuite())
	w.grow(t, 10)
	_, ten, err := w.log.LatestSigned(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.submit(t)
	w.grow(t, 10)
	_, twenty, err := w.log.LatestSigned(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	good, err := w.log.Consistency(t.Context(), 10, 20)
	if err != nil {
		t.Fatal(err)
	}
	foreign := newWorld(t, ledger.DefaultSuite())
	foreign.grow(t, 20)
	_, others, err := foreign.log.LatestSigned(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	request := func(old uint64, path [][]byte, note []byte) []byte {
		return witness.Request{Old: old, Proof: path, Checkpoint: note}.Encode()
	}
	for name, c := range map[string]struct {
		body []byte
		why  witness.Reason
		size uint64
	}{
		"not a request":      {[]byte("hello"), witness.Malformed, 0},
		"unknown log":        {request(10, good, bytes.Replace(twenty, []byte(ledgertest.Origin), []byte("else.example/log"), 1)), witness.UnknownLog, 0},
		"another key":        {request(10, good, others), witness.Unsigned, 0},
		"damaged":            {request(10, good, bytes.Replace(twenty, []byte("\n20\n"), []byte("\n21\n"), 1)), witness.Unsigned, 0},
		"older than old":     {request(30, nil, twenty), witness.Malformed, 0},
		"old is not held":    {request(0, nil, twenty), witness.Conflict, 10},
		"old is not held, 5": {request(5, good, twenty), witness.Conflict, 10},
		"no proof":           {request(10, nil, twenty), witness.Unfit, 0},
		"wrong proof":        {request(10, append([][]byte{make([]byte, 32)}, good[1:]...), twenty), witness.Unfit, 0},
		"proof of nothing":   {request(10, good, ten), witness.Unfit, 0},
	} {
		line, err := w.server.Add(t.Context(), c.body)
		var r *witness.Refusal
		if !errors.As(err, &r) || r.Why != c.why || r.Size != c.size || line != nil {
			t.Errorf("%s: %q, %v", name, line, err)
		}
	}
	// What it cannot remember it does not cosign.
	w.store.broken = errors.New("disk full")
	if line, err := w.server.Add(t.Context(), request(10, good, twenty)); err == nil || line != nil {
		t.Errorf("cosigned and not remembered: %q", line)
	}
	w.store.broken = nil
	if line, err := w.server.Add(t.Context(), request(10, good, twenty)); err != nil || !bytes.HasPrefix(line, []byte("— witness.example/w ")) {
		t.Errorf("%q, %v", line, err)
	}
	// The same again, as a client does that lost the answer.
	if _, err := w.server.Add(t.Context(), request(20, nil, twenty)); err != nil {
		t.Error(err)
	}
}

func TestAWitnessThatIsAwayIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ledger.DefaultSuite())
	leaf := w.grow(t, 3)
	send := w.client.Send
	w.client.Send = func(context.Context, []byte) (int, []byte, error) { return 0, nil, errors.New("connection refused") }
	if err := w.client.Submit(t.Context()); err == nil {
		t.Error("it is away, and nobody was told")
	}
	if err := w.client.Submit(t.Context()); err != nil {
		t.Error("told twice")
	}
	if _, err := w.log.Prove(t.Context(), leaf.ID); err != nil {
		t.Error("a receipt waits for the witness")
	}
	w.client.Send = func(context.Context, []byte) (int, []byte, error) {
		return 200, []byte("— witness.example/w AAAAAAAA\n"), nil
	}
	if _, err := w.log.Published(t.Context()); err != nil {
		t.Error(err)
	}
	_ = w.client.Submit(t.Context())
	if stand := w.kept.stand[w.witness.ID()]; stand.Size != 0 {
		t.Error("a cosignature that is none was taken")
	}
	w.client.Send = send
	w.submit(t)
	if c, _, err := w.log.Witnessed(t.Context()); err != nil || c.Size != 3 {
		t.Errorf("%+v, %v", c, err)
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add(witness.Request{Old: 7, Proof: [][]byte{make([]byte, 32)}, Checkpoint: []byte("a\n1\nAA==\n\n— a AAAAAAAA\n")}.Encode())
	f.Add([]byte("old 0\n\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		if r, err := witness.ParseRequest(body); err == nil && !bytes.Equal(r.Encode(), body) {
			t.Errorf("two spellings: %q", body)
		}
	})
}
