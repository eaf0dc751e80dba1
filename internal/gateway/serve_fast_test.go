package gateway_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// serveFast puts the world's gateway behind its own listener.
func (w *world) serveFast() string {
	raw, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	cert := certificate(w.t, noon.AddDate(0, 0, -1), noon.AddDate(1, 0, 0))
	srv := w.gw.Server()
	done := make(chan error, 1)
	go func() {
		done <- srv.Serve(tls.NewListener(raw, &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequestClientCert, MinVersion: tls.VersionTLS12}))
	}()
	w.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := srv.Shutdown(ctx); err != nil {
			w.t.Error(err)
		}
		if err := <-done; err != nil {
			w.t.Error(err)
		}
	})
	return raw.Addr().String()
}

// send writes bytes as they are and reads all answers until the connection is
// closed or nothing comes for a while.
func send(t *testing.T, addr string, cert *tls.Certificate, request string) []*http.Response {
	t.Helper()
	config := &tls.Config{InsecureSkipVerify: true}
	if cert != nil {
		config.Certificates = []tls.Certificate{*cert}
	}
	conn, err := tls.Dial("tcp", addr, config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, request) // a server that has heard enough may close
	var out []*http.Response
	r := bufio.NewReader(conn)
	for {
		_ = conn.SetReadDeadline(time.Now().Add(400 * time.Millisecond))
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return out
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body = io.NopCloser(strings.NewReader(string(body)))
		out = append(out, resp)
		if resp.Close {
			return out
		}
	}
}

func (w *world) head(method, target string, more ...string) string {
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: x\r\n%s: %s\r\n%s: op\r\n%s\r\n", method, target,
		gateway.HeaderPurpose, "%E4%BD%8E%E4%BF%9D%E5%AE%A1%E6%A0%B8", gateway.HeaderOperator, strings.Join(more, ""))
}

var varying = regexp.MustCompile(`"(receipt|incident)":"[^"]*"`)

// The same calls get the same answers on both listeners.
func TestBothListenersAnswerAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	fast, slow := w.serveFast(), w.serve().Listener.Addr().String()
	body := `{"items":["name","phone"],"where":[{"item":"score","values":["1.5"]}]}`
	for name, request := range map[string]string{
		"rows":             w.head("GET", w.rowsPath("items=name,phone")),
		"a body":           w.head("POST", w.rowsPath(""), "Content-Type: application/json\r\n", fmt.Sprintf("Content-Length: %d\r\n", len(body))) + body,
		"a chunked body":   w.head("POST", w.rowsPath(""), "Content-Type: application/json\r\n", "Transfer-Encoding: chunked\r\n") + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body),
		"outside":          w.head("GET", w.rowsPath("items=secret")),
		"no such item":     w.head("GET", w.rowsPath("items=nothing")),
		"not the type":     w.head("POST", w.rowsPath(""), "Content-Type: text/plain\r\n", "Content-Length: 2\r\n") + "{}",
		"a body with GET":  w.head("GET", w.rowsPath("items=name"), "Content-Length: 2\r\n") + "{}",
		"purpose twice":    w.head("GET", w.rowsPath("items=name"), gateway.HeaderPurpose+": x\r\n"),
		"a bad token":      w.head("GET", w.rowsPath("items=name"), "Authorization: Bearer x\r\n"),
		"two tokens":       w.head("GET", w.rowsPath("items=name"), "Authorization: Bearer x\r\n", "authorization: Bearer y\r\n"),
		"another address":  w.head("GET", "/share/v2/x"),
		"an escaped slash": w.head("GET", "/share/v1%2f"+w.grant.ID+"/rows"),
		"a dot segment":    w.head("GET", "/share/v1/../v1/"+w.grant.ID+"/rows"),
		"too large":        w.head("POST", w.rowsPath(""), "Content-Type: application/json\r\n", "Content-Length: 99999999\r\n"),
	} {
		a, b := send(t, fast, &cert, request), send(t, slow, &cert, request)
		if len(a) != 1 || len(b) != 1 {
			t.Errorf("%s: %d and %d answers", name, len(a), len(b))
			continue
		}
		text := func(r *http.Response) string {
			body, _ := io.ReadAll(r.Body)
			h := r.Header
			return fmt.Sprint(r.StatusCode, " ", h.Get("Content-Type"), h.Get("Cache-Control"), h.Get("X-Content-Type-Options"), h.Get("WWW-Authenticate"),
				h.Get("Retry-After"), h.Get(gateway.HeaderReceipt) != "", varying.ReplaceAllString(string(body), ""))
		}
		if x, y := text(a[0]), text(b[0]); x != y {
			t.Errorf("%s:\n%s\n%s", name, x, y)
		}
	}
	if a, b := send(t, fast, nil, w.head("GET", w.rowsPath("items=name"))), send(t, slow, nil, w.head("GET", w.rowsPath("items=name"))); len(a) != 1 || len(b) != 1 ||
		a[0].StatusCode != 401 || b[0].StatusCode != 401 {
		t.Error("without a certificate")
	}
}

