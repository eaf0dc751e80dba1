package crash

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strconv"
	"sync"

	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// ackedAct is an act that an answer showed.
type ackedAct struct {
	actView
	caseID string
}

// ackedCall is a call of which at least the status line arrived.
type ackedCall struct {
	entry  string
	index  uint64
	status int
	whole  bool // the body arrived as well
	sha256 string
	bytes  int
}

// said is what answers said.
type said struct {
	acts        map[string]ackedAct  // by ID
	calls       map[string]ackedCall // by entry
	checkpoints [][]byte
}

// acks is what nodes acknowledged: what must not be lost. It is safe for
// concurrent use while a round runs.
type acks struct {
	mu         sync.Mutex
	round, all said   // all: of earlier rounds
	assertion  string // the last one that was answered with a token
	unrecorded int    // calls answered without naming their entry
	answers    int    // acts and calls acknowledged, to see progress by
}

// fresh begins a new round.
func (k *acks) fresh() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all.acts == nil {
		k.all.acts, k.all.calls = map[string]ackedAct{}, map[string]ackedCall{}
	}
	maps.Copy(k.all.acts, k.round.acts)
	maps.Copy(k.all.calls, k.round.calls)
	k.all.checkpoints = append(k.all.checkpoints, k.round.checkpoints...)
	k.round = said{acts: map[string]ackedAct{}, calls: map[string]ackedCall{}}
}

// act notes every act that a case's view shows.
func (k *acks) act(v caseView) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, a := range v.Acts {
		k.round.acts[a.ID] = ackedAct{a, v.ID}
	}
	k.answers++
}

// call notes a gateway's answer, and tells whether another had its entry.
func (k *acks) call(a answer) (again bool) {
	c := ackedCall{entry: a.header.Get(gateway.HeaderReceipt), status: a.status, whole: a.err == nil, bytes: len(a.body)}
	var err error
	c.index = ledger.Unplaced
	if place := a.header.Get(gateway.HeaderEntryIndex); place != "" { // none: durable in the journal
		c.index, err = strconv.ParseUint(place, 10, 64)
	}
	sum := sha256.Sum256(a.body)
	c.sha256 = hex.EncodeToString(sum[:])
	k.mu.Lock()
	defer k.mu.Unlock()
	if c.entry == "" || err != nil {
		k.unrecorded++
		return false
	}
	_, again = k.round.calls[c.entry]
	k.round.calls[c.entry] = c
	k.answers++
	return again
}

func (k *acks) checkpoint(signed []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.round.checkpoints = append(k.round.checkpoints, signed)
}

func (k *acks) used(assertion string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.assertion = assertion
}

func (k *acks) progress() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.answers
}
