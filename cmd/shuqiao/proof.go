package main

import (
	"context"
	"fmt"
	"os"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

type proofCmd struct {
	Verify proofVerifyCmd `cmd:"" help:"离线验证一份存证凭据。"`
}

type proofVerifyCmd struct {
	Receipt string `arg:"" help:"凭据文件(receipt.json)。" type:"existingfile"`
	Key     string `help:"存证日志的公钥文件(ledger.pub)。" required:"" type:"existingfile"`
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
	v, err := ledger.VerifyReceipt(receipt, string(key))
	if err != nil {
		return err
	}
	fmt.Println(v.Sentence())
	return nil
}

type ledgerCmd struct {
	Verify ledgerVerifyCmd `cmd:"" help:"核验本节点的全部存证。"`
}

type ledgerVerifyCmd struct{ nodeFlags }

// Run implements kong's command.
func (c *ledgerVerifyCmd) Run(ctx context.Context) error {
	report, err := app.VerifyLedger(ctx, c.config())
	if err != nil {
		return err
	}
	fmt.Println("存证完整:", report)
	return nil
}
