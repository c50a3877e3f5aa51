package lightgbm

import (
	"math"
	"strconv"
	"strings"
)

// A Booster is a LightGBM model of one class.
type Booster struct {
	Features  []string // names of the matrix's columns
	Infos     []string // what LightGBM says of the columns' values; written only
	Objective string   // name, without its parameters
	Sigmoid   float64  // the log odds are Sigmoid times the raw score
	Average   bool     // the raw score is the mean of the trees, not their sum
	Trees     []Tree
}

// A Tree adds the value of the leaf that an account reaches. Splits has the
// inner nodes, the root first; a tree without any is one leaf.
type Tree struct {
	Splits []Split
	Leaves []float64
	Counts []int // accounts by leaf; written only
}

// How a split treats what is missing.
const (
	MissingNone = iota // NaN is taken for 0
	MissingZero        // NaN and 0 go the default way
	MissingNaN         // NaN goes the default way
)

// A Split sends an account to Left or Right: a number of at most Threshold to
// the left; of a categorical split, a code that is set in Categories to the
// left, NaN to the right. Children below 0 are leaves: child c is leaf ^c.
type Split struct {
	Feature     int32
	Threshold   float64
	Categories  []uint32 // bits; nil for a number
	Missing     int
	DefaultLeft bool
	Left, Right int32
}

// decision returns the decision_type of LightGBM.
func (s *Split) decision() int {
	d := s.Missing << 2
	if s.Categories != nil {
		d |= 1
	}
	if s.DefaultLeft {
		d |= 2
	}
	return d
}

// Encode returns the text of a model as LightGBM writes it.
func (b *Booster) Encode() []byte {
	var blocks []string
	var sizes []int
	for i := range b.Trees {
		block := b.Trees[i].encode(i)
		blocks, sizes = append(blocks, block), append(sizes, len(block))
	}
	var w lines
	w.add("tree")
	w.add("version=v4")
	w.add("num_class=1")
	w.add("num_tree_per_iteration=1")
	w.add("label_index=0")
	w.add("max_feature_idx=" + strconv.Itoa(len(b.Features)-1))
	w.add("objective=" + b.Objective)
	w.add("feature_names=" + strings.Join(b.Features, " "))
	w.add("feature_infos=" + strings.Join(b.Infos, " "))
	w.add("tree_sizes=" + join(sizes, strconv.Itoa))
	w.add("")
	for _, block := range blocks {
		w.WriteString(block)
	}
	w.add("end of trees\n\nfeature_importances:")
	used := b.used()
	for k, n := range used {
		if n > 0 {
			w.add(b.Features[k] + "=" + strconv.Itoa(n))
		}
	}
	w.add("\nparameters:\nend of parameters\n\npandas_categorical:null")
	return []byte(w.String())
}

// used returns how many splits each column has.
func (b *Booster) used() []int {
	n := make([]int, len(b.Features))
	for i := range b.Trees {
		for _, s := range b.Trees[i].Splits {
			n[s.Feature]++
		}
	}
	return n
}

// lines is a text that is written line by line.
type lines struct{ strings.Builder }

func (l *lines) add(line string) {
	l.WriteString(line)
	l.WriteByte('\n')
}

// encode returns the block of tree i, with the two empty lines that end it.
func (t *Tree) encode(i int) string {
	var boundaries, words []int
	thresholds := make([]float64, len(t.Splits))
	for k := range t.Splits {
		s := &t.Splits[k]
		thresholds[k] = s.Threshold
		if s.Categories == nil {
			continue
		}
		if boundaries == nil {
			boundaries = []int{0}
		}
		thresholds[k] = float64(len(boundaries) - 1)
		for _, w := range s.Categories {
			words = append(words, int(w))
		}
		boundaries = append(boundaries, len(words))
	}
	var w lines
	w.add("Tree=" + strconv.Itoa(i))
	w.add("num_leaves=" + strconv.Itoa(len(t.Leaves)))
	w.add("num_cat=" + strconv.Itoa(max(0, len(boundaries)-1)))
	if len(t.Splits) > 0 {
		w.add("split_feature=" + join(t.Splits, func(s Split) string { return strconv.Itoa(int(s.Feature)) }))
		w.add("split_gain=" + join(t.Splits, func(Split) string { return "0" }))
		w.add("threshold=" + join(thresholds, double))
		w.add("decision_type=" + join(t.Splits, func(s Split) string { return strconv.Itoa(s.decision()) }))
		w.add("left_child=" + join(t.Splits, func(s Split) string { return strconv.Itoa(int(s.Left)) }))
		w.add("right_child=" + join(t.Splits, func(s Split) string { return strconv.Itoa(int(s.Right)) }))
	}
	w.add("leaf_value=" + join(t.Leaves, double))
	if len(t.Splits) > 0 {
		values, counts := t.inner()
		w.add("leaf_weight=" + join(t.Counts, strconv.Itoa))
		w.add("leaf_count=" + join(t.Counts, strconv.Itoa))
		w.add("internal_value=" + join(values, double))
		w.add("internal_weight=" + join(counts, strconv.Itoa))
		w.add("internal_count=" + join(counts, strconv.Itoa))
	}
	if boundaries != nil {
		w.add("cat_boundaries=" + join(boundaries, strconv.Itoa))
		w.add("cat_threshold=" + join(words, strconv.Itoa))
	}
	w.add("is_linear=0\nshrinkage=1\n\n")
	return w.String()
}

// inner returns the mean value and the count of the inner nodes. Children come
// after their parent.
func (t *Tree) inner() (values []float64, counts []int) {
	values, counts = make([]float64, len(t.Splits)), make([]int, len(t.Splits))
	for k := len(t.Splits) - 1; k >= 0; k-- {
		var sum float64
		for _, c := range [...]int32{t.Splits[k].Left, t.Splits[k].Right} {
			v, n := 0.0, 0
			if c < 0 {
				v, n = t.Leaves[^c], t.Counts[^c]
			} else {
				v, n = values[c], counts[c]
			}
			sum += v * float64(n)
			counts[k] += n
		}
		values[k] = sum / float64(counts[k])
	}
	return values, counts
}

// double writes a number so that it reads back as it is.
func double(v float64) string {
	if math.IsInf(v, 1) {
		return "inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func join[T any](s []T, of func(T) string) string {
	out := make([]string, len(s))
	for i, v := range s {
		out[i] = of(v)
	}
	return strings.Join(out, " ")
}
