package parse

import (
	"strings"
	"testing"
)

// ISO 3166-1 has 249 officially assigned codes; Kosovo's is user-assigned.
func TestCountryTable(t *testing.T) {
	codes := strings.Fields(countryCodes)
	if len(codes) != 249+1 {
		t.Errorf("%d country codes, want 249 and Kosovo's", len(codes))
	}
	p := loadPlaces()
	for _, iso2 := range codes {
		if got := p.countries[key(iso2)]; got.code != iso2 {
			t.Errorf("code %s leads to %s", iso2, got.code)
		}
	}
	known := strings.Join(codes, " ")
	for text, at := range p.countries {
		if !strings.Contains(known, at.code) || len(at.code) != 2 || text == "" {
			t.Errorf("name %q leads to %q", text, at.code)
		}
	}
	for name, iso2 := range p.cities {
		if p.countries[key(iso2)].code != iso2 {
			t.Errorf("city %q leads to %q", name, iso2)
		}
		if at, found := p.countries[name]; found && at.code != iso2 && at.kind == sure {
			t.Errorf("city %q of %s is a name of %s", name, iso2, at.code)
		}
	}
	for name, iso2 := range p.states {
		if iso2 != "US" && iso2 != "CA" && iso2 != "AU" {
			t.Errorf("state %q leads to %q", name, iso2)
		}
	}
	for _, name := range strings.Split(ambiguousNames, "|") {
		if p.countries[name].code == "" {
			t.Errorf("ambiguous name %q is no country's", name)
		}
	}
}
