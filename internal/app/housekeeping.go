package app

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// KeepConfig says for how long what proves nothing is kept.
type KeepConfig struct {
	// Messages of the outbox after they were handled; default 30 days.
	Messages time.Duration
	// Counters of calls and refusals of a day; default 1,200 days. They make the
	// monthly figures of usage records, which are kept for three years, so that
	// no less than that is accepted (CN-29.2).
	Counters time.Duration
}

const (
	day           = 24 * time.Hour
	leastMessages = day
	leastCounters = 3 * 366 * day
)

func (k *KeepConfig) complete() error {
	var c fault.Collector
	if k.Messages == 0 {
		k.Messages = 30 * day
	}
	if k.Counters == 0 {
		k.Counters = 1200 * day
	}
	if k.Messages < leastMessages {
		c.Add("keep_messages", "range", "已处理的消息至少保留1天", "")
	}
	if k.Counters < leastCounters {
		c.Add("keep_counters", "range", "每日调用计数至少保留三年(1098天)", "CN-29.2")
	}
	return c.Err("config_invalid", "配置不完整", "")
}

// sweepPortion is how many rows one statement clears away: few enough that a
// writer waiting behind it does not notice.
const sweepPortion = 500

// keepingHouse clears away what has done its work, in portions.
func (n *Node) keepingHouse() []worker.Job {
	h, keep, clk := n.Store.Housekeeping(), n.Config.Keep, n.Config.Clock
	before := func(d time.Duration) string { return clk.Now().Add(-d).UTC().Format(time.DateOnly) }
	job := func(name string, every time.Duration, clear func(ctx context.Context) (int, error)) worker.Job {
		return worker.Job{Name: name, Every: every, Run: func(ctx context.Context) (bool, error) {
			cleared, err := clear(ctx)
			return cleared == sweepPortion, err
		}}
	}
	return []worker.Job{
		job("clear messages", 10*time.Minute, func(ctx context.Context) (int, error) {
			return h.Messages(ctx, clk.Now().Add(-keep.Messages), sweepPortion)
		}),
		job("clear call counters", time.Hour, func(ctx context.Context) (int, error) {
			return h.DailyCalls(ctx, before(keep.Counters), sweepPortion)
		}),
		job("clear refusal counters", time.Hour, func(ctx context.Context) (int, error) {
			return h.RefusedCalls(ctx, before(keep.Counters), sweepPortion)
		}),
		// An hour beyond the end, for replicas whose clocks differ.
		job("clear assertions", 10*time.Minute, func(ctx context.Context) (int, error) {
			return h.Assertions(ctx, clk.Now().Add(-time.Hour), sweepPortion)
		}),
	}
}
