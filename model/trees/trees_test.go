package trees_test

import (
	"testing"

	"github.com/icpfit/icpfit/model/modeltest"
	"github.com/icpfit/icpfit/model/trees"
)

func TestLearner(t *testing.T) {
	modeltest.TestLearner(t, trees.Learner{Options: trees.DefaultOptions(200)})
}

func TestForest(t *testing.T) {
	modeltest.TestLearner(t, trees.Forest{Options: trees.DefaultForestOptions()})
}
