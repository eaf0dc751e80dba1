package notice_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/notice"
	"github.com/shuqiao/shuqiao/internal/org"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// memory is a store for these tests; the real ones have a suite of their own.
type memory struct {
	notice.Store
	mu         sync.Mutex
	subs       []notice.Subscription
	deliveries []notice.Delivery
}

func (m *memory) Do(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }

func (m *memory) InsertSubscription(_ context.Context, s notice.Subscription) error {
	m.subs = append(m.subs, s)
	return nil
}

func (m *memory) Subscriptions(_ context.Context, departments []string) ([]notice.Subscription, error) {
	var out []notice.Subscription
	for _, s := range m.subs {
		if slices.Contains(departments, s.Department) {
			out = append(out, s)
		}
	}
	return out, nil
}

func (m *memory) PutDeliveries(_ context.Context, d []notice.Delivery) error {
	m.deliveries = append(m.deliveries, d...)
	return nil
}

func (m *memory) ClaimDeliveries(_ context.Context, now, until time.Time, limit int) ([]notice.Task, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []notice.Task
	for i := range m.deliveries {
		d := &m.deliveries[i]
		if d.NextAt == nil || d.NextAt.After(now) || len(out) == limit {
			continue
		}
		d.Attempts++
		d.NextAt = &until
		out = append(out, notice.Task{Delivery: *d, Channel: notice.Webhook, Address: "https://a.example/",
			Secret: m.subs[0].Secret, Content: notice.Content{ID: d.ID}})
	}
	return out, nil
}

func (m *memory) SettleDelivery(_ context.Context, d notice.Delivery) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.deliveries {
		if m.deliveries[i].ID == d.ID {
			m.deliveries[i] = d
		}
	}
	return nil
}

// reversed stands in for a sealer.
type reversed struct{}

func (reversed) Seal(b []byte) []byte            { c := slices.Clone(b); slices.Reverse(c); return c }
func (r reversed) Open(b []byte) ([]byte, error) { return r.Seal(b), nil }

func principal(department string, roles ...org.Role) org.Principal {
	return org.Principal{Person: org.Person{ID: "p", Roles: roles}, Department: org.Department{ID: department}}
}

func service() (*notice.Service, *memory) {
	m := &memory{}
	return &notice.Service{Store: m, Sealer: reversed{}, Clock: clock.NewFake(noon), Offered: []notice.ChannelKind{notice.Email, notice.Webhook}}, m
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind          notice.ChannelKind
		address, want string
	}{
		{notice.Email, "zhang@example.gov.cn", ""},
		{notice.Email, " zhang@example.gov.cn ", ""},
		{notice.Email, "张 <zhang@example.gov.cn>", "format"},
		{notice.Email, "zhang@example.gov.cn\r\nBcc: x@example.cn", "format"},
		{notice.Email, "zhang", "format"},
		{notice.Email, "", "required"},
		{notice.Webhook, "https://hooks.example.gov.cn/shuqiao?key=1", ""},
		{notice.Webhook, "https://10.1.2.3:8443/x", ""}, // the government's own network
		{notice.Webhook, "http://hooks.example.gov.cn/", "not_encrypted"},
		{notice.Webhook, "https://user:pass@hooks.example.gov.cn/", "credentials"},
		{notice.Webhook, "https://hooks.example.gov.cn/#x", "format"},
		{notice.Webhook, "https:///x", "format"},
		{notice.Webhook, "https://169.254.169.254/", "forbidden_address"},
		{notice.Webhook, "https://127.0.0.1/", "forbidden_address"},
		{notice.Webhook, "https://[::1]/", "forbidden_address"},
		{notice.Webhook, "https://[::ffff:127.0.0.1]/", "forbidden_address"},
		{notice.Webhook, "https://2130706433/", "forbidden_address"},
		{notice.Webhook, "https://0x7f.1/", "forbidden_address"},
		{notice.Webhook, "https://localhost/", "forbidden_address"},
		{notice.Webhook, "https://a.localhost./", "forbidden_address"},
		{notice.Webhook, "https://a.example/" + strings.Repeat("x", 1000), "required"},
		{"pigeon", "roof", "not_in_list"},
	} {
		s, m := service()
		_, secret, err := s.Subscribe(t.Context(), principal("d", org.OfficeHead), c.kind, c.address)
		got := ""
		if f, ok := fault.As(err); ok && len(f.Fields) == 1 {
			got = f.Fields[0].Code
		}
		if got != c.want || (err == nil) != (c.want == "") {
			t.Errorf("%s %q: %v, want %q", c.kind, c.address, err, c.want)
		}
		if err == nil && c.kind == notice.Webhook && (len(secret) < 40 || strings.Contains(string(m.subs[0].Secret), secret)) {
			t.Errorf("%q: secret %q, kept %q", c.address, secret, m.subs[0].Secret)
		}
	}
	s, _ := service()
	s.Offered = nil
	if _, _, err := s.Subscribe(t.Context(), principal("d", org.Admin), notice.Email, "a@b.cn"); !fault.Is(err, "subscription_invalid") {
		t.Errorf("a channel that is not offered: %v", err)
	}
}

