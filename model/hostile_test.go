package model_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/model"
)

// grown is tiny with trees that split features of every kind, sealed.
func grown(t testing.TB) *model.Model {
	t.Helper()
	m := tiny(t)
	m.Format = model.Format
	node := func(n model.Node, points int32) model.PointNode { return model.PointNode{Node: n, MicroPoints: points} }
	m.Trees = []model.PointTree{
		{
			node(model.Node{Feature: 0, At: 2, Left: 1, Right: 2, Missing: 3}, 0), node(model.Node{Feature: 1, In: []int32{1, 3}, Left: 4, Right: 5, Missing: 4}, 500_000),
			node(model.Node{}, -700_000), node(model.Node{}, 10), node(model.Node{}, 900_000), node(model.Node{}, 100_000),
		},
		{
			node(model.Node{Feature: 4, At: 3, Left: 1, Right: 2, Missing: 1}, 0), node(model.Node{Feature: 2, At: 1, Left: 3, Right: 4, Missing: 4}, 250_000),
			node(model.Node{Feature: 3, At: 1, Left: 5, Right: 6, Missing: 6}, -50_000), node(model.Node{}, 1), node(model.Node{}, -1), node(model.Node{}, 2), node(model.Node{}, -2),
		},
		{node(model.Node{}, 0)},
	}
	m.Experience = experience(m)
	if err := m.MakeGolden(); err != nil {
		t.Fatal(err)
	}
	if err := m.Seal(); err != nil {
		t.Fatal(err)
	}
	return m
}

// experience is one of m that has the shape it must have.
func experience(m *model.Model) *model.Tally {
	low, high := 1.0, 48525.0
	e := &model.Tally{
		Accounts: 10, Scored: 9, Outside: 1, Margin: -3, Squares: 5,
		Cells: make([]int64, len(m.Marks())+1), Grades: make([]int64, len(m.Grades.Cuts)),
	}
	for k := range m.Terms {
		e.Features = append(e.Features, model.FeatureTally{Feature: m.Terms[k].Feature, Outside: 1, MicroPoints: -7, Squares: 9})
	}
	e.Features[0].Low, e.Features[0].High = &low, &high
	return e
}

// TestExperienceRefused checks that an experience which does not count what the
// model has is a fault.
func TestExperienceRefused(t *testing.T) {
	for name, change := range map[string]func(e *model.Tally){
		"cells":       func(e *model.Tally) { e.Cells = e.Cells[1:] },
		"grades":      func(e *model.Tally) { e.Grades[0] = -1 },
		"features":    func(e *model.Tally) { e.Features = e.Features[1:] },
		"feature":     func(e *model.Tally) { e.Features[1].Feature = "other" },
		"accounts":    func(e *model.Tally) { e.Scored = e.Accounts + 1 },
		"outside":     func(e *model.Tally) { e.Outside = e.Scored + 1 },
		"of feature":  func(e *model.Tally) { e.Features[2].Outside = e.Accounts + 1 },
		"squares":     func(e *model.Tally) { e.Squares = -1 },
		"half a span": func(e *model.Tally) { e.Features[0].High = nil },
		"span":        func(e *model.Tally) { *e.Features[0].High = 0 },
	} {
		m := grown(t)
		change(m.Experience)
		if err := m.Validate(); err == nil || !strings.Contains(err.Error(), "tally: ") {
			t.Errorf("%s: %v, want a fault of the tally", name, err)
		}
	}
}

// TestGrownLoads checks that the model of the tests below is sound.
func TestGrownLoads(t *testing.T) {
	m, err := model.Load(encode(t, grown(t)))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.CheckGolden(); err != nil {
		t.Error(err)
	}
	scoreAny(t, m)
}

