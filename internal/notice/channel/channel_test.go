package channel_test

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/notice"
	"github.com/shuqiao/shuqiao/internal/notice/channel"
)

var (
	noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	due  = time.Date(2026, 3, 16, 16, 0, 0, 0, time.UTC)
	told = notice.Content{ID: "01a2-id", Case: "c", Department: "d", Relation: "provider.clerk", Subject: "申请-2026-000001《户籍\r\nBcc: x》",
		Text: "请办理", Clause: "CN-21.1", Due: &due, At: noon}
)

func roots(s *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}

func failure(t *testing.T, err error, code string, final bool) {
	t.Helper()
	var f *notice.Failure
	if !errors.As(err, &f) || f.Code != code || f.Final != final {
		t.Errorf("got %v, want %s (final: %v)", err, code, final)
	}
}

func TestWebhookIsSigned(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var raw []byte
	s := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r
		raw, _ = io.ReadAll(r.Body)
	}))
	defer s.Close()
	w := channel.NewWebhook(clock.NewFake(noon), channel.WebhookOptions{Roots: roots(s), Loopback: true})
	if err := w.Send(t.Context(), s.URL+"/hook?key=1", []byte("key"), told); err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, []byte("key"))
	fmt.Fprintf(mac, "%d.%s.%s", noon.Unix(), told.ID, raw)
	want := fmt.Sprintf("t=%d,v1=%s", noon.Unix(), hex.EncodeToString(mac.Sum(nil)))
	if h := got.Header; got.Method != "POST" || h.Get(channel.SignatureHeader) != want || h.Get(channel.DeliveryHeader) != told.ID ||
		h.Get("Content-Type") != "application/json" || got.URL.Query().Get("key") != "1" {
		t.Errorf("%s %s %v", got.Method, got.URL, h)
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil || doc["clause"] != "CN-21.1" || doc["due"] != "2026-03-16T16:00:00Z" || doc["id"] != told.ID || doc["text"] != "请办理" {
		t.Errorf("%v %s", err, raw)
	}
}

func TestWebhookFailures(t *testing.T) {
	t.Parallel()
	reached := 0
	inner := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer inner.Close()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/moved":
			http.Redirect(w, r, inner.URL, http.StatusTemporaryRedirect)
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, strings.Repeat("secret of the receiver ", 1<<16))
		}
	}))
	s.Config.ErrorLog = nil
	defer s.Close()
	open := channel.NewWebhook(clock.NewFake(noon), channel.WebhookOptions{Roots: roots(s), Loopback: true})
	failure(t, open.Send(t.Context(), s.URL, nil, told), "http_503", false)
	failure(t, open.Send(t.Context(), s.URL+"/gone", nil, told), "http_410", true)
	failure(t, open.Send(t.Context(), s.URL+"/moved", nil, told), "http_307", false)
	failure(t, open.Send(t.Context(), strings.Replace(s.URL, "https", "http", 1), nil, told), "not_encrypted", true)
	stranger := channel.NewWebhook(clock.NewFake(noon), channel.WebhookOptions{Loopback: true})
	failure(t, stranger.Send(t.Context(), s.URL, nil, told), "certificate", false)
	shut := channel.NewWebhook(clock.NewFake(noon), channel.WebhookOptions{Roots: roots(s)})
	failure(t, shut.Send(t.Context(), s.URL, nil, told), "forbidden_address", false)
	failure(t, shut.Send(t.Context(), strings.Replace(s.URL, "127.0.0.1", "localhost", 1), nil, told), "forbidden_address", false)
	failure(t, open.Send(t.Context(), "https://169.254.169.254/latest", nil, told), "forbidden_address", false)
	dead, stop := context.WithCancel(t.Context())
	stop()
	if err := open.Send(dead, s.URL+"?key=hidden", nil, told); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Errorf("the address is in the error: %v", err)
	}
	if reached != 0 {
		t.Error("a redirect was followed")
	}
}

// stub is a mail server of one connection at a time.
type stub struct {
	listener net.Listener
	tls      *tls.Config // offered when set
	refuse   string      // command to refuse with 550
	mu       sync.Mutex
	lines    []string
	data     string
	secure   bool
}

func newStub(t *testing.T, s *stub) *stub {
	t.Helper()
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.listener.Close() })
	go func() {
		for {
			conn, err := s.listener.Accept()
			if err != nil {
				return
			}
			s.talk(conn)
			conn.Close()
		}
	}()
	return s
}

