package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

type proofCmd struct {
	Verify proofVerifyCmd `cmd:"" help:"离线验证一份存证凭据。"`
}

// witnessFlags say whose cosignatures are asked for.
type witnessFlags struct {
	Witness []string `help:"见证方的公钥,或者内含公钥的文件;可多次给出。"`
	Quorum  int      `help:"至少须有几个见证方联署;缺省为给出的全部。" default:"-1"`
}

// keys reads the witnesses' keys, from files where the words are names of some.
func (f witnessFlags) keys() ([]string, int, error) {
	var out []string
	for _, w := range f.Witness {
		if text, err := os.ReadFile(w); err == nil {
			w = strings.TrimSpace(string(text))
		}
		out = append(out, w)
	}
	quorum := f.Quorum
	if quorum < 0 {
		quorum = len(out)
	}
	_, err := ledger.NewPolicy(quorum, out...)
	if err != nil {
		err = fault.New(fault.Invalid, "witness_invalid", "见证方公钥或者法定数有误:"+err.Error()).Under("CN-33")
	}
	return out, quorum, err
}

type proofVerifyCmd struct {
	Receipt string `arg:"" help:"凭据文件(receipt.json 或 C2SP tlog-proof)。" type:"existingfile"`
	Key     string `help:"存证日志的公钥文件(ledger.pub)。" required:"" type:"existingfile"`
	witnessFlags
}

// Run implements kong's command.
func (c *proofVerifyCmd) Run() error {
	receipt, err := os.ReadFile(c.Receipt)
	if err != nil {
		return err
	}
	key, err := os.ReadFile(c.Key)
	if err != nil {
		return err
	}
	witnesses, quorum, err := c.keys()
	if err != nil {
		return err
	}
	policy, err := ledger.NewPolicy(quorum, witnesses...)
	if err != nil {
		return err
	}
	v, err := ledger.VerifyWitnessed(receipt, string(key), policy)
	if err != nil {
		return err
	}
	fmt.Println(v.Sentence())
	return nil
}
