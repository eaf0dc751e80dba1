package catalog

import (
	"context"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Advice is what the platform proposes to who compiles an entry: levels by the
// rules, standard elements by name.
type Advice struct {
	Proposals
	Of       []Item                    // what it is about
	Elements map[string][]ElementMatch // by item code, for items that cite none
}

// Advise proposes for an entry that is being written.
func (s *Service) Advise(ctx context.Context, e Entry) (Advice, error) {
	if len(e.Items) > maxItems {
		return Advice{}, fault.Newf(fault.TooLarge, "too_many_items", "数据项不得超过%d项", maxItems).Under("CN-13.2")
	}
	return s.advise(ctx, e, nil)
}

func (s *Service) advise(ctx context.Context, e Entry, samples map[string][]string) (Advice, error) {
	elements, err := s.scheme.ProposeElements(ctx, e.Items)
	return Advice{Proposals: Propose(e, samples), Of: e.Items, Elements: elements}, err
}

// AdviseOn proposes for a stored entry, the pending version else the published
// one, and looks at the values of its hosted rows as well. It is for those who
// see drafts: the answer tells something of the values.
func (s *Service) AdviseOn(ctx context.Context, p org.Principal, resourceID string) (Advice, error) {
	r, published, pending, err := s.Get(ctx, p, resourceID)
	if err != nil {
		return Advice{}, err
	}
	insider, err := s.seesDrafts(ctx, p, r)
	if err != nil {
		return Advice{}, err
	}
	if !insider {
		return Advice{}, fault.New(fault.Forbidden, "drafts_hidden", "定级建议只对本部门和同级主管部门可见").Under("CN-16")
	}
	v := pending
	if v == nil {
		v = published
	}
	if v == nil {
		return Advice{}, notPublished()
	}
	samples, err := s.samples(ctx, r)
	if err != nil {
		return Advice{}, err
	}
	return s.advise(ctx, v.Entry, samples)
}
