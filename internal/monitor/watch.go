package monitor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
)

// keepHours is how long the hourly rows are kept: what the longest rule looks
// back on, and the working hours before it.
const keepHours = (maxWeeks + 1) * week

// Tick stores and judges what was observed since the last one; a job calls it
// once a second. What cannot be stored is kept for the next. A second Tick at
// the same time does nothing.
func (s *Service) Tick(ctx context.Context) (more bool, err error) {
	select {
	case <-s.ticking:
		defer func() { s.ticking <- struct{}{} }()
	default:
		return false, nil
	}
	now := s.Clock.Now()
	batch := s.drain(now)
	whole, err := s.keep(ctx, batch)
	if err != nil {
		for _, d := range batch {
			d.putBack()
		}
		return false, fmt.Errorf("monitoring: keep hours: %w", err)
	}
	var errs []error
	for _, d := range batch {
		if err := s.judge(ctx, d, whole[d.who.Grant], now); err != nil {
			d.again()
			errs = append(errs, err)
		}
	}
	if now.Sub(s.forgot) >= 24*time.Hour {
		s.forgot = now
		_, err := s.Store.ForgetHours(ctx, now.Add(-keepHours))
		errs = append(errs, err)
	}
	return false, errors.Join(errs...)
}

// keep adds the hours of a batch and gives the last one of each grant whole.
func (s *Service) keep(ctx context.Context, batch []drained) (map[string]Hour, error) {
	var add []Hour
	for _, d := range batch {
		add = append(add, d.hours...)
	}
	if len(add) == 0 {
		return nil, nil
	}
	whole, err := s.Store.AddHours(ctx, add)
	last := map[string]Hour{}
	for _, h := range whole {
		if h.Start.After(last[h.Grant].Start) {
			last[h.Grant] = h
		}
	}
	return last, err
}

// judge asks every rule about one grant.
func (s *Service) judge(ctx context.Context, d drained, hour Hour, now time.Time) error {
	var errs []error
	tell := func(f finding, spoke bool) {
		if !spoke {
			return
		}
		if _, err := s.raise(ctx, d.who, f, "", now); err != nil {
			errs = append(errs, fmt.Errorf("monitoring: raise %s: %w", f.kind, err))
			return
		}
		d.forget(f.kind)
	}
	if r, ok := s.Rules.Of(Sequential); ok {
		tell(sequential(r, d.ring, now))
	}
	if r, ok := s.Rules.Of(Misses); ok {
		tell(misses(r, d.ring, now))
	}
	if r, ok := s.Rules.Of(Refused); ok {
		tell(refused(r, d.refusals, now))
	}
	if hour.Grant != "" {
		if err := s.judgeHour(ctx, d, hour, tell); err != nil {
			errs = append(errs, err)
		}
	}
	for i, a := range d.fresh {
		if err := s.meet(ctx, d.who, a, now); err != nil {
			d.t.mu.Lock()
			d.t.fresh = append(d.t.fresh, d.fresh[i:]...)
			d.t.mu.Unlock()
			return errors.Join(append(errs, err)...)
		}
	}
	return errors.Join(errs...)
}

// judgeHour compares an hour with the grant's past, which is read at most once
// an hour and only when there is something to compare.
func (s *Service) judgeHour(ctx context.Context, d drained, h Hour, tell func(finding, bool)) error {
	v, watched := s.Rules.Of(Volume)
	o, offWatched := s.Rules.Of(OffHours)
	high := watched && h.Calls > v.Calls
	off := offWatched && outside(o, s.Calendar(), h.Start)
	if !high && !off {
		return nil
	}
	if !d.t.pastHour.Equal(h.Start) {
		past, err := s.Store.Hours(ctx, h.Grant, h.Start.Add(-keepHours), h.Start)
		if err != nil {
			return fmt.Errorf("monitoring: read hours: %w", err)
		}
		d.t.past, d.t.pastHour = judgePast(s.Rules, s.Calendar(), h.Start, past), h.Start
	}
	if high {
		tell(volume(v, d.t.past, h))
	}
	if off {
		tell(offHours(o, s.Calendar(), d.t.past, h))
	}
	return nil
}

