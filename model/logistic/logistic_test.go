package logistic_test

import (
	"testing"

	"github.com/icpfit/icpfit/model/logistic"
	"github.com/icpfit/icpfit/model/modeltest"
)

func TestLearner(t *testing.T) {
	modeltest.TestLearner(t, logistic.Learner{Options: logistic.DefaultOptions()})
}
