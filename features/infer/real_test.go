package infer_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/features/infer"
)

// realFile returns the path of a real data file, which the project does not
// hold: it lies in ../shared/data beside the repository.
func realFile(t *testing.T, elems ...string) string {
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
	path := filepath.Join(append([]string{dir, "..", "shared", "data"}, elems...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("real data is absent: %v", err)
	}
	return path
}

// lines returns a result as one line a column: column: kind parser separator, or
// column: out, with the reason's first words.
func lines(r *infer.Result) []string {
	out := []string{r.Domain + ": domain"}
	for _, s := range r.Specs {
		out = append(out, strings.Join(strings.Fields(fmt.Sprintf("%s: %s %s %s", s.Column, s.Kind, s.Parser, s.Separator)), " "))
	}
	for _, l := range r.LeftOut {
		reason, _, _ := strings.Cut(l.Reason, ":")
		out = append(out, l.Column+": out, "+reason)
	}
	slices.Sort(out)
	return out
}

// TestRealBases fixes what a person who reads the two bases, and their
// description, would say of each column.
func TestRealBases(t *testing.T) {
	for _, tt := range []struct {
		folder string
		want   []string
	}{
		{"icp-hackerone", []string{
			"alexa_rank_2016: number", "careers_url: out, URLs", "city: out, near-unique", "country_raw: category country",
			"description: words", "domain: domain", "founded_raw: number year", "headcount_raw: number range",
			"is_hiring: flag", "last_activity_date: date", "market_cap_musd_raw: number", "name: out, a name",
			"region_raw: set ;", "remote_policy: category", "revenue_musd_raw: number", "sector_raw: set |",
			"site_category: category", "stage: category", "status: category", "tags: set |", "technologies: set |",
			"ticker: flag filled", "website_raw: out, URLs",
		}},
		{"icp-yc-hiring", []string{
			"alexa_rank_2016: number", "all_locations: set ;", "batch: category", "domain: domain", "former_names: number",
			"industry: category", "launched_at: date", "name: out, a name", "nonprofit: flag", "one_liner: words",
			"regions: set |", "stage: category", "status: category", "subindustry: category", "tags: set |",
			"team_size: number", "website_raw: out, URLs",
		}},
	} {
		t.Run(tt.folder, func(t *testing.T) {
			src := csvfile.New(realFile(t, tt.folder, "accounts.csv"), csvfile.DefaultOptions())
			r, err := infer.Accounts(t.Context(), src, infer.DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, lines(r)); d != "" {
				t.Errorf("columns (-want +got):\n%s", d)
			}
			list, err := infer.Customers(t.Context(), csvfile.New(realFile(t, tt.folder, "customers.csv"), csvfile.DefaultOptions()), "")
			if err != nil || list.Domain != "domain" {
				t.Errorf("customers: %+v, %v; want the column domain", list, err)
			}
		})
	}
}

// TestRealCRM covers exports as they come: one is recognised, one has no domain.
func TestRealCRM(t *testing.T) {
	src := csvfile.New(realFile(t, "crm", "salesforce-dataloader", "accountData_without_session_column.csv"), csvfile.DefaultOptions())
	r, err := infer.Accounts(t.Context(), src, infer.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if r.Preset != "salesforce accounts" || r.Domain != "WEBSITE" || r.ID != "ID" || r.Name != "NAME" || r.Modified != "LASTMODIFIEDDATE" {
		t.Errorf("preset %q, domain %q, id %q, name %q, modified %q", r.Preset, r.Domain, r.ID, r.Name, r.Modified)
	}
	got := lines(r)
	for _, want := range []string{
		"BILLINGCOUNTRY: category country", "NUMBEROFEMPLOYEES: number range", "INDUSTRY: category",
		"TYPE: out, tells that it is a customer", "ORACLE_ID__C: out, an identifier", "PARENTID: out, empty",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no line %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
	_, err = infer.Accounts(t.Context(), csvfile.New(realFile(t, "crm", "hubspot", "company_data.csv"), csvfile.DefaultOptions()), infer.DefaultOptions())
	if err == nil || !strings.Contains(err.Error(), "company_data.csv: no column holds domains") {
		t.Errorf("a base without domains: %v", err)
	}
}

// TestPlainTables checks that numbers are numbers and categories categories in
// tables that are no account bases: every column named here, and no other, is a
// number; the others are categories or flags.
func TestPlainTables(t *testing.T) {
	codes := make([]string, 85)
	for i := range codes {
		codes[i] = fmt.Sprintf("v%02d", i+1)
	}
	for _, tt := range []struct {
		name, file string
		comma      rune
		header     []string // of a file without one
		drop       []string
		numbers    []string
		constant   int // columns with one value
	}{
		{
			name: "adult", file: "adult/adult-train.csv", comma: ',', drop: []string{"income"},
			header:  strings.Fields("age workclass fnlwgt education education-num marital-status occupation relationship race sex capital-gain capital-loss hours-per-week native-country income"),
			numbers: []string{"age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week"},
		},
		{
			name: "bank", file: "bank-marketing/bank-additional-full.csv", comma: ';', drop: []string{"duration", "y"},
			numbers: []string{"age", "campaign", "pdays", "previous", "emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed"},
		},
		{name: "coil", file: "coil2000-train/ticdata2000.txt", comma: '\t', header: append(slices.Clone(codes), "v86"), drop: []string{"v86"}, numbers: codes},
		{
			name: "telco", file: "telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv", comma: ',', drop: []string{"customerID", "Churn"},
			numbers: []string{"SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"},
		},
		{
			name: "x-education", file: "x-education/Leads.csv", comma: ',', drop: []string{"Converted", "Prospect ID", "Lead Number", "Asymmetrique Activity Score", "Asymmetrique Profile Score", ""},
			numbers: []string{"TotalVisits", "Total Time Spent on Website", "Page Views Per Visit"}, constant: 5,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := source(t, tt.name+".csv", plainTable(t, realFile(t, strings.Split(tt.file, "/")...), tt.comma, tt.header, tt.drop))
			r, err := infer.Accounts(t.Context(), src, infer.DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			var numbers []string
			for _, s := range r.Specs {
				switch s.Kind {
				case "number":
					numbers = append(numbers, s.Column)
				case "category", "flag":
				default:
					t.Errorf("%s is a %s", s.Column, s.Kind)
				}
			}
			slices.Sort(numbers)
			slices.Sort(tt.numbers)
			if d := cmp.Diff(tt.numbers, numbers); d != "" {
				t.Errorf("numbers (-want +got):\n%s", d)
			}
			if len(r.LeftOut) != tt.constant {
				t.Errorf("left out %v, want %d columns", r.LeftOut, tt.constant)
			}
		})
	}
}

// plainTable returns a delimited file as CSV with a column of domains in front.
func plainTable(t *testing.T, path string, comma rune, header, drop []string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.TrimLeadingSpace, r.FieldsPerRecord, r.LazyQuotes = comma, comma == ',', -1, true
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		records = append([][]string{header}, records...)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	for n, record := range records {
		row := []string{fmt.Sprintf("r%06d.com", n)}
		if n == 0 {
			row[0] = "domain"
		}
		for i, cell := range record {
			if i < len(records[0]) && !slices.Contains(drop, strings.Trim(records[0][i], "\ufeff ")) {
				row = append(row, strings.TrimSpace(cell))
			}
		}
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return b.String()
}
