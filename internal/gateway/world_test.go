package gateway_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC) // 12:00 in UTC+8

const tokenURL = "https://node.example/share/token"

// world is everything around a gateway, in memory.
type world struct {
	t     testing.TB
	clk   *clock.Fake
	gw    *gateway.Gateway
	cfg   gateway.Config
	logs  *strings.Builder
	grant *sharing.Grant // the hosted one; change it with edit
	sys   *org.System    // the consumer's
	other *org.System    // of another department

	mu         sync.Mutex
	version    int64
	versionErr error
	grantLoads int
	grants     map[string]*sharing.Grant
	systems    map[string]*org.System
	versions   map[string]catalog.Version
	table      []catalog.Row
	queries    []catalog.HostedQuery
	hostedErr  error
	hostedBoom any
	assertions map[string]bool
	calls      map[string]int
	storeErr   error
	entries    []ledger.Entry
	recordErr  error
	observed   []string
	observeErr error
}

func items() []catalog.Item {
	return []catalog.Item{
		{Code: "id_number", Name: "公民身份号码", Key: true, Sensitivity: catalog.ResidentID, Masked: true},
		{Code: "name", Name: "姓名", Sensitivity: catalog.PersonName, Masked: true},
		{Code: "phone", Name: "联系电话", Sensitivity: catalog.Phone, Masked: true},
		{Code: "region", Name: "行政区划代码"},
		{Code: "status", Name: "状态"},
		{Code: "score", Name: "分值"},
		{Code: "secret", Name: "内部备注"},
	}
}

// Synthetic people: the numbers pass the check digit and belong to nobody.
func people() []catalog.Row {
	return []catalog.Row{
		{"id_number": "130102199001010015", "name": "李雷", "phone": "13800000001", "region": "130102", "status": "a", "score": 1.5, "secret": "x"},
		{"id_number": "130102199001010023", "name": "韩梅梅", "phone": "13800000002", "region": "130102", "status": "b", "score": 2.0, "secret": "x"},
		{"id_number": "130105199001010010", "name": "欧阳小明", "phone": "13800000003", "region": "130105", "status": "a", "score": nil, "secret": "x"},
		{"id_number": "130202199001010012", "name": "王芳", "phone": "13800000004", "region": "130202", "status": "a", "score": 4.0, "secret": "x"},
	}
}

func newWorld(t testing.TB, edit ...func(*gateway.Config)) *world {
	w := &world{
		t: t, clk: clock.NewFake(noon), logs: &strings.Builder{}, version: 1, table: people(),
		grants: map[string]*sharing.Grant{}, systems: map[string]*org.System{}, versions: map[string]catalog.Version{},
		assertions: map[string]bool{}, calls: map[string]int{},
	}
	w.sys, w.other = w.addSystem("consumer-dept"), w.addSystem("other-dept")
	resource := ident.New()
	w.versions[resource] = catalog.Version{
		ID: ident.New(), Resource: resource, Number: 1,
		Entry: catalog.Entry{Collection: catalog.HostedCopy, Items: items()},
	}
	w.grant = w.addGrant(resource)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w.cfg = gateway.Config{
		Clock: w.clk, Store: w, Grants: w, Systems: w, Versions: w, Hosted: w, Ledger: w, Delivery: w,
		Logger: slog.New(slog.NewTextHandler(&locked{w: w.logs}, nil)),
		Name:   "node.example", TokenURLs: []string{tokenURL}, TokenKey: key, Secret: []byte(strings.Repeat("k", 32)),
		RatePerSecond: 1000,
	}
	for _, e := range edit {
		e(&w.cfg)
	}
	if w.gw, err = gateway.New(w.cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.gw.Close)
	return w
}

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func (w *world) addSystem(dept string) *org.System {
	s := &org.System{
		ID: ident.New(), Department: dept, Name: "系统",
		MLPS: &org.MLPS{Level: 3, ReportNo: "R1", ValidUntil: noon.AddDate(1, 0, 0)},
	}
	w.systems[s.ID] = s
	return s
}

func (w *world) addGrant(resource string) *sharing.Grant {
	g := &sharing.Grant{
		ID: ident.New(), Case: ident.New(), Resource: resource, ResourceVersion: 1,
		Consumer: "consumer-dept", Provider: "provider-dept", Systems: []string{w.sys.ID},
		Items: []string{"id_number", "name", "phone", "region", "score"}, Clear: []string{"phone"},
		Rows:    []catalog.Condition{{Item: "region", Op: catalog.Prefix, Values: []string{"1301"}}},
		Purpose: "低保审核", Mode: sharing.Query, Method: catalog.ServiceAPI,
		NotBefore: noon.AddDate(0, 0, -1), NotAfter: noon.AddDate(0, 6, 0),
	}
	w.grants[g.ID] = g
	return g
}

// edit changes what the stores hold, as a transaction of the platform would.
func (w *world) edit(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
	w.version++
}

// wait lets the gateway notice a change.
func (w *world) wait() { w.clk.Advance(time.Second) }

// The stores.

func (w *world) Grant(_ context.Context, id string) (sharing.Grant, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.grantLoads++
	if g, ok := w.grants[id]; ok {
		return *g, nil
	}
	return sharing.Grant{}, fault.Missing("授权", id)
}

func (w *world) GrantsVersion(context.Context) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.version, w.versionErr
}

func (w *world) System(_ context.Context, id string) (org.System, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s, ok := w.systems[id]; ok {
		c := *s
		c.Credentials = slices.Clone(s.Credentials)
		return c, nil
	}
	return org.System{}, fault.Missing("系统", id)
}

