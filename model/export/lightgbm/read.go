package lightgbm

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

const (
	// MaxBytes is the size of the largest text that is read: some 10,000 trees of
	// 255 leaves.
	MaxBytes = 128 << 20

	mostLeaves   = 131_072 // num_leaves of LightGBM's parameters
	mostFeatures = 1 << 20
)

// Read reads LightGBM text. An error names the line, the tree and what is wrong;
// memory stays within a small multiple of the text's size, whatever it says.
func Read(text []byte) (*Booster, error) {
	r := &reader{rest: text}
	b, err := r.read()
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", r.line, err)
	}
	return b, nil
}

// A reader goes through a text line by line.
type reader struct {
	rest []byte
	line int
}

// next returns the next line, or false at the end.
func (r *reader) next() (string, bool) {
	if len(r.rest) == 0 {
		return "", false
	}
	r.line++
	line, rest, _ := bytes.Cut(r.rest, []byte("\n"))
	r.rest = rest
	return strings.TrimRight(string(line), "\r "), true
}

func (r *reader) read() (*Booster, error) {
	line, ok := r.next()
	if !ok || line != "tree" {
		return nil, errors.New(`no LightGBM model: the text does not start with "tree"`)
	}
	head, line, err := r.block()
	if err != nil {
		return nil, err
	}
	b, trees, err := header(head)
	if err != nil {
		return nil, err
	}
	for line != "end of trees" {
		name, isTree := strings.CutPrefix(line, "Tree=")
		switch {
		case line == "":
			return nil, errors.New(`the text ends before "end of trees": it was cut short`)
		case !isTree:
			return nil, fmt.Errorf(`%q; want "Tree=%d" or "end of trees"`, clip(line), len(b.Trees))
		case name != strconv.Itoa(len(b.Trees)):
			return nil, fmt.Errorf("tree %s comes after %d trees", clip(name), len(b.Trees))
		}
		var block map[string]string
		if block, line, err = r.block(); err != nil {
			return nil, fmt.Errorf("tree %s: %w", name, err)
		}
		t, err := tree(block, len(b.Features))
		if err != nil {
			return nil, fmt.Errorf("tree %s, before this line: %w", name, err)
		}
		b.Trees = append(b.Trees, *t)
	}
	if trees >= 0 && trees != len(b.Trees) {
		return nil, fmt.Errorf("%d trees, tree_sizes is of %d: the text was changed", len(b.Trees), trees)
	}
	if len(b.Trees) == 0 {
		return nil, errors.New("no trees; want at least 1")
	}
	return b, nil
}

// wanted are the keys that Read looks at; others are passed over.
var wanted = map[string]bool{
	"version": true, "num_class": true, "num_tree_per_iteration": true, "max_feature_idx": true, "objective": true, "feature_names": true,
	"tree_sizes": true, "average_output": true, "num_leaves": true, "num_cat": true, "split_feature": true, "threshold": true, "decision_type": true,
	"left_child": true, "right_child": true, "leaf_value": true, "cat_boundaries": true, "cat_threshold": true, "is_linear": true,
}

// block reads lines of the form key=value up to the next that starts a tree or
// ends them, which it returns too; "" at the end of the text.
func (r *reader) block() (map[string]string, string, error) {
	block := map[string]string{}
	for {
		line, ok := r.next()
		switch {
		case !ok:
			return block, "", nil
		case line == "":
			continue
		case strings.HasPrefix(line, "Tree=") || line == "end of trees":
			return block, line, nil
		}
		k, value, _ := strings.Cut(line, "=")
		if !wanted[k] {
			continue
		}
		if _, twice := block[k]; twice {
			return nil, "", fmt.Errorf("%s is there twice", k)
		}
		block[k] = value
	}
}

// header makes a model without trees of the first block, and returns how many
// trees it announces, -1 where it does not.
func header(block map[string]string) (*Booster, int, error) {
	if v := block["version"]; v != "v4" && v != "v3" {
		return nil, 0, fmt.Errorf("version is %q; this icpfit reads v3 and v4", clip(v))
	}
	for _, k := range []string{"num_class", "num_tree_per_iteration"} {
		if v := block[k]; v != "1" {
			return nil, 0, fmt.Errorf("%s is %q; want 1: a model of several classes does not rank accounts", k, clip(v))
		}
	}
	b := &Booster{Sigmoid: 1}
	if _, b.Average = block["average_output"]; strings.Count(block["feature_names"], " ") >= mostFeatures {
		return nil, 0, fmt.Errorf("more than %d columns", mostFeatures)
	}
	b.Features = strings.Fields(block["feature_names"])
	if most, err := strconv.Atoi(block["max_feature_idx"]); err != nil || most+1 != len(b.Features) {
		return nil, 0, fmt.Errorf("max_feature_idx is %q with %d feature_names; want one less", clip(block["max_feature_idx"]), len(b.Features))
	}
	words := strings.Fields(block["objective"])
	if len(words) > 0 {
		b.Objective = words[0]
	}
	for _, w := range words[min(1, len(words)):] {
		if v, ok := strings.CutPrefix(w, "sigmoid:"); ok {
			s, err := strconv.ParseFloat(v, 64)
			if err != nil || !(s > 0) || math.IsInf(s, 0) {
				return nil, 0, fmt.Errorf("objective has sigmoid %q; want a number above 0", clip(v))
			}
			b.Sigmoid = s
		}
	}
	sizes, ok := block["tree_sizes"]
	if !ok {
		return b, -1, nil
	}
	n := 0
	for range strings.FieldsSeq(sizes) {
		n++
	}
	return b, n, nil
}

