package pipeline_test

import (
	"reflect"
	"testing"

	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/model"
)

// TestScales checks that settings and models know the same scales: settings are
// read without models, so each has its own list.
func TestScales(t *testing.T) {
	if !reflect.DeepEqual(project.Scales, model.Scales) {
		t.Errorf("settings know %v, models %v", project.Scales, model.Scales)
	}
}