func (w *world) CredentialByThumb(_ context.Context, thumb string) (org.Credential, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.systems {
		for _, c := range s.Credentials {
			if c.Thumb == thumb {
				return c, nil
			}
		}
	}
	return org.Credential{}, fault.Missing("凭证", "")
}

func (w *world) Version(_ context.Context, resource string, number int) (catalog.Version, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if v, ok := w.versions[resource]; ok && v.Number == number {
		return v, nil
	}
	return catalog.Version{}, fault.Missing("版本", resource)
}

func (w *world) Query(_ context.Context, q catalog.HostedQuery) ([]catalog.Row, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queries = append(w.queries, q)
	if w.hostedBoom != nil {
		panic(w.hostedBoom)
	}
	if w.hostedErr != nil {
		return nil, w.hostedErr
	}
	var out []catalog.Row
	for _, r := range w.table {
		if len(q.After) == 1 && r["id_number"].(string) <= q.After[0] {
			continue
		}
		if !slices.ContainsFunc(q.Where, func(c catalog.Condition) bool { return !meets(r, c) }) && len(out) < q.Limit {
			row := catalog.Row{}
			for _, s := range q.Select {
				row[s] = r[s]
			}
			out = append(out, row)
		}
	}
	return out, nil
}

func meets(r catalog.Row, c catalog.Condition) bool {
	s, ok := r[c.Item].(string)
	if !ok {
		if f, isNumber := r[c.Item].(float64); isNumber {
			b, _ := json.Marshal(f)
			s, ok = string(b), true
		}
	}
	switch c.Op {
	case catalog.Prefix:
		return ok && strings.HasPrefix(s, c.Values[0])
	default:
		return ok && slices.Contains(c.Values, s)
	}
}

func (w *world) TakeAssertion(_ context.Context, system, id string, _ time.Time) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.storeErr != nil {
		return false, w.storeErr
	}
	first := !w.assertions[system+" "+id]
	w.assertions[system+" "+id] = true
	return first, nil
}

func (w *world) ForgetAssertions(context.Context, time.Time) (int, error) { return 0, nil }

func (w *world) TakeCalls(_ context.Context, grant, day string, want, limit int) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.storeErr != nil {
		return 0, w.storeErr
	}
	got := max(0, min(want, limit-w.calls[grant+day]))
	w.calls[grant+day] += got
	return got, nil
}

func (w *world) CallsTaken(_ context.Context, grant, day string) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls[grant+day], nil
}

func (w *world) Record(_ context.Context, e ledger.Entry) (ledger.Leaf, error) {
	data, err := e.Encode()
	if err != nil {
		return ledger.Leaf{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.recordErr != nil {
		return ledger.Leaf{}, w.recordErr
	}
	w.entries = append(w.entries, e)
	return ledger.Leaf{Index: uint64(len(w.entries) - 1), ID: e.ID, Data: data}, nil
}

func (w *world) Observed(_ context.Context, grant, caseID string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.observed = append(w.observed, grant+" "+caseID)
	return w.observeErr
}

var errDown = errors.New("dial tcp 10.0.0.1: database is down")

// Certificates and servers.

func certificate(t testing.TB, notBefore, notAfter time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "system"},
		NotBefore: notBefore, NotAfter: notAfter, DNSNames: []string{"localhost"},
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// enrol makes a certificate and pins it to the system.
func (w *world) enrol(s *org.System) tls.Certificate {
	c := certificate(w.t, noon.AddDate(0, 0, -1), noon.AddDate(1, 0, 0))
	w.pin(s, c)
	return c
}

func (w *world) pin(s *org.System, c tls.Certificate) {
	thumb := org.SPKIThumbprint(c.Leaf)
	w.edit(func() {
		s.Credentials = append(s.Credentials, org.Credential{
			ID: ident.New(), System: s.ID, Kind: org.CertThumbprint, Value: thumb, Thumb: thumb,
			NotAfter: noon.AddDate(1, 0, 0), CreatedAt: noon,
		})
	})
}

// request makes a call that everything is right with; the changes make it
// into another.
func (w *world) request(cert *tls.Certificate, method, target, body string) *http.Request {
	var rd io.Reader
	if body != "" {
		rd = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, "/", rd)
	r.RequestURI = target
	r.TLS = nil
	if cert != nil {
		r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{cert.Leaf}}
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set(gateway.HeaderPurpose, "%E4%BD%8E%E4%BF%9D%E5%AE%A1%E6%A0%B8")
	r.Header.Set(gateway.HeaderOperator, "op-007")
	return r
}

func (w *world) do(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.gw.ServeHTTP(rec, r)
	return rec
}

func (w *world) rowsPath(query string) string {
	p := "/share/v1/" + w.grant.ID + "/rows"
	if query != "" {
		p += "?" + query
	}
	return p
}

// answer is the body of a successful call.
type answer struct {
	Rows  []map[string]any `json:"rows"`
	Count int              `json:"count"`
	Next  string           `json:"next"`
	Match *bool            `json:"match"`
}

func (w *world) ok(r *http.Request) answer {
	w.t.Helper()
	rec := w.do(r)
	if rec.Code != 200 {
		w.t.Fatalf("status %d: %s", rec.Code, rec.Body)
	}
	var a answer
	if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil {
		w.t.Fatal(err)
	}
	return a
}

// lastFacts gives what the last record says.
func (w *world) last() (ledger.Entry, gateway.Facts) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.entries) == 0 {
		w.t.Fatal("no record")
	}
	e := w.entries[len(w.entries)-1]
	return e, *e.Facts.(*gateway.Facts)
}

func newRecorder() *httptest.ResponseRecorder { return httptest.NewRecorder() }
