package store

import "time"

// micros is an instant as both engines keep it: microseconds since 1970 UTC.
// The platform's clock has this precision; what is finer is cut off towards
// the past. The range is the whole of time.Time's years 1 to 9999, the zero
// time.Time included.
type micros int64

func toMicros(t time.Time) micros { return micros(t.UnixMicro()) }

// Time gives the instant in UTC.
func (m micros) Time() time.Time { return time.UnixMicro(int64(m)).UTC() }

func toMicrosPtr(t *time.Time) *micros {
	if t == nil {
		return nil
	}
	m := toMicros(*t)
	return &m
}

func (m *micros) timePtr() *time.Time {
	if m == nil {
		return nil
	}
	t := m.Time()
	return &t
}
