package parse_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/features/parse"
)

func ExampleCountries() {
	fmt.Println(parse.Countries(nil, "gb|ie"))
	fmt.Println(parse.Countries(nil, "Chicago, IL; London, UK; Remote"))
	fmt.Println(parse.Countries(nil, "USA, Canada & Colombia"))
	// Output:
	// [GB IE]
	// [US GB]
	// [US CA CO]
}

// Codes are those of ISO 3166-1. Many cells are from the public data sets.
var countryCases = map[string][]string{
	"US": {
		"United States of America", "United States", "USA", "U.S.A.", "U.S.", "US", "us", "usa", "États-Unis", "etats unis", "États-Unis d’Amérique", "Estados Unidos", "The United States", "**USA**", "- USA", "- US", "US only.",
		"San Francisco, CA", "San Francisco, CA, USA", "New York, NY; Remote", "Chicago, IL", "Chicago, Illinois", "Venice, California", "Washington, DC", "Washington, D.C.", "Atlanta, GA", "Boston, MA / Remote", "NYC, NY", "Indianapolis, IN",
		"Denver, CO", "Wilmington, DE", "Atlanta, Georgia", "Atlanta, Georgia, USA", "Paris, TX", "Mexico, MO", "London, KY", "Los Angeles, CA & Westlake Village, CA", "Albuquerque, New Mexico", "TX", "Currently, US-based only", "Texas",
		"USA only for the time being: many of our contracts with the US government requir", "We currently have employees in the U.S. and in several European countries.", "New York, US", "America", "Headquartered in New Jersey",
	},
	"GB": {
		"United Kingdom", "UK", "uk", "U.K.", "gb", "GBR", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland", "Royaume-Uni", "Grande-Bretagne", "Angleterre", "London, UK", "London, England", "London", "Cambridge, England, United Kingdom",
		"London, UK & Remote", "Remote; London, UK", "United Kingdom of Great Britain and Northern Ireland", "gb|ie", "London, United Kingdom.", "UK-based only", "Richmond (London), UK",
	},
	"FR": {"France", "FRANCE", "fr", "FRA", "France.", "Frankreich", "Francia", "République française", "**France** We have positions open at Lyon or Paris", "Paris, France", "Paris, Fr", "la France", "Lyon"},
	"DE": {"Germany", "Deutschland", "Allemagne", "Alemania", "de", "DEU", "Federal Republic of Germany", "Berlin, Germany", "Berlin, DE", "Munich, DE", "Köln, DE", "Remote / Munich, Germany", "Germany, European Union"},
	"CA": {"Canada", "ca", "CAN", "Toronto, CA", "Toronto, ON", "Vancouver, BC", "Montréal, Québec", "Canada, BC", "London, Ontario", "Montreal, Canada"},
	"IN": {"India", "Inde", "in", "Bengaluru, IN", "Bangalore , India", "Bengaluru, KA, India", "India, Gurgaon", "**India**", "BHARAT"},
	"IL": {"Israel", "Israël", "il", "Tel Aviv, IL", "Tel Aviv-Yafo, Israel"},
	"NL": {"Netherlands", "The Netherlands", "Pays-Bas", "Holland", "nl", "Amsterdam, NL", "Amsterdam, The Netherlands", "Kingdom of the Netherlands", "Nederland"},
	"KR": {"South Korea", "Korea, Republic of", "Republic of Korea", "Corée du Sud", "KOR", "kr", "대한민국", "Korea"},
	"KP": {"North Korea", "Korea, Democratic People's Republic of", "Corée du Nord"},
	"CZ": {"Czechia", "Czech Republic", "Tchéquie", "République tchèque", "cz", "Prague, Czechia"},
	"CI": {"Ivory Coast", "Côte d'Ivoire", "Côte d’Ivoire", "COTE D'IVOIRE"},
	"CD": {"Democratic Republic of the Congo", "DR Congo", "Congo, The Democratic Republic of the", "République démocratique du Congo", "COD"},
	"CG": {"Congo", "Republic of the Congo"},
	"CH": {"Switzerland", "Suisse", "Schweiz", "Svizzera", "ch", "Genève", "Zurich, Switzerland; Remote"},
	"RU": {"Russia", "Russian Federation", "Россия", "Russie"},
	"CN": {"China", "中国", "People's Republic of China", "Chine", "PRC"},
	"JP": {"Japan", "Japon", "日本"},
	"BR": {"Brazil", "Brasil", "BRAZIL", "São Paulo, BR", "Brazil (Brasil), Latin America. We hire mainly from Brazil, but"},
	"ES": {"Spain", "España", "Espagne", "Spain and México"},
	"MX": {"Mexico", "México", "Mexico City, CDMX, Mexico", "Mexico City"},
	"TR": {"Turkey", "Türkiye", "Turquie"},
	"GE": {"Georgia", "Géorgie", "Tbilisi, Georgia", "Tbilisi, Tbilisi, Georgia; Tbilisi, Georgia"},
	"BA": {"Bosnia and Herzegovina", "Bosnia & Herzegovina", "Bosnie-Herzégovine"},
	"TT": {"Trinidad & Tobago", "Trinidad and Tobago"},
	"PR": {"Puerto Rico", "San Juan, PR"},
	"SG": {"Singapore", "Singapore, Singapore", "Singapour", "Remote/ Singapore, Singapore / Bangalore, India", "Singapore, Malaysia & Remote"},
	"PL": {"Poland", "Pologne", "Krakow, Poland / Remote", "Poland, 616", "Gdańsk, Poland", "Polska"},
	"AU": {"Australia", "Australie", "Sydney, NSW", "au|nz", "New South Wales"},
	"VN": {"Vietnam", "Viet Nam", "Hồ Chí Minh, Vietnam"},
	"AE": {"UAE", "United Arab Emirates", "Émirats arabes unis", "Dubai"},
	"HK": {"Hong Kong", "Hong Kong SAR China", "hk"},
	"TW": {"Taiwan", "Taiwan, Province of China"},
	"BO": {"Bolivia, Plurinational State of", "Bolivia"},
	"VG": {"British Virgin Islands", "Virgin Islands, British"},
	"XK": {"Kosovo", "xk"},
	"NA": {"Namibia", "NAM"},
	"SM": {"San Marino, RSM"},
	"NG": {"LA, Nigeria", "Nigeria"},
	"SK": {"We are company from Slovakia (EU)."},
	"JO": {"Jordan", "Amman, Jordan"},
	"DO": {"Dominican Republic", "República Dominicana"},
	"MK": {"North Macedonia", "Macedonia"},
	"GR": {"Greece", "Grèce", "EL"},
	"SE": {"se|no|fi|dk", "Sweden"},
}

