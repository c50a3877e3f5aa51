package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/datasettest"
	"github.com/icpfit/icpfit/datasets/postgres"
)

// address returns that of a real server, or skips.
func address(t *testing.T) string {
	t.Helper()
	a := os.Getenv("ICPFIT_POSTGRES")
	if a == "" {
		t.Skip("no server: ICPFIT_POSTGRES is not set; scripts/integration/with_postgres.sh go test ./datasets/postgres sets it")
	}
	return a
}

// connect returns a connection to the server under test.
func connect(t *testing.T) *pgconn.PgConn {
	t.Helper()
	conn, err := pgconn.Connect(t.Context(), address(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// run runs statements on the server.
func run(t *testing.T, conn *pgconn.PgConn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql).ReadAll(); err != nil {
		t.Fatalf("%.80s: %v", sql, err)
	}
}

// source returns the rows of a query.
func source(t *testing.T, query string) *postgres.Source {
	t.Helper()
	src, err := postgres.New("accounts.query", address(t), query, postgres.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	return src
}

var tables atomic.Int64

// write puts a table on the server and returns a query of it.
func write(t *testing.T, table datasettest.Table) string {
	t.Helper()
	conn, name := connect(t), fmt.Sprintf("contract_%d", tables.Add(1))
	kinds := map[datasets.Type]string{datasets.Text: "text", datasets.Number: "numeric", datasets.Date: "date", datasets.Flag: "boolean", datasets.Set: "text[]"}
	columns := []string{"row_number bigint"}
	var names []string
	for i, h := range table.Header {
		quoted := `"` + strings.ReplaceAll(h, `"`, `""`) + `"`
		names = append(names, quoted)
		columns = append(columns, quoted+" "+kinds[table.Types[i]])
	}
	run(t, conn, fmt.Sprintf("drop table if exists %s; create table %s (%s)", name, name, strings.Join(columns, ", ")))
	var b strings.Builder
	for i, row := range table.Rows {
		fmt.Fprint(&b, i)
		for k, cell := range row {
			b.WriteByte('\t')
			items, isSet := datasettest.Items(cell)
			switch {
			case cell == "":
				b.WriteString(`\N`)
			case isSet && table.Types[k] == datasets.Set:
				for n, item := range items {
					items[n] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(item) + `"`
				}
				b.WriteString(copied("{" + strings.Join(items, ",") + "}"))
			default:
				b.WriteString(copied(cell))
			}
		}
		b.WriteByte('\n')
	}
	if _, err := conn.CopyFrom(t.Context(), strings.NewReader(b.String()), "copy "+name+" from stdin"); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("select %s from %s order by row_number", strings.Join(names, ", "), name)
}

// copied writes a cell as COPY wants it.
func copied(cell string) string {
	return strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`).Replace(cell)
}

func TestContract(t *testing.T) {
	address(t)
	datasettest.TestSource(t, func(t *testing.T, table datasettest.Table) datasets.Source {
		return source(t, write(t, table))
	})
}

// TestFetches reads with fetches that end before, at and behind a batch.
func TestFetches(t *testing.T) {
	table := datasettest.Accounts(datasets.BatchRows + 10)
	query := write(t, table)
	for _, rows := range []int{1000, datasets.BatchRows - 1, datasets.BatchRows, datasets.BatchRows + 1, datasets.BatchRows + 10, 1 << 20} {
		o := postgres.DefaultOptions()
		o.FetchRows = rows
		src, err := postgres.New("accounts.query", address(t), query, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := datasettest.Check(t.Context(), src, table); err != nil {
			t.Errorf("%d rows a fetch: %v", rows, err)
		}
	}
}

// TestTypes reads one value or two of every type that is taken. What is wanted
// is written by hand from PostgreSQL's manual.
func TestTypes(t *testing.T) {
	conn := connect(t)
	run(t, conn, "drop type if exists stage; create type stage as enum ('new', 'won'); drop domain if exists site; create domain site as text")
	for _, tt := range []struct {
		sql  string
		kind datasets.Type
		want string
	}{
		{`'é'::text`, datasets.Text, "é"},
		{`''::text`, datasets.Text, ""},
		{`null::text`, datasets.Text, ""},
		{`'x'::varchar(3)`, datasets.Text, "x"},
		{`'acme.com'::site`, datasets.Text, "acme.com"},
		{`'won'::stage`, datasets.Text, "won"},
		{`'a'::"char"`, datasets.Text, "a"},
		{`'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid`, datasets.Text, "6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
		{`'12:34'::time`, datasets.Text, "12:34:00"},
		{`'1 day 2 hours'::interval`, datasets.Text, "P1DT2H"},
		{`1234.5::money`, datasets.Text, "$1,234.50"},
		{`'10.0.0.1'::inet`, datasets.Text, "10.0.0.1"},
		{`(-32768)::smallint`, datasets.Integer, "-32768"},
		{`(-2147483648)::int`, datasets.Integer, "-2147483648"},
		{`9223372036854775807`, datasets.Integer, "9223372036854775807"},
		{`null::bigint`, datasets.Integer, ""},
		{`4294967295::oid`, datasets.Integer, "4294967295"},
		{`999999999999999999::numeric(18)`, datasets.Integer, "999999999999999999"},
		{`(-7)::numeric(5,0)`, datasets.Integer, "-7"},
		{`'NaN'::numeric(5)`, datasets.Integer, ""},
		{`1.5::numeric(19)`, datasets.Number, "2"},
		{`12.34::numeric(10,2)`, datasets.Number, "12.34"},
		{`(-0.1)::numeric`, datasets.Number, "-0.1"},
		{`'NaN'::numeric`, datasets.Number, ""},
		{`'Infinity'::numeric`, datasets.Number, ""},
		{`'-Infinity'::numeric`, datasets.Number, ""},
		{`null::numeric`, datasets.Number, ""},
		{`0.5::real`, datasets.Number, "0.5"},
		{`'-Infinity'::real`, datasets.Number, ""},
		{`0.1::float8`, datasets.Number, "0.1"},
		{`'NaN'::float8`, datasets.Number, ""},
		{`true`, datasets.Flag, "true"},
		{`false`, datasets.Flag, "false"},
		{`null::bool`, datasets.Flag, ""},
		{`'2026-01-31'::date`, datasets.Date, "2026-01-31"},
		{`'1969-12-31'::date`, datasets.Date, "1969-12-31"},
		{`'infinity'::date`, datasets.Date, ""},
		{`'-infinity'::date`, datasets.Date, ""},
		{`'1999-12-31 23:59:59.999999'::timestamp`, datasets.Date, "1999-12-31"},
		{`'2000-01-01 00:00'::timestamp`, datasets.Date, "2000-01-01"},
		{`'2026-02-01 00:30+01'::timestamptz`, datasets.Date, "2026-01-31"},
		{`'infinity'::timestamptz`, datasets.Date, ""},
		{`array['a', null, '', 'b', 'a']`, datasets.Set, "[a|b]"},
		{`'{}'::varchar[]`, datasets.Set, "[]"},
		{`array[null]::text[]`, datasets.Set, "[]"},
		{`null::text[]`, datasets.Set, ""},
		{`'{{a,b},{c,"d e"}}'::text[]`, datasets.Set, "[a|b|c|d e]"},
		{`array['x'::name]`, datasets.Set, "[x]"},
	} {
		got, err := datasettest.Read(t.Context(), source(t, "select "+tt.sql+" as v"))
		switch {
		case err != nil:
			t.Errorf("%s: %v", tt.sql, err)
		case got.Types[0] != tt.kind || got.Rows[0][0] != tt.want:
			t.Errorf("%s is %q of type %v, want %q of type %v", tt.sql, got.Rows[0][0], got.Types[0], tt.want, tt.kind)
		}
	}
}

// TestSettings checks that a user's own settings change nothing of what is read.
func TestSettings(t *testing.T) {
	src, err := postgres.New("accounts.query", address(t)+"&timezone=America/New_York&datestyle=German&intervalstyle=postgres_verbose&client_encoding=latin1",
		`select '2026-02-01 00:30+01'::timestamptz as at, '3 days'::interval as i, 'Łódź' as city`, postgres.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	got, err := datasettest.Read(t.Context(), src)
	if want := "[2026-01-31 P3D Łódź]"; err != nil || fmt.Sprint(got.Rows[0]) != want {
		t.Errorf("%v, %v; want %s", got.Rows, err, want)
	}
}

func TestNoRows(t *testing.T) {
	got, err := datasettest.Read(t.Context(), source(t, "select 'a' as domain, 1 as n where false"))
	if err != nil || len(got.Rows) != 0 || fmt.Sprint(got.Header) != "[domain n]" {
		t.Errorf("%v, %v; want two columns and no row", got, err)
	}
}

// TestDictionariesStayBounded reads more items than a dictionary may have.
func TestDictionariesStayBounded(t *testing.T) {
	src := source(t, "select array['item ' || n] as tools from generate_series(1, 200000) n")
	r, err := src.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var b datasets.Batch
	rows := 0
	for r.Read(t.Context(), &b) == nil {
		if n := len(b.Columns[0].Dictionary); n > 1<<16+datasets.BatchRows {
			t.Fatalf("the dictionary has %d items", n)
		}
		for i := range b.Rows {
			if c := &b.Columns[0]; c.Dictionary[c.Items(i)[0]] != fmt.Sprintf("item %d", rows+i+1) {
				t.Fatalf("row %d has %q", rows+i, c.Dictionary[c.Items(i)[0]])
			}
		}
		rows += b.Rows
	}
	if rows != 200_000 {
		t.Errorf("%d rows, want 200,000", rows)
	}
}

// TestOneSnapshot changes the table between two batches: the pass goes on with
// what it saw first.
func TestOneSnapshot(t *testing.T) {
	conn := connect(t)
	run(t, conn, "drop table if exists moving; create table moving as select n from generate_series(1, 100000) n")
	o := postgres.DefaultOptions()
	o.FetchRows = 1000
	src, err := postgres.New("accounts.query", address(t), "select n from moving", o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := src.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var b datasets.Batch
	sum, rows := int64(0), 0
	for r.Read(t.Context(), &b) == nil {
		for _, n := range b.Columns[0].Integers {
			sum += n
		}
		if rows += b.Rows; rows == b.Rows {
			run(t, conn, "delete from moving where n % 2 = 0; update moving set n = 0; insert into moving values (7)")
		}
	}
	if rows != 100_000 || sum != 100_000*100_001/2 {
		t.Errorf("%d rows with sum %d, want those of before the change", rows, sum)
	}
}

// TestNothingIsLeftOpen checks that early ends leave no session behind, and stop
// a query that is under way.
func TestNothingIsLeftOpen(t *testing.T) {
	conn := connect(t)
	r, err := source(t, "select n from generate_series(1, 1000000) n").Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b datasets.Batch
	if err := errors.Join(r.Read(t.Context(), &b), r.Close()); err != nil {
		t.Fatal(err)
	}
	if r, err = source(t, "select n, pg_sleep(60)::text as s from generate_series(1, 1000000) n").Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := r.Read(ctx, &b); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a read that was given up ended with %v", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("giving up took %v", took)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		found := conn.ExecParams(t.Context(), "select count(*) from pg_stat_activity where application_name = 'icpfit'", nil, nil, nil, nil).Read()
		if found.Err != nil {
			t.Fatal(found.Err)
		}
		if n := string(found.Rows[0][0]); n == "0" {
			return
		} else if time.Now().After(deadline) {
			t.Fatalf("%s sessions are left", n)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
