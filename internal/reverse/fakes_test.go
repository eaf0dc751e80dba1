package reverse_test

import (
	"context"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// advisor knows the rules and one standard element.
type advisor struct{}

func (advisor) Advise(_ context.Context, e catalog.Entry) (catalog.Advice, error) {
	out := catalog.Advice{Proposals: catalog.Propose(e, nil), Of: e.Items, Elements: map[string][]catalog.ElementMatch{}}
	for _, x := range e.Items {
		switch x.Name {
		case "性别":
			out.Elements[x.Code] = []catalog.ElementMatch{{Element: catalog.Element{Code: "DE-SEX", Name: "性别", Type: "C"}, Match: "name"}}
		case "级别":
			out.Elements[x.Code] = []catalog.ElementMatch{{Element: catalog.Element{Code: "DE-LEVEL"}, Match: "part"}}
		}
	}
	return out, nil
}
