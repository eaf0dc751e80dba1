package complaint

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Bounds of a complaint, in characters.
const (
	minText = 5
	maxText = 5000
	maxName = 100
)

// Lodging is a complaint as it comes in.
type Lodging struct {
	Kind    string
	About   string // department complained of; may be empty
	Handler string // department chosen to handle it; empty: About's authority
	Content
}

// Lodged is what the complainant gets, once.
type Lodged struct {
	Number  string
	Code    string // secret; needed to follow the complaint
	Handler org.Department
}

var zone = time.FixedZone("Asia/Shanghai", 8*3600)

// Lodge seals the complaint and opens its case at the department that handles
// it. Faults name all faulty members at once.
func (s *Service) Lodge(ctx context.Context, l Lodging) (Lodged, error) {
	var out Lodged
	handler, err := s.check(ctx, &l)
	if err != nil {
		return out, err
	}
	code := newCode()
	plain, err := json.Marshal(l.Content)
	if err != nil {
		return out, err
	}
	err = s.Store.Do(ctx, func(ctx context.Context) error {
		now := s.Clock.Now()
		year := now.In(zone).Year()
		n, err := s.Store.NextNumber(ctx, fmt.Sprintf("complaint-%d", year))
		if err != nil {
			return err
		}
		c := Complaint{ID: ident.New(), Number: fmt.Sprintf("TS-%d-%06d", year, n), CodeHash: hash(code), Handler: handler.ID,
			Handlers: []string{handler.ID}, Kind: l.Kind, Sealed: s.Sealer.Seal(plain), Version: 1, CreatedAt: now}
		if err := s.Store.InsertComplaint(ctx, c); err != nil {
			return err
		}
		fields := map[string]any{"complaint": c.ID, "kind": l.Kind}
		if l.About != "" {
			fields["about"] = l.About
		}
		c.Case, err = s.Cases.OpenAsAnyone(ctx, handler.Region, casework.OpenRequest{Procedure: Procedure, Action: "lodge",
			Subject: c.ID, Title: c.Number, Parties: map[string]string{"handler": handler.ID}, Fields: fields})
		if err != nil {
			return err
		}
		out = Lodged{Number: c.Number, Code: code, Handler: handler}
		return s.Store.UpdateComplaint(ctx, c)
	})
	if err != nil {
		return Lodged{}, err
	}
	return out, nil
}

func (s *Service) check(ctx context.Context, l *Lodging) (org.Department, error) {
	var bad fault.Collector
	l.Text, l.Name, l.Contact = strings.TrimSpace(l.Text), strings.TrimSpace(l.Name), strings.TrimSpace(l.Contact)
	for _, x := range []struct {
		path, name, value string
		min, max          int
	}{{"text", "投诉举报内容", l.Text, minText, maxText}, {"name", "姓名或者名称", l.Name, 0, maxName}, {"contact", "联系方式", l.Contact, 0, maxName}} {
		n := utf8.RuneCountInString(x.value)
		switch {
		case !utf8.ValidString(x.value) || strings.ContainsFunc(x.value, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }):
			bad.Add(x.path, "characters", x.name+"含有不能使用的字符", "CN-37.2")
		case n < x.min:
			bad.Add(x.path, "too_short", fmt.Sprintf("%s应当写清楚,至少%d个字", x.name, x.min), "CN-37.2")
		case n > x.max:
			bad.Add(x.path, "too_long", fmt.Sprintf("%s不得超过%d个字", x.name, x.max), "CN-37.2")
		}
	}
	handler, err := s.handler(ctx, &bad, *l)
	if err != nil {
		return org.Department{}, err
	}
	if err := s.checkKind(&bad, l.Kind, handler.Region); err != nil {
		return org.Department{}, err
	}
	return handler, bad.Err("complaint_invalid", "投诉举报内容有误,请一并更正", "")
}

