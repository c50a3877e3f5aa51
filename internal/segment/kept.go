package segment

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/page"
)

// keep stores the middles of a division.
func (d *Definition) keep(v *division) {
	d.Middle, d.NearestMiddle = nil, v.nearestMiddle
	for _, s := range v.middle {
		var slots [][]float64
		for i := 0; i < len(s); i += v.k {
			slots = append(slots, s[i:i+v.k])
		}
		d.Middle = append(d.Middle, slots)
	}
	d.table = newDistances(&d.Measure, d.shares(), v.k, d.NearestMiddle)
}

// shares returns the middles as they are worked with.
func (d *Definition) shares() shares {
	var out shares
	for _, slots := range d.Middle {
		out = append(out, slices.Concat(slots...))
	}
	return out
}

// Fingerprint tells one definition from another.
func (d *Definition) Fingerprint() string { return artifact.Fingerprint(d) }

// Encode returns the text of _definition.json.
func (d *Definition) Encode() ([]byte, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("write segments: %w", err)
	}
	return append(text, '\n'), nil
}

// Decode reads _definition.json. Every fault is an error that wraps
// datasets.ErrShape.
func Decode(text []byte) (*Definition, error) {
	d := &Definition{}
	if err := json.Unmarshal(text, d); err != nil {
		return nil, datasets.Shapef("%v", err)
	}
	if err := d.validate(); err != nil {
		return nil, datasets.Shapef("%v", err)
	}
	d.table = newDistances(&d.Measure, d.shares(), len(d.Segments), d.NearestMiddle)
	return d, nil
}

func (d *Definition) validate() error {
	switch {
	case d.Format < 1 || d.Format > DefinitionFormat:
		return fmt.Errorf("format %d; this icpfit reads 1 to %d", d.Format, DefinitionFormat)
	case d.Format == 1 && d.NearestMiddle:
		return fmt.Errorf("format 1 has no nearest_middle")
	case len(d.Segments) == 0 || len(d.Segments) > Most:
		return fmt.Errorf("%d segments; want 1 to %d", len(d.Segments), Most)
	case d.Written() && len(d.Segments) != len(d.Options.Rules):
		return fmt.Errorf("%d segments for %d rules", len(d.Segments), len(d.Options.Rules))
	case len(d.Middle) != len(d.Features):
		return fmt.Errorf("middles of %d features; want %d", len(d.Middle), len(d.Features))
	}
	if err := errors.Join(d.Options.Validate(), d.Measure.validate()); err != nil {
		return err
	}
	for f := range d.Middle {
		if len(d.Middle[f]) != d.Features[f].Slots() {
			return fmt.Errorf("feature %q has %d slots; want %d", d.Features[f].Feature, len(d.Middle[f]), d.Features[f].Slots())
		}
		for _, slot := range d.Middle[f] {
			for _, v := range slot {
				if len(slot) != len(d.Segments) || !(v >= 0 && v <= 1) {
					return fmt.Errorf("feature %q: a middle is not a share for each of %d segments", d.Features[f].Feature, len(d.Segments))
				}
			}
		}
	}
	seen := map[string]bool{Other: true}
	for _, s := range d.Segments {
		if s.Name == "" || seen[s.Name] || s.Name != page.Clean(s.Name) {
			return fmt.Errorf("segment %q is without name, or named twice", page.Clean(s.Name))
		}
		seen[s.Name] = true
	}
	return nil
}
