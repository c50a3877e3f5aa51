package project

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/icpfit/icpfit/features"
)

// specs checks the list of features: here what can be pointed at in the file,
// and by features.Validate whatever else that package asks of a spec.
func (v *validator) specs(specs []features.Spec) {
	if len(specs) == 0 {
		v.add("features", "is empty; write at least one feature, or let icpfit init write them")
	}
	first := map[string]int{}
	for i, s := range specs {
		path, before := fmt.Sprintf("features[%d]", i), len(v.faults)
		key := strings.ToLower(s.Name) // engines compare the names of columns without case
		if at, twice := first[key]; twice && key != "" {
			v.add(path+".name", "%q is the name of features[%d] already; want another", s.Name, at)
		} else {
			first[key] = i
		}
		v.required(path+".name", s.Name, "the column's name in the feature table")
		v.required(path+".column", s.Column, "the column of the accounts to read")
		v.choice(path+".pillar", string(s.Pillar))
		v.choice(path+".kind", string(s.Kind))
		if s.Missing != "" {
			v.choice(path+".missing", s.Missing)
		}
		if len(v.faults) == before {
			v.specRules(path, s)
		}
	}
}

var specPrefix = regexp.MustCompile(`^feature 1 "(\\.|[^"\\])*": `)

// specRules adds the faults that features.Validate finds in s.
func (v *validator) specRules(path string, s features.Spec) {
	err := features.Validate([]features.Spec{s})
	if err == nil {
		return
	}
	faults := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		faults = joined.Unwrap()
	}
	for _, f := range faults {
		v.add(path, "%s", specPrefix.ReplaceAllString(f.Error(), ""))
	}
}