// tree makes a tree of its block.
func tree(block map[string]string, columns int) (*Tree, error) {
	if v := block["is_linear"]; v != "" && v != "0" {
		return nil, errors.New("leaves are linear models; train with linear_tree=false")
	}
	leaves, err := strconv.Atoi(block["num_leaves"])
	if err != nil || leaves < 1 || leaves > mostLeaves {
		return nil, fmt.Errorf("num_leaves is %q; want 1 to %d", clip(block["num_leaves"]), mostLeaves)
	}
	f := &fields{block: block}
	t := &Tree{Leaves: parse(f, "leaf_value", leaves, finite)}
	split := parse(f, "split_feature", leaves-1, number)
	threshold := parse(f, "threshold", leaves-1, notNaN)
	decision := parse(f, "decision_type", leaves-1, number)
	left, right := parse(f, "left_child", leaves-1, number), parse(f, "right_child", leaves-1, number)
	if f.err != nil {
		return nil, f.err
	}
	for i := range split {
		s := Split{Feature: split[i], Threshold: threshold[i], Missing: int(decision[i]>>2) & 3, DefaultLeft: decision[i]&2 != 0, Left: left[i], Right: right[i]}
		switch {
		case s.Feature < 0 || int(s.Feature) >= columns:
			return nil, fmt.Errorf("split %d is on column %d of %d", i, s.Feature, columns)
		case decision[i] < 0 || decision[i] > 11:
			return nil, fmt.Errorf("split %d has decision_type %d; want 0 to 11", i, decision[i])
		case decision[i]&1 != 0:
			s.Categories = []uint32{}
		}
		t.Splits = append(t.Splits, s)
	}
	if err := t.categories(f); err != nil {
		return nil, err
	}
	return t, t.check()
}

// categories gives the categorical splits the codes that go to the left.
func (t *Tree) categories(f *fields) error {
	sets, err := strconv.Atoi(cmp.Or(f.block["num_cat"], "0"))
	if err != nil || sets < 0 || sets > len(t.Splits) {
		return fmt.Errorf("num_cat is %q; want 0 to %d", clip(f.block["num_cat"]), len(t.Splits))
	}
	if sets == 0 {
		sets = -1 // no boundaries
	}
	bounds := parse(f, "cat_boundaries", sets+1, number)
	words := parse(f, "cat_threshold", int(last(bounds)), word)
	if f.err != nil {
		return f.err
	}
	for i := range t.Splits {
		s := &t.Splits[i]
		if s.Categories == nil {
			continue
		}
		set := int(max(-1, min(s.Threshold, float64(len(bounds)))))
		if set < 0 || set+1 >= len(bounds) || bounds[set] < 0 || bounds[set] > bounds[set+1] || int(bounds[set+1]) > len(words) {
			return fmt.Errorf("split %d is by set %v of categories, which is not there", i, s.Threshold)
		}
		s.Categories = words[bounds[set]:bounds[set+1]]
	}
	return nil
}

func last(v []int32) int32 {
	if len(v) == 0 {
		return 0
	}
	return max(0, v[len(v)-1])
}

// check checks that the splits make a tree: each split but the root, and each
// leaf, is the child of one split, and none is its own ancestor.
func (t *Tree) check() error {
	splits, leaves := make([]bool, len(t.Splits)), make([]bool, len(t.Leaves))
	var stack []int32
	if len(t.Splits) > 0 {
		stack, splits[0] = append(stack, 0), true
	} else {
		leaves[0] = true
	}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, c := range [...]int32{t.Splits[at].Left, t.Splits[at].Right} {
			seen, n := splits, c
			if c < 0 {
				seen, n = leaves, ^c
			}
			if int(n) >= len(seen) || seen[n] {
				return fmt.Errorf("split %d has child %d, which is not there or another's", at, c)
			}
			seen[n] = true
			if c >= 0 {
				stack = append(stack, c)
			}
		}
	}
	for i, seen := range splits {
		if !seen {
			return fmt.Errorf("no way leads to split %d", i)
		}
	}
	return nil // one leaf more than splits, all of them children of one: none is left over
}

// fields reads lists of numbers of a block, and keeps the first error.
type fields struct {
	block map[string]string
	err   error
}

// parse returns the n numbers of a list. It makes room for as many as there
// are, not for as many as there are said to be.
func parse[T any](f *fields, name string, n int, one func(string) (T, error)) []T {
	if f.err != nil {
		return nil
	}
	text := f.block[name]
	out := make([]T, 0, max(0, min(n, len(text)/2+1)))
	for word := range strings.FieldsSeq(text) {
		v, err := one(word)
		if err != nil {
			f.err = fmt.Errorf("%s: number %d is %q; %w", name, len(out), clip(word), err)
			return nil
		}
		if len(out) == n {
			f.err = fmt.Errorf("%s has more than %d numbers", name, n)
			return nil
		}
		out = append(out, v)
	}
	if len(out) != n {
		f.err = fmt.Errorf("%s has %d numbers; want %d", name, len(out), n)
	}
	return out
}

func number(text string) (int32, error) {
	v, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, errors.New("want a whole number of 32 bits")
	}
	return int32(v), nil
}

func word(text string) (uint32, error) {
	v, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return 0, errors.New("want 32 bits")
	}
	return uint32(v), nil
}

func notNaN(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(v, 0) || math.IsNaN(v) {
		return 0, errors.New("want a number")
	}
	return v, nil
}

func finite(text string) (float64, error) {
	v, err := notNaN(text)
	if err != nil || math.IsInf(v, 0) {
		return 0, errors.New("want a finite number")
	}
	return v, nil
}

// clip shortens a text that is quoted in an error.
func clip(text string) string {
	if len(text) > 60 {
		return text[:60] + "…"
	}
	return text
}