// TestHostile checks crafted files, sealed so that no checksum stands before the
// checks: each is refused with its place.
func TestHostile(t *testing.T) {
	number := func(v float64) *float64 { return &v }
	text := "x"
	for name, tt := range map[string]struct {
		change func(m *model.Model)
		want   string
	}{
		"a tree without nodes":     {func(m *model.Model) { m.Trees[0] = nil }, "tree 0: no nodes"},
		"a cycle":                  {func(m *model.Model) { m.Trees[0][1].Left = 0 }, "tree 0: node 1 has no left child, but others"},
		"its own child":            {func(m *model.Model) { m.Trees[0][1].Left = 1 }, "tree 0: node 1 has child 1; want one after it"},
		"a child back":             {func(m *model.Model) { m.Trees[1][2].Left = 1 }, "tree 1: node 2 has child 1; want one after it"},
		"a negative child":         {func(m *model.Model) { m.Trees[0][0].Right = -3 }, "tree 0: node 0 has child -3"},
		"a child far away":         {func(m *model.Model) { m.Trees[0][0].Right = 1 << 30 }, "tree 0: node 0 has child 1073741824"},
		"a child of two":           {func(m *model.Model) { m.Trees[0][1].Right = 2 }, "tree 0: node 2 has 2 parents"},
		"a child twice":            {func(m *model.Model) { m.Trees[0][1].Right = 4 }, "tree 0: node 1 has child 4 twice"},
		"a node without a parent":  {func(m *model.Model) { m.Trees[2] = append(m.Trees[2], model.PointNode{}) }, "tree 2: node 1 has 0 parents"},
		"a feature that is not":    {func(m *model.Model) { m.Trees[0][0].Feature = 6 }, "tree 0: node 0 splits feature 6 of 6"},
		"a feature below 0":        {func(m *model.Model) { m.Trees[0][0].Feature = -1 }, "tree 0: node 0 splits feature -1"},
		"a code that is not":       {func(m *model.Model) { m.Trees[0][0].At = 4 }, `tree 0: node 0: splits "employees" at code 4; want 1 to 3`},
		"a code of unknown":        {func(m *model.Model) { m.Trees[0][0].At = 0 }, `at code 0`},
		"an item that is not":      {func(m *model.Model) { m.Trees[1][0].At = 5 }, `splits set "tools" at slot 5; want an item, 2 to 4`},
		"an item below 0":          {func(m *model.Model) { m.Trees[1][0].At = -2 }, `slot -2`},
		"a category twice":         {func(m *model.Model) { m.Trees[0][1].In = []int32{1, 1} }, `by codes [1 1]; want ascending ones, 1 to 3`},
		"a category that is not":   {func(m *model.Model) { m.Trees[0][1].In = []int32{999} }, `by codes [999]`},
		"no category":              {func(m *model.Model) { m.Trees[0][1].In = nil }, `without codes`},
		"a root with points":       {func(m *model.Model) { m.Trees[0][0].MicroPoints = 1 }, "tree 0: the root has 1 micro-points; want 0"},
		"a grid with trees":        {func(m *model.Model) { m.Grid = &model.Grid{Mode: "sum", Maximum: []int32{1, 1, 1, 1, 1, 1}} }, "a written grid with 3 trees"},
		"points of trees overflow": {overflow, `feature "employees" of an account can earn`},
		"a billion base points":    {func(m *model.Model) { m.BasePoints = 1e9 }, "base_points is 1e+09; want at most 10000"},
		"an effect of none":        {func(m *model.Model) { m.Terms[0].Effect = []int32{0, 0, 0, math.MinInt32} }, `feature "employees": points below`},
		"effects too few":          {func(m *model.Model) { m.Terms[0].Effect = []int32{0} }, `1 effects for 4 bins`},
		"mean absolute":            {func(m *model.Model) { m.Terms[0].MeanAbsolute = -1 }, "mean_absolute is -1"},
		"counts below 0":           {func(m *model.Model) { m.Terms[0].Pool[2] = -5 }, `feature "employees": 0 customers and -5 of the pool in bin 2`},
		"customers below 0":        {func(m *model.Model) { m.Customers = -1 }, "-1 customers"},
		"too many edges":           {func(m *model.Model) { m.Terms[0].Edges = ascending(300) }, "302 codes; want at most 256"},
		"50,000 edges":             {func(m *model.Model) { m.Terms[0].Edges = slices.Repeat([]float64{1}, 50_000) }, "50002 codes"},
		"a million quantiles":      {func(m *model.Model) { m.Quantiles = descending(1_000_000) }, "faults more"},
		"a golden flag of 7":       {func(m *model.Model) { m.Golden.Columns[2].Numbers[1] = number(7) }, `golden column "hiring": value 1 is 7, which no flag is`},
		"a golden age of a half":   {func(m *model.Model) { m.Golden.Columns[3].Numbers[1] = number(0.5) }, `golden column "funded": value 1 is 0.5, which no date is`},
		"a golden age beyond days": {func(m *model.Model) { m.Golden.Columns[3].Numbers[1] = number(1e18) }, `which no date is`},
		"golden texts of a set":    {func(m *model.Model) { m.Golden.Columns[4].Texts = []*string{nil, &text} }, `golden column "tools": values of another kind`},
		"golden texts of a number": {func(m *model.Model) { m.Golden.Columns[0].Texts = []*string{nil, &text} }, `values of another kind`},
		"a thousand golden":        {func(m *model.Model) { m.Golden.Margins = make([]int64, 1000) }, "1000 golden accounts; want at most 256"},
		"a scale that is not":      {func(m *model.Model) { m.Grades.Scale = "A-Z" }, `scale is "A-Z"`},
		"a grade of another scale": {func(m *model.Model) { m.Grades.Cuts[0].Grade = "Z" }, `cut 0 is of "Z"`},
		"grades too few":           {func(m *model.Model) { m.Grades.Cuts = m.Grades.Cuts[1:] }, `5 cuts; scale A-F wants 6`},
		"no grades":                {func(m *model.Model) { m.Grades.Cuts = nil }, `no cuts`},
		"a tier below 1":           {func(m *model.Model) { m.Grades.Cuts[0].Tier = -1 }, `A is of tier -1`},
		"a hysteresis without end": {func(m *model.Model) { m.Grades.Hysteresis = 1e300 }, `hysteresis is 1e+300`},
		"a grid beyond its maximum": {func(m *model.Model) {
			m.Trees, m.Grid = nil, &model.Grid{Mode: "sum", Maximum: []int32{1, 1, 1, 1, 1, 1}}
		}, `grid: term 0 gives from -2000000 to 5000000 micro-points; want at most its maximum 1, either way`},
		"grid weights without end": {func(m *model.Model) {
			m.Trees, m.Grid = nil, &model.Grid{Mode: "pillars", Maximum: []int32{1, 1, 1, 1, 1, 1}, Weights: map[string]float64{"firmographic": 1e300, "technographic": 1, "intent": 1}}
		}, `weight of pillar firmographic is 1e+300`},
	} {
		t.Run(name, func(t *testing.T) {
			m := grown(t)
			tt.change(m)
			if err := m.Seal(); err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			_, err = model.Load(text)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("%.2000v, want %q", err, tt.want)
			}
			if n := len(err.Error()); n > 20_000 {
				t.Errorf("the error has %d bytes", n)
			}
		})
	}
}

