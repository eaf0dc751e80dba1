package gateway_test

import (
	"bufio"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

// serve puts the world's gateway behind a real TLS server, the way a node does.
func (w *world) serve() *httptest.Server {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if gateway.Owns(r.RequestURI) {
			w.gw.ServeHTTP(rw, r)
			return
		}
		http.NotFound(rw, r)
	}))
	srv.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	srv.StartTLS()
	w.t.Cleanup(srv.Close)
	return srv
}

func client(srv *httptest.Server, certs ...tls.Certificate) *http.Client {
	t := srv.Client().Transport.(*http.Transport).Clone()
	t.TLSClientConfig.Certificates = certs
	return &http.Client{Transport: t}
}

func TestMutualTLS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	srv := w.serve()
	call := func(c *http.Client) *http.Response {
		r, err := http.NewRequest("GET", srv.URL+w.rowsPath("items=name"), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(gateway.HeaderPurpose, "%E4%BD%8E%E4%BF%9D%E5%AE%A1%E6%A0%B8")
		r.Header.Set(gateway.HeaderOperator, "op")
		resp, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = resp.Body.Close() })
		return resp
	}
	if resp := call(client(srv, cert)); resp.StatusCode != 200 {
		t.Errorf("the pinned certificate: %d", resp.StatusCode)
	}
	if resp := call(client(srv, certificate(t, noon, noon.AddDate(1, 0, 0)))); resp.StatusCode != 401 {
		t.Errorf("a strange certificate: %d", resp.StatusCode)
	}
	if resp := call(client(srv)); resp.StatusCode != 401 || resp.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("no certificate: %d", resp.StatusCode)
	}
	stolen := cert // the certificate of the one with the key of another: the handshake fails
	stolen.PrivateKey = certificate(t, noon, noon.AddDate(1, 0, 0)).PrivateKey
	if resp, err := client(srv, stolen).Get(srv.URL + "/share/token"); err == nil {
		_ = resp.Body.Close()
		t.Error("a certificate without its key was taken")
	}
}

// TestRawTargets writes request lines that no HTTP library would write.
func TestRawTargets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	srv := w.serve()
	for i, target := range []string{
		"/share/v1/../v1/x/rows", "/share/v1/%2e%2e/rows", "/share%2Fv1/x/rows", "//share/token", `/share\token`,
		"/share/v1/a/rows%00", "/x/../share/token", "/%73hare/token", "/share/v1/" + strings.Repeat("a", 400),
		"/./share/v1/x/rows", "/share/v1//rows", "/SHARE/../share/token;a",
	} {
		conn, err := tls.Dial("tcp", srv.Listener.Addr().String(), &tls.Config{
			InsecureSkipVerify: true, Certificates: []tls.Certificate{cert},
		})
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
		if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", target); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = conn.Close()
		if resp.StatusCode != 400 || !strings.Contains(string(body), "path_refused") {
			t.Errorf("%s: %d %s", target, resp.StatusCode, body)
		}
		if e, f := w.last(); len(w.entries) != i+1 || f.Code != "path_refused" || e.Kind != ledger.RefusedCall {
			t.Errorf("%s: %d records", target, len(w.entries))
		}
	}
}

func TestASlowBodyIsCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *gateway.Config) { c.BodyTimeout = 100 * time.Millisecond })
	cert := w.enrol(w.sys)
	srv := w.serve()
	conn, err := tls.Dial("tcp", srv.Listener.Addr().String(), &tls.Config{
		InsecureSkipVerify: true, Certificates: []tls.Certificate{cert},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n%s: %s\r\n%s: op\r\n\r\n{",
		w.rowsPath(""), gateway.HeaderPurpose, "%E4%BD%8E%E4%BF%9D%E5%AE%A1%E6%A0%B8", gateway.HeaderOperator)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, f := w.last(); resp.StatusCode != 400 || f.Code != "body_too_slow" || len(w.entries) != 1 {
		t.Errorf("%d %+v", resp.StatusCode, f)
	}
}

// TestReceiptsVerify takes a call's receipt out of a real ledger.
func TestReceiptsVerify(t *testing.T) {
	t.Parallel()
	skey, _, err := ledger.GenerateKey("node.example/ledger", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.LoadSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	var log *ledger.Log
	w := newWorld(t, func(c *gateway.Config) {
		if log, err = ledger.New(ledgertest.NewMemory(), signer, "node.example/ledger", c.Clock); err != nil {
			t.Fatal(err)
		}
		c.Ledger = log
	})
	log.Start(t.Context())
	defer log.Close()
	cert := w.enrol(w.sys)
	for _, query := range []string{"items=name", "items=secret"} {
		rec := w.do(w.request(&cert, "GET", w.rowsPath(query), ""))
		receipt, err := log.Prove(t.Context(), rec.Header().Get(gateway.HeaderReceipt))
		if err != nil || receipt == nil {
			t.Fatalf("%d: %v", rec.Code, err)
		}
	}
}
