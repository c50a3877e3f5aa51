package lightgbm_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/export/lightgbm"
)

const small = `tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=1
objective=binary sigmoid:1
feature_names=size tools=aws
feature_infos=[0:9] [0:1]
tree_sizes=300 100

Tree=0
num_leaves=3
num_cat=0
split_feature=0 1
split_gain=1 nonsense that is not read
threshold=4.5 1e-35
decision_type=10 8
left_child=1 -2
right_child=-1 -3
leaf_value=0.25 -1 2
is_linear=0
shrinkage=1


Tree=1
num_leaves=1
num_cat=0
leaf_value=0.5


end of trees
`

// TestReadRefuses checks that every change that makes the text nonsense is
// refused, with its place.
func TestReadRefuses(t *testing.T) {
	if b, err := lightgbm.Read([]byte(small)); err != nil || len(b.Trees) != 2 {
		t.Fatalf("%v, %v", b, err)
	}
	if _, err := lightgbm.Read([]byte(strings.ReplaceAll(small, "\n", "\r\n"))); err != nil {
		t.Errorf("with the line ends of Windows: %v", err)
	}
	for _, tt := range []struct{ old, with, want string }{
		{"tree\nversion", "version", `line 1: no LightGBM model`},
		{"version=v4", "version=v9", `version is "v9"`},
		{"num_class=1", "num_class=3", `num_class is "3"; want 1`},
		{"num_tree_per_iteration=1", "num_tree_per_iteration=2", `want 1: a model of several classes`},
		{"max_feature_idx=1", "max_feature_idx=4", `max_feature_idx is "4" with 2 feature_names`},
		{"sigmoid:1", "sigmoid:-1", `sigmoid "-1"; want a number above 0`},
		{"sigmoid:1", "sigmoid:nan", `want a number above 0`},
		{"tree_sizes=300 100", "tree_sizes=300 100 200", "2 trees, tree_sizes is of 3"},
		{"end of trees", "", `it was cut short`},
		{"Tree=1", "Tree=7", "tree 7 comes after 1 trees"},
		{"num_leaves=3", "num_leaves=2000000000", `num_leaves is "2000000000"; want 1 to 131072`},
		{"num_leaves=3", "num_leaves=131072", "leaf_value has 3 numbers; want 131072"},
		{"num_leaves=3", "num_leaves=2", "leaf_value has more than 2 numbers"},
		{"num_leaves=3", "num_leaves=-3", "want 1 to 131072"},
		{"num_leaves=3", "", `num_leaves is ""`},
		{"num_cat=0\nsplit", "num_cat=1\nsplit", "cat_boundaries has 0 numbers; want 2"},
		{"num_cat=0\nsplit", "num_cat=9999999\nsplit", "num_cat is"},
		{"split_feature=0 1", "split_feature=0 2", "split 1 is on column 2 of 2"},
		{"split_feature=0 1", "split_feature=-1 1", "split 0 is on column -1"},
		{"split_feature=0 1", "split_feature=0", "split_feature has 1 numbers; want 2"},
		{"split_feature=0 1", "split_feature=0 99999999999", "want a whole number of 32 bits"},
		{"threshold=4.5", "threshold=nan", `threshold: number 0 is "nan"; want a number`},
		{"threshold=4.5", "threshold=four", `want a number`},
		{"decision_type=10", "decision_type=16", "decision_type 16; want 0 to 11"},
		{"decision_type=10", "decision_type=1", "which is not there"},
		{"left_child=1 -2", "left_child=0 -2", "split 0 has child 0, which is not there or another's"},
		{"left_child=1 -2", "left_child=2 -2", "split 0 has child 2"},
		{"left_child=1 -2", "left_child=1 0", "split 1 has child 0"},
		{"left_child=1 -2", "left_child=1 1", "split 1 has child 1"},
		{"left_child=1 -2", "left_child=1 -9", "split 1 has child -9"},
		{"left_child=1 -2", "left_child=-2147483648 -2", "child -2147483648"},
		{"left_child=1 -2", "left_child=-2 -2", "no way leads to split 1"},
		{"leaf_value=0.25", "leaf_value=inf", "want a finite number"},
		{"leaf_value=0.25", "leaf_value=1e999", "want a finite number"},
		{"leaf_value=0.25", "leaf_value=nan", "want a"},
		{"is_linear=0", "is_linear=1", "linear_tree=false"},
		{"is_linear=0", "leaf_value=1 2 3", "leaf_value is there twice"},
	} {
		if !strings.Contains(small, tt.old) {
			t.Fatalf("no %q in the text", tt.old)
		}
		_, err := lightgbm.Read([]byte(strings.Replace(small, tt.old, tt.with, 1)))
		says(t, tt.with, err, tt.want)
	}
	for _, text := range []string{"", "tree", "\x00\xff", strings.Repeat("tree\n", 100)} {
		if _, err := lightgbm.Read([]byte(text)); err == nil {
			t.Errorf("%.20q is read", text)
		}
	}
}

// FuzzRead checks that no text stops the program, and that what is read can be
// imported or is refused, and is then what models may hold.
func FuzzRead(f *testing.F) {
	f.Add([]byte(small))
	data, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		f.Fatal(err)
	}
	var expected struct{ Models []struct{ Text string } }
	if err := json.Unmarshal(data, &expected); err != nil {
		f.Fatal(err)
	}
	for _, m := range expected.Models[:3] {
		text := strings.SplitN(m.Text, "Tree=2\n", 2)[0] // short ones are changed faster
		f.Add([]byte(text[:strings.Index(text, "tree_sizes")] + text[strings.Index(text, "Tree=0"):] + "end of trees\n"))
	}
	f.Add([]byte(strings.NewReplacer("decision_type=10 8", "decision_type=9 8", "threshold=4.5", "threshold=0", "num_cat=0\nsplit", "num_cat=1\ncat_boundaries=0 1\ncat_threshold=5\nsplit").Replace(small)))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := lightgbm.Read(text)
		if err != nil {
			return
		}
		x, err := lightgbm.Import(b, specs)
		if err != nil {
			return
		}
		for k := range x.Binnings {
			if err := x.Binnings[k].Validate(); err != nil {
				t.Fatal(err)
			}
			if x.Binnings[k].IsSet() && len(x.Binnings[k].Items) > bin.MaxItems || x.Specs[k].Pillar == features.Intent {
				t.Fatalf("%+v", x.Specs[k])
			}
		}
		for _, v := range margins(t, x, [][]float64{make([]float64, len(columns)), {7, 9, 1, 0, 1, 1, 1, 0}}) {
			if v != v {
				t.Fatal("a margin is NaN")
			}
		}
	})
}
