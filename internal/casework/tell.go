package casework

import "context"

// Telling is a notice that no step of a case gives by itself: to departments
// that are not its parties, for instance. Its text must not hold personal data.
type Telling struct {
	Case    string // "": those told may not see the case
	Subject string // what it is about, in a few words
	Text    string // Chinese
	Clause  string
	To      []Turn // Department and Relation; Due where there is one
}

// Tell puts a notice in the outbox, in the running transaction if there is one.
func (e *Engine) Tell(ctx context.Context, t Telling) error {
	if len(t.To) == 0 {
		return nil
	}
	m, err := noticePayload{Subject: t.Subject, Text: t.Text, Clause: t.Clause, Turns: t.To}.message(t.Case, e.Clock.Now())
	if err != nil {
		return err
	}
	return e.Store.PutMessages(ctx, []Message{m})
}

// Post puts a message for a handler in the outbox, in the running transaction
// if there is one: what must happen once, after this transaction.
func (e *Engine) Post(ctx context.Context, kind, caseID string, payload any) error {
	m, err := message(kind, caseID, e.Clock.Now(), payload)
	if err != nil {
		return err
	}
	return e.Store.PutMessages(ctx, []Message{m})
}
