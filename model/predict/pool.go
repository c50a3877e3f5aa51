package predict

import (
	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/drift"
)

// A poolCounter tallies the pool of batches: the accounts of a domain of their own
// that are in no class of customers.
type poolCounter struct {
	m       *model.Model
	counter *drift.Counter
	in      []bool // by row of the batch
}

func newPoolCounter(m *model.Model, asOf int32) poolCounter {
	return poolCounter{m: m, counter: drift.NewCounter(m, asOf)}
}

// count adds the batch that s has just scored to sum.
func (p *poolCounter) count(s *model.Scorer, scores *model.Scores, batch *datasets.Batch, sum *Summary) {
	if sum.Pool == nil {
		sum.Pool = drift.NewTally(p.m)
	}
	p.in = p.in[:0]
	why, class, customer := batch.Column("row_reason"), batch.Column("class"), batch.Column("customer")
	for i := range batch.Rows {
		p.in = append(p.in, why.Codes[i] < 0 && class.Missing(i) && customer.Flags[i] != 1)
	}
	p.counter.Count(sum.Pool, s, scores, batch, p.in)
}

// addPool adds the pool of another part of the same night.
func (s *Summary) addPool(part *model.Tally) {
	switch {
	case part == nil:
	case s.Pool == nil:
		s.Pool = part
	default:
		drift.Add(s.Pool, part)
	}
}
