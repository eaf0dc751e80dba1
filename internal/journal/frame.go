package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// A segment file begins with a header of headerSize bytes:
//
//	magic (16) | first sequence number (8) | chain before it (32) | SHA-256 of these (32)
//
// and goes on with a batch for each Append:
//
//	length of the records (4) | records, each: length (4) | data | chain (32)
//
// where the chain behind a batch is SHA-256(chain before ‖ SHA-256(records)). A
// length of zero is the end: the rest of the file is zeros.
const (
	magic      = "shuqiao journal\x01"
	chainSize  = sha256.Size
	headerSize = len(magic) + 8 + 2*chainSize
	batchExtra = 4 + chainSize
	// MaxBatch bounds what one Append writes, in bytes with all its lengths. A
	// crash tears no more than that, so what is broken before it is damage.
	MaxBatch = 2 << 20
)

type chain [chainSize]byte

func (c chain) next(records []byte) chain {
	var pair [2 * chainSize]byte
	sum := sha256.Sum256(records)
	copy(pair[:], c[:])
	copy(pair[chainSize:], sum[:])
	return sha256.Sum256(pair[:])
}

func header(first uint64, before chain) []byte {
	b := make([]byte, 0, headerSize)
	b = append(b, magic...)
	b = binary.BigEndian.AppendUint64(b, first)
	b = append(b, before[:]...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

func parseHeader(b []byte) (first uint64, before chain, err error) {
	if len(b) < headerSize || string(b[:len(magic)]) != magic {
		return 0, before, fmt.Errorf("not a segment of a journal")
	}
	sum := sha256.Sum256(b[:headerSize-chainSize])
	if !bytes.Equal(sum[:], b[headerSize-chainSize:headerSize]) {
		return 0, before, fmt.Errorf("the header is damaged")
	}
	copy(before[:], b[len(magic)+8:])
	return binary.BigEndian.Uint64(b[len(magic):]), before, nil
}

// appendBatch adds a batch to b and gives the chain behind it.
func appendBatch(b []byte, records [][]byte, before chain) ([]byte, chain) {
	start := len(b)
	b = append(b, 0, 0, 0, 0)
	for _, r := range records {
		b = binary.BigEndian.AppendUint32(b, uint32(len(r)))
		b = append(b, r...)
	}
	part := b[start+4:]
	binary.BigEndian.PutUint32(b[start:], uint32(len(part)))
	after := before.next(part)
	return append(b, after[:]...), after
}

// batchSize is what a batch takes in the file.
func batchSize(records [][]byte) int {
	n := batchExtra
	for _, r := range records {
		n += 4 + len(r)
	}
	return n
}

// batch is one batch as it was read.
type batch struct {
	records []byte // as appendBatch laid them out
	after   chain
	size    int // in the file, as its length says
}

// readBatch reads the batch at the beginning of b. ok is false at the end of
// what was written, where size is 0, and at what is no batch of this chain: cut
// off by a crash, or damaged.
func readBatch(b []byte, before chain) (x batch, ok bool) {
	if len(b) < 4 {
		return batch{}, false
	}
	n := int(binary.BigEndian.Uint32(b))
	if n == 0 {
		return batch{}, false
	}
	if n > MaxBatch-batchExtra || len(b) < n+batchExtra {
		return batch{size: MaxBatch}, false
	}
	x = batch{records: b[4 : 4+n], size: n + batchExtra}
	x.after = before.next(x.records)
	return x, bytes.Equal(x.after[:], b[4+n:n+batchExtra])
}

// each gives the records of a good batch.
func (x batch) each(fn func(data []byte) error) error {
	for rest := x.records; len(rest) >= 4; {
		n := int(binary.BigEndian.Uint32(rest))
		if len(rest) < 4+n {
			return fmt.Errorf("a record is longer than its batch")
		}
		if err := fn(rest[4 : 4+n]); err != nil {
			return err
		}
		rest = rest[4+n:]
	}
	return nil
}
