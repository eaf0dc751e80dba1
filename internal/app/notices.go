package app

import (
	"context"
	"crypto/x509"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/shuqiao/shuqiao/internal/notice"
	"github.com/shuqiao/shuqiao/internal/notice/channel"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// NoticeConfig is how notices leave the node.
type NoticeConfig struct {
	// MailServer is host:port of the mail server; empty: no e-mail is offered.
	MailServer string
	MailFrom   string // address of the sender
	MailUser   string // empty: no authentication
	// MailPassword goes over TLS only.
	MailPassword   string
	MailRequireTLS bool // refuse servers that offer no STARTTLS
	MailTLS        bool // TLS from the first byte (port 465)
	// CAFile holds further certificates (PEM) to trust in mail servers and
	// webhooks, beside the machine's.
	CAFile string
	// Loopback lets webhooks name this machine. For demonstrations only.
	Loopback bool
}

// Notices are the channels beyond the inbox.
type Notices struct {
	Service *notice.Service
	Sender  *notice.Sender
}

// wireNotices makes the channels that the configuration names.
func (n *Node) wireNotices(sealer notice.Sealer) error {
	cfg := n.Config
	roots, err := trusted(cfg.Notices.CAFile)
	if err != nil {
		return err
	}
	channels := map[notice.ChannelKind]notice.Channel{
		notice.Webhook: channel.NewWebhook(cfg.Clock, channel.WebhookOptions{Roots: roots, Loopback: cfg.Notices.Loopback}),
	}
	offered := []notice.ChannelKind{notice.Webhook}
	if c := cfg.Notices; c.MailServer != "" {
		mail, err := channel.NewEmail(cfg.Clock, channel.Mail{Server: c.MailServer, From: c.MailFrom, Username: c.MailUser,
			Password: c.MailPassword, RequireTLS: c.MailRequireTLS, Implicit: c.MailTLS, Roots: roots, Node: cfg.Name})
		if err != nil {
			return err
		}
		channels[notice.Email] = mail
		offered = append(offered, notice.Email)
	}
	n.Notices = Notices{
		Service: &notice.Service{Store: n.Store.Notice(), Sealer: sealer, Clock: cfg.Clock, Offered: offered, Loopback: cfg.Notices.Loopback},
		Sender:  &notice.Sender{Store: n.Store.Notice(), Sealer: sealer, Clock: cfg.Clock, Channels: channels, Jitter: rand.Float64},
	}
	n.Cases.Told = n.Notices.Service.Queue
	return nil
}

// trusted gives the machine's certificates and those of a file; nil: the
// machine's alone.
func trusted(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("certificates to trust: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("certificates to trust: %s holds none", file)
	}
	return pool, nil
}

// sweepBatch is how many deadlines one transaction of the sweeper acts on.
const sweepBatch = 2000

// sendBatch is how many deliveries a sender claims at once.
const sendBatch = 32

// deadlineJobs watch the clocks and send what they have to say.
func (n *Node) deadlineJobs() []worker.Job {
	return []worker.Job{
		{Name: "deadlines", Every: time.Second, Run: func(ctx context.Context) (bool, error) {
			seen, err := n.Cases.Sweep(ctx, sweepBatch)
			n.Metrics.Swept(seen)
			return seen == sweepBatch, err
		}},
		{Name: "deliveries", Every: time.Second, Run: func(ctx context.Context) (bool, error) {
			sent, err := n.Notices.Sender.Send(ctx, sendBatch)
			return sent == sendBatch, err
		}},
	}
}
