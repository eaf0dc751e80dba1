package store_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/cart"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/demand"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/store"
)

func TestDemands(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		put := func(name string, department string) demand.Demand {
			c := w.openCase(t)
			d := demand.Demand{ID: c.ID, Number: "需求-1", Department: department, Region: "990000", Name: name, Data: "50%_说明", Items: []string{"姓名"},
				Scope: "全省", Words: "词", Urgency: "normal", State: demand.Open, AnnouncedAt: noon}
			ok(t, s.Demands().InsertDemand(w.ctx, d))
			return d
		}
		a, b := put("甲数据", w.consumer.ID), put("乙数据", w.provider.ID)
		wantFault(t, s.Demands().InsertDemand(w.ctx, a), "already_exists")
		at := noon.Add(time.Hour)
		a.State, a.Resource, a.ClosedAt, a.MergedInto = demand.Closed, w.resource.ID, &at, b.ID
		ok(t, s.Demands().UpdateDemand(w.ctx, a))
		if got := get(s.Demands().Demand(w.ctx, a.ID))(t); !reflect.DeepEqual(got, a) {
			t.Errorf("got %+v, want %+v", got, a)
		}
		j := demand.Join{Demand: b.ID, Department: w.consumer.ID, Person: w.person.ID, Note: "也要", JoinedAt: noon}
		ok(t, s.Demands().PutJoin(w.ctx, j))
		j.Note = "更要"
		again := j
		again.JoinedAt = at
		ok(t, s.Demands().PutJoin(w.ctx, again))
		if got := get(s.Demands().Joins(w.ctx, b.ID))(t); len(got) != 1 || got[0] != j {
			t.Errorf("joined: %+v", got)
		}
		for _, x := range []struct {
			f    demand.Filter
			want int
		}{
			{demand.Filter{}, 2}, {demand.Filter{States: []demand.State{demand.Open}}, 1}, {demand.Filter{States: []demand.State{demand.Open, demand.Closed}}, 2},
			{demand.Filter{Department: w.consumer.ID}, 2}, {demand.Filter{Department: w.provider.ID}, 1},
			{demand.Filter{Text: "乙"}, 1}, {demand.Filter{Text: "0%_说"}, 2}, {demand.Filter{Text: "%甲%"}, 0}, {demand.Filter{Text: "需求-1"}, 2},
			{demand.Filter{After: b.ID}, 1}, {demand.Filter{Limit: 1}, 1},
		} {
			if got := get(s.Demands().Demands(w.ctx, x.f))(t); len(got) != x.want {
				t.Errorf("%+v: %d, want %d", x.f, len(got), x.want)
			}
		}
		ok(t, s.Demands().DropJoin(w.ctx, b.ID, w.consumer.ID))
		ok(t, s.Demands().DropJoin(w.ctx, b.ID, w.consumer.ID))
		if got := get(s.Demands().Joins(w.ctx, b.ID))(t); len(got) != 0 {
			t.Errorf("left: %+v", got)
		}

		x := demand.Assigned{ID: w.openCase(t).ID, Demand: b.ID, Provider: w.provider.ID, Open: true, CreatedAt: noon}
		ok(t, s.Demands().InsertAssigned(w.ctx, x))
		if got := get(s.Demands().WaitingFor(w.ctx, w.resource.ID))(t); len(got) != 0 {
			t.Errorf("waiting before the link: %+v", got)
		}
		x.Resource, x.Version = w.resource.ID, 2
		ok(t, s.Demands().UpdateAssigned(w.ctx, x))
		if got := get(s.Demands().WaitingFor(w.ctx, w.resource.ID))(t); len(got) != 1 || got[0] != x {
			t.Errorf("waiting: %+v", got)
		}
		x.Open = false
		ok(t, s.Demands().UpdateAssigned(w.ctx, x))
		if got := get(s.Demands().WaitingFor(w.ctx, w.resource.ID))(t); len(got) != 0 {
			t.Errorf("waiting after the end: %+v", got)
		}
		if got := get(s.Demands().AssignedOf(w.ctx, b.ID))(t); len(got) != 1 || got[0] != get(s.Demands().Assigned(w.ctx, x.ID))(t) {
			t.Errorf("assigned: %+v", got)
		}
	})
}

func TestCarts(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		second, _ := w.entry(t, "第二项", 2)
		e := cart.Entry{Person: w.person.ID, Department: w.provider.ID, Resource: w.resource.ID, Items: []string{"name"}, Clear: []string{"name"},
			Rows: []catalog.Condition{{Item: "id_no", Op: catalog.Prefix, Values: []string{"13"}}}, Method: catalog.ServiceAPI, Mode: sharing.Query, Version: 1, AddedAt: noon}
		later := cart.Entry{Person: w.person.ID, Department: w.provider.ID, Resource: second.ID, Items: []string{}, Clear: []string{}, Version: 1, AddedAt: noon.Add(time.Minute)}
		ok(t, s.Carts().PutEntry(w.ctx, later))
		ok(t, s.Carts().PutEntry(w.ctx, e))
		changed := e
		changed.Items, changed.Version, changed.AddedAt = []string{"name", "id_no"}, 3, noon.Add(time.Hour)
		ok(t, s.Carts().PutEntry(w.ctx, changed))
		changed.AddedAt = noon
		if got := get(s.Carts().Entries(w.ctx, w.person.ID))(t); !reflect.DeepEqual(got, []cart.Entry{changed, later}) {
			t.Errorf("got %+v", got)
		}
		if n := get(s.Carts().DropEntries(w.ctx, "somebody", []string{e.Resource}))(t); n != 0 {
			t.Errorf("%d of another's cart", n)
		}
		if n := get(s.Carts().DropEntries(w.ctx, w.person.ID, nil))(t); n != 0 {
			t.Errorf("%d of none", n)
		}
		if n := get(s.Carts().DropEntries(w.ctx, w.person.ID, []string{e.Resource, w.consumer.ID}))(t); n != 1 {
			t.Errorf("%d dropped", n)
		}
		if got := get(s.Carts().Entries(w.ctx, w.person.ID))(t); len(got) != 1 {
			t.Errorf("left: %+v", got)
		}
	})
}
