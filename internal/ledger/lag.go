package ledger

// Lag is how busy the writing of the log is.
type Lag struct {
	Waiting int // entries whose callers wait for them to be durable
	Behind  int // entries that are durable in the journal and not in the tree yet
	Failed  int // writes of the tree that failed in a row
}

// Lag tells how far the log is behind what it was given; it asks nobody.
func (l *Log) Lag() Lag {
	var out Lag
	l.mu.Lock()
	out.Waiting = len(l.pending)
	l.mu.Unlock()
	if in := l.integrator; in != nil {
		in.mu.Lock()
		out.Behind, out.Failed = len(in.queue), in.failed
		in.mu.Unlock()
	}
	return out
}