// What two servers in a row could read differently is refused, recorded once,
// and the connection ends: a second request hidden in it is never answered.
func TestAmbiguousRequestsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	addr := w.serveFast()
	hidden := w.head("GET", w.rowsPath("items=phone"))
	length := fmt.Sprintf("Content-Length: %d\r\n", len(hidden))
	for name, request := range map[string]string{
		"length and chunks":    w.head("POST", w.rowsPath(""), length, "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n" + hidden,
		"chunks and length":    w.head("POST", w.rowsPath(""), "Transfer-Encoding: chunked\r\n", length) + "0\r\n\r\n" + hidden,
		"two lengths":          w.head("POST", w.rowsPath(""), "Content-Length: 0\r\n", length) + hidden,
		"two equal lengths":    w.head("POST", w.rowsPath(""), length, length) + hidden,
		"a signed length":      w.head("POST", w.rowsPath(""), "Content-Length: +2\r\n") + "{}" + hidden,
		"a list of lengths":    w.head("POST", w.rowsPath(""), "Content-Length: 0, 2\r\n") + "{}" + hidden,
		"an unknown coding":    w.head("POST", w.rowsPath(""), "Transfer-Encoding: xchunked\r\n") + "0\r\n\r\n" + hidden,
		"identity":             w.head("POST", w.rowsPath(""), "Transfer-Encoding: chunked, identity\r\n") + "0\r\n\r\n" + hidden,
		"a blank before colon": w.head("POST", w.rowsPath(""), "Transfer-Encoding : chunked\r\n", length) + hidden,
		"a folded line":        w.head("POST", w.rowsPath(""), "X-A: b\r\n Content-Length: 99\r\n", length) + hidden,
		"a bare line feed":     w.head("GET", w.rowsPath("items=name"), "X-A: b\nX-B: c\r\n") + hidden,
		"a bare return":        w.head("GET", w.rowsPath("items=name"), "X-A: b\rContent-Length: 3\r\n") + hidden,
		"two hosts":            w.head("GET", w.rowsPath("items=name"), "Host: y\r\n") + hidden,
		"no host":              strings.Replace(w.head("GET", w.rowsPath("items=name")), "Host: x\r\n", "", 1) + hidden,
		"a NUL":                w.head("GET", w.rowsPath("items=name"), "X-A: \x00\r\n") + hidden,
		"a line without colon": w.head("GET", w.rowsPath("items=name"), "garbage\r\n") + hidden,
	} {
		before := w.records()
		answers := send(t, addr, &cert, request)
		if len(answers) != 1 || answers[0].StatusCode != 400 {
			var got []int
			for _, a := range answers {
				got = append(got, a.StatusCode)
			}
			t.Errorf("%s: answered %v", name, got)
			continue
		}
		if n := w.records() - before; n != 1 {
			t.Errorf("%s: %d records", name, n)
		} else if e, f := w.last(); e.Kind != ledger.RefusedCall || f.Status != 400 {
			t.Errorf("%s: %s %+v", name, e.Kind, f)
		}
	}
}

func TestAHugeHeaderIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	addr := w.serveFast()
	answers := send(t, addr, &cert, w.head("GET", w.rowsPath("items=name"), "X-A: "+strings.Repeat("a", 64<<10)+"\r\n"))
	// The answer may be lost when the rest of the header meets a closed
	// connection; the record is not.
	if len(answers) > 1 || len(answers) == 1 && answers[0].StatusCode != 413 || w.records() != 1 {
		t.Errorf("%d answers, %d records", len(answers), w.records())
	}
}

// Two calls on one connection are two calls; the certificate is that of the
// connection.
func TestAConnectionIsUsedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	addr := w.serveFast()
	one := w.head("GET", w.rowsPath("items=name"))
	answers := send(t, addr, &cert, one+one+w.head("GET", w.rowsPath("items=secret")))
	if len(answers) != 3 || answers[0].StatusCode != 200 || answers[1].StatusCode != 200 || answers[2].StatusCode != 403 || w.records() != 3 {
		t.Errorf("%d answers, %d records", len(answers), w.records())
	}
	w.edit(func() { w.sys.Credentials[0].RevokedAt = &noon })
	w.clk.Advance(2 * time.Second)
	if a := send(t, addr, &cert, one); len(a) != 1 || a[0].StatusCode != 401 {
		t.Error("a revoked certificate was taken")
	}
}

func (w *world) records() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.entries)
}