// overflow gives m trees that together give one feature more than 32 bits hold,
// though none does by itself, and alternately up and down.
func overflow(m *model.Model) {
	for range 3 {
		m.Trees = append(m.Trees, model.PointTree{
			{Node: model.Node{Feature: 0, At: 1, Left: 1, Right: 2, Missing: 2}}, {MicroPoints: 1_000_000_000}, {MicroPoints: -1_000_000_000},
		})
	}
}

// TestReachByFeature checks that what trees can add is bounded feature by
// feature along a path: up and down on one feature cancels, others do not count.
func TestReachByFeature(t *testing.T) {
	m := grown(t)
	up, down := int32(1_500_000_000), int32(-600_000_000)
	m.Trees = []model.PointTree{
		{ // employees +1500, hiring to -600: 2100 down
			{Node: model.Node{Feature: 0, At: 1, Left: 1, Right: 2, Missing: 2}},
			{Node: model.Node{Feature: 2, At: 1, Left: 3, Right: 4, Missing: 4}, MicroPoints: up},
			{},
			{MicroPoints: down},
			{MicroPoints: up},
		},
		{ // employees +1500, then employees again back to +100
			{Node: model.Node{Feature: 3, At: 1, Left: 1, Right: 2, Missing: 2}}, {}, {},
		},
	}
	if err := m.MakeGolden(); err != nil {
		t.Fatal(err)
	}
	if err := m.Validate(); err != nil {
		t.Errorf("1,500 points of one feature and 2,100 of another: %v", err)
	}
	scoreAny(t, m)
	m.Trees = append(m.Trees, m.Trees[0])
	err := m.Validate()
	if err == nil || !strings.Contains(err.Error(), `"employees" of an account can earn 3005000000`) || !strings.Contains(err.Error(), `"hiring" of an account can earn 4201500001`) {
		t.Errorf("twice: %v", err)
	}
}

