// Package worktime counts the terms of Chinese administrative law: working
// days with the State Council's yearly holiday notice and its make-up working
// days (调休), calendar days, months and years. It is pure: no clock, no I/O
// but the fs.FS that Load is given.
//
// # Rules
//
//   - The day of the event is not counted; counting begins on the next day
//     (Civil Code art. 201).
//   - Months and years end on the corresponding day, or on the last day of the
//     month where there is none (art. 202).
//   - A term whose last day is a rest day ends on the next working day, and
//     the last day ends at 24:00 (art. 203).
//   - An extension counts on from the last day of the original term, not from
//     the day it was granted.
//   - The event's day is its civil day in Asia/Shanghai, whatever the location
//     of the received instant.
//
// # When a term ends
//
// A term ends at 24:00 of its last day, which as an instant is 00:00 of the next
// one: Due.At. Written so it would mislead people, who are shown Due.LastDay.
//
// # Provisional dates
//
// A year without a loaded notice is computed from weekends and the statutory
// holidays, without make-up days and without the compensation of holidays that
// fall on a weekend: nobody knows them before the notice. A Due that counted a
// day of such a year is Provisional and has to be computed again when the
// notice comes. A later notice may still move the last days of the year before
// it (29 to 31 December of 2006, 2007, 2011, 2018 and 2022); loading it
// computes those anew too.
//
// # Cost
//
// A Calendar covers 1990 to 2100. It holds, for every day, the number of
// working days up to it and, for every working day, its date; Due is a few array
// look-ups and allocates nothing. A Calendar is immutable and safe for concurrent
// use; With makes a new one in about a millisecond.
package worktime
