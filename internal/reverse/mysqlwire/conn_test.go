package mysqlwire_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/reverse/mysqlwire"
)

const secret = "Pass-phrase-17"

// greeting is a server's hello with the given capabilities and method.
func greeting(caps uint32, method string) []byte {
	b := append([]byte{10}, "8.0.99-test\x00\x01\x00\x00\x00abcdefgh\x00"...)
	b = append(b, byte(caps), byte(caps>>8), 45, 2, 0, byte(caps>>16), byte(caps>>24), 21)
	b = append(b, make([]byte, 10)...)
	return append(append(append(b, "ijklmnopqrst\x00"...), method...), 0)
}

const all = 1<<9 | 1<<15 | 1<<19

func packet(seq byte, payload []byte) []byte {
	n := len(payload)
	return append([]byte{byte(n), byte(n >> 8), byte(n >> 16), seq}, payload...)
}

// receive reads one packet of the client's.
func receive(t *testing.T, c io.Reader) []byte {
	t.Helper()
	head := make([]byte, 4)
	if _, err := io.ReadFull(c, head); err != nil {
		return nil
	}
	payload := make([]byte, int(head[0])|int(head[1])<<8|int(head[2])<<16)
	_, _ = io.ReadFull(c, payload)
	return payload
}

// against connects to a server that does as serve says.
func against(t *testing.T, cfg mysqlwire.Config, serve func(c net.Conn)) (*mysqlwire.Conn, error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err == nil {
			serve(c)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	raw, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	c, err := mysqlwire.Connect(ctx, raw, cfg)
	if c != nil {
		t.Cleanup(func() { _ = c.Close() })
	}
	return c, err
}

// A server that asks for a password in the clear, for a file of ours, for no
// TLS, or says nonsense does not get what it wants.
func TestHostileServers(t *testing.T) {
	t.Parallel()
	cfg := mysqlwire.Config{User: "u", Password: secret, Database: "d"}
	for name, x := range map[string]struct {
		cfg   mysqlwire.Config
		serve func(c net.Conn)
		want  error
	}{
		"clear text method": {cfg, func(c net.Conn) {
			_, _ = c.Write(packet(0, greeting(all, "mysql_native_password")))
			receive(t, c)
			_, _ = c.Write(packet(2, append([]byte{0xfe}, "mysql_clear_password\x00abcdefghijklmnopqrst\x00"...)))
			if sent := receive(t, c); bytes.Contains(sent, []byte(secret)) {
				t.Error("the password was sent")
			}
		}, mysqlwire.ErrAuth},
		"full proof without TLS": {cfg, func(c net.Conn) {
			_, _ = c.Write(packet(0, greeting(all, "caching_sha2_password")))
			receive(t, c)
			_, _ = c.Write(packet(2, []byte{1, 4}))
			if sent := receive(t, c); len(sent) > 0 {
				t.Errorf("sent %q", sent)
			}
		}, mysqlwire.ErrAuth},
		"no TLS": {mysqlwire.Config{User: "u", Password: secret, TLS: &tls.Config{}}, func(c net.Conn) {
			_, _ = c.Write(packet(0, greeting(all, "mysql_native_password")))
			if sent := receive(t, c); len(sent) > 0 {
				t.Errorf("sent %q", sent)
			}
		}, mysqlwire.ErrNoTLS},
		"another protocol": {cfg, func(c net.Conn) { _, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) }, nil},
		"old version":      {cfg, func(c net.Conn) { _, _ = c.Write(packet(0, []byte{9, 0})) }, mysqlwire.ErrProtocol},
		"short greeting":   {cfg, func(c net.Conn) { _, _ = c.Write(packet(0, greeting(all, "")[:20])) }, mysqlwire.ErrProtocol},
		"endless greeting": {cfg, func(c net.Conn) { _, _ = c.Write(append([]byte{0xff, 0xff, 0xff, 0}, make([]byte, 100)...)) }, mysqlwire.ErrTooLarge},
		"silence":          {cfg, func(net.Conn) {}, io.EOF},
		"refusal": {cfg, func(c net.Conn) {
			_, _ = c.Write(packet(0, append([]byte{0xff, 0x6a, 0x04}, "Host 'h' is not allowed"...)))
		}, nil},
	} {
		_, err := against(t, x.cfg, x.serve)
		if err == nil || x.want != nil && !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
		if err != nil && bytes.Contains([]byte(err.Error()), []byte("Host 'h'")) {
			t.Errorf("%s: the server's message is told: %v", name, err)
		}
	}
}

// An answer that asks for a file, is longer than allowed or cut short is no
// answer.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		answer []byte
		want   error
	}{
		"file of ours":  {packet(1, append([]byte{0xfb}, "/etc/passwd"...)), mysqlwire.ErrProtocol},
		"no columns":    {packet(1, []byte{0xfd, 0, 0, 0}), mysqlwire.ErrProtocol},
		"many columns":  {packet(1, []byte{0xfd, 0xff, 0xff, 0xff}), mysqlwire.ErrProtocol},
		"too large":     {append(packet(1, []byte{1}), packet(2, make([]byte, 5000))...), mysqlwire.ErrTooLarge},
		"wrong number":  {packet(7, []byte{0}), mysqlwire.ErrProtocol},
		"cut":           {packet(1, []byte{1})[:3], io.ErrUnexpectedEOF},
		"value too far": {join(packet(1, []byte{1}), packet(2, []byte{1}), packet(3, []byte{0xfe, 0, 0, 0, 0}), packet(4, []byte{0xfe, 255, 255, 255, 255, 255, 255, 255, 255, 'a'})), mysqlwire.ErrProtocol},
	} {
		c, err := against(t, mysqlwire.Config{User: "u", MaxAnswer: 2000}, func(c net.Conn) {
			_, _ = c.Write(packet(0, greeting(all, "mysql_native_password")))
			receive(t, c)
			_, _ = c.Write(packet(2, []byte{0, 0, 0, 2, 0, 0, 0}))
			receive(t, c)
			_, _ = c.Write(x.answer)
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Query(t.Context(), "SELECT 1"); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
	}
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// Over TLS that was verified, caching_sha2_password gets the password; a
// certificate that is not known gets nothing.
func TestTLS(t *testing.T) {
	t.Parallel()
	certificate, pool := selfSigned(t)
	got := make(chan []byte, 1)
	serve := func(c net.Conn) {
		_, _ = c.Write(packet(0, greeting(all|1<<11, "caching_sha2_password")))
		receive(t, c) // the request for TLS
		s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{certificate}})
		if s.Handshake() != nil {
			return
		}
		receive(t, s)
		_, _ = s.Write(packet(3, []byte{1, 4}))
		got <- receive(t, s)
		_, _ = s.Write(packet(5, []byte{0, 0, 0, 2, 0, 0, 0}))
	}
	cfg := mysqlwire.Config{User: "u", Password: secret, TLS: &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}}
	if _, err := against(t, cfg, serve); err != nil {
		t.Fatal(err)
	}
	if sent := <-got; string(sent) != secret+"\x00" {
		t.Errorf("sent %q", sent)
	}
	cfg.TLS = &tls.Config{ServerName: "127.0.0.1", RootCAs: x509.NewCertPool()}
	var unknown *tls.CertificateVerificationError
	if _, err := against(t, cfg, serve); !errors.As(err, &unknown) {
		t.Errorf("a certificate that is not known: %v", err)
	}
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
