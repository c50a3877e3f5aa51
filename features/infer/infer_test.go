package infer_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/features/infer"
)

// source writes text to a file and returns it as a source.
func source(t *testing.T, name, text string) datasets.Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return csvfile.New(path, csvfile.DefaultOptions())
}

// column returns a base of 1,000 accounts with one column besides the domain,
// of which cell gives the cells.
func column(t *testing.T, name string, cell func(i int) string) datasets.Source {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "domain,%s\n", quote(name))
	for i := range 1000 {
		fmt.Fprintf(&b, "r%04d.com,%s\n", i, quote(cell(i)))
	}
	return source(t, "accounts.csv", b.String())
}

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// of cycles through values.
func of(values ...string) func(int) string {
	return func(i int) string { return values[i%len(values)] }
}

// format prints each row's number, scattered over 0 to 996 so that no value
// counts the rows.
func format(pattern string) func(int) string {
	return func(i int) string { return fmt.Sprintf(pattern, i*389%997) }
}

// some keeps every nth value.
func some(n int, cell func(int) string) func(int) string {
	return func(i int) string {
		if i%n == 0 {
			return cell(i)
		}
		return ""
	}
}

// text is a spec or a reason as one line.
func text(r *infer.Result) string {
	if len(r.LeftOut) > 0 {
		return "out: " + r.LeftOut[0].Reason
	}
	if len(r.Specs) == 0 {
		return "nothing"
	}
	s := r.Specs[0]
	return strings.TrimRight(fmt.Sprintf("%s %s %s %s %s", s.Name, s.Pillar, s.Kind, s.Parser, s.Separator), " ")
}

