package project

import (
	"fmt"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// mostRules is the most segments that people write.
const mostRules = 50

// segments checks what accounts are divided by.
func (v *validator) segments(c *Config) {
	s := c.Segments
	if s.K != 0 && (s.K < 2 || s.K > mostRules) {
		v.add("segments.k", "is %d; want 2 to %d, or no k: as many segments as are found again", s.K, mostRules)
	}
	if !(s.Minimum >= 0 && s.Minimum < 0.5) {
		v.add("segments.minimum", "is %g; want a share from 0 to below 0.5, such as 0.02", s.Minimum)
	}
	v.segmentFeatures(c)
	v.rules(c)
	if (s.Marketing == nil) != (s.Sales == nil) {
		v.add("segments", "has marketing's segments or those of sales alone; give both, marketing: and sales:, to hold them against each other")
	}
	v.division("segments.marketing", s.Marketing)
	v.division("segments.sales", s.Sales)
}

// division checks where somebody's own segments are.
func (v *validator) division(path string, d *DivisionConfig) {
	if d == nil {
		return
	}
	v.required(path+".segment", d.Segment, "the column that holds the segment")
	if d.Path != "" {
		v.required(path+".domain", d.Domain, "the column of the file that holds the domain or website")
	}
}

// segmentFeatures checks the features by which accounts are told apart.
func (v *validator) segmentFeatures(c *Config) {
	var names []string
	for _, f := range c.Features {
		names = append(names, f.Name)
	}
	if c.Segments.Features != nil && len(c.Segments.Features) == 0 {
		v.add("segments.features", "is empty; name features, or delete the key")
	}
	for i, name := range c.Segments.Features {
		path := fmt.Sprintf("segments.features[%d]", i)
		switch {
		case !slices.Contains(names, name):
			v.add(path, "%q is no feature; name one of features:%s", clip(name), didYouMean(name, names))
		case slices.Contains(c.Segments.Features[:i], name):
			v.add(path, "%q is there twice", clip(name))
		}
	}
}

// rules checks segments that people write.
func (v *validator) rules(c *Config) {
	s := c.Segments
	if len(s.Rules) > 0 && s.K != 0 {
		v.add("segments.k", "has no meaning with rules:, which say how many segments there are; delete one of the two")
	}
	if len(s.Rules) > mostRules {
		v.add("segments.rules", "has %d rules; want at most %d", len(s.Rules), mostRules)
	}
	fields := []datasets.Field{{Name: "customer", Type: datasets.Flag}}
	for _, f := range c.Features {
		fields = append(fields, datasets.Field{Name: f.Name, Type: f.Kind.Type()})
	}
	taken := map[string]bool{"other": true}
	for i, r := range s.Rules {
		path := fmt.Sprintf("segments.rules[%d]", i)
		name := strings.ToLower(r.Name)
		switch {
		case !icpName.MatchString(r.Name):
			v.add(path+".name", "%q cannot name a segment; want up to 64 letters, digits, blanks, dots, hyphens or underscores", clip(r.Name))
		case taken[name]:
			v.add(path+".name", "%q is taken; accounts of which no rule holds are in the segment other", clip(r.Name))
		}
		taken[name] = true
		if _, err := features.NewCondition(r.Where, fields); err != nil {
			v.add(path+".where", "%s; write a condition on the features, as in employees > 50", firstLine(err.Error()))
		}
	}
}
