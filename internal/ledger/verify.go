package ledger

import (
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/transparency-dev/merkle/proof"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Verified is what a receipt proves.
type Verified struct {
	// Entry as recorded; Facts are a json.RawMessage.
	Entry Entry
	// Index of the entry, from 0.
	Index uint64
	// Checkpoint that covers it: origin, size and root, signed by the key.
	Checkpoint Checkpoint
	// Witnesses whose cosignatures of the checkpoint were asked for and are
	// valid.
	Witnesses []Cosignature
}

// VerifyReceipt checks a receipt offline and trusts nothing but the key, the
// content of ledger.pub: the checkpoint is signed by that key and names the
// key's log, and the entry is leaf number Index of the tree it signs. Further
// suites than the default may be given. A receipt that fails in any way is a
// fault "receipt_invalid"; an unusable key is "ledger_key_invalid".
//
// It does not prove that the log shows everybody the same tree: that takes
// witnesses, see VerifyWitnessed.
func VerifyReceipt(data []byte, vkey string, suites ...Suite) (*Verified, error) {
	key, err := LoadVerifier(vkey, suites...)
	if err != nil {
		return nil, fault.New(fault.Invalid, "ledger_key_invalid", "日志公钥无法识别").Under("CN-33").Because(err)
	}
	r, err := ParseReceipt(data)
	if err != nil {
		return nil, err
	}
	return r.Verify(key)
}

// VerifyWitnessed is VerifyReceipt that also asks for the cosignatures of a
// quorum of witnesses: then the log cannot have shown this tree to the bearer
// alone. data is a receipt or a tlog-proof.
func VerifyWitnessed(data []byte, vkey string, policy Policy) (*Verified, error) {
	key, err := LoadVerifier(vkey)
	if err != nil {
		return nil, fault.New(fault.Invalid, "ledger_key_invalid", "日志公钥无法识别").Under("CN-33").Because(err)
	}
	parse := ParseReceipt
	if IsTlogProof(data) {
		parse = ParseTlogProof
	}
	r, err := parse(data)
	if err != nil {
		return nil, err
	}
	return r.VerifyWitnessed(key, policy)
}

// Verify is VerifyReceipt for a parsed receipt.
func (r *Receipt) Verify(key *Verifier) (*Verified, error) { return r.VerifyWitnessed(key, Policy{}) }

// VerifyWitnessed is VerifyWitnessed for a parsed receipt.
func (r *Receipt) VerifyWitnessed(key *Verifier, policy Policy) (*Verified, error) {
	e, err := DecodeEntry(r.Entry)
	if err != nil {
		return nil, badReceipt("entry", "not_canonical", "存证记录不是规范格式", err)
	}
	cp, witnesses, err := policy.Open(r.Checkpoint, key)
	if errors.Is(err, ErrQuorum) {
		return nil, badReceipt("checkpoint", "quorum", "为检查点联署的见证方少于要求的数目", err)
	}
	if err != nil {
		return nil, badReceipt("checkpoint", "signature", "检查点不是由该公钥签名，或已被改动", err)
	}
	hasher := key.suite.Hasher
	if r.Index >= cp.Size {
		return nil, badReceipt("index", "range", "序号超出检查点的范围", nil)
	}
	for i, h := range r.Inclusion {
		if len(h) != hasher.Size() {
			return nil, badReceipt(fmt.Sprintf("inclusion[%d]", i), "length", "包含证明中的摘要长度不对", nil)
		}
	}
	leaf := hasher.HashLeaf(r.Entry)
	if err := proof.VerifyInclusion(hasher, r.Index, cp.Size, leaf, r.Inclusion, cp.Root); err != nil {
		return nil, badReceipt("inclusion", "mismatch", "存证记录与包含证明、检查点不一致", err)
	}
	return &Verified{Entry: e, Index: r.Index, Checkpoint: cp, Witnesses: witnesses}, nil
}

var kindNames = map[Kind]string{Act: "办理行为", Call: "数据调用", RefusedCall: "被拒绝的调用"}

// Sentence says in Chinese what is proved.
func (v *Verified) Sentence() string {
	kind, ok := kindNames[v.Entry.Kind]
	if !ok {
		kind = string(v.Entry.Kind)
	}
	return fmt.Sprintf("验证通过：%s %s（%s）是日志 %s 的第 %d 条存证（序号 %d），包含在其签名的检查点中（共 %d 条，根 %s）。",
		kind, v.Entry.ID, v.Entry.At.Format(timeLayout), v.Checkpoint.Origin, v.Index+1, v.Index,
		v.Checkpoint.Size, hex.EncodeToString(v.Checkpoint.Root)) + v.witnesses()
}

// witnesses names who has cosigned.
func (v *Verified) witnesses() string {
	out := ""
	for _, c := range v.Witnesses {
		out += fmt.Sprintf("\n见证方 %s 于 %s 联署了该检查点。", c.Witness.Name(), c.At.Format(timeLayout[:19]+"Z"))
	}
	return out
}

// SentenceEN says it in English.
func (v *Verified) SentenceEN() string {
	return fmt.Sprintf("verified: %s %s (%s) is entry %d of log %s, included in the checkpoint it signed (size %d, root %s)",
		v.Entry.Kind, v.Entry.ID, v.Entry.At.Format(timeLayout), v.Index, v.Checkpoint.Origin,
		v.Checkpoint.Size, hex.EncodeToString(v.Checkpoint.Root))
}
