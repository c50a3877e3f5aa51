package scorecard_test

import (
	"testing"

	"github.com/icpfit/icpfit/model/modeltest"
	"github.com/icpfit/icpfit/model/scorecard"
)

func TestLearner(t *testing.T) {
	modeltest.TestLearner(t, scorecard.Learner{Options: scorecard.DefaultOptions()})
}
