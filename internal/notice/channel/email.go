package channel

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/notice"
)

// Mail is how the node reaches its mail server. TLS is begun with STARTTLS
// whenever the server offers it, and its certificate is then checked.
type Mail struct {
	Server     string // host:port
	From       string // address of the sender
	Username   string // empty: no authentication
	Password   string
	RequireTLS bool           // send nothing where the server offers no TLS
	Implicit   bool           // TLS from the first byte (port 465)
	Roots      *x509.CertPool // nil: the machine's
	Node       string         // name of the node, in message IDs
}

// Email sends notices by SMTP.
type Email struct {
	mail  Mail
	host  string
	clock clock.Clock
}

// NewEmail checks the settings and makes a channel.
func NewEmail(c clock.Clock, m Mail) (*Email, error) {
	host, _, err := net.SplitHostPort(m.Server)
	if err != nil {
		return nil, fmt.Errorf("mail server %q: want host:port", m.Server)
	}
	if a, err := mail.ParseAddress(m.From); err != nil || a.Address != m.From {
		return nil, fmt.Errorf("mail sender %q: want an address", m.From)
	}
	return &Email{mail: m, host: host, clock: c}, nil
}

// Send implements notice.Channel. One connection serves one message: notices
// are few, and a half-open connection is nobody's trouble.
func (e *Email) Send(ctx context.Context, address string, _ []byte, c notice.Content) error {
	conn, err := e.dial(ctx)
	if err != nil {
		return &notice.Failure{Code: transportCode(err), Cause: err}
	}
	defer conn.Close()
	// The dialogue has no context of its own: when ours ends, so does it.
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	client, err := smtp.NewClient(conn, e.host)
	if err != nil {
		return failure(err)
	}
	if err := e.secure(client); err != nil {
		return failure(err)
	}
	if err := e.hand(client, address, e.message(address, c)); err != nil {
		return failure(err)
	}
	_ = client.Quit() // it has taken the message; how it says goodbye does not matter
	return nil
}

func (e *Email) dial(ctx context.Context) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if e.mail.Implicit {
		return (&tls.Dialer{NetDialer: dialer, Config: e.tls()}).DialContext(ctx, "tcp", e.mail.Server)
	}
	return dialer.DialContext(ctx, "tcp", e.mail.Server)
}

func (e *Email) tls() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, ServerName: e.host, RootCAs: e.mail.Roots}
}

// secure begins TLS where it is offered, then signs in.
func (e *Email) secure(c *smtp.Client) error {
	if offered, _ := c.Extension("STARTTLS"); offered && !e.mail.Implicit {
		if err := c.StartTLS(e.tls()); err != nil {
			return err
		}
	} else if e.mail.RequireTLS && !e.mail.Implicit {
		return &notice.Failure{Code: "tls_not_offered"}
	}
	if e.mail.Username == "" {
		return nil
	}
	// PlainAuth refuses to give the password away in the clear.
	return c.Auth(smtp.PlainAuth("", e.mail.Username, e.mail.Password, e.host))
}

func (e *Email) hand(c *smtp.Client, to string, message []byte) error {
	if err := c.Mail(e.mail.From); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(message); err != nil {
		return err
	}
	return w.Close()
}

// message writes the mail. The subject names the case, the text has clause and
// due date; anything more is read after signing in.
func (e *Email) message(to string, c notice.Content) []byte {
	var b bytes.Buffer
	header := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	subject := strings.Join(strings.Fields(c.Subject), " ") // no line break gets into a header
	if subject == "" {
		subject = "政务数据共享通知"
	}
	header("From", e.mail.From)
	header("To", to)
	header("Subject", mime.BEncoding.Encode("UTF-8", subject))
	header("Date", e.clock.Now().In(zone).Format(time.RFC1123Z))
	header("Message-ID", "<"+c.ID+"@"+strings.ReplaceAll(e.mail.Node, " ", "-")+">")
	header(DeliveryHeader, c.ID)
	header("Auto-Submitted", "auto-generated")
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=UTF-8")
	header("Content-Transfer-Encoding", "base64")
	b.WriteString("\r\n")
	text := base64.StdEncoding.EncodeToString([]byte(text(c)))
	for len(text) > 76 {
		b.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	b.WriteString(text + "\r\n")
	return b.Bytes()
}

var zone = time.FixedZone("Asia/Shanghai", 8*3600)

func text(c notice.Content) string {
	lines := []string{c.Text, ""}
	if c.Clause != "" {
		lines = append(lines, "依据条款:"+c.Clause)
	}
	if c.Due != nil {
		lines = append(lines, "期限届满:"+c.Due.Add(-time.Microsecond).In(zone).Format(time.DateOnly)+" 24:00(北京时间)")
	}
	return strings.Join(append(lines, "", "请登录政务数据共享平台办理。本邮件由系统自动发送,请勿回复。"), "\r\n")
}

// failure names what a mail server refused. A reply of the 500s is final,
// except to signing in, which the operator can mend.
func failure(err error) error {
	var f *notice.Failure
	if errors.As(err, &f) {
		return f
	}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return &notice.Failure{Code: fmt.Sprintf("smtp_%d", reply.Code), Final: reply.Code/100 == 5 && reply.Code != 530 && reply.Code != 535}
	}
	return &notice.Failure{Code: transportCode(err), Cause: err}
}
