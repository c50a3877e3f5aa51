package predict_test

import (
	"path/filepath"
	"testing"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

// TestCauseInTrees checks, with a model of trees, that cause data names the one
// feature that was changed, or none where that cannot be told: what a tree gives
// for a feature moves with others too, and the features that stay as they are
// may move by more.
func TestCauseInTrees(t *testing.T) {
	n := setUp(t)
	in := n.input()
	in.Model = n.edited(t, func(m *model.Model) { m.Trees = grown(m, 40) })
	if err := in.Model.Seal(); err != nil {
		t.Fatal(err)
	}
	var rows []int
	for i := 0; len(rows) < 3000; i++ {
		if text(n.all, "row_reason", i) == "" {
			rows = append(rows, i)
		}
	}
	like := filepath.Join(n.folder, "accounts")
	base := take(n.all, rows)
	in.Accounts = writeTable(t, like, 1000, base)
	file, _, before := grade(t, in)

	// Every account gets another one's value of one feature.
	changed := take(n.all, rows)
	terms := in.Model.Terms
	for k := range terms {
		from := make([]int, len(rows))
		for i := range from {
			from[i] = i
			if i%len(terms) == k {
				from[i] = (i + 977) % len(rows)
			}
		}
		c := changed.Column(terms[k].Feature)
		takeColumn(c, base.Column(terms[k].Feature), from)
	}
	in.Accounts = writeTable(t, like, 1000, changed)
	in.Previous = after(t, file)
	_, _, now := grade(t, in)
	if before.Rows != now.Rows {
		t.Fatalf("%d rows, then %d", before.Rows, now.Rows)
	}
	named, nameless := 0, 0
	for i := range now.Rows {
		if text(now, "cause", i) != predict.CauseData || text(now, "grade", i) == "" {
			continue
		}
		switch got, want := text(now, "cause_feature", i), terms[i%len(terms)].Feature; got {
		case want:
			named++
		case "":
			nameless++
		default:
			t.Errorf("row %d: the cause is %s; %s was changed", i, got, want)
		}
	}
	if named < 100 || nameless > named {
		t.Errorf("%d named, %d not; want at least 100 and most of them", named, nameless)
	}
	t.Logf("%d named, %d not", named, nameless)
}
