package app

import (
	"io/fs"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/law"
)

// wireFlows makes the other ways to apply, with the aggregation rules of this
// release (CN-25.2).
func wireFlows(s *sharing.Service, o *org.Service, st *store.Store) (*sharing.Flows, error) {
	source, err := fs.ReadFile(law.Rulebooks, "risk/aggregation.yaml")
	if err != nil {
		return nil, err
	}
	rules, err := sharing.ParseAggregation(source)
	if err != nil {
		return nil, err
	}
	return sharing.NewFlows(s, o, rules, st.Risks()), nil
}
