package usage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// Kind is the kind of a usage record's entry in the ledger.
const Kind ledger.Kind = "usage_record"

// Grants gives a grant to those who may read it; *sharing.Service implements it.
type Grants interface {
	Grant(ctx context.Context, p org.Principal, id string) (sharing.Grant, error)
}

// Ledger takes the record's entry inside the running transaction.
type Ledger interface {
	AppendIn(ctx context.Context, entries ...ledger.Entry) ([]ledger.Leaf, error)
}

// Service files and reads usage records.
type Service struct {
	store  Store
	grants Grants
	ledger Ledger
	clock  clock.Clock
}

// NewService makes the service.
func NewService(store Store, grants Grants, log Ledger, clk clock.Clock) *Service {
	return &Service{store: store, grants: grants, ledger: log, clock: clk}
}

// File files a record of a grant of the principal's own department. Its digest
// goes into the ledger in the same transaction. Refusals: "not_found" for those
// who may not know of the grant, "not_consumer", "record_invalid" with every
// faulty field.
func (s *Service) File(ctx context.Context, p org.Principal, grant string, in Input) (Record, error) {
	g, err := s.grants.Grant(ctx, p, grant)
	if err != nil {
		return Record{}, err
	}
	if g.Consumer != p.Department.ID || !p.Has(org.Clerk) && !p.Has(org.OfficeHead) && !p.Has(org.Engineer) {
		return Record{}, fault.New(fault.Forbidden, "not_consumer", "使用记录由需求部门的人员填报").Under("CN-29.2")
	}
	now := s.clock.Now()
	in = in.trimmed()
	var record Record
	err = s.store.Do(ctx, func(ctx context.Context) error {
		faults := in.check(g, now)
		if err := s.checkCorrected(ctx, &faults, g, in); err != nil {
			return err
		}
		if err := faults.Err("record_invalid", "使用记录填写不完整或者有误,请一并更正", ""); err != nil {
			return err
		}
		record = Record{Input: in, ID: ident.New(), Grant: g.ID, Consumer: g.Consumer, Provider: g.Provider,
			FiledBy: p.Person.ID, FiledAt: now, RetainUntil: retainUntil(in.To, now)}
		if err := s.store.InsertUsage(ctx, record); err != nil {
			return err
		}
		entry, err := record.entry()
		if err != nil {
			return err
		}
		_, err = s.ledger.AppendIn(ctx, entry)
		return err
	})
	return record, err
}

func (s *Service) checkCorrected(ctx context.Context, faults *fault.Collector, g sharing.Grant, in Input) error {
	if in.Corrects == "" {
		return nil
	}
	old, err := s.store.Usage(ctx, in.Corrects)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound || err == nil && old.Grant != g.ID {
		faults.Add("corrects", "not_found", "此授权没有这条使用记录", "CN-29.2")
		return nil
	}
	return err
}

// retainUntil is three years after the later of last use and filing.
func retainUntil(used, filed time.Time) time.Time {
	if used.After(filed) {
		filed = used
	}
	return filed.AddDate(RetentionYears, 0, 0)
}

// entry holds the digest of the record and nothing of its text.
func (r Record) entry() (ledger.Entry, error) {
	b, err := json.Marshal(r.utc())
	if err != nil {
		return ledger.Entry{}, fmt.Errorf("digest of usage record %s: %w", r.ID, err)
	}
	sum := sha256.Sum256(b)
	return ledger.Entry{ID: r.ID, Kind: Kind, At: r.FiledAt, Facts: map[string]any{
		"grant": r.Grant, "consumer": r.Consumer, "provider": r.Provider, "person": r.FiledBy, "basis": "CN-29.2",
		"retain_until": r.RetainUntil.UTC(), "record_sha256": hex.EncodeToString(sum[:]),
	}}, nil
}

func (r Record) utc() Record {
	for _, t := range []*time.Time{&r.From, &r.To, &r.FiledAt, &r.RetainUntil} {
		*t = t.UTC()
	}
	return r
}

