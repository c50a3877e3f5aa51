package model_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// sealed returns tiny with golden accounts and a version.
func sealed(t testing.TB) *model.Model {
	t.Helper()
	m := tiny(t)
	if err := m.MakeGolden(); err != nil {
		t.Fatal(err)
	}
	if err := m.Seal(); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestGoldenHolds(t *testing.T) {
	m := sealed(t)
	if err := m.CheckGolden(); err != nil {
		t.Error(err)
	}
	m.Golden = nil
	if err := m.CheckGolden(); err != nil {
		t.Errorf("without golden accounts: %v", err)
	}
}

// TestGoldenFindsPoints plants a change of one micro-point in every bin and item
// of every feature, one after the other: each must be found.
func TestGoldenFindsPoints(t *testing.T) {
	m := sealed(t)
	m.Terms = append(m.Terms, big(t)...)
	m.Specs = slices.Insert(m.Specs, 6, features.Spec{Name: "big"}, features.Spec{Name: "long"})
	if err := m.MakeGolden(); err != nil {
		t.Fatal(err)
	}
	for k := range m.Terms {
		points := m.Terms[k].MicroPoints
		for slot := range points {
			points[slot]++
			if err := m.CheckGolden(); err == nil || !strings.Contains(err.Error(), "golden account") {
				t.Errorf("%s, slot %d: a changed point is not found", m.Terms[k].Feature, slot)
			}
			points[slot]--
		}
	}
	if err := m.CheckGolden(); err != nil {
		t.Error(err)
	}
}

// big returns a category and a set with many values.
func big(t *testing.T) []model.Term {
	t.Helper()
	c := bin.Binning{Feature: "big", Pillar: features.Firmographic, Kind: features.Category}
	s := bin.Binning{Feature: "long", Pillar: features.Technographic, Kind: features.Set}
	for i := range 400 {
		if i < 120 {
			c.Values = append(c.Values, "v"+strconv.Itoa(i))
		}
		s.Items = append(s.Items, "i"+strconv.Itoa(i))
	}
	c.Labels, s.Labels = c.Values, s.Items
	terms := []model.Term{{Binning: c}, {Binning: s}}
	for i := range terms {
		for slot := range terms[i].Slots() {
			terms[i].MicroPoints = append(terms[i].MicroPoints, int32(slot*1000))
		}
	}
	return terms
}

// TestGoldenFindsBins plants a change in the bins: an edge that moves by a hair,
// a value and an item spelled otherwise.
func TestGoldenFindsBins(t *testing.T) {
	for name, change := range map[string]func(m *model.Model){
		"edge down":      func(m *model.Model) { m.Terms[0].Edges[0] = math.Nextafter(50, 0) },
		"edge up a lot":  func(m *model.Model) { m.Terms[0].Edges[0] = 201 },
		"last edge down": func(m *model.Model) { m.Terms[0].Edges[1] = math.Nextafter(200, 0) },
		"age":            func(m *model.Model) { m.Terms[3].Edges[0] = 89 },
		"value":          func(m *model.Model) { m.Terms[1].Values[1] = "retailer" },
		"values swapped": func(m *model.Model) { m.Terms[1].Values[0], m.Terms[1].Values[1] = "retail", "tech" },
		"item":           func(m *model.Model) { m.Terms[4].Items[2] = "golang" },
	} {
		m := sealed(t)
		change(m)
		if err := m.CheckGolden(); err == nil {
			t.Errorf("%s: not found", name)
		}
	}
}
