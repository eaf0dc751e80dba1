package ledger

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// tlogProofHead is the first line of a C2SP tlog-proof.
const tlogProofHead = "c2sp.org/tlog-proof@v1\n"

// IsTlogProof tells a tlog-proof from a receipt by its first line.
func IsTlogProof(data []byte) bool { return bytes.HasPrefix(data, []byte(tlogProofHead)) }

// TlogProof writes the receipt as a C2SP tlog-proof. The entry's bytes are its
// extra data: what a verifier hashes to the leaf.
func (r *Receipt) TlogProof() []byte {
	var b bytes.Buffer
	b.WriteString(tlogProofHead)
	b.WriteString("extra " + base64.StdEncoding.EncodeToString(r.Entry) + "\n")
	b.WriteString("index " + strconv.FormatUint(r.Index, 10) + "\n")
	for _, h := range r.Inclusion {
		b.WriteString(base64.StdEncoding.EncodeToString(h) + "\n")
	}
	b.WriteString("\n")
	b.Write(r.Checkpoint)
	return b.Bytes()
}

// ParseTlogProof reads a tlog-proof that holds its entry, in the one spelling
// of TlogProof. It proves nothing yet: see Receipt.Verify.
func ParseTlogProof(data []byte) (*Receipt, error) {
	if len(data) > maxReceipt {
		return nil, badReceipt("", "too_long", "凭证文件过大", nil)
	}
	rest, ok := strings.CutPrefix(string(data), tlogProofHead)
	head, checkpoint, cut := strings.Cut(rest, "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || !cut || len(lines) < 2 || len(lines) > 2+maxPath {
		return nil, badReceipt("", "syntax", "凭证不是含有存证原文的 tlog-proof", nil)
	}
	r := &Receipt{Checkpoint: []byte(checkpoint), Inclusion: [][]byte{}}
	var err error
	if entry, found := strings.CutPrefix(lines[0], "extra "); !found {
		return nil, badReceipt("entry", "required", "凭证缺少存证原文", nil)
	} else if r.Entry, err = base64.StdEncoding.Strict().DecodeString(entry); err != nil {
		return nil, badReceipt("entry", "format", "存证原文不是规范的 base64", err)
	}
	index, found := strings.CutPrefix(lines[1], "index ")
	if r.Index, err = strconv.ParseUint(index, 10, 63); err != nil || !found {
		return nil, badReceipt("index", "format", "序号应为非负整数", err)
	}
	for i, line := range lines[2:] {
		h, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(h) == 0 {
			return nil, badReceipt(fmt.Sprintf("inclusion[%d]", i), "format", "包含证明不是规范的 base64", err)
		}
		r.Inclusion = append(r.Inclusion, h)
	}
	if !bytes.Equal(r.TlogProof(), data) {
		return nil, badReceipt("", "not_canonical", "凭证不是规范格式", nil)
	}
	if _, err := DecodeEntry(r.Entry); err != nil {
		return nil, badReceipt("entry", "not_canonical", "存证记录不是规范格式", err)
	}
	return r, nil
}
