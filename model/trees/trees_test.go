package trees_test

import (
	"testing"

	"github.com/icpfit/icpfit/model/modeltest"
	"github.com/icpfit/icpfit/model/trees"
)

func TestLearner(t *testing.T) {
	o := trees.DefaultOptions(200)
	o.Bags, o.Rounds, o.Rate = 4, 150, 0.08 // a quarter of the time
	modeltest.TestLearner(t, trees.Learner{Options: o})
}

// TestForest asks for less than of others: an average of steps follows an additive
// truth from afar, and a share of customers is not the logarithm of its odds.
func TestForest(t *testing.T) {
	o := trees.DefaultForestOptions(200)
	o.Trees = 100
	modeltest.TestLearnerOf(t, trees.Forest{Options: o}, modeltest.Least{Planted: 0.85, Generated: 0.78, Heavy: 0.78})
}
