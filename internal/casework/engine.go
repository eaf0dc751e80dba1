package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Directory is what the engine asks about departments and people.
type Directory interface {
	SameLevelAuthority(ctx context.Context, department string) (string, error)
	CommonSuperiorAuthority(ctx context.Context, a, b string) (string, error)
	SuperiorAuthority(ctx context.Context, department string) (string, error)
	DepartmentName(ctx context.Context, id string) (string, error)
	PersonName(ctx context.Context, id string) (string, error)
	// RecordName names a system or department that a case's facts refer to;
	// "" when the ID is of neither.
	RecordName(ctx context.Context, id string) (string, error)
}

// Prepare fills a new case from its subject: the other parties, the region,
// the title and the facts its clocks go by.
type Prepare func(ctx context.Context, p org.Principal, c *procedure.Case) error

// Check refuses a step, or lets it pass. It changes nothing.
type Check func(ctx context.Context, c *procedure.Case, step procedure.Step) error

// Effect carries out what a step causes, in the step's transaction. It may add
// to act.Results what it did; that is kept with the act.
type Effect func(ctx context.Context, c *procedure.Case, act *procedure.Act) error

// Hooks are the Go functions that rulebooks name.
type Hooks struct {
	Prepares map[string]Prepare
	Checks   map[string]Check
	Effects  map[string]Effect
}

// Merge adds the hooks of another package; a name given twice is a programming
// error and panics at start-up.
func (h *Hooks) Merge(other Hooks) {
	merge(&h.Prepares, other.Prepares)
	merge(&h.Checks, other.Checks)
	merge(&h.Effects, other.Effects)
}

func merge[F any](into *map[string]F, from map[string]F) {
	if *into == nil {
		*into = map[string]F{}
	}
	for name, f := range from {
		if _, twice := (*into)[name]; twice {
			panic("casework: hook " + name + " is registered twice")
		}
		(*into)[name] = f
	}
}

