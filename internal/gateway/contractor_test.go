package gateway_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/contractor"
	"github.com/shuqiao/shuqiao/internal/gateway"
)

// register is a register of entrustments in memory.
type register struct {
	all []contractor.Entrustment
	err error
}

func (r *register) EntrustmentsOf(context.Context, string) ([]contractor.Entrustment, error) {
	return r.all, r.err
}

// CN-36: a contractor's system calls within its entrustment, with its mark, and
// not a moment longer; when the register cannot be read, nobody calls.
func TestAContractorsSystem(t *testing.T) {
	t.Parallel()
	book := &register{}
	w := newWorld(t, func(c *gateway.Config) { c.Contractors = book })
	cert := w.enrol(w.sys)
	call := func() *http.Request { return w.request(&cert, "GET", w.rowsPath("items=region"), "") }
	w.ok(call())
	if _, f := w.last(); f.Contractor != "" {
		t.Errorf("marked without an entrustment: %q", f.Contractor)
	}
	end := noon.Add(time.Hour)
	w.edit(func() {
		book.all = []contractor.Entrustment{{ID: "e1", Systems: []string{w.sys.ID}, Grants: []string{w.grant.ID}, NotBefore: noon, NotAfter: end}}
	})
	w.wait()
	w.ok(call())
	if _, f := w.last(); f.Contractor != "e1" {
		t.Errorf("mark %q", f.Contractor)
	}
	w.clk.Set(end.Add(-time.Microsecond))
	w.ok(call())
	w.clk.Set(end) // nobody changed anything: the time alone ends it
	w.refused(call(), 403, "entrustment_over", "CN-36.1")
	w.edit(func() { book.all[0].NotAfter, book.all[0].Grants = end.Add(time.Hour), []string{"another"} })
	w.wait()
	w.refused(call(), 403, "outside_entrustment", "CN-36.1")
	w.edit(func() { book.err = errDown })
	w.wait()
	w.refused(call(), 503, "authorisation_unavailable", "CN-35")
}