func TestWhoManagesSubscriptions(t *testing.T) {
	t.Parallel()
	s, _ := service()
	for _, role := range []org.Role{org.Clerk, org.Supervisor, org.Engineer, org.Auditor, org.DepartmentHead} {
		p := principal("d", role)
		_, _, err := s.Subscribe(t.Context(), p, notice.Email, "a@b.cn")
		_, err2 := s.Subscriptions(t.Context(), p)
		_, err3 := s.Deliveries(t.Context(), p, notice.Filter{})
		for _, err := range []error{err, err2, err3, s.Unsubscribe(t.Context(), p, "x"), s.Retry(t.Context(), p, "x")} {
			if !fault.Is(err, "role_missing") {
				t.Errorf("%s: %v", role, err)
			}
		}
	}
	for i := range 20 {
		if _, _, err := s.Subscribe(t.Context(), principal("d", org.Admin), notice.Email, fmt.Sprintf("a%d@b.cn", i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := s.Subscribe(t.Context(), principal("d", org.Admin), notice.Email, "z@b.cn"); !fault.Is(err, "too_many_subscriptions") {
		t.Errorf("the 21st: %v", err)
	}
}

// channel answers with what a test tells it.
type channel struct {
	mu     sync.Mutex
	err    error
	sent   []string
	secret string
}

func (c *channel) Send(_ context.Context, _ string, secret []byte, x notice.Content) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, x.ID)
	c.secret = string(secret)
	return c.err
}

// sender queues one notice of a department with one webhook.
func sender(t *testing.T) (*notice.Sender, *memory, *channel, *clock.Fake, string) {
	t.Helper()
	s, m := service()
	_, secret, err := s.Subscribe(t.Context(), principal("d", org.OfficeHead), notice.Webhook, "https://a.example/")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Queue(t.Context(), []casework.Notice{{ID: "n1", Department: "d", Relation: "provider.clerk"},
		{ID: "n2", Department: "d", Relation: "provider.office_head"}, {ID: "n3", Department: "other"}}); err != nil {
		t.Fatal(err)
	}
	if len(m.deliveries) != 1 || m.deliveries[0].Notice != "n1" {
		t.Fatalf("queued %+v", m.deliveries)
	}
	clk, c := clock.NewFake(noon), &channel{}
	return &notice.Sender{Store: m, Sealer: reversed{}, Clock: clk, Jitter: func() float64 { return 1 },
		Channels: map[notice.ChannelKind]notice.Channel{notice.Webhook: c}}, m, c, clk, secret
}

func TestSent(t *testing.T) {
	t.Parallel()
	s, m, c, _, secret := sender(t)
	for want := range 2 {
		n, err := s.Send(t.Context(), 10)
		if err != nil || n != 1-want {
			t.Errorf("%d, %v", n, err)
		}
	}
	d := m.deliveries[0]
	if d.State != notice.Sent || d.NextAt != nil || !d.EndedAt.Equal(noon) || c.secret != secret || len(c.sent) != 1 || c.sent[0] != d.ID {
		t.Errorf("delivery %+v, sent %v with %q", d, c.sent, c.secret)
	}
}

// What fails is tried again with pauses that double up to four hours, always
// under the same ID, and given up after sixteen attempts, which the log hears.
func TestRetriesAndDeadLetters(t *testing.T) {
	t.Parallel()
	s, m, c, clk, _ := sender(t)
	c.err = &notice.Failure{Code: "http_503"}
	pause := 30 * time.Second
	for attempt := 1; ; attempt++ {
		n, err := s.Send(t.Context(), 10)
		d := m.deliveries[0]
		if n != 1 || d.Attempts != attempt || d.Failure != "http_503" {
			t.Fatalf("attempt %d: %d, %+v", attempt, n, d)
		}
		if d.State == notice.Dead {
			if attempt != 16 || err == nil || d.EndedAt == nil {
				t.Errorf("given up after %d: %v, %+v", attempt, err, d)
			}
			break
		}
		if err != nil || d.NextAt.Sub(clk.Now()) != pause {
			t.Fatalf("attempt %d: next after %s, want %s; %v", attempt, d.NextAt.Sub(clk.Now()), pause, err)
		}
		clk.Set(d.NextAt.Add(-time.Microsecond))
		if n, _ := s.Send(t.Context(), 10); n != 0 {
			t.Fatal("tried before its time")
		}
		clk.Set(*d.NextAt)
		pause = min(2*pause, 4*time.Hour)
	}
	for _, id := range c.sent {
		if id != c.sent[0] {
			t.Errorf("sent under %s and %s", id, c.sent[0])
		}
	}
}

func TestFinalFailuresAndJitter(t *testing.T) {
	t.Parallel()
	s, m, c, _, _ := sender(t)
	c.err = fmt.Errorf("wrapped: %w", &notice.Failure{Code: "http_410", Final: true})
	if _, err := s.Send(t.Context(), 10); err == nil || m.deliveries[0].State != notice.Dead {
		t.Errorf("%v, %+v", err, m.deliveries[0])
	}
	s, m, c, clk, _ := sender(t)
	c.err, s.Jitter = errors.New("what it says stays in the log"), func() float64 { return 0 }
	if _, err := s.Send(t.Context(), 10); err != nil {
		t.Error(err)
	}
	if d := m.deliveries[0]; d.NextAt.Sub(clk.Now()) != 15*time.Second || d.Failure != "failed" {
		t.Errorf("got %+v", d)
	}
}

// A node that stops in the middle leaves the delivery to the next lease.
func TestAStoppingNodeSettlesNothing(t *testing.T) {
	t.Parallel()
	s, m, c, _, _ := sender(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	c.err = context.Canceled
	if _, err := s.Send(ctx, 10); err != nil {
		t.Error(err)
	}
	if d := m.deliveries[0]; d.State != notice.Waiting || d.Failure != "" || !d.NextAt.After(noon) {
		t.Errorf("got %+v", d)
	}
}