// Verify checks that every hook the rulebook names exists. The node does not
// start with a rulebook that names an unknown one.
func (h *Hooks) Verify(b *rulebook.Rulebook) error {
	var missing []string
	for id, p := range b.Procedures {
		if _, ok := h.Prepares[p.Prepare]; !ok && p.Prepare != "" {
			missing = append(missing, id+": prepare "+p.Prepare)
		}
		for _, a := range p.Actions {
			for _, name := range a.Checks {
				if _, ok := h.Checks[name]; !ok {
					missing = append(missing, id+"."+a.ID+": check "+name)
				}
			}
			for _, name := range a.Effects {
				if _, ok := h.Effects[name]; !ok {
					missing = append(missing, id+"."+a.ID+": effect "+name)
				}
			}
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return fmt.Errorf("rulebook %s names unknown hooks: %s", b.Instrument.Code, strings.Join(missing, "; "))
	}
	return nil
}

// Engine runs cases. It is safe for concurrent use.
type Engine struct {
	Store    Store
	Rules    Rules
	Calendar procedure.Calendar
	Left     TimeLeft
	Dir      Directory
	Ledger   Ledger
	Hooks    Hooks
	Clock    clock.Clock
	// Remind says when owners are reminded of their deadlines.
	Remind Reminders
	// Handlers handle outbox messages by kind, beside notices. A kind without
	// one waits in the outbox until there is one.
	Handlers map[string]Handler
	// Settle is called before the transaction of a step: when it has returned,
	// the ledger's tree holds every call recorded before. A correction, say,
	// must see whom its record went to. May be nil.
	Settle func(ctx context.Context) error
	// Told is called with new notices in the transaction that puts them into
	// the inboxes: to send them by other channels. May be nil.
	Told func(ctx context.Context, n []Notice) error
}

// TimeLeft counts the working days from now to a due date: negative when it
// is past.
type TimeLeft func(now time.Time, due procedure.DueDate) int

// Take takes one step on a case.
func (e *Engine) Take(ctx context.Context, p org.Principal, caseID string, req TakeRequest) (View, error) {
	if err := e.settle(ctx); err != nil {
		return View{}, err
	}
	err := e.Store.Do(ctx, func(ctx context.Context) error {
		// Before asking for the time: see ClockStore.
		if err := e.Store.HoldClocks(ctx, caseID); err != nil {
			return err
		}
		c, err := e.visible(ctx, p, caseID)
		if err != nil {
			return err
		}
		step := e.step(&c, p, req.Action, req.Fields, e.Clock.Now())
		step.Expect = req.Expect
		return e.take(ctx, &c, step)
	})
	if err != nil {
		return View{}, e.explain(ctx, caseID, err)
	}
	return e.View(ctx, p, caseID)
}

func (e *Engine) settle(ctx context.Context) error {
	if e.Settle == nil {
		return nil
	}
	return e.Settle(ctx)
}

// TakeAsPlatform takes a step that the platform itself observed.
func (e *Engine) TakeAsPlatform(ctx context.Context, caseID, action string, fields map[string]any) error {
	return e.Store.Do(ctx, func(ctx context.Context) error {
		if err := e.Store.HoldClocks(ctx, caseID); err != nil {
			return err
		}
		c, err := e.Store.Case(ctx, caseID)
		if err != nil {
			return err
		}
		return e.take(ctx, &c, procedure.Step{Action: action, At: e.Clock.Now(), Fields: fields,
			Actor: procedure.Actor{Relations: []string{rulebook.Platform}}})
	})
}

func (e *Engine) step(c *procedure.Case, p org.Principal, action string, fields map[string]any, at time.Time) procedure.Step {
	return procedure.Step{Action: action, At: at, Fields: fields, Actor: procedure.Actor{
		Person: p.Person.ID, Department: p.Department.ID, Relations: Relations(c, p)}}
}

// take is the one way a case moves: kernel, checks, effects, then state, act,
// ledger entry and outbox in the running transaction. A new case has version 0.
func (e *Engine) take(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	rules, err := e.rulesFor(c, step)
	if err != nil {
		return err
	}
	next, act, err := procedure.Apply(rules, e.Calendar, c, step)
	if err != nil {
		return err
	}
	proc, err := rules.Procedure(c.Procedure)
	if err != nil {
		return err
	}
	a := proc.Actions[act.Action]
	for _, name := range a.Checks {
		checked := step
		checked.Fields = act.Fields
		if err := e.Hooks.Checks[name](ctx, next, checked); err != nil {
			return err
		}
	}
	turns, clocks := Turns(proc, next), e.deadlines(proc, next, step.At)
	if c.Version == 0 {
		err = e.Store.InsertCase(ctx, *next, turns, clocks)
	} else if err = e.missed(ctx, c, step.At); err == nil {
		err = e.Store.UpdateCase(ctx, *next, c.Version, turns, clocks)
	}
	if err != nil {
		return err
	}
	for _, name := range a.Effects {
		if err := e.Hooks.Effects[name](ctx, next, act); err != nil {
			return err
		}
	}
	if err := e.Store.AppendAct(ctx, *act); err != nil {
		return err
	}
	if err := e.notify(ctx, proc, next, act, turns); err != nil {
		return err
	}
	entry, err := actEntry(act)
	if err != nil {
		return err
	}
	// Last: it locks the head of the log until the transaction ends.
	_, err = e.Ledger.AppendIn(ctx, entry)
	return err
}

// rulesFor gives the rules the case was received under; the step with which it
// counts as received takes those in force on that day.
func (e *Engine) rulesFor(c *procedure.Case, step procedure.Step) (*rulebook.Rules, error) {
	rules, err := e.Rules.ByKey(c.RulesKey)
	if err != nil {
		return nil, err
	}
	proc, err := rules.Procedure(c.Procedure)
	if err != nil {
		return nil, err
	}
	if a, ok := proc.Actions[step.Action]; ok && a.Receives {
		return e.Rules.InForce(c.Region, step.At)
	}
	return rules, nil
}

// ActFacts is what the ledger holds of an act. Text and names stay in the
// case; the digest proves them.
type ActFacts struct {
	Case       string `json:"case"`
	Procedure  string `json:"procedure"`
	Action     string `json:"action"`
	Version    int    `json:"version"`
	Clause     string `json:"clause"`
	From       string `json:"from,omitempty"`
	To         string `json:"to"`
	Department string `json:"department,omitempty"`
	Person     string `json:"person,omitempty"` // account ID, never a name
	Relation   string `json:"relation"`
	Rules      string `json:"rules"`
	Digest     string `json:"act_sha256"` // of the whole act as JSON
}

func actEntry(a *procedure.Act) (ledger.Entry, error) {
	digest, err := ActDigest(*a)
	if err != nil {
		return ledger.Entry{}, err
	}
	return ledger.Entry{ID: a.ID, Kind: ledger.Act, At: a.At, Facts: ActFacts{
		Case: a.Case, Procedure: a.Procedure, Action: a.Action, Version: a.Version, Clause: a.Clause,
		From: a.From, To: a.To, Department: a.Department, Person: a.Person, Relation: a.Relation,
		Rules: a.RulesKey, Digest: digest,
	}}, nil
}

// ActDigest is the SHA-256 of an act as canonical JSON, hex. The act's random
// ID keeps short field values from being guessed from the digest.
func ActDigest(a procedure.Act) (string, error) {
	a.At = a.At.UTC()
	b, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("digest of act %s: %w", a.ID, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// explain adds to a lost race who did what, so that the loser need not guess.
func (e *Engine) explain(ctx context.Context, caseID string, err error) error {
	f, ok := fault.As(err)
	if !ok || f.Code != "changed_meanwhile" && f.Code != "step_not_allowed" && f.Code != "case_closed" {
		return err
	}
	acts, listErr := e.Store.Acts(ctx, caseID)
	if listErr != nil || len(acts) == 0 {
		return err
	}
	last := acts[len(acts)-1]
	name := last.Action
	if rules, err := e.Rules.ByKey(last.RulesKey); err == nil {
		if proc, err := rules.Procedure(last.Procedure); err == nil {
			name = proc.Actions[last.Action].Name
		}
	}
	department, _ := e.Dir.DepartmentName(ctx, last.Department)
	return f.With("last_action", last.Action).With("last_action_name", name).
		With("last_department", department).With("last_at", last.At)
}
