package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// maxClients bounds the memory of a limiter, whatever comes from outside.
const maxClients = 10_000

// limiter bounds how often each client address may try something. An address
// whose allowance is whole again is forgotten; when even so there are too
// many, the newcomers share one allowance, so that a flood of addresses
// neither fills the memory nor frees anybody of the limit.
type limiter struct {
	mu      sync.Mutex
	clock   clock.Clock
	every   time.Duration
	burst   int
	clients map[string]*rate.Limiter
	crowd   *rate.Limiter
}

func newLimiter(c clock.Clock, every time.Duration, burst int) *limiter {
	return &limiter{
		clock: c, every: every, burst: burst,
		clients: map[string]*rate.Limiter{}, crowd: rate.NewLimiter(rate.Every(every), burst),
	}
}

// allow counts one attempt; its fault is "too_many_attempts".
func (l *limiter) allow(client string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	if !l.of(client, now).AllowN(now, 1) {
		return fault.New(fault.RateLimited, "too_many_attempts", "登录尝试过于频繁，请稍后再试")
	}
	return nil
}

func (l *limiter) of(client string, now time.Time) *rate.Limiter {
	if r, ok := l.clients[client]; ok {
		return r
	}
	if len(l.clients) >= maxClients {
		for name, r := range l.clients {
			if r.TokensAt(now) >= float64(l.burst) {
				delete(l.clients, name)
			}
		}
	}
	if len(l.clients) >= maxClients {
		return l.crowd
	}
	r := rate.NewLimiter(rate.Every(l.every), l.burst)
	l.clients[client] = r
	return r
}
