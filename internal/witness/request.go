package witness

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
)

const (
	// MaxRequest bounds a request's body in bytes: 63 hashes and a checkpoint
	// with all its signatures stay well below it.
	MaxRequest = 64 << 10
	maxProof   = 63
)

// Request is the body of add-checkpoint.
type Request struct {
	Old        uint64   // size of the checkpoint that the proof begins at
	Proof      [][]byte // RFC 6962 consistency proof from Old
	Checkpoint []byte   // signed note
}

// Encode writes the body.
func (r Request) Encode() []byte {
	var b bytes.Buffer
	b.WriteString("old " + strconv.FormatUint(r.Old, 10) + "\n")
	for _, h := range r.Proof {
		b.WriteString(base64.StdEncoding.EncodeToString(h) + "\n")
	}
	b.WriteString("\n")
	b.Write(r.Checkpoint)
	return b.Bytes()
}

var errRequest = errors.New("witness: not an add-checkpoint request")

// ParseRequest reads a body in the one spelling that Encode gives it.
func ParseRequest(body []byte) (Request, error) {
	if len(body) > MaxRequest {
		return Request{}, errRequest
	}
	head, checkpoint, ok := strings.Cut(string(body), "\n\n")
	lines := strings.Split(head, "\n")
	old, found := strings.CutPrefix(lines[0], "old ")
	if !ok || !found || len(lines) > 1+maxProof {
		return Request{}, errRequest
	}
	n, err := strconv.ParseUint(old, 10, 63)
	if err != nil {
		return Request{}, errRequest
	}
	r := Request{Old: n, Checkpoint: []byte(checkpoint)}
	for _, line := range lines[1:] {
		h, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil {
			return Request{}, errRequest
		}
		r.Proof = append(r.Proof, h)
	}
	if !bytes.Equal(r.Encode(), body) {
		return Request{}, errRequest
	}
	return r, nil
}

// originOf reads the first line of a checkpoint, before anything is verified.
func originOf(checkpoint []byte) string {
	line, _, _ := bytes.Cut(checkpoint, []byte("\n"))
	return string(line)
}
