package sheet

import (
	"context"
	"errors"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// commit makes the drafts of a dry run, under the rights that the person who
// asked for it has now.
func (s *Service) commit(ctx context.Context, x Import) error {
	p, err := s.People.Principal(ctx, x.Committer)
	if err != nil {
		return err
	}
	if err := compiles(p); err != nil || p.Department.ID != x.Department {
		return errors.Join(err, fault.New(fault.Forbidden, "role_missing", "提交人已不是本部门共享工作机构的人员").Under("CN-11"))
	}
	defer s.running.Delete(x.ID)
	if x.Mode == PerResource {
		return s.commitEach(ctx, p, x)
	}
	return s.commitAll(ctx, p, x)
}

// conflicts are the resources that a commit met changed.
type conflicts []Planned

// Error implements error.
func (c conflicts) Error() string { return fmt.Sprintf("%d resources changed meanwhile", len(c)) }

const maxConflicts = 200

// commitAll makes all drafts in one transaction. When anything stands against
// one of them, nothing is kept and the rows are told.
func (s *Service) commitAll(ctx context.Context, p org.Principal, x Import) error {
	err := s.Store.Do(ctx, func(ctx context.Context) error {
		var met conflicts
		x.Counts.Done = 0
		err := s.each(ctx, x.ID, func(row Planned) error {
			reason, err := s.apply(ctx, p, &row)
			if err != nil {
				return err
			}
			if reason != nil {
				row.Outcome, row.Reasons = Refused, append(row.Reasons, *reason)
				if met = append(met, row); len(met) >= maxConflicts {
					return met
				}
				return nil
			}
			x.Counts.Done++
			s.running.Store(x.ID, x.Counts.Done)
			row.Done = true
			return s.Store.FinishPlanned(ctx, x.ID, row)
		})
		if err == nil && len(met) > 0 {
			err = met
		}
		if err != nil {
			return err
		}
		return s.finish(ctx, x)
	})
	var met conflicts
	if !errors.As(err, &met) {
		return err
	}
	for _, row := range met {
		if err := s.Store.FinishPlanned(ctx, x.ID, row); err != nil {
			return err
		}
	}
	now := s.Clock.Now()
	x.Counts.Done, x.RowsDone = 0, 0
	x.State, x.EndedAt, x.Failure = Failed, &now, "changed_meanwhile"
	x.Message = fmt.Sprintf("预检之后目录有了变化，涉及%d个信息资源（第%s行等），没有写入任何内容；请重新上传预检", len(met), fmt.Sprint(met[0].Line))
	return s.Store.UpdateImport(ctx, x)
}

// commitEach makes the drafts one by one, each with its mark in one transaction,
// so that a worker that takes over goes on where this one was.
func (s *Service) commitEach(ctx context.Context, p org.Principal, x Import) error {
	x.Counts.Done = 0
	seen := 0
	err := s.each(ctx, x.ID, func(row Planned) error {
		if row.Done {
			x.Counts.Done++
			return nil
		}
		var refused *Reason
		err := s.Store.Do(ctx, func(ctx context.Context) error {
			reason, err := s.apply(ctx, p, &row)
			if err != nil {
				return err
			}
			if refused = reason; reason != nil {
				row.Outcome, row.Reasons = Refused, append(row.Reasons, *reason)
			} else {
				row.Done = true
			}
			return s.Store.FinishPlanned(ctx, x.ID, row)
		})
		if err != nil {
			return err
		}
		if refused != nil {
			x.Counts.Refused++
		} else {
			x.Counts.Done++
		}
		if seen++; seen%50 == 0 {
			x.RowsDone = x.Counts.Done
			mine, err := s.Store.NoteProgress(ctx, x, s.Clock.Now().Add(lease))
			if err == nil && !mine {
				err = errLost
			}
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.finish(ctx, x)
}

func (s *Service) finish(ctx context.Context, x Import) error {
	now := s.Clock.Now()
	x.State, x.EndedAt, x.RowsDone, x.Message = Done, &now, x.Counts.Done, ""
	return s.Store.UpdateImport(ctx, x)
}

// each visits the rows that are to be written, in order.
func (s *Service) each(ctx context.Context, id string, visit func(Planned) error) error {
	for after := 0; ; {
		rows, err := s.Store.Planned(ctx, id, "", after, portion, true)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if after = row.Seq; row.Outcome == Refused || row.Entry == nil {
				continue
			}
			if err := visit(row); err != nil {
				return err
			}
		}
		if len(rows) < portion {
			return nil
		}
	}
}

// apply makes the draft of one resource, after seeing that the catalog is what
// the dry run saw. A reason says that it is not.
func (s *Service) apply(ctx context.Context, p org.Principal, row *Planned) (*Reason, error) {
	stale := func(code, message string) *Reason {
		return &Reason{Sheet: row.Sheet, Line: row.Line, Code: code, Message: message}
	}
	if row.Base == "" {
		return s.told(ctx, stale, func(ctx context.Context) error {
			r, _, err := s.Catalog.CreateDraft(ctx, p, *row.Entry)
			row.Resource, row.Code = r.ID, r.Code
			return err
		})
	}
	r, err := s.Shelf.Resource(ctx, row.Resource)
	if err != nil {
		return nil, err
	}
	found, err := baseOf(ctx, s.Shelf, r)
	if f, is := fault.As(err); is && f.Code == "version_not_draft" {
		return stale(f.Code, f.Message), nil
	} else if err != nil {
		return nil, err
	}
	if found.token != row.Base {
		return stale("changed_meanwhile", "预检之后该信息资源已被修改"), nil
	}
	return s.told(ctx, stale, func(ctx context.Context) error {
		v := found.version
		if r.Pending == 0 {
			var err error
			if v, err = s.Catalog.NewVersion(ctx, p, r.ID, "批量导入"); err != nil {
				return err
			}
		}
		_, err := s.Catalog.EditDraft(ctx, p, r.ID, *row.Entry, v.Revision)
		return err
	})
}

// told runs a use case at a savepoint; a refusal of the content is a reason, all
// else an error.
func (s *Service) told(ctx context.Context, stale func(code, message string) *Reason, run func(context.Context) error) (*Reason, error) {
	err := s.Store.Do(ctx, run) // a new version whose edit is refused goes with it
	f, is := fault.As(err)
	if !is || f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.Illegal {
		return nil, err
	}
	message := f.Message
	for i, x := range f.Fields {
		if i == 3 {
			message += "……"
			break
		}
		message += "；" + x.Message
	}
	return stale(f.Code, message), nil
}

var _ Catalog = (*catalog.Service)(nil)
