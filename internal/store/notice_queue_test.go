package store_test

import (
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/notice"
	"github.com/shuqiao/shuqiao/internal/store"
)

func (w *world) subscription(t *testing.T, address string) notice.Subscription {
	t.Helper()
	x := notice.Subscription{ID: ident.New(), Department: w.provider.ID, Channel: notice.Webhook, Address: address,
		Secret: []byte{0, 1, 2}, CreatedBy: w.person.ID, CreatedAt: noon}
	ok(t, w.Notice().InsertSubscription(w.ctx, x))
	return x
}

// queued puts a notice of the provider into inbox and queue.
func (w *world) queued(t *testing.T, x notice.Subscription) (casework.Notice, notice.Delivery) {
	t.Helper()
	due := noon.Add(time.Hour)
	n := casework.Notice{ID: ident.New(), Case: w.openCase(t).ID, Department: x.Department, Relation: "provider.clerk",
		Subject: "申请-1《甲》", Text: "请办理", Clause: "CN-21.1", Due: &due, At: noon}
	ok(t, w.Cases().PutNotices(w.ctx, []casework.Notice{n}))
	at := noon
	d := notice.Delivery{ID: ident.New(), Notice: n.ID, Subscription: x.ID, Department: x.Department, State: notice.Waiting,
		NextAt: &at, CreatedAt: noon}
	ok(t, w.Notice().PutDeliveries(w.ctx, []notice.Delivery{d}))
	return n, d
}

func TestSubscriptions(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		a, b := w.subscription(t, "https://a.example/"), w.subscription(t, "https://b.example/")
		list := func() []notice.Subscription {
			return get(s.Notice().Subscriptions(w.ctx, []string{w.provider.ID, w.consumer.ID}))(t)
		}
		if got := list(); !reflect.DeepEqual(got, []notice.Subscription{a, b}) {
			t.Errorf("got %+v", got)
		}
		twice := a
		twice.ID = ident.New()
		wantFault(t, s.Notice().InsertSubscription(w.ctx, twice), "already_exists")
		wantFault(t, s.Notice().EndSubscription(w.ctx, a.ID, w.consumer.ID, noon), "not_found")
		_, waiting := w.queued(t, a)
		ok(t, s.Notice().EndSubscription(w.ctx, a.ID, w.provider.ID, noon))
		wantFault(t, s.Notice().EndSubscription(w.ctx, a.ID, w.provider.ID, noon), "not_found")
		if got := list(); !reflect.DeepEqual(got, []notice.Subscription{b}) {
			t.Errorf("got %+v", got)
		}
		got := get(s.Notice().Deliveries(w.ctx, notice.Filter{Department: w.provider.ID}))(t)
		if len(got) != 1 || got[0].ID != waiting.ID || got[0].State != notice.Dead || got[0].Failure != "unsubscribed" {
			t.Errorf("what waited: %+v", got)
		}
		wantFault(t, s.Notice().ReviveDelivery(w.ctx, waiting.ID, w.provider.ID, noon), "not_found")
		ok(t, s.Notice().InsertSubscription(w.ctx, twice)) // anew
	})
}

func TestDeliveriesAreClaimedOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		x := w.subscription(t, "https://a.example/")
		n, d := w.queued(t, x)
		again := d
		again.ID = ident.New()
		ok(t, s.Notice().PutDeliveries(w.ctx, []notice.Delivery{again})) // handed over twice
		if got := get(s.Notice().ClaimDeliveries(w.ctx, noon.Add(-time.Microsecond), noon, 9))(t); len(got) != 0 {
			t.Errorf("before its time: %+v", got)
		}
		lease := noon.Add(time.Minute)
		want := notice.Task{Delivery: d, Channel: x.Channel, Address: x.Address, Secret: x.Secret, Content: notice.Content{
			ID: d.ID, Case: n.Case, Department: n.Department, Relation: n.Relation, Subject: n.Subject, Text: n.Text,
			Clause: n.Clause, Due: n.Due, At: n.At}}
		want.Attempts = 1
		if got := get(s.Notice().ClaimDeliveries(w.ctx, noon, lease, 9))(t); !reflect.DeepEqual(got, []notice.Task{want}) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if got := get(s.Notice().ClaimDeliveries(w.ctx, lease.Add(-time.Microsecond), lease, 9))(t); len(got) != 0 {
			t.Errorf("claimed twice: %+v", got)
		}
		second := get(s.Notice().ClaimDeliveries(w.ctx, lease, lease.Add(time.Hour), 9))(t) // the lease ran out
		if len(second) != 1 || second[0].Attempts != 2 {
			t.Fatalf("got %+v", second)
		}
		settle := func(d notice.Delivery, state notice.State, failure string) {
			t.Helper()
			d.State, d.NextAt, d.EndedAt, d.Failure = state, nil, &lease, failure
			ok(t, s.Notice().SettleDelivery(w.ctx, d))
		}
		one := func() notice.Delivery {
			t.Helper()
			all := get(s.Notice().Deliveries(w.ctx, notice.Filter{Department: w.provider.ID}))(t)
			if len(all) != 1 {
				t.Fatalf("got %+v", all)
			}
			return all[0]
		}
		settle(want.Delivery, notice.Sent, "") // the first attempt, too late
		if got := one(); got.State != notice.Waiting {
			t.Errorf("an attempt that lost its lease counts: %+v", got)
		}
		settle(second[0].Delivery, notice.Dead, "http_410")
		if got := one(); got.State != notice.Dead || got.Failure != "http_410" || got.NextAt != nil {
			t.Errorf("got %+v", got)
		}
		wantFault(t, s.Notice().ReviveDelivery(w.ctx, d.ID, w.consumer.ID, noon), "not_found")
		ok(t, s.Notice().ReviveDelivery(w.ctx, d.ID, w.provider.ID, noon))
		if got := one(); got.State != notice.Waiting || got.Attempts != 0 || !got.NextAt.Equal(noon) {
			t.Errorf("got %+v", got)
		}
		if got := get(s.Notice().Deliveries(w.ctx, notice.Filter{Department: w.provider.ID, State: notice.Dead}))(t); len(got) != 0 {
			t.Errorf("got %+v", got)
		}
	})
}

func TestSendersShareTheQueue(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		x := w.subscription(t, "https://a.example/")
		for range 20 {
			w.queued(t, x)
		}
		var mu sync.Mutex
		claimed := map[string]int{}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 10 {
					tasks, err := s.Notice().ClaimDeliveries(w.ctx, noon, noon.Add(time.Minute), 3)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					for _, task := range tasks {
						claimed[task.ID]++
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if len(claimed) != 20 {
			t.Errorf("%d claimed", len(claimed))
		}
		for id, n := range claimed {
			if n != 1 {
				t.Errorf("%s claimed %d times", id, n)
			}
		}
	})
}
