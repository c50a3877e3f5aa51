package project_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/internal/project"
)

// TestTablesAreAll: the keys of tables: are the tables of package activity, in
// their order, and every one of them is opened.
func TestTablesAreAll(t *testing.T) {
	var keys, names []string
	for i := range reflect.TypeFor[project.TablesConfig]().NumField() {
		key, _, _ := strings.Cut(reflect.TypeFor[project.TablesConfig]().Field(i).Tag.Get("yaml"), ",")
		keys = append(keys, key)
	}
	text := least + "tables:\n"
	for _, table := range activity.Tables {
		names = append(names, table.Name)
		text += "  " + table.Name + ": {path: t.csv}\n"
	}
	if !reflect.DeepEqual(keys, names) {
		t.Errorf("keys %v\nwant %v", keys, names)
	}
	dir := t.TempDir()
	write(t, dir, project.FileName, text)
	write(t, dir, "t.csv", "domain\nacme.com\n")
	p, err := project.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	inputs, err := p.Tables()
	if err != nil || len(inputs) != len(names) {
		t.Errorf("%d tables, %v; want %d", len(inputs), err, len(names))
	}
}

// TestTableFaults: each fault names its key and what to do.
func TestTableFaults(t *testing.T) {
	for _, tt := range []struct{ tables, want string }{
		{"{oportunities: {path: a.csv}}", `tables.oportunities: unknown key; did you mean "opportunities"?`},
		{"{leads: {}}", "tables.leads.path: is missing; give the file of leads, or postgres: and query:"},
		{"{leads: {path: a.csv, query: select 1}}", "tables.leads.path: tables.leads come from a query already"},
		{"{leads: {postgres: 'postgres://hunter@db/crm', query: select 1}}", "tables.leads.postgres: is no reference; want env:NAME"},
		{"{opportunities: {path: a.csv, columns: {closed: IsClosed, ammount: Total}}}", `tables.opportunities.columns.ammount: opportunities has no such column; did you mean "amount"?`},
		{"{opportunities: {path: a.csv, columns: {amount: ' '}}}", "tables.opportunities.columns.amount: is empty"},
	} {
		_, err := load(t, least+"tables: "+tt.tables+"\n")
		var config *project.ConfigError
		if !errors.As(err, &config) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter") {
			t.Errorf("%s: %v\nwant %s", tt.tables, err, tt.want)
		}
	}
}

// TestIncludedTable: a path in an included file is relative to it.
func TestIncludedTable(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "shared"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "shared/deals.csv", "domain\nacme.com\n")
	write(t, dir, "shared/base.yaml", "tables: {opportunities: {path: deals.csv}}\n")
	write(t, dir, project.FileName, least+"include: shared/base.yaml\n")
	p, err := project.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Tables(); err != nil {
		t.Error(err)
	}
}
