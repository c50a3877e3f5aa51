package postgres_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/datasettest"
	"github.com/icpfit/icpfit/datasets/postgres"
)

// TestRefused fixes what is said of queries that cannot be read.
func TestRefused(t *testing.T) {
	run(t, connect(t), "drop table if exists victims; create table victims (n int); drop type if exists pair; create type pair as (a int, b int)")
	for _, tt := range []struct{ name, query, want string }{
		{"no table", "select *\nfrom accounts_2", `line 2, column 6 of the query: relation "accounts_2" does not exist (SQLSTATE 42P01); correct the query`},
		{"syntax", "selec 1", `syntax error at or near "selec" (SQLSTATE 42601)`},
		{"empty", " ", `syntax error at end of input (SQLSTATE 42601)`},
		{"parameter", "select $1::text as a", `requires 1 (SQLSTATE 08P01); correct the query`},
		{"two statements", "select 1 as a; drop table victims", `cannot insert multiple commands into a prepared statement`},
		{"no query", "drop table victims", `syntax error at or near "drop"`},
		{"writes", "with gone as (delete from victims returning n) select n from gone", `DECLARE CURSOR must not contain data-modifying statements in WITH`},
		{"writes in a function", "select setval('pg_temp.s', 1) as a", `SQLSTATE`},
		{"one name twice", `select 1 as a, 2 as "B c", 3 as "B c"`, `columns 2 and 3 of the query are both named "B c"; give one another name, as in "B c" as other`},
		{"no columns", "select from victims", "the query has no columns; name some behind select"},
		{"json", `select '{}'::json as extra`, `column "extra" is of type json, which is no text, number, date or yes and no; name the parts you want, as in extra->>'industry' as industry`},
		{"jsonb", `select '{}'::jsonb as "Extra"`, `column "Extra" is of type jsonb, which is no text, number, date or yes and no; name the parts you want, as in "Extra"->>'industry' as industry`},
		{"numbers in an array", "select array[1] as ids", `column "ids" is of type integer[], which is no text, number, date or yes and no; cast it to a set of texts, as in ids::text[]`},
		{"bytes", `select '\x00'::bytea as logo`, `leave it out of the query`},
		{"composite", `select (1, 2)::pair as p`, `column "p" is of type pair`},
		{"point", `select point(1, 2) as p`, `cast it, as in p::text`},
		{"half way", "select 1 / (5000 - n) as a from generate_series(1, 10000) n", `division by zero (SQLSTATE 22012); correct the query`},
		{"beyond double", "select '1e400'::numeric as a", `accounts.query:1: column "a": the number 1`},
		{"long row", "select repeat('x', 17000000) as a", `a row is above 16 MiB; leave out its longest column`},
	} {
		_, err := datasettest.Read(t.Context(), source(t, tt.query))
		if !errors.Is(err, datasets.ErrShape) || errors.Is(err, datasets.ErrUnavailable) || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "accounts.query:") {
			t.Errorf("%s: %v\nwant an error of shape with %s", tt.name, err, tt.want)
		}
	}
	if got, err := datasettest.Read(t.Context(), source(t, "select count(*) as n from victims")); err != nil || got.Rows[0][0] != "0" {
		t.Errorf("the table that was to be dropped: %v, %v", got.Rows, err)
	}
}

// TestNotUTF8 reads a database that keeps bytes as they come.
func TestNotUTF8(t *testing.T) {
	conn := connect(t)
	run(t, conn, "drop database if exists bytes")
	run(t, conn, "create database bytes encoding 'SQL_ASCII' locale 'C' template template0")
	u, err := url.Parse(address(t))
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/bytes"
	for _, query := range []string{`select e'caf\351' as a`, `select array[e'caf\351'] as a`} {
		src, err := postgres.New("accounts.query", u.String(), query, postgres.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		want := `invalid byte sequence for encoding "UTF8": 0xe9 (SQLSTATE 22021); convert it in the query, as in `
		if _, err := datasettest.Read(t.Context(), src); !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	src, err := postgres.New("accounts.query", u.String(), `select convert_from(convert(convert_to(e'caf\351', 'SQL_ASCII'), 'LATIN1', 'UTF8'), 'SQL_ASCII') as a`, postgres.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := datasettest.Read(t.Context(), src); err != nil || got.Rows[0][0] != "café" {
		t.Errorf("the advice gives %v, %v", got.Rows, err)
	}
}

// TestNotLetIn checks what is said to those who may not connect or read.
func TestNotLetIn(t *testing.T) {
	conn := connect(t)
	run(t, conn, "drop table if exists secrets; create table secrets (n int); drop role if exists guest; create role guest login password 'hunter2'")
	u, err := url.Parse(address(t))
	if err != nil {
		t.Fatal(err)
	}
	as := func(user *url.Userinfo, path string) string {
		other := *u
		other.User, other.Path = user, path
		return other.String()
	}
	for _, tt := range []struct{ name, address, want string }{
		{"wrong password", as(url.UserPassword("guest", "hunter3"), "/postgres"), `password authentication failed for user "guest" (SQLSTATE 28P01); check user, password and database of the address`},
		{"no such user", as(url.UserPassword("nobody", "hunter3"), "/postgres"), `SQLSTATE 28P01`},
		{"no such database", as(u.User, "/crm"), `database "crm" does not exist (SQLSTATE 3D000)`},
		{"no right", as(url.UserPassword("guest", "hunter2"), "/postgres"), `permission denied for table secrets (SQLSTATE 42501); let the user read it`},
	} {
		src, err := postgres.New("accounts.query", tt.address, "select n from secrets", postgres.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		_, err = src.Open(t.Context())
		if !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter") {
			t.Errorf("%s: %v\nwant an error of shape with %s", tt.name, err, tt.want)
		}
	}
}