// List gives the records of a grant, the newest first, to its two sides and
// their authorities.
func (s *Service) List(ctx context.Context, p org.Principal, grant string, limit int, after string) ([]Record, error) {
	if _, err := s.grants.Grant(ctx, p, grant); err != nil {
		return nil, err
	}
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	return s.store.UsageOf(ctx, grant, limit, after)
}

// Calls gives the calls of a grant by month, to both sides alike. They come
// from the daily counters, which only a grant with a daily limit has: counted
// is false for others, whose calls stand in the ledger alone. The gateway takes
// calls from a counter in blocks of at most one percent of the limit, so that
// a month may show a few more than were made.
func (s *Service) Calls(ctx context.Context, p org.Principal, grant string) (months []Month, counted bool, err error) {
	g, err := s.grants.Grant(ctx, p, grant)
	if err != nil {
		return nil, false, err
	}
	months, err = s.store.CallsByMonth(ctx, grant)
	return months, g.DailyCalls > 0 || len(months) > 0, err
}

func (in Input) trimmed() Input {
	for _, f := range []*string{&in.Scenario, &in.Process, &in.Effect, &in.Storage, &in.Destruction, &in.User, &in.Approver, &in.Content} {
		*f = strings.TrimSpace(*f)
	}
	return in
}

const maxText = 2000 // characters

var (
	account    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$`)
	identifier = regexp.MustCompile(`(^|[^0-9])([0-9]{17}[0-9Xx]|1[3-9][0-9]{9})($|[^0-9])`)
)

// check finds every fault of the form.
func (in Input) check(g sharing.Grant, now time.Time) fault.Collector {
	var c fault.Collector
	for _, f := range []struct{ path, name, value, basis string }{
		{"scenario", "使用场景", in.Scenario, "CN-29.2"}, {"process", "使用过程", in.Process, "CN-29.2"},
		{"effect", "应用成效", in.Effect, "CN-29.2"}, {"storage", "存储情况", in.Storage, "CN-29.2"},
		{"destruction", "销毁情况", in.Destruction, "CN-29.2"}, {"content", "数据内容", in.Content, "CN-29.2"},
	} {
		c.Require(f.path, f.name, f.value, f.basis)
		if utf8.RuneCountInString(f.value) > maxText {
			c.Add(f.path, "too_long", f.name+"不得超过2000个字符", f.basis)
		}
		if identifier.MatchString(f.value) {
			c.Add(f.path, "personal_data", f.name+"不得写入身份证号、手机号等个人信息", "CN-37.1")
		}
	}
	for _, f := range []struct{ path, name, value string }{{"user", "使用人员账号", in.User}, {"approver", "批准人员账号", in.Approver}} {
		switch {
		case f.value == "":
			c.Require(f.path, f.name, f.value, "CN-29.2")
		case !account.MatchString(f.value):
			c.Add(f.path, "format", f.name+"应为账号(字母、数字和._@-),不填写姓名", "CN-29.2")
		case identifier.MatchString(f.value):
			c.Add(f.path, "personal_data", f.name+"不得使用身份证号、手机号", "CN-37.1")
		}
	}
	in.checkTime(&c, g, now)
	if _, ok := Ways[in.Way]; !ok {
		c.Add("way", "not_in_list", "获取方式应从规定的选项中选择", "CN-29.2")
	}
	if _, ok := Mediums[in.Medium]; !ok {
		c.Add("medium", "not_in_list", "介质类型应从规定的选项中选择", "CN-29.2")
	}
	return c
}

func (in Input) checkTime(c *fault.Collector, g sharing.Grant, now time.Time) {
	switch {
	case in.From.IsZero() || in.To.IsZero():
		c.Add("from", "required", "使用的起止时间为必填项", "CN-29.2")
	case in.To.Before(in.From):
		c.Add("to", "order", "结束时间不能早于开始时间", "CN-29.2")
	case in.To.After(now):
		c.Add("to", "future", "使用记录记载已经发生的使用", "CN-29.2")
	case in.From.Before(g.CreatedAt):
		c.Add("from", "before_grant", "使用时间不能早于授权时间", "CN-29.2")
	}
}