// checkKind compares with the options that the rulebook gives.
func (s *Service) checkKind(bad *fault.Collector, kind, region string) error {
	if region == "" {
		region = nation
	}
	rules, err := s.Rules.InForce(region, s.Clock.Now())
	if err != nil {
		return err
	}
	proc, err := rules.Procedure(Procedure)
	if err != nil {
		return err
	}
	if _, ok := proc.Fields["kind"].Options[kind]; !ok {
		bad.Add("kind", "not_in_list", "应从规定的类别中选择反映的问题", "CN-37.2")
	}
	return nil
}

// nation is the region whose rules say what kinds there are when it is not
// clear yet who handles the complaint.
const nation = "100000"

// handler decides who handles a complaint: the department that was chosen, but
// not the one complained of; else that one's authority, or the authority above
// when the complaint is about an authority itself.
func (s *Service) handler(ctx context.Context, bad *fault.Collector, l Lodging) (org.Department, error) {
	about, err := s.known(ctx, bad, "about", l.About)
	if err != nil {
		return org.Department{}, err
	}
	chosen, err := s.known(ctx, bad, "handler", l.Handler)
	if err != nil || l.Handler != "" {
		if l.Handler != "" && l.Handler == l.About {
			bad.Add("handler", "same_department", "被反映的部门不能自己处理,可以不选,由其主管部门处理", "CN-37.2")
		}
		return chosen, err
	}
	if about.ID == "" {
		if l.About == "" {
			bad.Add("about", "required", "应当写明被反映的部门,或者选择处理的部门", "CN-37.2")
		}
		return org.Department{}, nil
	}
	id, err := s.Directory.SameLevelAuthority(ctx, about.ID)
	if err == nil && id == about.ID {
		id, err = s.Directory.SuperiorAuthority(ctx, about.ID)
	}
	if err != nil {
		return org.Department{}, err
	}
	if id == about.ID { // nobody is above it, and nobody handles a complaint about itself
		bad.Add("handler", "required", "被反映的部门没有上级主管部门,请选择处理的部门", "CN-37.2")
		return org.Department{}, nil
	}
	return s.Directory.Department(ctx, id)
}

func (s *Service) known(ctx context.Context, bad *fault.Collector, path, id string) (org.Department, error) {
	if id == "" {
		return org.Department{}, nil
	}
	d, err := org.Department{}, error(fault.Missing("部门", id))
	if ident.Valid(id) {
		d, err = s.Directory.Department(ctx, id)
	}
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		bad.Add(path, "not_found", "没有这个部门", "CN-37.2")
		return org.Department{}, nil
	}
	return d, err
}

// newCode makes the secret: 128 random bits in letters that are not mistaken
// for each other, in groups of five.
func newCode() string {
	raw := make([]byte, 16)
	rand.Read(raw) // never fails
	text := codeLetters.EncodeToString(raw)
	var groups []string
	for len(text) > 5 {
		groups, text = append(groups, text[:5]), text[5:]
	}
	return strings.Join(append(groups, text), "-")
}

var codeLetters = base32.NewEncoding("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").WithPadding(base32.NoPadding)

// hash digests a code as it is kept. A fast digest will do: the code is random,
// not chosen by a person. Small letters and missing hyphens are forgiven.
func hash(code string) []byte {
	code = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code))
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}

// open proves the complainant. A number that does not exist and a code that is
// wrong are the same refusal.
func (s *Service) open(ctx context.Context, number, code string) (Complaint, error) {
	c, err := s.Store.ComplaintByNumber(ctx, number)
	f, ok := fault.As(err)
	if ok && f.Kind == fault.NotFound {
		c.CodeHash = make([]byte, sha256.Size) // compare all the same
		err = nil
	}
	if err != nil {
		return Complaint{}, err
	}
	if subtle.ConstantTimeCompare(hash(code), c.CodeHash) != 1 || c.ID == "" {
		return Complaint{}, fault.New(fault.NotFound, "complaint_not_found", "没有这件投诉举报,或者查询码不对").Under("CN-37.2")
	}
	return c, nil
}
