package csvfile_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/datasets/datasettest"
)

// TestCells reads texts whose meaning is clear to a person; the wanted cells are
// written by hand, the header first, rows divided by "/".
func TestCells(t *testing.T) {
	for _, tt := range []struct {
		name, text, want string
		sep              rune
	}{
		{"comma", "a,b\n1,2\n", "a b/1 2", 0},
		{"semicolon with decimal commas", "a;b\n1,5;2,5\n3,5;4,5\n", "a b/1,5 2,5/3,5 4,5", 0},
		{"tab", "a\tb\n1,1\t2;2\n", "a b/1,1 2;2", 0},
		{"bar", "a|b\n1,1|2;2\n", "a b/1,1 2;2", 0},
		{"bars within cells", "a,b\nx|y|z,2\nx|y,3\n", "a b/x|y|z 2/x|y 3", 0},
		{"separators within quotes", "\"a,x\";\"b,y\"\n\"1,1,1\";2\n", "a,x b,y/1,1,1 2", 0},
		{"another separator wins the header only", "a,b;c\n1;2\n3;4\n", "a,b c/1 2/3 4", 0},
		{"one column", "a\n1\n\n2\n", "a/1/2", 0},
		{"one column, quoted blank", "a\n1\n\"\"\n2\n", "a/1/_/2", 0},
		{"named separator", "a!b,c\n1!2,3\n", "a b,c/1 2,3", '!'},
		{"named comma", "a;b,c;d\n1;2,3;4\n", "a;b c;d/1;2 3;4", ','},
		{"declared separator", "sep=;\na,b;c\n1,2;3\n", "a,b c/1,2 3", 0},
		{"declared separator, CRLF", "sep=|\r\na|b\r\n1|2\r\n", "a b/1 2", 0},
		{"no line end at the end", "a,b\n1,2", "a b/1 2", 0},
		{"empty last cell at the end", "a,b\n1,", "a b/1 _", 0},
		{"empty quoted last cell", "a,b\n1,\"\"", "a b/1 _", 0},
		{"CR at the end", "a,b\r\n1,2\r", "a b/1 2", 0},
		{"CR behind a quote at the end", "a,b\r\n1,\"2\"\r", "a b/1 2", 0},
		{"blank lines", "\n\na,b\n\n1,2\r\n\r\n\n3,4\n\n\n", "a b/1 2/3 4", 0},
		{"names are trimmed, cells are not", " a , b\n 1 , 2\n", "a b/·1· ·2", 0},
		{"spaces around quotes", "a,b,c\n \"1\" , \"2,2\",\"3\" \n", "a b c/1 2,2 3", 0},
		{"quote inside a cell", "a,b\n5\" pipe,x\"\"y\n", "a b/5\"·pipe x\"\"y", 0},
		{"doubled quotes", "a,b\n\"\"\"x\"\"\",\"y\"\"\"\n", "a b/\"x\" y\"", 0},
		{"line ends in quotes stay", "a,b\n\"1\n2\r\n3\r4\",5\n", "a b/1\\n2\\r\\n3\\r4 5", 0},
		{"CR within a file of LF", "a,b\n1\r1,2\n", "a b/1\\r1 2", 0},
		{"CR at the end of a quoted cell", "a,b\n1,\"2\r\"\n3,4\n", "a b/1 2\\r/3 4", 0},
		{"empty cell below one that ends in CR", "a→b\n1→\"2\r\"\n3→\n", "a b/1 2\\r/3 _", '→'},
		{"CR in the header's quotes", "\"a\rb\",c\n1,2\n", "a\\rb c/1 2", 0},
		{"CR", "a,b\r1,\"2\r3\"\r4,5\r", "a b/1 2\\r3/4 5", 0},
		{"CR with some CRLF", "a,b\r1,2\r\n3,4\r\n", "a b/1 2/3 4", 0},
		{"column without a name", "a,,b,\n1,,2,\n3, ,4,\n", "a b/1 2/3 4", 0},
		{"rows of separators", "a,b\n,\n1,2\n,\n", "a b/_ _/1 2/_ _", 0},
		{"mark and quotes", "\ufeff\"a\",b\n1,2\n", "a b/1 2", 0},
		{"character of three bytes", "a€b\n1€2\n\"3\"€\xe2\x82\n", "a b/1 2/3 â‚", '€'},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opts := csvfile.DefaultOptions()
			opts.Separator = tt.sep
			got, err := datasettest.Read(t.Context(), csvfile.New(writeFile(t, []byte(tt.text)), opts))
			if err != nil {
				t.Fatal(err)
			}
			if got := flat(got); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// flat writes a table on one line: "/" divides rows, a space cells, "_" is an
// empty cell and "·" a space.
func flat(t datasettest.Table) string {
	var rows []string
	for _, row := range append([][]string{t.Header}, t.Rows...) {
		cells := slices.Clone(row)
		for i, cell := range cells {
			if cell == "" {
				cell = "_"
			}
			cells[i] = strings.NewReplacer(" ", "·", "\n", `\n`, "\r", `\r`).Replace(cell)
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	return strings.Join(rows, "/")
}

func TestMaxCell(t *testing.T) {
	text := "a,b\n12345,\"67\"\"89\"\n"
	for _, tt := range []struct {
		max int
		ok  bool
	}{{5, true}, {4, false}} {
		_, err := datasettest.Read(t.Context(), csvfile.New(writeFile(t, []byte(text)), csvfile.Options{MaxCell: tt.max}))
		if (err == nil) != tt.ok {
			t.Errorf("MaxCell %d: %v", tt.max, err)
		}
	}
}

// TestLines: a row's line is that of its first cell; cells with line ends and
// blank lines are counted.
func TestLines(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		text := strings.ReplaceAll("\na,b\n1,2\n\n\"3\n3\",4\n5,\"6\n\n\"\n7,8", "\n", end)
		r, err := open(writeFile(t, []byte(text))).Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var batch datasets.Batch
		if err := r.Read(t.Context(), &batch); err != nil {
			t.Fatal(err)
		}
		if want := []int64{3, 5, 7, 10}; !slices.Equal(batch.Lines, want) {
			t.Errorf("%q: lines are %v, want %v", end, batch.Lines, want)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLongCells: a batch ends early where its cells are long, and all rows come.
func TestLongCells(t *testing.T) {
	const rows = 100
	cell := strings.Repeat("x", 1<<20)
	path := writeFile(t, []byte("a\n"+strings.Repeat(cell+"\n", rows)))
	r, err := open(path).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var batch datasets.Batch
	n := 0
	for n < rows {
		if err := r.Read(t.Context(), &batch); err != nil {
			t.Fatal(err)
		}
		if n += batch.Rows; len(batch.Columns[0].Data) > 18<<20 {
			t.Fatalf("a batch holds %d bytes", len(batch.Columns[0].Data))
		}
	}
	if n != rows {
		t.Errorf("%d rows, want %d", n, rows)
	}
}

// TestEncodings reads files that leave their encoding open until late, or break
// it. The cells wanted are what their writers meant.
func TestEncodings(t *testing.T) {
	ascii := strings.Repeat("d.example,Acme\n", 200_000) // 3 MB
	for _, tt := range []struct{ name, text, first, last string }{
		{"latin-1 behind 3 MB of ASCII", "a,b\n" + ascii + "d.example,Soci\xe9t\xe9\n", "Acme", "Société"},
		{"UTF-8 behind 3 MB of ASCII", "a,b\n" + ascii + "d.example,Société\n", "Acme", "Société"},
		{"latin-1 that looks like UTF-8 at first", "a,b\nd.example,NESCAF\xc9\xae\n" + ascii + "x,Soci\xe9t\xe9\n", "NESCAFÉ®", "Société"},
		{"two exports pasted together", "a,b\nd.example,Société Générale\nx,Soci\xe9t\xe9\n", "Société Générale", "Société"},
		{"UTF-8 with a cut character", "a,b\nx,Société\ny,Soci\xc3\n", "Société", "SociÃ"},
		{"Windows quotes and euro", "a,b\nx,\x93A\x94 \x80 5\ny,\x81\n", "“A” € 5", "\u0081"},
		{"latin-1 behind a mark", "\ufeffa,b\nx,\xe9t\xe9\ny,\xe9\n", "été", "é"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := datasettest.Read(t.Context(), open(writeFile(t, []byte(tt.text))))
			if err != nil {
				t.Fatal(err)
			}
			first, last := got.Rows[0][1], got.Rows[len(got.Rows)-1][1]
			if first != tt.first || last != tt.last {
				t.Errorf("got %q and %q, want %q and %q", first, last, tt.first, tt.last)
			}
		})
	}
}

// TestChangedFile: what a source remembers of a file is dropped when it changes.
func TestChangedFile(t *testing.T) {
	path := writeFile(t, []byte("a\nSociété\n"))
	src := open(path)
	for _, text := range []string{"Société", "Soci\xe9t\xe9 SA"} {
		if err := os.WriteFile(path, []byte("a\n"+text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := datasettest.Read(t.Context(), src)
		if err != nil || !strings.HasPrefix(got.Rows[0][0], "Société") {
			t.Errorf("got %q, %v", got.Rows, err)
		}
	}
}

// shared returns the path of a public file kept beside the project, and skips
// the test where there is none.
func shared(t *testing.T, name string) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if root == filepath.Dir(root) {
			t.Fatal("no go.mod above the test")
		}
		root = filepath.Dir(root)
	}
	path := filepath.Join(root, "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("public data is not here: %v", err)
	}
	return path
}

// TestSpectrum reads the files of csv-spectrum against its JSON. In one file the
// JSON is a bare object, with another phone number than the CSV: an error of
// csv-spectrum; that cell is not compared.
func TestSpectrum(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "csv-spectrum/csvs"), "*.csv"))
	if err != nil || len(files) != 12 {
		t.Fatalf("%d files, want 12: %v", len(files), err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".csv")
		t.Run(name, func(t *testing.T) {
			got, err := datasettest.Read(t.Context(), open(path))
			if err != nil {
				t.Fatal(err)
			}
			want := spectrum(t, filepath.Join(filepath.Dir(path), "..", "json", name+".json"))
			if len(got.Rows) != len(want) {
				t.Fatalf("%d rows, want %d", len(got.Rows), len(want))
			}
			for i, row := range got.Rows {
				if len(row) != len(want[i]) {
					t.Errorf("row %d has %d cells, want %d", i, len(row), len(want[i]))
				}
				for c, cell := range row {
					if w := want[i][got.Header[c]]; cell != w && got.Header[c] != "Contact Phone Number" {
						t.Errorf("row %d, %s is %q, want %q", i, got.Header[c], cell, w)
					}
				}
			}
		})
	}
}

func spectrum(t *testing.T, path string) (rows []map[string]string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(data, []byte("[")) {
		data = fmt.Appendf(nil, "[%s]", data)
	}
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestRealFiles reads public exports. Counts and cells are those that the csv
// module of Python 3 finds. Leads.csv has a 38th column without name or value.
func TestRealFiles(t *testing.T) {
	for _, tt := range []struct {
		name          string
		columns, rows int
		column        string
		row           int
		want          string
	}{
		{"crm/salesforce-dataloader/accountData_without_session_column.csv", 37, 423, "NAME", 85, "Crédito Inmobiliario Terras"},
		{"icp-hackerone/accounts.csv", 23, 14_444, "region_raw", 14_443, "San Francisco, CA, USA"},
		{"icp-yc-hiring/accounts.csv", 17, 5_897, "name", 5_896, "Codag"},
		{"bank-marketing/bank-additional-full.csv", 21, 41_188, "y", 0, "no"},
		{"x-education/Leads.csv", 37, 9_240, "Converted", 0, "0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := datasettest.Read(t.Context(), open(shared(t, tt.name)))
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Header) != tt.columns || len(got.Rows) != tt.rows {
				t.Errorf("%d columns and %d rows, want %d and %d", len(got.Header), len(got.Rows), tt.columns, tt.rows)
			}
			if cell := got.Rows[tt.row][slices.Index(got.Header, tt.column)]; cell != tt.want {
				t.Errorf("%s of row %d is %q, want %q", tt.column, tt.row, cell, tt.want)
			}
		})
	}
}
