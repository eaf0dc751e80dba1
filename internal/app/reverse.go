package app

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/reverse"
	"github.com/shuqiao/shuqiao/internal/reverse/reader"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// ReverseConfig says which databases of departments the node may read for
// reverse cataloguing. The zero value: none.
type ReverseConfig struct {
	// Networks are prefixes ("10.20.0.0/16") that hold such databases. This
	// machine and private networks are refused unless listed.
	Networks []string
	// Directory holds SQLite files that departments handed over.
	Directory string
	// CAFile holds further certificates (PEM) to trust in database servers.
	CAFile string
}

func (c ReverseConfig) reader(clk clock.Clock) (*reader.Reader, error) {
	roots, err := trusted(c.CAFile)
	if err != nil {
		return nil, err
	}
	p := reader.Policy{Directory: c.Directory, Roots: roots}
	for _, text := range c.Networks {
		n, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("network for reverse cataloguing: %q is not a prefix such as 10.20.0.0/16", text)
		}
		p.Networks = append(p.Networks, n.Masked())
	}
	return reader.New(p, clk), nil
}

// wireReverse makes the service of reverse cataloguing.
func (n *Node) wireReverse(k keys) error {
	r, err := n.Config.Reverse.reader(n.Config.Clock)
	if err != nil {
		return err
	}
	n.Reverse = reverse.NewService(reverse.Deps{Store: n.Store.Reverse(), Sealer: k.sealer, Reader: r, Catalog: n.Catalog, Ledger: n.Ledger,
		Advisor: n.Catalog, Clock: n.Config.Clock, Refused: n.secretRefused})
	return nil
}

// reverseJob reads what was asked for.
func (n *Node) reverseJob() worker.Job {
	return worker.Job{Name: "reverse", Every: time.Second, Run: n.Reverse.Work}
}

// ReadSchema reads the schema of a database without a node, for the command
// line: whoever runs it has the address and the password anyway, so every
// address but those of cloud metadata is allowed. A file is read where it is:
// dir and name below it.
func ReadSchema(ctx context.Context, c reverse.Connection, dir, caFile string) (reverse.Schema, []reverse.Secret, error) {
	cfg := ReverseConfig{Networks: []string{"0.0.0.0/0", "::/0"}, Directory: dir, CAFile: caFile}
	r, err := cfg.reader(clock.System{})
	if err != nil {
		return reverse.Schema{}, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, reverse.DefaultLimits.Time)
	defer cancel()
	s, err := r.Read(ctx, c, reverse.DefaultLimits)
	if err != nil {
		return reverse.Schema{}, nil, err
	}
	s, secrets := reverse.Finish(s)
	return s, secrets, nil
}
