package project

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/anyfile"
	"github.com/icpfit/icpfit/internal/activity"
)

// TablesConfig says where the optional tables are; nil is none.
type TablesConfig struct {
	Signals       *TableConfig `yaml:"signals,omitempty"`
	Opportunities *TableConfig `yaml:"opportunities,omitempty"`
	Leads         *TableConfig `yaml:"leads,omitempty"`
	Touches       *TableConfig `yaml:"touches,omitempty"`
	Contacts      *TableConfig `yaml:"contacts,omitempty"`
	Campaigns     *TableConfig `yaml:"campaigns,omitempty"`
	Costs         *TableConfig `yaml:"costs,omitempty"`
	Web           *TableConfig `yaml:"web,omitempty"`
	Health        *TableConfig `yaml:"health,omitempty"`
	Releases      *TableConfig `yaml:"releases,omitempty"`
	Feedback      *TableConfig `yaml:"feedback,omitempty"`
}

// TableConfig says where one table is: a file, or a query as in AccountsConfig.
// Columns gives the headers of columns that are not recognised, by their name in
// package activity.
type TableConfig struct {
	Path     string            `yaml:"path,omitempty"`
	Postgres string            `yaml:"postgres,omitempty"`
	Query    string            `yaml:"query,omitempty"`
	Columns  map[string]string `yaml:"columns,omitempty"`
}

// Named returns the tables that the project has, by name.
func (c TablesConfig) Named() map[string]*TableConfig {
	all := map[string]*TableConfig{
		"signals": c.Signals, "opportunities": c.Opportunities, "leads": c.Leads, "touches": c.Touches,
		"contacts": c.Contacts, "campaigns": c.Campaigns, "costs": c.Costs, "web": c.Web,
		"health": c.Health, "releases": c.Releases, "feedback": c.Feedback,
	}
	maps.DeleteFunc(all, func(_ string, t *TableConfig) bool { return t == nil })
	return all
}

// Tables opens the optional tables that the project has, by name.
func (p *Project) Tables() (map[string]activity.Input, error) {
	inputs := map[string]activity.Input{}
	for name, t := range p.Config.Tables.Named() {
		src, err := p.table(name, t)
		if err != nil {
			return nil, fmt.Errorf("tables.%s: %w", name, err)
		}
		inputs[name] = activity.Input{Source: src, Columns: t.Columns}
	}
	return inputs, nil
}

func (p *Project) table(name string, t *TableConfig) (datasets.Source, error) {
	if t.Postgres != "" {
		return p.database("tables."+name, t.Postgres, t.Query)
	}
	return anyfile.Open(p.Path(t.Path))
}

// tables checks where each table is, and that its columns are the table's.
func (v *validator) tables(c TablesConfig) {
	named := c.Named()
	for _, name := range slices.Sorted(maps.Keys(named)) {
		t, section := named[name], "tables."+name
		if t.Path == "" && t.Postgres == "" && t.Query == "" {
			v.add(section+".path", "is missing; give the file of %s, or postgres: and query:", name)
		}
		v.database(section, t.Path, t.Postgres, t.Query)
		table, _ := activity.Lookup(name)
		var columns []string
		for _, column := range table.Columns {
			columns = append(columns, column.Name)
		}
		for _, column := range slices.Sorted(maps.Keys(t.Columns)) {
			path := section + ".columns." + column
			switch {
			case !slices.Contains(columns, column):
				v.add(path, "%s has no such column%s", name, suggest(column, columns))
			case strings.TrimSpace(t.Columns[column]) == "":
				v.add(path, "is empty; give the header of the column in the file")
			}
		}
	}
}

// The schema describes every table by what package activity says of it.
func init() {
	docs["tables"] = "Optional tables: what happened with accounts. Without one, what is made of it says so."
	for _, t := range activity.Tables {
		at := "tables." + t.Name
		docs[at] = t.Doc
		docs[at+".path"] = "File: delimited text, JSON lines or Parquet; paths are relative to this file."
		docs[at+".postgres"], docs[at+".query"] = docs["accounts.postgres"], "The query whose rows are the table, with postgres."
		var names []string
		for _, c := range t.Columns {
			names = append(names, c.Name)
		}
		docs[at+".columns"] = "Headers of columns that are not recognised, by name: " + strings.Join(names, ", ") + "."
		docs[at+".columns{}"] = "The header in the file."
		patterns[at+".postgres"] = reference
	}
}
