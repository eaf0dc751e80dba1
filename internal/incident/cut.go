package incident

import (
	"context"
	"slices"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// asAuthority tells whether the actor may also act as the authority.
func asAuthority(c *procedure.Case, actor procedure.Actor) bool {
	return actor.Department == c.Parties["reporter.authority"] && slices.Contains(actor.Relations, "reporter.authority")
}

// sideOfGrant says by which right a department cuts off a grant: a side its own
// flag, else an authority that of the authority within its territory; "": by
// none.
func (s *Service) sideOfGrant(ctx context.Context, g sharing.Grant, department string, authority bool) (Side, error) {
	switch department {
	case g.Provider:
		return Provider, nil
	case g.Consumer:
		return Consumer, nil
	}
	if authority {
		for _, id := range []string{g.Consumer, g.Provider} {
			if inside, err := s.inTerritory(ctx, department, id); err != nil || inside {
				return Authority, err
			}
		}
	}
	return "", nil
}

func (s *Service) inTerritory(ctx context.Context, authority, department string) (bool, error) {
	territory, err := s.Org.TerritoryOf(ctx, authority)
	if err != nil || territory == "" {
		return false, err
	}
	d, err := s.Org.Department(ctx, department)
	return err == nil && rulebook.Covers(territory, d.Region), err
}

// sideOfSystem is sideOfGrant for systems.
func (s *Service) sideOfSystem(ctx context.Context, owner, department string, authority bool) (Side, error) {
	if owner == department {
		return Owner, nil
	}
	if authority {
		if inside, err := s.inTerritory(ctx, department, owner); err != nil || inside {
			return Authority, err
		}
	}
	return "", nil
}

// mayCut: everything named can be cut off by this actor. The report of an
// incident may name nothing; cutting off names something.
func (s *Service) mayCut(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	var bad fault.Collector
	if step.Action == "cut" && step.Fields["cut_grants"] == nil && step.Fields["cut_systems"] == nil {
		bad.Add("fields.cut_grants", "required", "应当写明暂停的授权或者停用的系统", "CN-35.3")
	}
	authority := asAuthority(c, step.Actor)
	for _, id := range procedure.Texts(step.Fields["cut_grants"]) {
		g, err := s.Grants.Grant(ctx, id)
		side := Side("")
		if err == nil {
			side, err = s.sideOfGrant(ctx, g, step.Actor.Department, authority)
		}
		if err := note(err, side != "", func() {
			bad.Add("fields.cut_grants", "not_found", "没有本部门可以暂停的这项授权", "CN-35.3")
		}); err != nil {
			return err
		}
	}
	for _, id := range procedure.Texts(step.Fields["cut_systems"]) {
		x, err := s.Org.System(ctx, id)
		side := Side("")
		if err == nil {
			side, err = s.sideOfSystem(ctx, x.Department, step.Actor.Department, authority)
		}
		if err := note(err, side != "", func() {
			bad.Add("fields.cut_systems", "not_found", "没有本部门可以停用的这个信息系统", "CN-35.3")
		}); err != nil {
			return err
		}
	}
	return bad.Err("cut_invalid", "紧急暂停的对象有误", "")
}

// cut cuts off what the step names, at once.
func (s *Service) cut(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	open, err := s.Store.CutsOfCase(ctx, c.ID)
	if err != nil {
		return err
	}
	authority := act.Department == c.Parties["reporter.authority"] // mayCut asked for the role
	for _, id := range procedure.Texts(act.Fields["cut_grants"]) {
		if err := s.cutGrant(ctx, c, act, id, authority, open); err != nil {
			return err
		}
	}
	for _, id := range procedure.Texts(act.Fields["cut_systems"]) {
		if err := s.cutSystem(ctx, c, act, id, authority, open); err != nil {
			return err
		}
	}
	return nil
}

func has(open []Cut, id string, side Side) bool {
	return slices.ContainsFunc(open, func(x Cut) bool { return x.TargetID == id && x.Side == side })
}

func (s *Service) cutGrant(ctx context.Context, c *procedure.Case, act *procedure.Act, id string, authority bool, open []Cut) error {
	g, err := s.Grants.Grant(ctx, id)
	if err != nil {
		return err
	}
	side, err := s.sideOfGrant(ctx, g, act.Department, authority)
	if err != nil || has(open, id, side) {
		return err
	}
	if _, err := s.Holds.Suspend(ctx, id, string(side), sharing.ByIncident, c, act); err != nil {
		return err
	}
	act.Results["cut_grants"] = append(procedure.Texts(act.Results["cut_grants"]), id)
	return s.Store.InsertCut(ctx, Cut{ID: ident.New(), Case: c.ID, Target: Grant, TargetID: id, Side: side,
		Department: act.Department, At: act.At})
}

func (s *Service) cutSystem(ctx context.Context, c *procedure.Case, act *procedure.Act, id string, authority bool, open []Cut) error {
	x, err := s.Org.System(ctx, id)
	if err != nil {
		return err
	}
	side, err := s.sideOfSystem(ctx, x.Department, act.Department, authority)
	if err != nil || has(open, id, side) {
		return err
	}
	was := x.DisabledAt != nil && !act.At.Before(*x.DisabledAt)
	if !was {
		at := act.At
		x.DisabledAt = &at
	}
	// Written even when it is disabled already: whoever lifts another cut at this
	// moment compares the version, and one of the two is told.
	if err := s.Org.UpdateSystem(ctx, x); err != nil {
		return err
	}
	act.Results["cut_systems"] = append(procedure.Texts(act.Results["cut_systems"]), id)
	return s.Store.InsertCut(ctx, Cut{ID: ident.New(), Case: c.ID, Target: System, TargetID: id, Side: side,
		Department: act.Department, WasCut: was, At: act.At})
}

// mine finds the cuts of a case that an actor's department made, by what a step
// names: nobody lifts another's.
func mine(open []Cut, target Target, ids []string, department string) (found []Cut, missing []string) {
	for _, id := range ids {
		i := slices.IndexFunc(open, func(x Cut) bool { return x.Target == target && x.TargetID == id && x.Department == department })
		if i < 0 {
			missing = append(missing, id)
			continue
		}
		found = append(found, open[i])
	}
	return found, missing
}

func (s *Service) mayLift(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	open, err := s.Store.CutsOfCase(ctx, c.ID)
	if err != nil {
		return err
	}
	var bad fault.Collector
	grants, systems := procedure.Texts(step.Fields["lift_grants"]), procedure.Texts(step.Fields["lift_systems"])
	if len(grants)+len(systems) == 0 {
		bad.Add("fields.lift_grants", "required", "应当写明恢复的授权或者系统", "CN-35.3")
	}
	if _, missing := mine(open, Grant, grants, step.Actor.Department); len(missing) > 0 {
		bad.Add("fields.lift_grants", "not_cut", "只能恢复本部门在本件中暂停的授权", "CN-35.3")
	}
	if _, missing := mine(open, System, systems, step.Actor.Department); len(missing) > 0 {
		bad.Add("fields.lift_systems", "not_cut", "只能恢复本部门在本件中停用的系统", "CN-35.3")
	}
	return bad.Err("lift_invalid", "恢复的对象有误", "")
}

// lift gives back what this case took, and nothing else.
func (s *Service) lift(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	open, err := s.Store.CutsOfCase(ctx, c.ID)
	if err != nil {
		return err
	}
	grants, _ := mine(open, Grant, procedure.Texts(act.Fields["lift_grants"]), act.Department)
	systems, _ := mine(open, System, procedure.Texts(act.Fields["lift_systems"]), act.Department)
	var kept []string
	for _, x := range append(grants, systems...) {
		at := act.At
		x.LiftedAt = &at
		if err := s.Store.UpdateCut(ctx, x); err != nil {
			return err
		}
		give := s.giveGrant
		if x.Target == System {
			give = s.giveSystem
		}
		free, err := give(ctx, c, act, x)
		if err != nil {
			return err
		}
		if !free {
			kept = append(kept, x.TargetID)
		}
	}
	if len(kept) > 0 {
		act.Results["still_cut"] = kept // for another reason, which has its own way of ending
	}
	return nil
}

// giveGrant releases this case's hold and tells whether the side holds the
// grant no longer.
func (s *Service) giveGrant(ctx context.Context, c *procedure.Case, act *procedure.Act, x Cut) (free bool, err error) {
	still, err := s.Holds.Release(ctx, x.TargetID, func(h sharing.Hold) bool { return h.Case == c.ID && h.Side == string(x.Side) }, c, act)
	return !slices.ContainsFunc(still, func(h sharing.Hold) bool { return h.Side == string(x.Side) }), err
}

// giveSystem enables a system unless it was disabled before or another
// incident still cuts it; that one takes it over.
func (s *Service) giveSystem(ctx context.Context, _ *procedure.Case, act *procedure.Act, x Cut) (free bool, err error) {
	sys, err := s.Org.System(ctx, x.TargetID) // first: the version that is compared below
	if err != nil {
		return false, err
	}
	var others []Cut
	for _, side := range []Side{Owner, Authority} { // one day of disabling serves both
		more, err := s.Store.CutsOf(ctx, x.TargetID, side)
		if err != nil {
			return false, err
		}
		others = append(others, more...)
	}
	switch {
	case len(others) > 0 && !x.WasCut:
		heir := others[0]
		heir.WasCut = false
		if err := s.Store.UpdateCut(ctx, heir); err != nil {
			return false, err
		}
	case !x.WasCut:
		sys.DisabledAt = nil
	}
	return sys.DisabledAt == nil, s.Org.UpdateSystem(ctx, sys)
}

// allLifted: a case does not end while it holds something cut off. What shall
// stay so is suspended or ended by the procedures for that.
func (s *Service) allLifted(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	open, err := s.Store.CutsOfCase(ctx, c.ID)
	if err != nil || len(open) == 0 {
		return err
	}
	ids := make([]string, len(open))
	for i, x := range open {
		ids[i] = x.TargetID
	}
	f, _ := fault.As(illegal("still_cut", "本件紧急暂停的授权或者系统应当先恢复;需要继续暂停的,恢复后另行办理暂停或者终止"))
	return f.With("still_cut", ids)
}