// TestRules has a column for each rule, and for each near miss that a rule must
// not take. What is wanted is what a person would say of the column.
func TestRules(t *testing.T) {
	for _, tt := range []struct {
		column string
		cell   func(int) string
		want   string
	}{
		{"Employees", format("%d"), "employees firmographic number"},
		{"Effectif", of("51-200", "11-50", "1-10", "201-500", "10 000+"), "effectif firmographic number range"},
		{"headcount", of("58", "5-10 employees.", "~100 currently (5/3/2019) and growing", "200+", "7", "9"), "headcount firmographic number range"},
		{"CA", of("$5 million", "1.2M€", "3 k€", "£400", "$1,200"), "ca firmographic number money"},
		{"Growth", of("12%", "3 %", "40%", "-5%"), "growth firmographic number percent"},
		{"Year founded", of("1998", "2004", "2016"), "year_founded firmographic number year"},
		{"code of risk", of("1", "2", "3"), "code_of_risk firmographic number"},
		{"segment code", of("0012", "0047", "0100"), "segment_code firmographic category"},
		{"SIC", of("7372", "7371", "2834"), "sic firmographic category code"},
		{"NumberOfPlants", of("0", "1"), "numberofplants firmographic number"},
		{"is_public", of("0", "1"), "is_public firmographic flag"},
		{"Public", of("yes", "No", ""), "public firmographic flag"},
		{"Coté", of("oui", "non"), "cote firmographic flag"},
		{"Multiple lines", of("Yes", "No", "No phone"), "multiple_lines firmographic category"},
		{"Partner", of("Yes", ""), "partner firmographic flag filled"},
		{"Pays", of("France", "Allemagne", "États-Unis"), "pays firmographic category country"},
		{"Country", of("fr|de", "us", "gb|ie"), "country firmographic set country |"},
		{"Where", of("France", "Germany", "United States", "Italy"), "where firmographic category country"},
		{"State", of("CA", "DE", "GA", "IN"), "state firmographic category"},
		{"Sites", of("Lyon, France", "Paris, France", "Nice, France; Remote", "Lille, France"), "sites firmographic set  ;"},
		{"Opened", of("2019-03-04", "2020-11-30"), "opened firmographic date"},
		{"Opened", of("25/12/2019", "03/04/2020"), "opened firmographic date"},
		{"batch", of("Winter 2012", "Summer 2013"), "batch firmographic category"},
		{"sector", of("B2B -> Engineering, Product and Design", "B2B -> Legal"), "sector firmographic category"},
		{"Tech stack", of("Go|React", "React|Postgres", "Go"), "tech_stack technographic set  |"},
		{"tags", of("fintech;saas", "saas", "health;saas"), "tags firmographic set  ;"},
		{"tools", func(i int) string {
			all := []string{"Jira", "Slack", "Zoom", "Figma", "Miro", "Asana", "Notion", "Linear", "Git"}
			return all[i%9] + ", " + all[(i/9)%9] + ", " + all[(i/81)%9]
		}, "tools technographic set  ,"},
		{"CRM", of("HubSpot", "SAP", "Salesforce"), "crm technographic category"},
		{"website visits", of("3", "0", "12"), "website_visits intent number"},
		{"Last activity date", of("2026-01-02", "2025-07-09"), "last_activity_date intent date"},
		{"has hiring page", of("true", "false"), "has_hiring_page intent flag"},
		{"ticker", some(10, format("TK%d")), "ticker firmographic flag filled"},
		{"Do Not Email", of("No", "Yes"), "do_not_email firmographic flag"},
		{"name", of("a", "b"), "name_value firmographic category"},
		{"Domain Name", of("a", "b"), "domain_name firmographic category"},
		{"Égal — à 50 %", of("a", "b"), "egal_a_50 firmographic category"},
		{"公司", of("a", "b"), "column_2 firmographic category"},

		{"blank", of(""), "out: empty"},
		{"blank", of("n/a", "-", "Select"), "out: empty"},
		{"Magazine", of("No"), `out: one value everywhere: "No"`},
		{"Row", func(i int) string { return fmt.Sprint(i) }, "out: a row number"},
		{"Row", func(i int) string { return fmt.Sprint(5000 - i) }, "out: a row number"},
		{"Lead Number", func(i int) string { return fmt.Sprint(900_000 - i*37) }, "out: an identifier"},
		{"Oracle_ID__c", format("4-%06d"), "out: an identifier"},
		{"key", format("%x-ff"), "out: an identifier"},
		{"Homepage link", format("https://www.r%d.com/about"), "out: URLs"},
		{"other site", format("www%d.example.org"), "out: domains"},
		{"Contact", format("jo%d@r.com"), "out: e-mail addresses: personal data"},
		{"Phone", format("+33 1 44 %d"), "out: telephone numbers: personal data"},
		{"First Name", of("Ann", "Bob"), "out: names of people: personal data"},
		{"Zip code", format("%05d"), "out: postal codes: too fine to learn from"},
		{"Street", format("%d Main Street"), "out: street addresses: too fine to learn from"},
		{"where", format("%d Main Street"), "out: free text"},
		{"About", format("We make %d kinds of very good things"), "about firmographic words"},
		{"Company description", format("We make %d kinds of very good things"), "company_description firmographic words"},
		{"Description de l'entreprise", format("Nous faisons %d sortes de bonnes choses"), "description_de_l_entreprise firmographic words"},
		{"Description of last call", format("They will buy %d of our very good things"), "out: free text"},
		{"Comments", format("They will buy %d of our very good things"), "out: free text"},
		{"City", format("Town%d"), "out: near-unique: 997 values in 1000 rows"},
		{"Lifecycle Stage", of("customer", "lead"), "out: filled in after the sale, by its name"},
		{"ContractStartDate", of("2019-03-04", "2020-11-30"), "out: filled in after the sale, by its name"},
		{"Contract", of("Month-to-month", "One year"), "contract firmographic category"},
		{"renewal_date", of("2019-03-04", "2020-11-30"), "out: filled in after the sale, by its name"},
		{"Customer since", of("2019-03-04", "2020-11-30"), "out: filled in after the sale, by its name"},
		{"NPS", of("9", "3"), "out: filled in after the sale, by its name"},
		{"open tickets", of("9", "3"), "out: filled in after the sale, by its name"},
		{"Account owner", of("Ann", "Bob"), "out: who works the account: process, not the company"},
		{"Ownership", of("Public", "Private"), "ownership firmographic category"},
		{"created_at", of("2019-03-04", "2020-11-30"), "out: when the row was made or changed: process, not the company"},
	} {
		t.Run(tt.column+" "+tt.cell(0), func(t *testing.T) {
			r, err := infer.Accounts(t.Context(), column(t, tt.column, tt.cell), infer.DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			if got := text(r); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestSupport checks both sides of the limit: half of the filled rows must have
// a value that ten rows have.
func TestSupport(t *testing.T) {
	// 1,000 rows: the first `shared` have a value in groups of ten, the others one each.
	for _, tt := range []struct {
		shared int
		kept   bool
	}{{500, true}, {490, false}} {
		r, err := infer.Accounts(t.Context(), column(t, "niche", func(i int) string {
			if i < tt.shared {
				return fmt.Sprintf("n %d", i/10)
			}
			return fmt.Sprintf("own %d", i)
		}), infer.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		if kept := len(r.Specs) == 1; kept != tt.kept {
			t.Errorf("%d rows of 1,000 share their value with nine others: kept %v, want %v (%s)", tt.shared, kept, tt.kept, text(r))
		}
	}
}

func TestRoles(t *testing.T) {
	var b strings.Builder
	b.WriteString("Account ID,Company,Website,Parent,Last modified,Employees\n")
	for i := range 100 {
		fmt.Fprintf(&b, "A%d,Firm %d,https://firm%d.com/x,A%d,2026-01-%02d,%d\n", i*7, i, i, i%3, i%28+1, i*i)
	}
	r, err := infer.Accounts(t.Context(), source(t, "a.csv", b.String()), infer.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	got := []string{r.Domain, r.ID, r.Name, r.Parent, r.Modified}
	if want := []string{"Website", "Account ID", "Company", "Parent", "Last modified"}; !slices.Equal(got, want) {
		t.Errorf("roles %q, want %q", got, want)
	}
	if len(r.Specs) != 1 || r.Specs[0].Column != "Employees" {
		t.Errorf("specs %v, want employees alone", r.Specs)
	}
	if r.Rows != 100 {
		t.Errorf("looked at %d rows, want 100", r.Rows)
	}
}

// TestDomain covers where the domain is looked for: by name, by name unless
// another column is fuller, by values alone, as told.
func TestDomain(t *testing.T) {
	for _, tt := range []struct{ header, first, second, told, want string }{
		{"domain,site", "r%d.com", "x", "", "domain"},
		{"Société,URL du site web", "Firm %d", "https://r%d.fr", "", "URL du site web"},
		{"website,fiche", "", "r%d.fr", "", "fiche"},
		{"a,b", "x", "http://www.r%d.de/", "", "b"},
		{"domain,other", "r%d.com", "s%d.com", "other", "other"},
	} {
		var b strings.Builder
		b.WriteString(tt.header + "\n")
		for i := range 50 {
			b.WriteString(strings.ReplaceAll(tt.first+","+tt.second+"\n", "%d", fmt.Sprint(i)))
		}
		opts := infer.DefaultOptions()
		opts.Domain = tt.told
		r, err := infer.Accounts(t.Context(), source(t, "a.csv", b.String()), opts)
		if err != nil {
			t.Errorf("%s: %v", tt.header, err)
		} else if r.Domain != tt.want {
			t.Errorf("%s: domain %q, want %q", tt.header, r.Domain, tt.want)
		}
	}
}

func TestNoDomain(t *testing.T) {
	_, err := infer.Accounts(t.Context(), source(t, "a.csv", "id,name\n1,a\n2,b\n"), infer.DefaultOptions())
	var missing *infer.DomainError
	if !errors.As(err, &missing) || !errors.Is(err, datasets.ErrShape) {
		t.Fatalf("error %v, want a *DomainError that is ErrShape", err)
	}
	for _, part := range []string{"a.csv: no column holds domains; looked for domain, ", `it has ["id" "name"]`, "--accounts-domain or accounts: {domain: COLUMN}"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q lacks %q", err, part)
		}
	}
	opts := infer.DefaultOptions()
	opts.Domain = "sit"
	_, err = infer.Accounts(t.Context(), source(t, "a.csv", "id,name\n1,a\n2,b\n"), opts)
	if want := `a.csv: no column "sit"; it has ["id" "name"]; name one with --accounts-domain or accounts: {domain: COLUMN}`; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("error %v, want the suffix %q", err, want)
	}
}

func TestOptions(t *testing.T) {
	src := column(t, "n", of("a", "b"))
	if _, err := infer.Accounts(t.Context(), src, infer.Options{}); err == nil {
		t.Error("no rows to look at: no error")
	}
	r, err := infer.Accounts(t.Context(), src, infer.Options{Rows: 10})
	if err != nil || r.Rows != 10 {
		t.Errorf("looked at %d rows, %v; want 10", r.Rows, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := infer.Accounts(ctx, src, infer.DefaultOptions()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v, want context.Canceled", err)
	}
}

// TestNames checks that features get names that features.Validate takes,
// whatever the columns are called.
func TestNames(t *testing.T) {
	headers := []string{"domain", "Account_ID", "account-id", "a.b", "a b", "A_B", "_x", "2fa", strings.Repeat("long ", 30), "!", "é", "as_of", "parent", "class"}
	var b strings.Builder
	b.WriteString(strings.Join(headers, ",") + "\n")
	for i := range 40 {
		row := make([]string, len(headers))
		for k := range row {
			row[k] = "v" + fmt.Sprint(i%3)
		}
		row[0] = fmt.Sprintf("r%d.com", i)
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	r, err := infer.Accounts(t.Context(), source(t, "a.csv", b.String()), infer.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if err := features.Validate(r.Specs); err != nil {
		t.Errorf("specs %v: %v", r.Specs, err)
	}
	if n := 1 + len(r.Specs) + len(r.LeftOut); n != len(headers) {
		t.Errorf("%d columns are accounted for, want %d", n, len(headers))
	}
}

func TestCustomers(t *testing.T) {
	for _, tt := range []struct {
		name, told, text string
		want             infer.CustomerList
	}{
		{"one column of any name", "", "client\nacme.com\n", infer.CustomerList{Domain: "client"}},
		{"all columns", "", "Class,won_at,Website,Weight\nbest,2024-05-06,acme.com,1\nlost,,b.com,0.5\n", infer.CustomerList{Domain: "Website", Class: "Class", WonAt: "won_at", Weight: "Weight"}},
		{"columns that only look alike", "", "domain,class,weight,won\nacme.com,gold,heavy,yes\n", infer.CustomerList{Domain: "domain"}},
		{"told", "b", "a,b\nx.com,y.com\n", infer.CustomerList{Domain: "b"}},
		{"a nested field is a header", "", "company.domain,n\nx.com,y\n", infer.CustomerList{Domain: "company.domain"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := infer.Customers(t.Context(), source(t, "c.csv", tt.text), tt.told)
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Source = got.Source
			if d := cmp.Diff(&tt.want, got); d != "" {
				t.Errorf("list (-want +got):\n%s", d)
			}
		})
	}
	for _, tt := range []struct{ text, want string }{
		{"acme.com\nb.com\n", `c.csv has no header: the first cell is a domain, "acme.com"; add a first line: domain`},
		{"a,b\n1,2\n", "name one with --customers-domain or customers: {domain: COLUMN}"},
	} {
		_, err := infer.Customers(t.Context(), source(t, "c.csv", tt.text), "")
		if err == nil || !strings.HasSuffix(err.Error(), tt.want) || !errors.Is(err, datasets.ErrShape) {
			t.Errorf("%q: error %v, want the suffix %q and ErrShape", tt.text, err, tt.want)
		}
	}
}
