package datasets

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A Role says what a column of a CRM export means, whatever it is called.
type Role string

// The roles a preset gives. A column that has none of them has RoleNone and is
// described by its PresetColumn alone.
const (
	RoleNone         Role = ""
	RoleDomain       Role = "domain"        // a bare domain; names the account
	RoleWebsite      Role = "website"       // a URL; names the account where there is no domain
	RoleID           Role = "id"            // the CRM's own record id
	RoleName         Role = "name"          // the company's name
	RoleParent       Role = "parent"        // the parent's record id or name
	RoleOwner        Role = "owner"         // who works the account
	RoleCreated      Role = "created"       // when the record was made
	RoleModified     Role = "modified"      // when it was last changed
	RoleLastActivity Role = "last_activity" // when it was last worked on
	RoleDeleted      Role = "deleted"       // true for a row in the recycle bin
	RoleType         Role = "type"          // prospect, customer, partner
	RoleLifecycle    Role = "lifecycle"     // lead, opportunity, customer
	RoleWon          Role = "won"           // when it became a customer
	RoleTarget       Role = "target"        // an ICP tier or target-account mark of earlier
	RoleSource       Role = "source"        // where the record came from
	RoleRating       Role = "rating"        // hot, warm, cold
	RoleIndustry     Role = "industry"
	RoleEmployees    Role = "employees"
	RoleRevenue      Role = "revenue"
	RoleCountry      Role = "country"
	RoleState        Role = "state"
	RoleCity         Role = "city"
	RolePostalCode   Role = "postal_code"
	RoleStreet       Role = "street"
	RolePhone        Role = "phone"
	RoleDescription  Role = "description"
	RoleFounded      Role = "founded"
	RoleNAICS        Role = "naics"
	RoleSIC          Role = "sic"
	RoleTicker       Role = "ticker"
	RoleOwnership    Role = "ownership" // private, public, subsidiary
	RoleTechnologies Role = "technologies"
	RoleFunding      Role = "funding" // money raised
)

// Reasons why a preset leaves a column out of the features.
const (
	WhyIdentifier = "an identifier"
	WhyCustomer   = "tells that it is a customer"
	WhyProcess    = "process, not the company"
	WhyContact    = "how to reach the company, not what it is"
)

// A PresetColumn describes one column of an export.
type PresetColumn struct {
	Role   Role
	Names  []string // API name, English label, French label, older ones; compared by FoldHeader
	Use    bool     // whether it makes a feature
	Why    string   // why not, where Use is false
	Kind   string   // a features.Kind, where Use is true
	Pillar string   // a features.Pillar, where Use is true
	Parser string   // a parser's name, or "" for the kind's default
}

// A Preset knows the headers of one CRM object's export.
type Preset struct {
	Name    string // "salesforce accounts"
	Columns []PresetColumn

	// Marks are the names, out of those of Columns, that hardly any other
	// program uses for an account.
	Marks []string

	// Foreign are names of columns that only other objects of the CRM have
	// (people, deals): a file with one of them is not an account base.
	Foreign []string

	// Prefix is what warehouse connectors put before the CRM's names, such as
	// "property_"; Match looks through it. "" for none.
	Prefix string

	// Own begins the names of the CRM's own bookkeeping. A header that begins
	// so and is in no column matches Bookkeeping. "" for none.
	Own         string
	Bookkeeping PresetColumn
}

// Match returns one element a header: the column it names, or nil. Names are
// compared by FoldHeader. The elements point into p.
func (p *Preset) Match(headers []string) []*PresetColumn {
	index := map[string]*PresetColumn{}
	for i := range p.Columns {
		for _, name := range p.Columns[i].Names {
			index[FoldHeader(name)] = &p.Columns[i]
		}
	}
	cols := make([]*PresetColumn, len(headers))
	for i, h := range headers {
		h = p.bare(h)
		cols[i] = index[FoldHeader(h)]
		if cols[i] == nil && p.Own != "" && strings.HasPrefix(h, p.Own) {
			cols[i] = &p.Bookkeeping
		}
	}
	return cols
}

// bare returns the header in lower case without the connector's prefix.
func (p *Preset) bare(header string) string {
	h := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(header, "\ufeff")))
	if p.Prefix == "" {
		return h
	}
	return strings.TrimPrefix(h, p.Prefix)
}

// leastScore is how much evidence Recognise wants: three marks, or one mark
// among four other known columns. A single mark with a few common names
// ("Name", "Industry") is what any hand-made list may have.
const leastScore = 6

// score weighs the evidence that headers are p's: 2 for a mark, 1 for any
// other known name. It is 0 without a mark, without a column that names the
// company, or with a column of another object.
func (p *Preset) score(headers []string) int {
	marks, foreign := foldSet(p.Marks), foldSet(p.Foreign)
	marked, known, named := 0, 0, false
	for i, c := range p.Match(headers) {
		h := FoldHeader(p.bare(headers[i]))
		if foreign[h] {
			return 0
		}
		if c == nil || c == &p.Bookkeeping {
			continue
		}
		known++
		if marks[h] {
			marked++
		}
		named = named || c.Role == RoleName || c.Role == RoleDomain || c.Role == RoleWebsite
	}
	if marked == 0 || !named {
		return 0
	}
	return known + marked
}

// Recognise returns the preset that headers fit best, or nil if they fit none
// well enough to act on. Of two that fit equally the first wins.
func Recognise(headers []string, presets ...*Preset) *Preset {
	var best *Preset
	most := leastScore - 1
	for _, p := range presets {
		if s := p.score(headers); s > most {
			best, most = p, s
		}
	}
	return best
}

// DomainColumns are the names under which account tables and customer lists
// keep what names the company, best first: a domain, then an address of a site,
// then an e-mail address.
var DomainColumns = []string{
	"domain", "company domain name", "company domain", "domain name", "website domain", "account domain", "root domain",
	"nom de domaine de l'entreprise", "nom de domaine", "domaine",
	"website", "website url", "company website", "url", "company url", "site url", "homepage", "homepage url", "web",
	"site web", "url du site web", "site internet",
	"email domain", "domaine e-mail",
	"email", "email address", "work email", "adresse e-mail", "courriel",
}

// DomainColumn returns the place in headers of the column that names the
// account, or -1: first the one p knows as a domain, then as a website, then by
// DomainColumns. p may be nil. A caller that gets -1 can print DomainColumns as
// the names that were looked for.
func DomainColumn(headers []string, p *Preset) int {
	if p != nil {
		cols := p.Match(headers)
		for _, role := range []Role{RoleDomain, RoleWebsite} {
			for i, c := range cols {
				if c != nil && c.Role == role {
					return i
				}
			}
		}
	}
	for _, name := range DomainColumns {
		for i, h := range headers {
			if FoldHeader(h) == FoldHeader(name) {
				return i
			}
		}
	}
	return -1
}

// FoldHeader reduces a column's name to its letters and digits, in lower case
// and without accents, so that "Number of Employees", NUMBEROFEMPLOYEES and
// number_of_employees are one name, as are "Secteur d’activité" and "secteur
// d'activite". Bytes that are not UTF-8 are dropped.
func FoldHeader(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(name, "")) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func foldSet(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, n := range names {
		set[FoldHeader(n)] = true
	}
	return set
}
