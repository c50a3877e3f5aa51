package report

import (
	"math"

	"github.com/icpfit/icpfit/model"
)

// Scores is how the points of the pool are spread: of the prospects that are graded
// now, and of the pool that the model was trained on.
type Scores struct {
	Step int64      `json:"step"` // points a bin
	Bins []ScoreBin `json:"bins"` // ascending
}

// A ScoreBin counts those from From points on, below From plus the step; the first
// bin also holds what is below, the last what is above.
type ScoreBin struct {
	From  int64    `json:"from"`
	Count int64    `json:"count"`
	Share float64  `json:"share"`
	Then  *float64 `json:"then"` // share at training; nil: not known
}

// Points are tallied one by one from leastTally on, as whole numbers.
const (
	leastTally = -200
	mostTally  = 400
)

// A pointsTally counts accounts by whole points.
type pointsTally [mostTally - leastTally]int64

func (t *pointsTally) add(points float64) {
	t[int(max(leastTally, min(mostTally-1, math.Floor(points))))-leastTally]++
}

// mostBins is how many bins are drawn.
const mostBins = 20

// newScores bins a tally: by 5 points, or more where that would be too many bins.
// The ends are drawn in where next to nothing is beyond.
func newScores(t *pointsTally, m *model.Model) Scores {
	s := Scores{Bins: []ScoreBin{}}
	low, high, all := t.middle()
	if all == 0 {
		return s
	}
	s.Step = 5
	for (floorTo(high, s.Step)-floorTo(low, s.Step))/s.Step >= mostBins {
		s.Step *= 2
	}
	first, last := floorTo(low, s.Step), floorTo(high, s.Step)
	for from := first; from <= last; from += s.Step {
		b := ScoreBin{From: from}
		lower, upper := from, from+s.Step
		if from == first {
			lower = leastTally
		}
		if from == last {
			upper = mostTally
		}
		for v := lower; v < upper; v++ {
			b.Count += t[v-leastTally]
		}
		b.Share = ratio(b.Count, all)
		b.Then = trainedBetween(m, lower, upper)
		s.Bins = append(s.Bins, b)
	}
	return s
}

// middle returns the points between which all but one in a thousand lie at either
// end, and how many are counted.
func (t *pointsTally) middle() (low, high, all int64) {
	for _, n := range t {
		all += n
	}
	low, high = leastTally, mostTally-1
	for below := t[0]; low < high && below*1000 <= all; below += t[low-leastTally] {
		low++
	}
	for above := t[len(t)-1]; high > low && above*1000 <= all; above += t[high-leastTally] {
		high--
	}
	return low, high, all
}

func floorTo(v, step int64) int64 {
	return int64(math.Floor(float64(v)/float64(step))) * step
}

// trainedBetween returns the share of the pool trained on with points from lower on,
// below upper, between the model's quantiles; nil where the model has none.
func trainedBetween(m *model.Model, lower, upper int64) *float64 {
	if m.Grid != nil || len(m.Quantiles) < 2 {
		return nil
	}
	below := func(points int64) float64 {
		switch points {
		case leastTally:
			return 0
		case mostTally:
			return 100
		}
		return model.Percentile(m.Quantiles, m.Margin(float64(points)))
	}
	return ptr((below(upper) - below(lower)) / 100)
}
