package model_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
)

func encode(t testing.TB, m *model.Model) []byte {
	t.Helper()
	text, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestRoundTrip checks that a model reads back as it was, and that sealing it
// again gives the same version.
func TestRoundTrip(t *testing.T) {
	m := sealed(t)
	text := encode(t, m)
	back, err := model.Load(text)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(m, back) || !bytes.Equal(text, encode(t, back)) {
		t.Error("the model reads back otherwise")
	}
	version := m.Version
	if err := m.Seal(); err != nil || m.Version != version {
		t.Errorf("sealed again: %s after %s, %v", m.Version, version, err)
	}
	if !strings.HasPrefix(version, "2025-06-30-") || len(version) != len("2025-06-30-")+8 {
		t.Errorf("version %q, want the date and eight digits", version)
	}
	if err := back.CheckGolden(); err != nil {
		t.Error(err)
	}
}

// oldHashes are the versions' hashes in the files of former formats.
var oldHashes = map[int]string{1: "582cefb7", 2: "838c69ba"}

// TestLoadOld checks that a model of every former format loads and scores its
// golden accounts as it did.
func TestLoadOld(t *testing.T) {
	for format := 1; format < model.Format; format++ {
		text, err := os.ReadFile(fmt.Sprintf("testdata/compat/format-%d.json", format))
		if err != nil {
			t.Fatal(err)
		}
		m, err := model.Load(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.CheckGolden(); err != nil {
			t.Error(err)
		}
		if m.Format != format || m.Version != "2025-06-30-"+oldHashes[format] || len(m.Golden.Margins) == 0 {
			t.Errorf("format %d: version %s with %d golden accounts", m.Format, m.Version, len(m.Golden.Margins))
		}
	}
}

// TestLoadRefuses checks files that are of a later format, cut short, changed
// or nonsense.
func TestLoadRefuses(t *testing.T) {
	text := string(encode(t, sealed(t)))
	swap := func(old, with string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("no %s in the file", old)
		}
		return strings.Replace(text, old, with, 1)
	}
	for name, tt := range map[string]struct{ text, want string }{
		"empty":           {"", "model.json"},
		"no object":       {"[]", "model.json"},
		"cut short":       {text[:len(text)/2], "model.json"},
		"more behind":     {text + "{}", "model.json"},
		"a later format":  {swap(`"format": 1`, `"format": 4`), "reads up to 3: use a newer one"},
		"no format":       {swap(`"format": 1`, `"format": 0`), "format is 0"},
		"NaN":             {swap(`"base_points": 45`, `"base_points": NaN`), "model.json"},
		"points changed":  {swap(`5000000`, `5000001`), "changed after training"},
		"a cut changed":   {swap(`"margin": 12000000`, `"margin": 12000001`), "changed after training"},
		"a name changed":  {swap(`"name": "main"`, `"name": "mine"`), "changed after training"},
		"another version": {swap(`"version": "2025-06-30-`, `"version": "2024-06-30-`), "changed after training"},
		"points too big":  {swap(`5000000`, `5000000000000`), "model.json"},
	} {
		if _, err := model.Load([]byte(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// TestValidate checks that each fault is found; reseal makes the version right,
// so that a crafted file does not pass as unchanged.
func TestValidate(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(m *model.Model)
		want   string
	}{
		"no terms":             {func(m *model.Model) { m.Terms = nil }, "no terms"},
		"specs":                {func(m *model.Model) { m.Specs = m.Specs[1:] }, "6 specs for 6 terms and 1 signals"},
		"specs of others":      {func(m *model.Model) { m.Specs[0].Name = "x" }, `spec 0 is of feature "x"`},
		"base points":          {func(m *model.Model) { m.BasePoints = math.Inf(1) }, "base_points"},
		"missing":              {func(m *model.Model) { m.Missing = "zero" }, `missing is "zero"`},
		"points":               {func(m *model.Model) { m.Terms[1].MicroPoints = m.Terms[1].MicroPoints[1:] }, "3 points for 4 bins"},
		"least points":         {func(m *model.Model) { m.Terms[1].MicroPoints[0] = math.MinInt32 }, "points below"},
		"counts":               {func(m *model.Model) { m.Terms[1].Pool = nil }, "4 and 0 counts for 4 bins"},
		"spread":               {func(m *model.Model) { m.Terms[1].Spread = []int32{1} }, "1 spreads"},
		"edges":                {func(m *model.Model) { m.Terms[0].Edges[1] = 50 }, "edge 1 is 50"},
		"feature twice":        {func(m *model.Model) { m.Terms[1].Feature, m.Specs[1].Name = "employees", "employees" }, "is there twice"},
		"quantiles":            {func(m *model.Model) { m.Quantiles[3] = math.MinInt64 }, "pool quantile 3"},
		"pillar quantiles":     {func(m *model.Model) { m.PillarQuantiles["intent"][2] = -1 }, "intent quantile 2"},
		"cuts":                 {func(m *model.Model) { m.Grades.Cuts[1].Margin = 13_000_000 }, "B starts at 13000000"},
		"grid mode":            {func(m *model.Model) { m.Grid = &model.Grid{Mode: "max", Maximum: make([]int32, 6)} }, `mode is "max"`},
		"grid maxima":          {func(m *model.Model) { m.Grid = &model.Grid{Mode: "sum", Maximum: []int32{1}} }, "1 maxima for 6 terms"},
		"grid weights":         {func(m *model.Model) { m.Grid = &model.Grid{Mode: "pillars", Maximum: []int32{1, 1, 1, 1, 1, 1}} }, "weight of pillar intent"},
		"golden columns":       {func(m *model.Model) { m.Golden.Columns = append(m.Golden.Columns, m.Golden.Columns[0]) }, "7 golden columns for 6 terms"},
		"golden values":        {func(m *model.Model) { m.Golden.Columns[0].Numbers = nil }, `"employees": 0 values for 12`},
		"golden names":         {func(m *model.Model) { m.Golden.Columns[0].Feature = "sector" }, `golden column 0 is of feature "sector"`},
		"golden margins":       {func(m *model.Model) { m.Golden.Margins = nil }, "values for 0 accounts"},
		"golden sets":          {func(m *model.Model) { m.Golden.Columns[4].Sets = nil }, `"tools": 0 values`},
		"golden texts":         {func(m *model.Model) { m.Golden.Columns[1].Texts = nil }, `"sector": 0 values`},
		"no pillar":            {func(m *model.Model) { m.Terms[0].Pillar = "" }, "pillar"},
		"unknown kind":         {func(m *model.Model) { m.Terms[0].Kind = "colour" }, "colour"},
		"hysteresis":           {func(m *model.Model) { m.Grades.Hysteresis = -1 }, "hysteresis"},
		"the last grade's cut": {func(m *model.Model) { m.Grades.Cuts[5].Margin = -5_000_000 }, "last grade F has a least margin"},
	} {
		t.Run(name, func(t *testing.T) {
			m := sealed(t)
			tt.change(m)
			err := m.Validate()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if m.Seal() != nil {
				return // infinite numbers cannot be written
			}
			if _, err := model.Load(encode(t, m)); err == nil {
				t.Error("a crafted file with this fault loads")
			}
		})
	}
	m := tiny(t)
	m.Missing, m.SpecHash, m.Terms[0].Kind = "", "", "x"
	if err := m.Validate(); err == nil || !strings.Contains(err.Error(), "missing is") || !strings.Contains(err.Error(), "kind is") {
		t.Errorf("two faults: %v, want both", err)
	}
}

// FuzzLoad checks that no file makes Load, scoring, the golden check or Encode
// panic, and that what loads encodes to what loads.
func FuzzLoad(f *testing.F) {
	old, err := os.ReadFile("testdata/compat/format-1.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(old)
	f.Add(encode(f, sealed(f)))
	for _, m := range []*model.Model{sealed(f), grown(f)} {
		m.Quantiles, m.PillarQuantiles = m.Quantiles[:2], nil // short ones are changed faster
		m.Golden.Margins = m.Golden.Margins[:2]
		for k := range m.Golden.Columns {
			c := &m.Golden.Columns[k]
			c.Numbers, c.Texts, c.Sets = c.Numbers[:min(2, len(c.Numbers))], c.Texts[:min(2, len(c.Texts))], c.Sets[:min(2, len(c.Sets))]
		}
		compact, err := json.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(compact)
	}
	f.Add([]byte(`{"format":1,"terms":[{}]}`))
	f.Add([]byte(`{"format":2,"trees":[[{"feature":0,"left":1,"right":1}]]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var m model.Model
		if json.Unmarshal(text, &m) == nil && m.Seal() == nil { // let no checksum stand before the checks
			text, _ = json.Marshal(&m)
		}
		back, err := model.Load(text)
		if err != nil {
			return
		}
		if err := back.CheckGolden(); err != nil && back.Golden == nil {
			t.Error(err)
		}
		scoreAny(t, back)
		if _, err := model.Load(encode(t, back)); err != nil {
			t.Errorf("does not load again: %v", err)
		}
	})
}

// scoreAny scores accounts with whatever features a model has: their shares must
// sum to the margin, and grade, percentile and priority must be defined.
func scoreAny(t *testing.T, m *model.Model) {
	t.Helper()
	b := base()
	for _, s := range m.Specs {
		if c := b.Column(s.Name); c != nil && c.Type == s.Kind.Type() {
			continue
		}
		c := datasets.Column{Field: datasets.Field{Name: s.Name, Type: s.Kind.Type()}, Offsets: []int32{0, 0, 1, 2, 2}, Null: []bool{true, false, false, false}}
		c.Numbers, c.Days, c.Flags = []float64{nan, 0, 1e9, -1e9}, []int32{datasets.MissingDay, 0, 20_000, -20_000}, []int8{-1, 0, 1, 1}
		c.Dictionary, c.Codes = []string{"a", "HubSpot"}, []int32{0, 1, 1, -1}
		if c.Type == datasets.Set {
			c.Codes = c.Codes[:2]
		}
		b.Columns = append([]datasets.Column{c}, b.Columns...)
	}
	var s model.Scores
	if err := model.NewScorer(m, 20_000).Score(&s, b); err != nil {
		t.Fatal(err)
	}
	for i := range s.Rows {
		var sum int64
		for _, c := range s.Contributions {
			sum += int64(c[i])
		}
		if sum != s.Margin[i] {
			t.Fatalf("row %d: contributions sum to %d, margin %d", i, sum, s.Margin[i])
		}
		if g := m.Grades.Keep(s.Margin[i], "B"); g < 0 || g >= len(m.Grades.Cuts) {
			t.Fatalf("row %d: grade %d of %d", i, g, len(m.Grades.Cuts))
		}
		if p := m.RowPriority(&s, i); p < -1e12 || p > 1e12 {
			t.Fatalf("row %d: priority %v", i, p)
		}
		model.Percentile(m.Quantiles, s.Margin[i])
	}
}

// TestPoints checks the scale: ten points double the lift, 50 points are lift 1.
func TestPoints(t *testing.T) {
	for points, want := range map[float64]float64{50: 1, 60: 2, 80: 8, 40: 0.5} {
		if got := model.Lift(points); got != want {
			t.Errorf("Lift(%v) = %v, want %v", points, got, want)
		}
	}
	m := &model.Model{BasePoints: 45}
	if got := m.Points(2_500_000); got != 47.5 {
		t.Errorf("Points(2500000) = %v, want 47.5", got)
	}
	if got := m.Margin(47.5); got != 2_500_000 {
		t.Errorf("Margin(47.5) = %v, want 2500000", got)
	}
}

// TestMarginLaw checks that Margin(p) is the least margin with at least p points.
func TestMarginLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &model.Model{BasePoints: rapid.Float64Range(-200, 200).Draw(t, "base")}
		p := rapid.OneOf(rapid.Float64Range(-1000, 1000), rapid.Map(rapid.IntRange(-100, 100), func(i int) float64 { return float64(i) / 10 })).Draw(t, "points")
		margin := m.Margin(p)
		if m.Points(margin) < p || m.Points(margin-1) >= p {
			t.Fatalf("base %v: Margin(%v) = %d, points %v; one less has %v", m.BasePoints, p, margin, m.Points(margin), m.Points(margin-1))
		}
	})
}

// TestUniform checks that hashes are spread evenly and depend on key and seed.
func TestUniform(t *testing.T) {
	var counts [10]int
	for i := range uint64(20_000) {
		u := model.Uniform(i, 3)
		if !(u >= 0 && u < 1) {
			t.Fatalf("Uniform(%d) = %v", i, u)
		}
		counts[int(10*u)]++
	}
	for i, n := range counts {
		if n < 1850 || n > 2150 { // 2,000 ± 3.5 standard deviations of 42
			t.Errorf("%d of 20000 in tenth %d", n, i)
		}
	}
	if model.Mix(1, 2) == model.Mix(1, 3) || model.Mix(1, 2) == model.Mix(2, 2) {
		t.Error("hashes collide")
	}
}
