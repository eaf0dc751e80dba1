package app

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/archive"
	"github.com/shuqiao/shuqiao/internal/lookup"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web"
	"github.com/shuqiao/shuqiao/internal/witness"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// LedgerConfig is what an operator decides about the transparency log.
type LedgerConfig struct {
	// Suite of algorithms, "sha256-ed25519" or "sm3-sm2"; empty: the log's own,
	// for a new log the first. A log keeps its suite for life.
	Suite string
	// OpenEntries shows all entries to everybody (tlog-tiles' entry bundles);
	// otherwise an authority's supervisors and auditors read them. Hashes,
	// checkpoints and proofs are public in any case.
	OpenEntries bool
	// Witnesses of this log: "https://… name+id+key" each.
	Witnesses []string
	// Quorum of them makes a checkpoint a witnessed one; default: most of them.
	Quorum int
	// WitnessEvery is how often they are asked; default 10 s.
	WitnessEvery time.Duration
	// WitnessFor are the verifier keys of other nodes' logs that this node is a
	// witness for.
	WitnessFor []string
	// ArchiveDir holds what was moved out of the database, and is where the
	// archiving job moves old entries; empty: none.
	ArchiveDir string
	// ArchiveAfter is how old entries must be to be moved, three years at
	// least; 0: nothing is moved but by command.
	ArchiveAfter time.Duration
}

func (c *LedgerConfig) complete() error {
	var faults fault.Collector
	if _, err := ledger.SuiteByName(c.Suite); err != nil {
		faults.Add("ledger_suite", "not_in_list", "算法套件只有sha256-ed25519和sm3-sm2", "CN-35")
	}
	if _, _, err := c.witnesses(); err != nil {
		faults.Add("witness", "format", "见证方应写作“地址 公钥”,公钥不得重复,法定数不得多于见证方:"+err.Error(), "CN-33")
	}
	if _, err := c.witnessed(); err != nil {
		faults.Add("witness_for", "format", "应为其他日志的公钥:"+err.Error(), "CN-33")
	}
	if c.ArchiveAfter != 0 && c.ArchiveAfter < archive.Retention {
		faults.Add("archive_after", "range", "存证在数据库中至少保留三年(26304h)", "CN-29.2")
	}
	if c.ArchiveAfter != 0 && c.ArchiveDir == "" {
		faults.Add("archive_dir", "required", "须指定归档目录", "CN-29.2")
	}
	if c.WitnessEvery <= 0 {
		c.WitnessEvery = 10 * time.Second
	}
	return faults.Err("config_invalid", "存证日志的配置有误", "")
}

// witnesses reads the witnesses' keys and addresses.
func (c *LedgerConfig) witnesses() (ledger.Policy, []string, error) {
	var urls, keys []string
	for _, w := range c.Witnesses {
		fields := strings.Fields(w)
		if len(fields) != 2 || !strings.HasPrefix(fields[0], "https://") && !strings.HasPrefix(fields[0], "http://") {
			return ledger.Policy{}, nil, fault.Newf(fault.Invalid, "witness_invalid", "“%s”", w)
		}
		urls, keys = append(urls, strings.TrimSuffix(fields[0], "/")), append(keys, fields[1])
	}
	quorum := c.Quorum
	if quorum == 0 && len(keys) > 0 {
		quorum = len(keys)/2 + 1
	}
	p, err := ledger.NewPolicy(quorum, keys...)
	return p, urls, err
}

func (c *LedgerConfig) witnessed() ([]*ledger.Verifier, error) {
	var out []*ledger.Verifier
	for _, k := range c.WitnessFor {
		v, err := ledger.LoadVerifier(k)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// entries is the ledger's store with what was moved to the archive.
func (n *Node) entries() ledger.Store {
	return archive.Attach(n.Store.Ledger(), n.Store.LedgerArchive(), archive.Dir(n.Config.Ledger.ArchiveDir))
}

// wireWitness makes this node the witness that its configuration says.
func (n *Node) wireWitness(ctx context.Context, k keys) error {
	logs, err := n.Config.Ledger.witnessed()
	if err != nil || len(logs) == 0 {
		return err
	}
	skey, err := sealed(ctx, n.Store.Node(), k.sealer, "witness.key", func() ([]byte, error) {
		skey, _, err := k.ledger.Suite().GenerateCosigner(n.Config.Name+"/witness", rand.Reader)
		return []byte(skey), err
	})
	if err != nil {
		return err
	}
	cosigner, err := ledger.LoadCosigner(string(skey))
	if err != nil {
		return err
	}
	n.Witness = witness.NewServer(n.Store.Witness(), cosigner, n.Config.Clock, n.Config.Logger, logs...)
	return nil
}

// wireLookups makes the service that tells who looked at a person's data.
func (n *Node) wireLookups() {
	n.Lookups = lookup.NewService(lookup.Deps{
		Store: n.Store.Lookup(), Entries: n.entries(), Ledger: n.Ledger, Tell: lateCases{n}.Tell,
		Digest: n.Gateway.IdentifierDigest, Settle: n.settleLedger, Clock: n.Config.Clock,
		Supervises: func(ctx context.Context, p org.Principal, department string) (bool, error) {
			d, err := n.Store.Org().Department(ctx, department)
			if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
				return false, nil // of another node
			}
			if err != nil {
				return false, err
			}
			return n.Org.Supervises(ctx, p, d.Region)
		},
	})
}

// ledgerJobs bring checkpoints to the witnesses, each on its own, keep the index
// of identifiers and move old entries.
func (n *Node) ledgerJobs() []worker.Job {
	cfg := n.Config.Ledger
	jobs := []worker.Job{{Name: "identifier calls", Every: time.Second, Run: func(ctx context.Context) (bool, error) {
		read, err := n.Lookups.Project(ctx, accessBatch)
		return read == accessBatch, err
	}}}
	policy, urls, err := cfg.witnesses()
	if err != nil { // complete has refused it
		return jobs
	}
	for i, w := range policy.Witnesses {
		client := &witness.Client{Witness: w, Send: sendTo(urls[i]), Log: n.Ledger, Store: n.Store.Witnesses(), Clock: n.Config.Clock, Logger: n.Config.Logger}
		jobs = append(jobs, worker.Job{Name: "witness " + w.Name(), Every: cfg.WitnessEvery, Run: func(ctx context.Context) (bool, error) {
			return false, client.Submit(ctx)
		}})
	}
	if cfg.ArchiveDir != "" && cfg.ArchiveAfter > 0 {
		jobs = append(jobs, worker.Job{Name: "ledger archive", Every: time.Hour, Run: func(ctx context.Context) (bool, error) {
			report, err := n.archive(ctx, cfg.ArchiveDir, cfg.ArchiveAfter, archiveAtOnce)
			return report.Bundles == archiveAtOnce, err
		}})
	}
	return jobs
}

// archiveAtOnce bounds what one step of the job moves.
const archiveAtOnce = 256

func (n *Node) archive(ctx context.Context, dir string, keep time.Duration, limit int) (archive.Report, error) {
	return archive.Run(ctx, archive.Options{Log: n.Ledger, Store: n.Store.Ledger(), Mover: n.Store.LedgerArchive(),
		Dir: archive.Dir(dir), Keep: keep, Clock: n.Config.Clock, Limit: limit})
}

// witness is nil, and not a nil server, where this node is none.
func (n *Node) witness() web.Witness {
	if n.Witness == nil {
		return nil
	}
	return n.Witness
}
