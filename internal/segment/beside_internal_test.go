package segment

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// A besideColumn is one column of scripts/bench/segments.py; null is missing.
type besideColumn struct {
	Name    string
	Kind    features.Kind
	Numbers []*float64
	Texts   []*string
	Sets    [][]string
}

// column returns the column as a batch has it.
func (c *besideColumn) column() datasets.Column {
	out := datasets.Column{Field: datasets.Field{Name: c.Name, Type: c.Kind.Type()}}
	out.Reset()
	index := map[string]int32{}
	code := func(text string) int32 {
		n, ok := index[text]
		if !ok {
			n = int32(len(index))
			index[text], out.Dictionary = n, append(out.Dictionary, text)
		}
		return n
	}
	for _, v := range c.Numbers {
		out.Numbers = append(out.Numbers, math.NaN())
		if v != nil {
			out.Numbers[len(out.Numbers)-1] = *v
		}
	}
	for _, v := range c.Texts {
		out.Codes = append(out.Codes, -1)
		if v != nil {
			out.Codes[len(out.Codes)-1] = code(*v)
		}
	}
	for _, v := range c.Sets {
		for _, item := range v {
			out.Codes = append(out.Codes, code(item))
		}
		out.Offsets, out.Null = append(out.Offsets, int32(len(out.Codes))), append(out.Null, v == nil)
	}
	return out
}

// BenchmarkBeside finds segments in the samples of scripts/bench/segments.py, which
// names its file in ICPFIT_BENCH_SEGMENTS, and writes those of the judged rows
// beside it. Without it, it finds four planted ones among a thousand accounts.
func BenchmarkBeside(b *testing.B) {
	path := os.Getenv("ICPFIT_BENCH_SEGMENTS")
	batch, _, specs := planted(4, 1000, 3)
	in := struct {
		Columns []besideColumn
		Samples [][]int32
		Judged  []int32
		K       []int
		Choose  bool // one more number of segments: that chosen for all rows
	}{Samples: [][]int32{{}}, K: []int{4}}
	if path != "" {
		text, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(text, &in)
		}
		if err != nil {
			b.Fatal(err)
		}
		batch, specs = &datasets.Batch{}, nil
		for i := range in.Columns {
			c := &in.Columns[i]
			batch.Columns = append(batch.Columns, c.column())
			specs = append(specs, features.Spec{Name: c.Name, Kind: c.Kind, Pillar: features.Firmographic, Column: c.Name})
			batch.Rows = max(len(c.Numbers), len(c.Texts), len(c.Sets))
		}
	} else {
		for i := range int32(batch.Rows) {
			in.Samples[0] = append(in.Samples[0], i)
		}
	}
	m := NewMeasure(specs, batch, 0)
	codes := m.Codes(batch, 0)
	if in.Choose {
		o := DefaultOptions()
		c := &chooser{m: m, t: codes, seed: o.Seed, minimum: o.Minimum}
		var ks []int
		for k := 2; k <= mostSegments; k++ {
			ks = append(ks, k)
		}
		trials, err := c.try(b.Context(), ks)
		if err != nil {
			b.Fatal(err)
		}
		in.K = append(in.K, best(trials))
	}
	out := make([][][]int32, len(in.K))
	for b.Loop() {
		for i, k := range in.K {
			out[i] = make([][]int32, len(in.Samples))
			_ = inParallel(b.Context(), len(in.Samples), func(j int) { // the context is not cancelled
				s := newSearcher(m, codes, in.Samples[j])
				out[i][j] = s.label(s.search(k, starts, rand.New(rand.NewPCG(1, uint64(j)))), in.Judged)
			})
		}
	}
	b.ReportMetric(float64(len(in.K)*len(in.Samples)*b.N)/b.Elapsed().Seconds(), "searches/s")
	if path == "" {
		return
	}
	text, err := json.Marshal(map[string]any{"k": in.K, "labels": out})
	if err == nil {
		err = os.WriteFile(path+".out", text, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
}