// meet keeps a network of a system, and tells when it is new to one that has
// been known for the learning time.
func (s *Service) meet(ctx context.Context, who subject, a address, now time.Time) error {
	r, ok := s.Rules.Of(NewAddress)
	if !ok || s.known[a] {
		return nil
	}
	err := s.Store.Do(ctx, func(ctx context.Context) error {
		fresh, first, err := s.Store.InsertAddress(ctx, a.system, a.network, now)
		if err != nil || !fresh || first.IsZero() || now.Sub(first) < time.Duration(r.Days)*24*time.Hour {
			return err
		}
		who.System = a.system
		_, err = s.raise(ctx, who, finding{NewAddress, map[string]any{"network": a.network, "known_since": stamp(first)}}, a.system+":"+a.network, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("monitoring: new address: %w", err)
	}
	if len(s.known) >= maxTallies {
		clear(s.known)
	}
	s.known[a] = true
	return nil
}

// raise keeps a signal with its measure, tells those concerned and enters it in
// the ledger, all in one transaction, once for each window however many
// replicas see it. about, where given, takes the place of subject and window.
func (s *Service) raise(ctx context.Context, who subject, f finding, about string, now time.Time) (raised bool, err error) {
	r, _ := s.Rules.Of(f.kind)
	if about == "" {
		about = who.id() + ":" + now.Truncate(r.Window.Std()).UTC().Format("20060102T1504")
	}
	err = s.Store.Do(ctx, func(ctx context.Context) error {
		raised = false
		if r.Quiet > 0 {
			if quiet, err := s.Store.Dismissed(ctx, f.kind, who.Grant, who.System, now.Add(-r.Quiet.Std())); err != nil || quiet {
				return err
			}
		}
		sig := Signal{ID: ident.New(), Key: string(f.kind) + ":" + about, Kind: f.kind, Name: r.Name, Grant: who.Grant, System: who.System,
			Resource: who.Resource, Consumer: who.Consumer, Provider: who.Provider, Facts: f.facts, Clause: r.Clause, At: now,
			Measure: r.Measure, State: Open}
		if sig.Measure == Slow && who.Grant == "" {
			sig.Measure = SignalOnly // there is no rate of a system
		}
		cut, does := measureOf(r, sig)
		if does {
			sig.Cutoff = cut.ID
		}
		var err error
		if raised, err = s.Store.InsertSignal(ctx, sig); err != nil || !raised {
			return err
		}
		if does {
			if err := s.Store.InsertCutoff(ctx, cut); err != nil {
				return err
			}
		}
		if err := s.tellSignal(ctx, sig, cut); err != nil {
			return err
		}
		entries := entriesOf(sig, cut, does)
		_, err = s.Ledger.AppendIn(ctx, entries...)
		return err
	})
	return raised, err
}

func (w subject) id() string {
	if w.Grant != "" {
		return w.Grant
	}
	return w.System
}

// measureOf makes the measure that a rule asks for.
func measureOf(r Rule, sig Signal) (Cutoff, bool) {
	if sig.Measure == SignalOnly {
		return Cutoff{}, false
	}
	c := Cutoff{ID: ident.New(), Target: Grant, TargetID: sig.Grant, Measure: sig.Measure, Side: ByPlatform, Signal: sig.ID,
		Consumer: sig.Consumer, Provider: sig.Provider, Clause: r.Clause, Reason: r.Name, At: sig.At}
	if sig.Grant == "" {
		c.Target, c.TargetID = System, sig.System
	}
	if sig.Measure == Slow {
		c.Rate = r.Rate
	}
	if r.For > 0 {
		until := sig.At.Add(r.For.Std())
		c.Until = &until
	}
	return c, true
}

// none tells whether err says that there is no such thing.
func none(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.NotFound
}
