package sharing

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"time"

	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// ChangeKind says what happened to a grant.
type ChangeKind string

// What may happen to a grant.
const (
	Issued        ChangeKind = "issued"         // agreed to (CN-20.3)
	Delivered     ChangeKind = "delivered"      // first used (CN-22)
	WasSuspended  ChangeKind = "suspended"      // one of the three flags set (CN-27.2)
	WasRestored   ChangeKind = "restored"       // that flag lifted (CN-27.2)
	Ended         ChangeKind = "terminated"     // not rectified (CN-27.2), negotiated (CN-27.3) or by the consumer
	ServiceChange ChangeKind = "service_change" // changed by the provider after negotiation and filing (CN-27.3)
	Widened       ChangeKind = "widened"        // more items, rows or purposes (CN-25.1)
	ThirdPartyOK  ChangeKind = "third_party"    // passing on to a third party agreed to (CN-25.1)
	Altered       ChangeKind = "altered"        // renewed, or changed within what was granted (CN-20.2)
	Closed        ChangeKind = "closed"         // disposed of (CN-27.1)
)

var changeNames = map[ChangeKind]string{
	Issued: "授权", Delivered: "首次使用", WasSuspended: "暂停", WasRestored: "解除暂停", Ended: "终止", ServiceChange: "变更服务",
	Widened: "扩大范围或者增加用途", ThirdPartyOK: "同意提供给第三方", Altered: "续期或者变更", Closed: "处置完毕,关闭",
}

// Name is the kind in Chinese.
func (k ChangeKind) Name() string { return changeNames[k] }

// Delta is one property of a grant before and after a change, as JSON.
type Delta struct {
	From any `json:"from"`
	To   any `json:"to"`
}

// GrantChange is one line of a grant's history: append-only.
type GrantChange struct {
	ID         string
	Grant      string
	Version    int // of the grant after the change
	Case       string
	Act        string // the act that caused it; the ledger proves that one
	Kind       ChangeKind
	Clause     string
	Department string // who acted; empty: the platform
	Changed    map[string]Delta
	At         time.Time
}

// ThirdParty is the provider's consent to pass data on (CN-25.1): append-only.
type ThirdParty struct {
	ID    string
	Grant string
	Case  string
	Name  string
	USCC  string // empty for those who have none
	Items []string
	Use   string
	Until time.Time // exclusive
	At    time.Time
}

// HistoryStore keeps what happened to grants.
type HistoryStore interface {
	HoldStore
	InsertGrantChange(ctx context.Context, c GrantChange) error // unique (grant, version)
	GrantChanges(ctx context.Context, grant string) ([]GrantChange, error)
	InsertThirdParty(ctx context.Context, t ThirdParty) error
	ThirdParties(ctx context.Context, grant string) ([]ThirdParty, error)
}

// change is the one way an effect alters the grant its case is about: the
// grant as read in this transaction, compared and set, with a line of history.
// The function replaces lists; it does not write into them.
func (s *Service) change(ctx context.Context, c *procedure.Case, act *procedure.Act, kind ChangeKind, alter func(g *Grant) error) error {
	before, err := s.store.Grant(ctx, c.Subject)
	if err != nil {
		return err
	}
	after := before
	if err := alter(&after); err != nil {
		return err
	}
	act.Results["grant"] = before.ID
	return s.keep(ctx, c, act, kind, before, after)
}

func (s *Service) keep(ctx context.Context, c *procedure.Case, act *procedure.Act, kind ChangeKind, before, after Grant) error {
	after.Version = before.Version // the version read: whoever was faster wins
	if err := s.store.UpdateGrant(ctx, after); err != nil {
		return err
	}
	return s.remember(ctx, c, act, kind, before, after, nil)
}

func (s *Service) remember(ctx context.Context, c *procedure.Case, act *procedure.Act, kind ChangeKind, before, after Grant, more map[string]Delta) error {
	changed := differences(before, after)
	maps.Copy(changed, more)
	return s.store.InsertGrantChange(ctx, GrantChange{
		ID: ident.New(), Grant: before.ID, Version: before.Version + 1, Case: c.ID, Act: act.ID, Kind: kind, Clause: act.Clause,
		Department: act.Department, Changed: changed, At: act.At,
	})
}

// differences lists the properties that differ, by their names in the API.
func differences(a, b Grant) map[string]Delta {
	out := map[string]Delta{}
	note := func(name string, from, to any) {
		x, _ := json.Marshal(from) // strings, numbers, flags and lists of them
		y, _ := json.Marshal(to)
		if !bytes.Equal(x, y) {
			out[name] = Delta{From: from, To: to}
		}
	}
	note("systems", list(a.Systems), list(b.Systems))
	note("items", list(a.Items), list(b.Items))
	note("clear", list(a.Clear), list(b.Clear))
	note("rows", conditionList(a), conditionList(b))
	note("purpose", a.Purpose, b.Purpose)
	note("more_purposes", list(a.MorePurposes), list(b.MorePurposes))
	note("scenario", a.Scenario, b.Scenario)
	note("mode", a.Mode, b.Mode)
	note("method", a.Method, b.Method)
	note("not_before", instant(&a.NotBefore), instant(&b.NotBefore))
	note("not_after", instant(&a.NotAfter), instant(&b.NotAfter))
	note("rate_per_second", a.RatePerSecond, b.RatePerSecond)
	note("daily_calls", a.DailyCalls, b.DailyCalls)
	note("suspended_consumer", a.SuspendedConsumer, b.SuspendedConsumer)
	note("suspended_provider", a.SuspendedProvider, b.SuspendedProvider)
	note("suspended_authority", a.SuspendedAuthority, b.SuspendedAuthority)
	note("terminated_at", instant(a.TerminatedAt), instant(b.TerminatedAt))
	note("delivered_at", instant(a.DeliveredAt), instant(b.DeliveredAt))
	note("disposed_at", instant(a.DisposedAt), instant(b.DisposedAt))
	return out
}

func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// conditionList writes the row scope as the API does.
func conditionList(g Grant) []map[string]any {
	out := []map[string]any{}
	for _, c := range g.Rows {
		out = append(out, map[string]any{"item": c.Item, "op": c.Op, "values": c.Values})
	}
	return out
}

// instant is nil for none, so that JSON says null.
func instant(t *time.Time) any {
	if t == nil || t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// History gives what happened to a grant, the first first, to those who may
// read the grant.
func (s *Service) History(ctx context.Context, p org.Principal, id string) ([]GrantChange, error) {
	if _, err := s.Grant(ctx, p, id); err != nil {
		return nil, err
	}
	return s.store.GrantChanges(ctx, id)
}

// ThirdParties gives the consents to pass data of a grant on.
func (s *Service) ThirdParties(ctx context.Context, p org.Principal, id string) ([]ThirdParty, error) {
	if _, err := s.Grant(ctx, p, id); err != nil {
		return nil, err
	}
	return s.store.ThirdParties(ctx, id)
}
