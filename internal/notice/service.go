package notice

import (
	"context"
	"crypto/rand"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
)

// maxSubscriptions bounds those of one department.
const maxSubscriptions = 20

// maxAddress bounds an address in bytes.
const maxAddress = 1000

// Sealer encrypts the secrets of webhooks before they are stored.
type Sealer interface {
	Seal(plain []byte) []byte
	Open(sealed []byte) ([]byte, error)
}

// Service manages subscriptions and fills the queue. It is safe for
// concurrent use.
type Service struct {
	Store  Store
	Sealer Sealer
	Clock  clock.Clock
	// Offered are the channels that this node can send by.
	Offered []ChannelKind
	// Loopback lets webhooks name this machine. For demonstrations only.
	Loopback bool
}

// may tells whether somebody may manage the subscriptions of their department.
func may(p org.Principal) error {
	if p.Has(org.Admin) || p.Has(org.OfficeHead) {
		return nil
	}
	return fault.New(fault.Forbidden, "role_missing", "通知订阅由本部门共享工作机构负责人或者平台管理员管理")
}

// Subscribe adds a subscription of the principal's department. For a webhook
// it gives the key of its signatures: this once, and never again.
func (s *Service) Subscribe(ctx context.Context, p org.Principal, kind ChannelKind, address string) (Subscription, string, error) {
	if err := may(p); err != nil {
		return Subscription{}, "", err
	}
	address = strings.TrimSpace(address)
	if err := s.check(kind, address); err != nil {
		return Subscription{}, "", err
	}
	sub := Subscription{ID: ident.New(), Department: p.Department.ID, Channel: kind, Address: address, Secret: []byte{},
		CreatedBy: p.Person.ID, CreatedAt: s.Clock.Now()}
	secret := ""
	if kind == Webhook {
		secret = rand.Text() + rand.Text()
		sub.Secret = s.Sealer.Seal([]byte(secret))
	}
	err := s.Store.Do(ctx, func(ctx context.Context) error {
		have, err := s.Store.Subscriptions(ctx, []string{p.Department.ID})
		if err != nil {
			return err
		}
		if len(have) >= maxSubscriptions {
			return fault.Newf(fault.Illegal, "too_many_subscriptions", "每个部门最多%d个通知订阅", maxSubscriptions)
		}
		return s.Store.InsertSubscription(ctx, sub)
	})
	if err != nil {
		return Subscription{}, "", err
	}
	return sub, secret, nil
}

func (s *Service) check(kind ChannelKind, address string) error {
	var c fault.Collector
	offered := false
	for _, k := range s.Offered {
		offered = offered || k == kind
	}
	switch {
	case kind != Email && kind != Webhook:
		c.Add("channel", "not_in_list", "通知方式应为email(电子邮件)或者webhook(消息推送)", "")
	case !offered:
		c.Add("channel", "not_offered", "本节点没有配置这种通知方式", "")
	case address == "" || len(address) > maxAddress:
		c.Add("address", "required", "应填写地址,不超过1000个字符", "")
	case kind == Email:
		if a, err := mail.ParseAddress(address); err != nil || a.Address != address || strings.ContainsFunc(address, notASCII) {
			c.Add("address", "format", "应为一个电子邮件地址,如 name@example.gov.cn", "")
		}
	default:
		if code, message := s.checkURL(address); code != "" {
			c.Add("address", code, message, "CN-35")
		}
	}
	return c.Err("subscription_invalid", "通知订阅的内容不符合要求", "")
}

func notASCII(r rune) bool { return r <= ' ' || r > '~' }

// checkURL says what is wrong with a webhook's address. Where a name leads is
// looked at again each time it is called.
func (s *Service) checkURL(text string) (code, message string) {
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" || u.Hostname() == "" || u.Fragment != "" || strings.ContainsFunc(text, notASCII) {
		return "format", "应为 https://主机/路径 形式的地址"
	}
	if u.Scheme != "https" {
		return "not_encrypted", "消息推送只能经HTTPS"
	}
	if u.User != nil {
		return "credentials", "地址中不得含用户名或者口令"
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if a, err := netip.ParseAddr(host); err == nil {
		if Forbidden(a, s.Loopback) {
			return "forbidden_address", "不得指向本机、链路本地、组播或者云平台元数据地址"
		}
		return "", ""
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" || last[0] >= '0' && last[0] <= '9' || (host == "localhost" || last == "localhost") && !s.Loopback {
		return "forbidden_address", "主机应为域名或者规范书写的IP地址,且不得指向本机"
	}
	return "", ""
}

// Forbidden tells whether a webhook must not be called at an address: those
// that the gateway never calls and, unless allowed, this machine's own, where
// services listen that trust whoever reaches them.
func Forbidden(a netip.Addr, loopback bool) bool {
	return catalog.ForbiddenAddr(a) || a.Unmap().IsLoopback() && !loopback
}

// Unsubscribe ends a subscription of the principal's department.
func (s *Service) Unsubscribe(ctx context.Context, p org.Principal, id string) error {
	if err := may(p); err != nil {
		return err
	}
	return s.Store.EndSubscription(ctx, id, p.Department.ID, s.Clock.Now())
}

// Subscriptions lists those of the principal's department.
func (s *Service) Subscriptions(ctx context.Context, p org.Principal) ([]Subscription, error) {
	if err := may(p); err != nil {
		return nil, err
	}
	return s.Store.Subscriptions(ctx, []string{p.Department.ID})
}

// Deliveries lists those of the principal's department, newest first.
func (s *Service) Deliveries(ctx context.Context, p org.Principal, f Filter) ([]Delivery, error) {
	if err := may(p); err != nil {
		return nil, err
	}
	f.Department = p.Department.ID
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	return s.Store.Deliveries(ctx, f)
}

// Retry puts a delivery that was given up back into the queue.
func (s *Service) Retry(ctx context.Context, p org.Principal, id string) error {
	if err := may(p); err != nil {
		return err
	}
	return s.Store.ReviveDelivery(ctx, id, p.Department.ID, s.Clock.Now())
}

// Queue hands new notices over to the subscriptions of their departments. It
// is called in the transaction that puts the notices into the inboxes. What
// several roles of a department are told alike is sent once.
func (s *Service) Queue(ctx context.Context, notices []casework.Notice) error {
	var departments []string
	seen := map[string]bool{}
	for _, n := range notices {
		if !seen[n.Department] {
			seen[n.Department] = true
			departments = append(departments, n.Department)
		}
	}
	subs, err := s.Store.Subscriptions(ctx, departments)
	if err != nil || len(subs) == 0 {
		return err
	}
	now := s.Clock.Now()
	var out []Delivery
	alike := map[[3]string]bool{}
	for _, n := range notices {
		what := [3]string{n.Department, n.Case, n.Text}
		if alike[what] {
			continue
		}
		alike[what] = true
		for _, sub := range subs {
			if sub.Department == n.Department {
				out = append(out, Delivery{ID: ident.New(), Notice: n.ID, Subscription: sub.ID, Department: n.Department,
					State: Waiting, NextAt: &now, CreatedAt: now})
			}
		}
	}
	return s.Store.PutDeliveries(ctx, out)
}