func TestCountry(t *testing.T) {
	for want, cells := range countryCases {
		for _, cell := range cells {
			if got, status := parse.Country(cell); got != want || status != parse.OK {
				t.Errorf("Country(%q) = %q, %v, want %s", cell, got, status, want)
			}
		}
	}
}

func TestCountryRefuses(t *testing.T) {
	for status, cells := range map[parse.Status][]string{
		parse.Missing: {"", "-", "n/a", "NA", "Unspecified", "unknown", "None", "Select", "non renseigné"},
		parse.Unreadable: {
			"Worldwide", "**Worldwide**", "Remote", "Global", "Anywhere", "Europe", "EMEA", "North America", "Latin America", "other", "-cu|-ir|-kp", "-jp", "Narnia", "zz", "q", "ZZZ", "123", "it is in the office, for us and me",
			"Worldwide. While our management team is based in the US, we hire technical write", "Michael Jordan and his sister Georgia", "UTC-8 to UTC+2", "EU",
		},
	} {
		for _, cell := range cells {
			if got, s := parse.Country(cell); got != "" || s != status {
				t.Errorf("Country(%q) = %q, %v, want %v", cell, got, s, status)
			}
		}
	}
}

func TestCountries(t *testing.T) {
	for _, tt := range []struct {
		cell string
		want string
	}{
		{"", ""},
		{"n/a", ""},
		{"Worldwide", ""},
		{"fr", "FR"},
		{"us|gb|au|de|us", "US GB AU DE"},
		{"France;Germany ; France", "FR DE"},
		{"US and Canada", "US CA"},
		{"Germany, Austria, Slovakia", "DE AT SK"},
		{"USA, UK", "US GB"},
		{"Bosnia and Herzegovina; Germany", "BA DE"},
		{"-cu|-ir", ""},
		{"London, UK / Oslo, Norway", "GB NO"},
		{"* Germany (HQ) * UK * Portugal * Serbia", "DE GB PT RS"},
		{"Madrid, Spain; Mexico City, Mexico; Bogotá, Colombia; Remote", "ES MX CO"},
		{"Current openings are for remote positions in US, UK, and Canada.", "US GB CA"},
		{"United States of America|America / Canada|Remote", "US CA"},
	} {
		got := parse.Countries([]string{"kept"}, tt.cell)
		if want := append([]string{"kept"}, strings.Fields(tt.want)...); !slices.Equal(got, want) {
			t.Errorf("Countries(%q) = %q, want %q", tt.cell, got, want)
		}
		first, _ := parse.Country(tt.cell)
		if want, _, _ := strings.Cut(tt.want, " "); first != want {
			t.Errorf("Country(%q) = %q, want the first of %q", tt.cell, first, tt.want)
		}
	}
}

