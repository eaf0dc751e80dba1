package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

const format = "shuqiao-receipt/1"

// Proved is what a verified receipt proves.
type Proved struct {
	ID    string // of the entry: what an answer's Shuqiao-Receipt named
	Kind  string // "call", "refused_call", "act", …
	At    time.Time
	Facts json.RawMessage // of a call: see Call
	Entry []byte          // as it stands in the log
	Index uint64          // its place in the log, from 0
	// Origin, Size and Root are of the signed checkpoint that covers it.
	Origin string
	Size   uint64
	Root   []byte
}

// Call is what the entry of a data call says.
type Call struct {
	Endpoint       string `json:"endpoint"`
	Grant          string `json:"grant"`
	Resource       string `json:"resource"`
	System         string `json:"system"`
	Consumer       string `json:"consumer"`
	Provider       string `json:"provider"`
	Rows           int    `json:"rows"`
	Status         int    `json:"status"`
	Code           string `json:"code"`
	ResponseSHA256 string `json:"response_sha256"` // hex, of the answer's body
	ResponseBytes  int    `json:"response_bytes"`
}

// Call reads the facts of a call's entry.
func (p *Proved) Call() (Call, error) {
	var c Call
	if p.Kind != "call" && p.Kind != "refused_call" {
		return c, fmt.Errorf("proof: the entry is of kind %q, not of a call", p.Kind)
	}
	return c, json.Unmarshal(p.Facts, &c)
}

// receipt is the content of receipt.json.
type receipt struct {
	Format     string   `json:"format"`
	Entry      string   `json:"entry"`
	Index      uint64   `json:"index"`
	Inclusion  []string `json:"inclusion"`
	Checkpoint string   `json:"checkpoint"`
}

// maxReceipt is far above any receipt.
const maxReceipt = 1 << 20

// Verify checks a receipt and trusts nothing but the key.
func Verify(data []byte, key *Key) (*Proved, error) {
	if len(data) > maxReceipt {
		return nil, errors.New("proof: this is too large for a receipt")
	}
	var r receipt
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil || dec.More() {
		return nil, errors.New("proof: this is not a receipt")
	}
	if r.Format != format {
		return nil, fmt.Errorf("proof: unknown format of a receipt: %.40q", r.Format)
	}
	cp, err := key.open(r.Checkpoint)
	if err != nil {
		return nil, err
	}
	path := make([][]byte, len(r.Inclusion))
	for i, text := range r.Inclusion {
		h, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(h) != sha256.Size {
			return nil, errors.New("proof: the inclusion proof cannot be read")
		}
		path[i] = h
	}
	if !included(r.Index, cp.size, leafHash([]byte(r.Entry)), path, cp.root) {
		return nil, errors.New("proof: the entry is not in the log that the checkpoint signs")
	}
	return proved(r, key, cp)
}

func proved(r receipt, key *Key, cp checkpoint) (*Proved, error) {
	var e struct {
		V     int             `json:"v"`
		ID    string          `json:"id"`
		Kind  string          `json:"kind"`
		At    time.Time       `json:"at"`
		Facts json.RawMessage `json:"facts"`
	}
	if err := json.Unmarshal([]byte(r.Entry), &e); err != nil || e.V != 1 || e.ID == "" {
		return nil, errors.New("proof: the entry cannot be read")
	}
	return &Proved{ID: e.ID, Kind: e.Kind, At: e.At.UTC(), Facts: e.Facts, Entry: []byte(r.Entry), Index: r.Index,
		Origin: key.name, Size: cp.size, Root: cp.root}, nil
}

// The hashes of RFC 6962, 2.1: what a leaf is cannot be passed off as a node.
func leafHash(entry []byte) []byte {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(entry)
	return h.Sum(nil)
}

func nodeHash(left, right []byte) []byte {
	h := sha256.New()
	h.Write([]byte{1})
	h.Write(left)
	h.Write(right)
	return h.Sum(nil)
}

// included is RFC 9162, 2.1.3.2.
func included(index, size uint64, leaf []byte, path [][]byte, root []byte) bool {
	if index >= size {
		return false
	}
	fn, sn, r := index, size-1, leaf
	for _, p := range path {
		if sn == 0 {
			return false
		}
		if fn&1 == 1 || fn == sn {
			r = nodeHash(p, r)
			for fn&1 == 0 && fn != 0 {
				fn, sn = fn>>1, sn>>1
			}
		} else {
			r = nodeHash(r, p)
		}
		fn, sn = fn>>1, sn>>1
	}
	return sn == 0 && bytes.Equal(r, root)
}
