package quality

import (
	"math"
	"time"
)

const day = 24 * time.Hour

// periods are how long data stay fresh, by the entry's update frequency. What
// comes irregularly is never late.
var periods = map[string]time.Duration{
	"realtime": time.Hour, "daily": day, "weekly": 7 * day, "monthly": 31 * day,
	"quarterly": 92 * day, "half_yearly": 184 * day, "yearly": 366 * day,
}

// cut leaves two decimals and never rounds up.
func cut(score float64) float64 {
	return math.Max(0, math.Min(100, math.Floor(score*100)/100))
}

// share is the score of a dimension: how many rows of a hundred did not fail.
func share(rows, failed int64) float64 {
	if rows <= 0 {
		return 0
	}
	good := rows - min(max(failed, 0), rows)
	return cut(100 * float64(good) / float64(rows))
}

// freshness is 100 up to one period after the load and falls to 0 at two.
func freshness(age, period time.Duration) float64 {
	return cut(100 * (2 - float64(age)/float64(period)))
}

// total is the weighted mean of the dimensions measured.
func total(scores map[Dimension]float64) float64 {
	var sum, weights float64
	for _, d := range Dimensions { // in order: sums of floats depend on it
		if s, measured := scores[d]; measured {
			sum += Weights[d] * s
			weights += Weights[d]
		}
	}
	if weights == 0 {
		return 0
	}
	return cut(sum / weights)
}
