package complaint

import (
	"context"
	"testing"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// tree is a nation and a city with an authority each, and a department of the city.
type tree struct{}

const (
	nationAuthority = "01890a5d-ac96-774b-bcce-b302099a8051"
	cityAuthority   = "01890a5d-ac96-774b-bcce-b302099a8052"
	department      = "01890a5d-ac96-774b-bcce-b302099a8053"
	stranger        = "01890a5d-ac96-774b-bcce-b302099a8054"
)

func (tree) Department(_ context.Context, id string) (org.Department, error) {
	if id == stranger {
		return org.Department{}, fault.Missing("部门", id)
	}
	return org.Department{ID: id}, nil
}

func (tree) SameLevelAuthority(_ context.Context, id string) (string, error) {
	if id == nationAuthority {
		return id, nil
	}
	return cityAuthority, nil
}

func (tree) SuperiorAuthority(context.Context, string) (string, error) { return nationAuthority, nil }

// Nobody handles a complaint about itself, not even where nobody is above.
func TestWhoHandles(t *testing.T) {
	t.Parallel()
	s := NewService(Deps{Directory: tree{}})
	for _, x := range []struct{ about, chosen, want, field string }{
		{department, "", cityAuthority, ""},
		{cityAuthority, "", nationAuthority, ""},
		{nationAuthority, "", "", "handler"},
		{nationAuthority, cityAuthority, cityAuthority, ""},
		{department, department, department, "handler"},
		{"", "", "", "about"},
		{"", department, department, ""},
		{stranger, "", "", "about"},
		{"no id", "", "", "about"},
		{department, stranger, "", "handler"},
	} {
		var bad fault.Collector
		d, err := s.handler(t.Context(), &bad, Lodging{About: x.about, Handler: x.chosen})
		if err != nil || d.ID != x.want {
			t.Errorf("%+v: %s, %v", x, d.ID, err)
		}
		f, refused := fault.As(bad.Err("bad", "", ""))
		if refused != (x.field != "") || refused && (len(f.Fields) != 1 || f.Fields[0].Path != x.field) {
			t.Errorf("%+v: %+v", x, f)
		}
	}
}
