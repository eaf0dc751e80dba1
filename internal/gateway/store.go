package gateway

import (
	"context"
	"time"
)

// Store is what the gateway needs kept beyond grants, systems, resources and
// the ledger: two small memories that all replicas share. Both methods that
// change something are single statements of their own; they never join a
// transaction of a caller.
type Store interface {
	// TakeAssertion remembers, durably and for all replicas, that the system
	// has used the client assertion with this ID (jti), and tells whether this
	// is its first use. The pair (system, id) is unique: of any number of
	// concurrent callers exactly one gets true. The memory is needed until
	// expires; id is at most 128 bytes.
	TakeAssertion(ctx context.Context, system, id string, expires time.Time) (first bool, err error)

	// ForgetAssertions deletes those whose expires lies before the given time
	// and tells how many.
	ForgetAssertions(ctx context.Context, before time.Time) (int, error)

	// TakeCalls raises the counter of (grant, day) by as much of want as fits
	// under limit, in one atomic step, and gives how much that was: want when
	// there is room, less near the end, 0 when the day is used up. The counter
	// of a day starts at 0 and never exceeds the limit it was last asked with.
	// day is "YYYY-MM-DD"; want ≥ 1; limit ≥ 1.
	TakeCalls(ctx context.Context, grant, day string, want, limit int) (got int, err error)

	// CallsTaken reads the counter of (grant, day); 0 when nothing was taken.
	// Replicas take calls in blocks, so it may run ahead of the calls made by
	// the blocks in hand.
	CallsTaken(ctx context.Context, grant, day string) (int, error)
}
