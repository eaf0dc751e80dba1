package correction

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// RecipientsKind is the kind of outbox message that has the earlier recipients
// of a corrected record told.
const RecipientsKind = "correction_recipients"

// Told is the ledger kind of that telling: which departments, for which case.
const Told ledger.Kind = "correction_told"

// telling is the message's payload. It holds digests and codes, no values.
type telling struct {
	Case        string    `json:"case"`
	Resource    string    `json:"resource"`
	Consumer    string    `json:"consumer"` // who reported it
	Identifiers []string  `json:"identifiers"`
	Items       []string  `json:"items"`
	At          time.Time `json:"at"`
}

// tellRecipients posts the telling, so that it sees every call recorded up to
// the correction, and does not lengthen the provider's step.
func (s *Service) tellRecipients(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	rec, err := s.Store.RecordOfCase(ctx, c.ID)
	if err != nil {
		return err
	}
	identifiers, err := s.askedBy(ctx, c, rec)
	if err != nil {
		return err
	}
	return s.Cases.Post(ctx, RecipientsKind, c.ID, telling{Case: c.ID, Resource: c.Subject, Consumer: c.Parties["consumer"],
		Identifiers: identifiers, Items: correctedItems(rec, act.Fields), At: act.At})
}

// Handlers are the outbox handlers of this package.
func (s *Service) Handlers() map[string]casework.Handler {
	return map[string]casework.Handler{RecipientsKind: s.tell}
}

// tell brings the projection up to date and tells every department, other than
// the one that reported, that received the record, or may have. What it told is
// an entry of the ledger.
func (s *Service) tell(ctx context.Context, m casework.Message) error {
	var t telling
	if err := json.Unmarshal(m.Payload, &t); err != nil {
		return fmt.Errorf("%s message %s: %w", m.Kind, m.ID, err)
	}
	if err := s.catchUp(ctx); err != nil {
		return err
	}
	res, err := s.Resources.Resource(ctx, t.Resource)
	if err != nil {
		return err
	}
	v, err := s.Resources.Version(ctx, res.ID, res.Published)
	if err != nil {
		return err
	}
	found, err := s.Store.Accesses(ctx, t.Resource, append(slices.Clone(t.Identifiers), ""))
	if err != nil {
		return err
	}
	told := recipients(found, t.Consumer)
	if len(told) == 0 {
		return nil
	}
	var names []string
	for _, it := range v.Entry.Items {
		if slices.Contains(t.Items, it.Code) {
			names = append(names, it.Name)
		}
	}
	departments := map[string]string{}
	for _, a := range told {
		departments[a.Consumer] = a.Entry
		received := "贵部门曾查询这条记录"
		if a.Identifier == "" {
			received = "贵部门曾批量调取该目录的数据,其中可能有这条记录"
		}
		err := s.Cases.Tell(ctx, casework.Telling{
			Subject: "《" + v.Entry.Name + "》数据更正", Clause: "CN-26.2",
			Text: "《" + v.Entry.Name + "》中一条记录的数据项“" + strings.Join(names, "、") + "”经校核已更正。" + received +
				"(最近一次调用存证" + a.Entry + "),请重新核对并更新使用。",
			To: []casework.Turn{{Department: a.Consumer, Relation: "consumer.clerk"}, {Department: a.Consumer, Relation: "consumer.office_head"}},
		})
		if err != nil {
			return err
		}
	}
	_, err = s.Ledger.AppendIn(ctx, ledger.Entry{ID: ident.New(), Kind: Told, At: s.Clock.Now(), Facts: map[string]any{
		"case": t.Case, "resource": t.Resource, "departments": departments, "basis": "CN-26.2"}})
	return err
}

// recipients gives one line for each department: a call about the record before
// one that may have held it, the latest first.
func recipients(found []Access, except string) []Access {
	best := map[string]Access{}
	for _, a := range found {
		b, have := best[a.Consumer]
		exact, had := a.Identifier != "", b.Identifier != ""
		if a.Consumer != except && (!have || exact && !had || exact == had && a.Index > b.Index) {
			best[a.Consumer] = a
		}
	}
	out := make([]Access, 0, len(best))
	for _, c := range slices.Sorted(maps.Keys(best)) {
		out = append(out, best[c])
	}
	return out
}

// maxBehind bounds how many entries one telling reads to catch up; beyond it
// the message waits for the job that projects.
const maxBehind = 20_000

func (s *Service) catchUp(ctx context.Context) error {
	head, err := s.Entries.ReadHead(ctx)
	if err != nil {
		return err
	}
	next, err := s.Store.NextIndex(ctx)
	if err != nil {
		return err
	}
	if head.Size > next && head.Size-next > maxBehind {
		return fault.New(fault.Unavailable, "projection_behind", "调用记录的索引尚未跟上,稍后再通知")
	}
	for next < head.Size {
		if _, err := s.Project(ctx, projectBatch); err != nil {
			return err
		}
		if next, err = s.Store.NextIndex(ctx); err != nil {
			return err
		}
	}
	return nil
}