func ascending(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(i)
	}
	return out
}

func descending(n int64) (out []int64) {
	for i := range n {
		out = append(out, -i)
	}
	return out
}

// TestLoadMemory checks that a small file that would be large in memory is
// refused before it is read: reading takes a small multiple of its size.
func TestLoadMemory(t *testing.T) {
	many := func(head, one, tail string, n int) string { return head + strings.Repeat(one+",", n-1) + one + tail }
	for name, tt := range map[string]struct{ text, want string }{
		"terms":         {many(`{"format":2,"terms":[`, "{}", "]}", 5_000_000), "over 50000 objects"},
		"specs":         {many(`{"format":2,"specs":[`, "{}", "]}", 5_000_000), "over 50000 objects"},
		"nodes":         {many(`{"format":2,"trees":[[`, "{}", "]]}", 5_000_000), "over 50000 objects or 1048576 nodes"},
		"nodes of many": {many(`{"format":2,"trees":[`, "[{}]", "]}", 3_000_000), "over 50000 objects or 1048576 nodes"},
		"depth":         {strings.Repeat("[", 5_000_000), "brackets 9 deep"},
		"deep objects":  {strings.Repeat(`{"a":`, 1_000_000), "brackets 9 deep"},
		"bytes":         {strings.Repeat(" ", model.MaxBytes+1), "want at most"},
		"a string":      {`{"name":"` + strings.Repeat(`[{\"`, 1_000_000), "model.json"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := model.Load([]byte(tt.text))
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %.300v, want %q", name, err, tt.want)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > uint64(4*len(tt.text)) {
			t.Errorf("%s: reading %d bytes takes %d", name, len(tt.text), used)
		}
	}
}

// TestLoadNonsense puts other JSON in the place of each value of a file, the
// first of every list: nothing panics, and what loads can be scored.
func TestLoadNonsense(t *testing.T) {
	text, err := json.Marshal(grown(t))
	if err != nil {
		t.Fatal(err)
	}
	var whole map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&whole); err != nil {
		t.Fatal(err)
	}
	tried, loaded := 0, 0
	try := func() {
		text, err := json.Marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		var m model.Model
		if json.Unmarshal(text, &m) != nil || m.Seal() != nil {
			return // Load says the same of it
		}
		if text, err = json.Marshal(&m); err != nil {
			t.Fatal(err)
		}
		tried++
		if back, err := model.Load(text); err == nil {
			loaded++
			scoreAny(t, back)
		}
	}
	replace(whole, func(any) {}, try)
	if tried < 400 || loaded < 50 {
		t.Errorf("%d files were tried, %d loaded", tried, loaded)
	}
}

// replace puts nonsense in the place of v and of everything below it, the first
// two of every list, and calls try each time.
func replace(v any, set func(any), try func()) {
	for _, other := range []any{nil, -1, 0, 7, 1e300, "x", []any{}, map[string]any{}, []any{nil}, []any{[]any{}}, true} {
		set(other)
		try()
	}
	set(v)
	switch x := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(x)) {
			replace(x[key], func(to any) { x[key] = to }, try)
		}
	case []any:
		for i := range x[:min(2, len(x))] {
			replace(x[i], func(to any) { x[i] = to }, try)
		}
	}
}
