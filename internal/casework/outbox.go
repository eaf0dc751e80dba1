package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// NoticeKind is the kind of outbox message that becomes notices.
const NoticeKind = "notice"

// noticePayload is the outbox message that becomes notices.
type noticePayload struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
	Clause  string `json:"clause"`
	Turns   []Turn `json:"turns"`
}

func (p noticePayload) message(caseID string, at time.Time) (Message, error) {
	return message(NoticeKind, caseID, at, p)
}

func message(kind, caseID string, at time.Time, payload any) (Message, error) {
	b, err := json.Marshal(payload)
	if err != nil {
		return Message{}, fmt.Errorf("%s message: %w", kind, err)
	}
	return Message{ID: ident.New(), Kind: kind, Case: caseID, Payload: b, At: at}, nil
}

// subject names a case in a notice.
func subject(number, title string) string {
	if title == "" {
		return number
	}
	return number + "《" + title + "》"
}

// notify puts the notices of a step in the outbox, for those whose turn it now is.
func (e *Engine) notify(ctx context.Context, proc *rulebook.Procedure, c *procedure.Case, act *procedure.Act, turns []Turn) error {
	told := slices.Clone(turns)
	for _, relation := range proc.Actions[act.Action].Notify {
		party, _ := rulebook.SplitRelation(relation)
		if department := c.Parties[party]; department != "" {
			told = append(told, Turn{Case: c.ID, Department: department, Relation: relation})
		}
	}
	if len(told) == 0 {
		return nil
	}
	about := subject(c.Number, c.Title)
	m, err := noticePayload{Subject: about, Clause: act.Clause, Turns: told,
		Text: about + "已“" + proc.Actions[act.Action].Name + "”," + proc.Stages[c.Stage].Name}.message(c.ID, act.At)
	if err != nil {
		return err
	}
	return e.Store.PutMessages(ctx, []Message{m})
}

// DeliverNotices handles messages of the outbox: notices go to the inboxes,
// other kinds to their handlers, all in the transaction that marks them as
// handled, so that a repeat does nothing. It reports how many it took. A
// handler that fails holds up nobody else's message: its own is put off, with
// pauses that grow, and the failure is reported.
func (e *Engine) DeliverNotices(ctx context.Context, limit int) (int, error) {
	kinds := append(slices.Sorted(maps.Keys(e.Handlers)), NoticeKind)
	taken := 0
	var failures []error
	err := e.Store.Do(ctx, func(ctx context.Context) error {
		failures = nil // the store may run this again
		now := e.Clock.Now()
		messages, err := e.Store.TakeMessages(ctx, kinds, now, limit)
		if err != nil {
			return err
		}
		taken = len(messages)
		if taken == 0 {
			return nil
		}
		var notices []Notice
		var handled []string
		for _, m := range messages {
			if m.Kind == NoticeKind {
				more, err := noticesOf(m)
				if err != nil {
					return err
				}
				notices = append(notices, more...)
			} else if err := e.Store.Do(ctx, func(ctx context.Context) error { return e.Handlers[m.Kind](ctx, m) }); err != nil {
				failures = append(failures, fmt.Errorf("%s message %s: %w", m.Kind, m.ID, err))
				if err := e.Store.PutOffMessage(ctx, m.ID, now); err != nil {
					return err
				}
				continue
			}
			handled = append(handled, m.ID)
		}
		if err := e.put(ctx, notices); err != nil {
			return err
		}
		return e.Store.MarkMessages(ctx, handled, now)
	})
	return taken, errors.Join(append(failures, err)...)
}

// put puts notices into the inboxes and hands them on to other channels.
func (e *Engine) put(ctx context.Context, notices []Notice) error {
	if len(notices) == 0 {
		return nil
	}
	if err := e.Store.PutNotices(ctx, notices); err != nil || e.Told == nil {
		return err
	}
	return e.Told(ctx, notices)
}

func noticesOf(m Message) ([]Notice, error) {
	var p noticePayload
	if err := json.Unmarshal(m.Payload, &p); err != nil {
		return nil, fmt.Errorf("notice message %s: %w", m.ID, err)
	}
	out := make([]Notice, 0, len(p.Turns))
	for _, t := range p.Turns {
		out = append(out, Notice{ID: ident.New(), Case: m.Case, Department: t.Department, Relation: t.Relation,
			Subject: p.Subject, Text: p.Text, Clause: p.Clause, Due: t.Due, At: m.At})
	}
	return out, nil
}
