package datasets_test

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/hubspot"
	"github.com/icpfit/icpfit/datasets/salesforce"
)

func presets() []*datasets.Preset {
	return []*datasets.Preset{salesforce.Accounts(), hubspot.Companies()}
}

// shared returns the header of a real file outside the project, or skips.
func shared(t *testing.T, path, separator string) []string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	f, err := os.Open(filepath.Join(dir, "..", "shared", "data", filepath.FromSlash(path)))
	if err != nil {
		t.Skipf("real data is not here: %v", err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	if !s.Scan() {
		t.Fatalf("%s: no first line: %v", path, s.Err())
	}
	headers := strings.Split(s.Text(), separator)
	for i := range headers {
		headers[i] = strings.Trim(headers[i], `"`)
	}
	return headers
}

func TestRecogniseRealFiles(t *testing.T) {
	for _, tt := range []struct {
		path, separator, want string
		domain                string // the header that names the account, "" for none
	}{
		{"crm/salesforce-dataloader/accountData_without_session_column.csv", ",", "salesforce accounts", "WEBSITE"},
		{"crm/salesforce/sf_account_data.csv", ",", "salesforce accounts", "website"},
		{"crm/hubspot/company_data.csv", ",", "hubspot companies", ""},
		{"crm/salesforce/sf_contact_data.csv", ",", "", "email"},
		{"crm/salesforce/sf_lead_data.csv", ",", "", "website"},
		{"crm/salesforce/sf_opportunity_data.csv", ",", "", ""},
		{"crm/salesforce-dataloader/opportunityData.csv", ",", "", ""},
		{"crm/hubspot/contact_data.csv", ",", "", ""},
		{"crm/hubspot/deal_data.csv", ",", "", ""},
		{"icp-hackerone/accounts.csv", ",", "", "domain"},
		{"icp-yc-hiring/accounts.csv", ",", "", "domain"},
		{"adult/adult-train.csv", ",", "", ""},
		{"bank-marketing/bank-additional-full.csv", ";", "", ""},
		{"coil2000-train/ticdata2000.txt", "\t", "", ""},
		{"telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv", ",", "", ""},
		{"x-education/Leads.csv", ",", "", ""},
	} {
		t.Run(tt.path, func(t *testing.T) {
			headers := shared(t, tt.path, tt.separator)
			p := datasets.Recognise(headers, presets()...)
			got := ""
			if p != nil {
				got = p.Name
			}
			if got != tt.want {
				t.Errorf("recognised as %q, want %q", got, tt.want)
			}
			if i := datasets.DomainColumn(headers, p); (i < 0) != (tt.domain == "") || i >= 0 && headers[i] != tt.domain {
				t.Errorf("DomainColumn = %d, want %q", i, tt.domain)
			}
		})
	}
}

// The lists are those of Salesforce's and HubSpot's documentation and of public
// exports, in English; the French ones are the labels of a French user.
func TestRecogniseLabels(t *testing.T) {
	for _, tt := range []struct {
		name, headers, want string
	}{
		{"salesforce API", "Id,Name,Website,Industry,NumberOfEmployees,AnnualRevenue,Type,ParentId,OwnerId,BillingStreet,BillingCity,BillingState,BillingPostalCode,BillingCountry,AccountSource,Rating,Ownership,TickerSymbol,Sic,SicDesc,NaicsCode,NaicsDesc,YearStarted,DunsNumber,Tradestyle,Site,CreatedDate,LastActivityDate,IsDeleted", "salesforce accounts"},
		{"salesforce bulk sample", "Name,ShippingCity,NumberOfEmployees,AnnualRevenue,Website,Description", "salesforce accounts"},
		{"salesforce report", "Account ID,Account Name,Account Owner,Website,Industry,Employees,Annual Revenue,Type,Rating,Billing Street,Billing City,Billing State/Province,Billing Zip/Postal Code,Billing Country,Last Activity,Created Date", "salesforce accounts"},
		{"salesforce report with a territory", "Account Name,Website,Billing City,Billing State/Province,Billing Zip/Postal Code,Account Owner,Territory,Type", "salesforce accounts"},
		{"salesforce report, French", "ID du compte,Nom du compte,Propriétaire du compte,Site Web,Secteur d'activité,Employés,Chiffre d'affaires annuel,Type,Pays de facturation,Ville de facturation,Dernière activité,Date de création", "salesforce accounts"},
		{"salesforce report, French, typed by hand", "nom du compte,site web,SECTEUR D’ACTIVITE,employes,pays de facturation", "salesforce accounts"},
		{"hubspot labels", "Record ID,Company name,Company Domain Name,Website URL,Industry,Number of Employees,Annual Revenue,City,State/Region,Country/Region,Company owner,Lifecycle Stage,Create Date,Last Activity Date,Ideal Customer Profile Tier,Target Account", "hubspot companies"},
		{"hubspot internal names", "hs_object_id,name,domain,website,industry,numberofemployees,annualrevenue,city,state,country,zip,phone,type,founded_year,description,hubspot_owner_id,lifecyclestage,hs_lead_status,hs_ideal_customer_profile,hs_is_target_account,createdate,hs_lastmodifieddate,notes_last_contacted", "hubspot companies"},
		{"hubspot labels, French", "ID de fiche d'informations,Nom de l'entreprise,Nom de domaine de l'entreprise,URL du site web,Secteur,Nombre d'employés,Chiffre d'affaires annuel,Pays/Région,Phase du cycle de vie,Propriétaire de l'entreprise,Date de création", "hubspot companies"},
		{"hubspot of a warehouse", "_fivetran_synced,id,property_name,property_domain,property_numberofemployees,property_createdate,property_lifecyclestage", "hubspot companies"},
		{"a hand-made list", "name,website,industry,employees,annual revenue,country,phone,description,created date,owner", ""},
		{"one mark among few", "Account Name,Website,Industry", ""},
		{"one mark, five known names", "Account Name,Website,Industry,Employees,Annual Revenue", "salesforce accounts"},
		{"houses for sale", "property_name,property_type,property_city,property_state,property_country,property_address,property_description", ""},
		{"no column names the company", "BillingCity,BillingCountry,ShippingCity,Industry,NumberOfEmployees,Type", ""},
		{"a report on people", "Account Name,Website,Billing City,Billing Country,First Name,Last Name", ""},
		{"nothing", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			headers := strings.Split(tt.headers, ",")
			got := ""
			if p := datasets.Recognise(headers, presets()...); p != nil {
				got = p.Name
				for i, c := range p.Match(headers) {
					if c == nil {
						t.Errorf("%q is not known", headers[i])
					}
				}
			}
			if got != tt.want {
				t.Errorf("recognised as %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMatchRoles(t *testing.T) {
	for _, tt := range []struct {
		header     string
		salesforce datasets.Role
		hubspot    datasets.Role
	}{
		{"NUMBEROFEMPLOYEES", datasets.RoleEmployees, datasets.RoleEmployees},
		{"  number_of_employees ", datasets.RoleEmployees, datasets.RoleEmployees},
		{"Nombre d’employés", datasets.RoleEmployees, datasets.RoleEmployees},
		{"\ufeffName", datasets.RoleName, datasets.RoleName},
		{"\ufeffproperty_numberofemployees", "absent", datasets.RoleEmployees},
		{"Property_Domain", "absent", datasets.RoleDomain},
		{"Billing  Country", datasets.RoleCountry, "absent"},
		{"Pays/Région", "absent", datasets.RoleCountry},
		{"PAYS DE FACTURATION", datasets.RoleCountry, "absent"},
		{"hs_something_new", "absent", datasets.RoleNone},
		{"Score__c", "absent", "absent"},
		{"", "absent", "absent"},
	} {
		for i, want := range []datasets.Role{tt.salesforce, tt.hubspot} {
			p := presets()[i]
			got := datasets.Role("absent")
			if c := p.Match([]string{tt.header})[0]; c != nil {
				got = c.Role
			}
			if got != want {
				t.Errorf("%s: %q has role %q, want %q", p.Name, tt.header, got, want)
			}
		}
	}
}

// What a sale fills, or what says that there was one, must not be learned from
// without the user's wish.
func TestLeaksAreNotFeatures(t *testing.T) {
	for i, headers := range [][]string{
		{"Type", "Rating", "AccountSource", "OwnerId", "LastActivityDate", "ShippingCountry", "CreatedDate", "Description", "Contract Start Date", "Customer Since", "Id", "Tier"},
		{"lifecyclestage", "hs_lead_status", "num_associated_deals", "recent_deal_amount", "total_revenue", "closedate", "hs_num_open_deals", "days_to_close", "notes_last_contacted", "hubspot_owner_id", "hs_any_new_property", "createdate"},
	} {
		p := presets()[i]
		for k, c := range p.Match(headers) {
			if c == nil || c.Use || c.Why == "" {
				t.Errorf("%s: %q is %+v, want a column left out with a reason", p.Name, headers[k], c)
			}
		}
	}
}

func TestPresetsHoldTogether(t *testing.T) {
	whys := []string{datasets.WhyIdentifier, datasets.WhyCustomer, datasets.WhyProcess, datasets.WhyContact}
	kinds := []string{"number", "category", "set", "flag", "date", "words"} // the kinds of package features
	pillars := []string{"firmographic", "technographic", "intent"}
	parsers := []string{"", "range", "money", "year", "country", "code"} // out of parse.Names, which imports this package
	for _, p := range presets() {
		seen := map[string]string{}
		for _, c := range p.Columns {
			for _, name := range c.Names {
				key := datasets.FoldHeader(name)
				if other, twice := seen[key]; twice || key == "" {
					t.Errorf("%s: %q and %q are one name", p.Name, name, other)
				}
				seen[key] = name
			}
			if c.Use != (c.Why == "") || c.Use != slices.Contains(kinds, c.Kind) || c.Use != slices.Contains(pillars, c.Pillar) {
				t.Errorf("%s: %q: a used column has a kind and a pillar, another a reason: %+v", p.Name, c.Names, c)
			}
			if !slices.Contains(parsers, c.Parser) || !c.Use && c.Parser != "" {
				t.Errorf("%s: %q: parser %q", p.Name, c.Names, c.Parser)
			}
			if !c.Use && !slices.Contains(whys, c.Why) {
				t.Errorf("%s: %q: unknown reason %q", p.Name, c.Names, c.Why)
			}
		}
		for _, m := range p.Marks {
			if seen[datasets.FoldHeader(m)] == "" {
				t.Errorf("%s: the mark %q is no column", p.Name, m)
			}
		}
		for _, f := range p.Foreign {
			if other := seen[datasets.FoldHeader(f)]; other != "" {
				t.Errorf("%s: %q is foreign and the column %q", p.Name, f, other)
			}
		}
	}
}

func TestEveryRoleIsUsed(t *testing.T) {
	used := map[datasets.Role]bool{}
	for _, p := range presets() {
		for _, c := range p.Columns {
			used[c.Role] = true
		}
	}
	for _, r := range []datasets.Role{
		datasets.RoleNone, datasets.RoleDomain, datasets.RoleWebsite, datasets.RoleID, datasets.RoleName, datasets.RoleParent, datasets.RoleOwner, datasets.RoleCreated,
		datasets.RoleModified, datasets.RoleLastActivity, datasets.RoleDeleted, datasets.RoleType, datasets.RoleLifecycle, datasets.RoleWon, datasets.RoleTarget, datasets.RoleSource,
		datasets.RoleRating, datasets.RoleIndustry, datasets.RoleEmployees, datasets.RoleRevenue, datasets.RoleCountry, datasets.RoleState, datasets.RoleCity, datasets.RolePostalCode,
		datasets.RoleStreet, datasets.RolePhone, datasets.RoleDescription, datasets.RoleFounded, datasets.RoleNAICS, datasets.RoleSIC, datasets.RoleTicker, datasets.RoleOwnership,
		datasets.RoleTechnologies, datasets.RoleFunding,
	} {
		if !used[r] {
			t.Errorf("no preset has a column of role %q", r)
		}
		delete(used, r)
	}
	if len(used) > 0 {
		t.Errorf("roles in use and not in the list: %v", used)
	}
}

func TestDomainColumn(t *testing.T) {
	for _, tt := range []struct {
		headers string
		want    int
	}{
		{"id,Website,Domain", 2},
		{"name,E-mail", 1},
		{"email,url", 1},
		{"Nom,Site Web", 1},
		{"name,employees", -1},
		{"", -1},
	} {
		if got := datasets.DomainColumn(strings.Split(tt.headers, ","), nil); got != tt.want {
			t.Errorf("DomainColumn(%s) = %d, want %d", tt.headers, got, tt.want)
		}
	}
	both := strings.Split("Record ID,Company name,Website URL,Company Domain Name,Company owner", ",")
	if got := datasets.DomainColumn(both, hubspot.Companies()); got != 3 {
		t.Errorf("DomainColumn = %d, want the domain before the website", got)
	}
	seen := map[string]bool{}
	for _, n := range datasets.DomainColumns {
		if seen[datasets.FoldHeader(n)] {
			t.Errorf("%q is in DomainColumns twice", n)
		}
		seen[datasets.FoldHeader(n)] = true
	}
}

// FuzzFoldHeader checks that folding is idempotent and blind to case and blanks.
func FuzzFoldHeader(f *testing.F) {
	for _, s := range []string{"Number of Employees", "Secteur d’activité", "\ufeffID", "İstanbul", "ﬁeld", "½", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := datasets.FoldHeader(s)
		if twice := datasets.FoldHeader(once); twice != once {
			t.Errorf("FoldHeader(%q) = %q, again %q", s, once, twice)
		}
		if blank := datasets.FoldHeader(" " + s + "__"); blank != once {
			t.Errorf("FoldHeader(%q) = %q, with blanks %q", s, once, blank)
		}
	})
}