// noCountry matches the cells of the data set that name no country by intent:
// exclusions, and those about regions, time zones and the whole world.
var noCountry = regexp.MustCompile(`(?i)^-[a-z]{2}|wor(ld|l)\s?wide|global|globe|anywhere|world|planet|continent|europe|\b(EU|emea|latam|asia|americas|(north|south|latin|central) america|cet|cest|gmt|utc|est)\b|^\W*remote\W*$|^other$|unspecified|not specified`)

// At least 95 % of the cells that name a country must be read.
func TestCountryOnPublicData(t *testing.T) {
	filled, all, named, read := 0, 0, 0, 0
	for _, cell := range publicColumn(t, "icp-hackerone/accounts.csv", "country_raw") {
		if cell == "" {
			continue
		}
		filled++
		_, status := parse.Country(cell)
		if status == parse.OK {
			all++
		}
		if noCountry.MatchString(cell) {
			continue
		}
		named++
		if status == parse.OK {
			read++
		} else {
			t.Logf("Country(%q): %v", cell, status)
		}
	}
	t.Logf("country_raw: %d filled, %d read; of %d that name a country, %d", filled, all, named, read)
	if named < 8000 || float64(read) < 0.95*float64(named) {
		t.Errorf("country_raw: %d of %d cells that name a country are read, want 95 %%", read, named)
	}
}

// Two columns of this data set name the country, one as a list and one behind a
// city: they must agree in 99.5 % of the rows.
func TestCountryAgreesOnPublicData(t *testing.T) {
	regions := publicColumn(t, "icp-yc-hiring/accounts.csv", "regions")
	locations := publicColumn(t, "icp-yc-hiring/accounts.csv", "all_locations")
	rows, agree := 0, 0
	for i, location := range locations {
		listed := parse.Countries(nil, regions[i])
		if len(listed) == 0 || location == "" {
			continue
		}
		rows++
		if code, _ := parse.Country(location); slices.Contains(listed, code) {
			agree++
		} else {
			t.Logf("Country(%q) = %q, Countries(%q) = %q", location, code, regions[i], listed)
		}
	}
	t.Logf("all_locations: %d of %d rows agree with regions", agree, rows)
	if rows < 5000 || float64(agree) < 0.995*float64(rows) {
		t.Errorf("all_locations: %d of %d rows agree with regions, want 99.5 %%", agree, rows)
	}
}

func FuzzCountry(f *testing.F) {
	for _, cells := range countryCases {
		for _, cell := range cells {
			f.Add(cell)
		}
	}
	for _, cell := range hostile {
		f.Add(cell)
	}
	code := regexp.MustCompile(`^[A-Z]{2}$`)
	f.Fuzz(func(t *testing.T, cell string) {
		first, status := parse.Country(cell)
		if (status == parse.OK) != code.MatchString(first) {
			t.Fatalf("Country(%q) = %q, %v", cell, first, status)
		}
		all := parse.Countries(nil, cell)
		if status == parse.OK && (len(all) == 0 || all[0] != first) || status != parse.OK && len(all) > 0 {
			t.Fatalf("Countries(%q) = %q, but Country is %q", cell, all, first)
		}
		for i, c := range all {
			if !code.MatchString(c) || slices.Contains(all[:i], c) {
				t.Fatalf("Countries(%q) = %q", cell, all)
			}
			if again, _ := parse.Country(c); again != c && c != "NA" { // alone it is taken for missing
				t.Fatalf("Country(%q) = %q", c, again)
			}
		}
	})
}

func BenchmarkCountry(b *testing.B) {
	parse.Country("fr") // builds the tables
	for _, cell := range []string{"us", "United States of America", "États-Unis", "London, UK", "Krakow, Poland / Remote", "Worldwide", "Current openings are for remote positions in US, UK, and Canada."} {
		b.Run(cell, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				parse.Country(cell)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
