package model_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// TestSlot: numbers of one slot are rounded alike, at borders and on both sides
// of every power of ten as well, and nearly all that are met have a slot.
func TestSlot(t *testing.T) {
	d := model.NewDisplay(features.Spec{}, &model.Term{})
	rounded := map[int]float64{}
	slotted := 0
	check := func(v float64) {
		slot := model.Slot(v)
		if slot < 0 {
			return
		}
		slotted++
		if slot >= model.NumberSlots {
			t.Fatalf("%v has slot %d of %d", v, slot, model.NumberSlots)
		}
		r := d.Round(v)
		if before, ok := rounded[slot]; ok && before != r {
			t.Fatalf("%v is rounded to %v, another number of slot %d to %v", v, r, slot, before)
		}
		rounded[slot] = r
	}
	for _, v := range []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), -1, -1.5, 1e-300, 5e-324, 1e308, 9999, 10000, 9999.5} {
		check(v)
	}
	for e := -6; e < 12; e++ {
		v := math.Pow10(e)
		up, down := v, v
		for range 200 {
			check(up)
			check(down)
			up, down = math.Nextafter(up, math.Inf(1)), math.Nextafter(down, 0)
		}
		for m := 1.0; m < 10; m += 0.005 {
			for _, x := range []float64{m * v, math.Nextafter(m*v, 0), math.Nextafter(m*v, math.Inf(1))} {
				check(x)
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	slotted = 0
	const n = 200_000
	for range n {
		check(math.Exp(3 + 1.5*r.NormFloat64()))
	}
	if slotted < n*99/100 {
		t.Errorf("%d of %d numbers have a slot, want nearly all", slotted, n)
	}
}