func (s *stub) talk(conn net.Conn) {
	r := bufio.NewReader(conn)
	say := func(text string) { fmt.Fprintf(conn, "%s\r\n", text) }
	say("220 stub")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		s.mu.Lock()
		s.lines = append(s.lines, line)
		s.mu.Unlock()
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		switch {
		case verb == s.refuse:
			say("550 zhang san is not here")
		case verb == "EHLO":
			say("250-stub")
			if s.tls != nil && !s.secure {
				say("250-STARTTLS")
			}
			say("250-AUTH PLAIN")
			say("250 8BITMIME")
		case verb == "STARTTLS":
			say("220 go")
			upgraded := tls.Server(conn, s.tls)
			conn, r, s.secure = upgraded, bufio.NewReader(upgraded), true
		case verb == "AUTH":
			say("235 in")
		case verb == "DATA":
			say("354 go")
			var b strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil || line == ".\r\n" {
					break
				}
				b.WriteString(line)
			}
			s.mu.Lock()
			s.data = b.String()
			s.mu.Unlock()
			say("250 kept")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *stub) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.lines, "\n")
}

func email(t *testing.T, m channel.Mail) *channel.Email {
	t.Helper()
	m.From, m.Node = "noreply@example.gov.cn", "hebei.example"
	e, err := channel.NewEmail(clock.NewFake(noon), m)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The mail names the case in its subject, holds clause and due date, and a
// title with a line break makes no header of its own.
func TestEmail(t *testing.T) {
	t.Parallel()
	cert := httptest.NewTLSServer(nil)
	defer cert.Close()
	for name, offered := range map[string]*tls.Config{"plain": nil, "STARTTLS": {Certificates: cert.TLS.Certificates}} {
		s := newStub(t, &stub{tls: offered})
		m := channel.Mail{Server: s.listener.Addr().String(), Roots: roots(cert)}
		if offered != nil {
			m.Username, m.Password = "node", "password-1"
		}
		if err := email(t, m).Send(t.Context(), "zhang@example.gov.cn", nil, told); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if s.secure != (offered != nil) || !strings.Contains(s.said(), "RCPT TO:<zhang@example.gov.cn>") || strings.Contains(s.said(), "password-1") {
			t.Errorf("%s: TLS %v, said %s", name, s.secure, s.said())
		}
		msg, err := mail.ReadMessage(strings.NewReader(s.data))
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, s.data)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
		if err != nil || subject != "申请-2026-000001《户籍 Bcc: x》" || msg.Header.Get("Bcc") != "" {
			t.Errorf("%s: subject %q, %v", name, subject, err)
		}
		if msg.Header.Get(channel.DeliveryHeader) != told.ID || msg.Header.Get("Message-Id") != "<"+told.ID+"@hebei.example>" {
			t.Errorf("%s: %v", name, msg.Header)
		}
		body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, msg.Body))
		if err != nil || !strings.Contains(string(body), "CN-21.1") || !strings.Contains(string(body), "2026-03-16 24:00") || !strings.Contains(string(body), "请办理") {
			t.Errorf("%s: %v\n%s", name, err, body)
		}
	}
}

func TestEmailFailures(t *testing.T) {
	t.Parallel()
	cert := httptest.NewTLSServer(nil)
	defer cert.Close()
	send := func(s *stub, m channel.Mail) error {
		newStub(t, s)
		m.Server = s.listener.Addr().String()
		return email(t, m).Send(t.Context(), "zhang@example.gov.cn", nil, told)
	}
	err := send(&stub{refuse: "RCPT"}, channel.Mail{})
	failure(t, err, "smtp_550", true)
	if strings.Contains(err.Error(), "zhang") {
		t.Errorf("what the server said is in the error: %v", err)
	}
	failure(t, send(&stub{}, channel.Mail{RequireTLS: true}), "tls_not_offered", false)
	failure(t, send(&stub{tls: &tls.Config{Certificates: cert.TLS.Certificates}}, channel.Mail{}), "certificate", false)
	hung := newStub(t, &stub{})
	hung.listener.Close()
	failure(t, email(t, channel.Mail{Server: hung.listener.Addr().String()}).Send(t.Context(), "a@b.cn", nil, told), "no_connection", false)
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts and never speaks
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := email(t, channel.Mail{Server: silent.Addr().String()}).Send(ctx, "a@b.cn", nil, told); err == nil {
		t.Error("a server that never speaks took a mail")
	}
	for _, m := range []channel.Mail{{Server: "mail", From: "a@b.cn"}, {Server: "mail:25", From: "A <a@b.cn>"}} {
		if _, err := channel.NewEmail(clock.NewFake(noon), m); err == nil {
			t.Errorf("%+v was taken", m)
		}
	}
}
