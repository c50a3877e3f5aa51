package page

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// luminance of a colour like #1d4f91 (WCAG 2.2, relative luminance).
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestContrast checks WCAG's ratio of 4.5 for texts on their grounds, light and
// dark, and of 3 for bars on the page.
func TestContrast(t *testing.T) {
	pairs := regexp.MustCompile(`--([a-z_-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`).FindAllStringSubmatch(pageStyle, -1)
	for i := range 2 {
		colours := map[string]string{}
		for _, m := range pairs {
			colours[m[1]] = m[2+i]
		}
		check := func(ink, ground string, want float64) {
			if colours[ink] == "" || colours[ground] == "" {
				t.Fatalf("scheme %d has no %s or %s", i, ink, ground)
			}
			a, b := luminance(t, colours[ink]), luminance(t, colours[ground])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < want {
				t.Errorf("scheme %d: %s on %s has contrast %.2f, want %v", i, ink, ground, ratio, want)
			}
		}
		for _, grade := range strings.Split("abcdef", "") {
			check("grade-ink", "grade-"+grade, 4.5)
			check("grade-"+grade, "page", 3)
		}
		for _, ink := range []string{"ink", "soft", "faint", "link", "keep", "retrain", "fix_data"} {
			check(ink, "page", 4.5)
		}
		for _, ink := range []string{"ink", "soft", "link", "keep", "retrain", "fix_data"} {
			check(ink, "panel", 4.5)
		}
		check("plus", "page", 3)
		check("minus", "page", 3)
	}
}
