package collection

import "github.com/shuqiao/shuqiao/internal/casework"

// Hooks are the functions that the procedures collection_plan,
// collection_list, realtime_exemption and library name.
func (s *Service) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{
			"collection.plan_subject":     s.planSubject,
			"collection.list_subject":     s.listSubject,
			"collection.realtime_subject": s.realtimeSubject,
			"collection.library_subject":  s.librarySubject,
		},
		Checks: map[string]casework.Check{
			"collection.plan_form":     s.planForm,
			"collection.plan_compared": s.planCompared,
			"collection.no_repeat":     s.planNoRepeat,
			"collection.list_form":     s.listForm,
			"collection.realtime_form": s.realtimeForm,
			"collection.library_form":  s.libraryForm,
			"collection.assignable":    s.assignable,
		},
		Effects: map[string]casework.Effect{
			"collection.note_matches": s.noteMatches,
			"collection.note_derived": s.noteDerived,
			"collection.decide_list":  s.decide,
			"collection.exempt":       s.exempt,
			"collection.establish":    s.establish,
			"collection.assign":       s.assign,
			"collection.unassign":     s.unassign,
			"collection.dissolve":     s.dissolve,
		},
	}
}
