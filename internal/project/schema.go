package project

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// docs describes every key of a settings file, in the JSON Schema and so in
// editors. Lists have the key with [] for their elements, maps with {}.
var docs = map[string]string{
	"version": "Version of the file format: 1.",
	"name":    "Name of this ICP; stored in everything that is made.",
	"include": "A file, relative to this one, whose keys are defaults for this file.",
	"as_of":   "Date, YYYY-MM-DD, after which nothing may be known. Absent: today, UTC.",

	"accounts":          "The account base.",
	"accounts.path":     "File of accounts: delimited text, JSON lines or Parquet; paths are relative to this file.",
	"accounts.postgres": "Where the address of a PostgreSQL database is, instead of a file: env:NAME or file:PATH, never the address itself.",
	"accounts.query":    "The query whose rows are the accounts, with postgres.",
	"accounts.domain":   "Column that names the company: a domain, a website or an e-mail address.",
	"accounts.id":       "Column of the account's id. Absent: the number of the row.",
	"accounts.name":     "Column of the company's name, shown in reports.",
	"accounts.modified": "Column of the date of last change: of two rows of a domain the newer one survives.",
	"accounts.parent":   "Column of the parent company, by id or domain: a group is kept on one side of every split.",

	"customers":          "The customers: a file of domains, a query, or a condition on the accounts.",
	"customers.path":     "File of customers: one column of domains is enough.",
	"customers.postgres": "Where the address of a PostgreSQL database is, instead of a file: env:NAME or file:PATH, never the address itself.",
	"customers.query":    "The query whose rows are the customers, with postgres.",
	"customers.where":    "Condition on the columns of the accounts, instead of a file, such as Type == \"Customer\".",
	"customers.domain":   "Column of the customers' file that names the company.",
	"customers.class":    "Column that says best, pipeline, ordinary or lost. Absent: all are best.",
	"customers.won_at":   "Column of the date on which the customer was won.",
	"customers.weight":   "Column of the customer's weight. Absent: 1, or 0.5 for pipeline.",
	"customers.lag_days": "Days before won_at of which nothing is used.",

	"features":             "What models learn from.",
	"features[]":           "One feature.",
	"features[].name":      "Name of the feature, and of its column in the feature table.",
	"features[].pillar":    "Group of features it belongs to.",
	"features[].kind":      "What its values are.",
	"features[].column":    "Column of the accounts it is read from.",
	"features[].parser":    "How its cells are read. Absent: the kind's own way.",
	"features[].separator": "What stands between the items of a set. Absent: |.",
	"features[].monotone":  "1: more is better, -1: less is better, 0: either. For numbers, dates and flags.",
	"features[].missing":   "What an empty cell scores. Absent: model.missing.",
	"features[].empty":     "What an empty cell of a set means: unknown, or none of the items. Absent: unknown.",

	"grid":                            "A grid of points written by people.",
	"grid.mode":                       "sum: points are added; pillars: each pillar's share of its maximum, weighted 0.4, 0.3, 0.3.",
	"grid.criteria":                   "Points of one feature each.",
	"grid.criteria[]":                 "Points of one feature.",
	"grid.criteria[].feature":         "Name of the feature.",
	"grid.criteria[].values":          "Points of each value; for categories, sets, words and flags (yes, no).",
	"grid.criteria[].values{}":        "Points, from 0.",
	"grid.criteria[].ranges":          "Points of ranges, in rising order; for numbers, and for dates by age in days.",
	"grid.criteria[].ranges[]":        "One range.",
	"grid.criteria[].ranges[].from":   "Lower bound, included. Absent: open.",
	"grid.criteria[].ranges[].to":     "Upper bound, included unless the next range starts at it. Absent: open.",
	"grid.criteria[].ranges[].points": "Points, from 0.",
	"grid.criteria[].otherwise":       "Points of a known value that is not named, from 0.",

	"model":            "What train makes.",
	"model.learner":    "auto compares the others and takes the best.",
	"model.test_from":  "Date: a model of the customers won before it is tested on those won since. Without it, the latest two fifths are tested.",
	"model.prefer":     "accuracy: best out of fold; table: only what people can edit, unless beaten beyond its 95 % interval.",
	"model.missing":    "neutral: an empty cell scores 0; learn: it is a value like any other, and the missingness detector warns.",
	"model.group":      "A feature (category, set or flag), such as the list an account came from, within whose values accounts are ranked: the pool is matched to the customers by it, and it is not learned from.",
	"model.seed":       "Seed of everything random; same seed, same model.",
	"model.pool_share": "Share of the pool that fits, if known: lifts then become probabilities.",

	"grades":            "How margins become grades.",
	"grades.scale":      "Letters in use.",
	"grades.method":     "How the cuts are chosen.",
	"grades.on":         "fit: the learned fit; priority: the weighted pillars.",
	"grades.hysteresis": "Points by which a margin must pass a cut before the grade moves.",
	"grades.cuts":       "Your own cuts, best grade first, one fewer than grades: least lift or points; or cumulative shares or numbers of accounts.",
	"grades.cuts[]":     "One cut.",
	"grades.tiers":      "Tier, 1 to 3, of each grade. Absent: A, B 1; C, D 2; E, F 3.",
	"grades.tiers{}":    "Tier, 1 to 3.",

	"overrides":         "Decisions by hand about single accounts. They change no score and are not learned from.",
	"overrides.path":    "File, comma-separated, with the columns domain, grade (or exclude), author, reason, expires; keep it under version control.",
	"exploration":       "Low-graded accounts that are offered to sales nevertheless, so that the next training is not blind to them.",
	"exploration.share": "Share of the accounts below the two best grades, 0 to 0.5. Absent: none.",
	"exploration.seed":  "Seed of the choice; an account stays chosen from night to night.",

	"segments":                   "Segments that the scored accounts are divided into by icpfit segments: found in the base, or written as rules.",
	"segments.features":          "Features by which accounts are told apart. Absent: the numbers, categories, sets and flags of the firmographic and technographic pillars.",
	"segments.features[]":        "Name of a feature.",
	"segments.k":                 "How many segments, 2 to 50. Absent: as many as are found again in other samples, or one.",
	"segments.minimum":           "Least share of the accounts in a segment, where their number is looked for, 0 to below 0.5.",
	"segments.seed":              "Seed of the search; same accounts, same seed, same segments.",
	"segments.rules":             "Segments written by people, which may not overlap; accounts of none are in the segment other.",
	"segments.rules[]":           "One segment.",
	"segments.rules[].name":      "Its name.",
	"segments.marketing":         "Marketing's own segments, to be held against those of sales.",
	"segments.marketing.path":    "File with a column of domains and one of segments. Absent: the accounts.",
	"segments.marketing.domain":  "Column of the domain. Absent: accounts.domain.",
	"segments.marketing.segment": "Column of the segment.",
	"segments.sales":             "The segments of sales, to be held against marketing's.",
	"segments.sales.path":        "File with a column of domains and one of segments. Absent: the accounts.",
	"segments.sales.domain":      "Column of the domain. Absent: accounts.domain.",
	"segments.sales.segment":     "Column of the segment.",
	"segments.rules[].where":     "Condition on the features and customer, such as sector == \"Retail\" and employees > 50.",

	"gates":                  "When the grades of a night are held back until somebody accepts them; the report says why. What is compared is compared with the night before.",
	"gates.base_shrunk":      "Share of its accounts that the base may lose, above 0 to 1.",
	"gates.coverage":         "Share of its known values that a feature of the model may lose, above 0 to 1; what chance may take is allowed.",
	"gates.new_values":       "Share of a feature's known values that the model does not know, over that of the night before, above 0 to 1; what chance may add is allowed.",
	"gates.input_age_days":   "Days from the last change of the file of accounts to the night, 1 to 3650; not on the first night.",
	"gates.model_age_months": "Months from the date of what the model learned to the night, 1 to 120; the report asks for a review from 6 on.",

	"metrics":          "Figures of each step for Prometheus.",
	"metrics.textfile": "File, such as icpfit.prom in the folder of node exporter's textfile collector; it is replaced after each step.",
	"lineage":          "OpenLineage events of each step.",
	"lineage.file":     "File to which the events are added, one a line.",
}

// Schema returns the JSON Schema (draft 2020-12) of icpfit.yaml, for editors.
// It says what strict decoding checks, and the values of keys that take one of
// a few; what depends on other keys is checked by Validate alone.
func Schema() []byte {
	root := schemaOf(reflect.TypeFor[Config](), "")
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = FileName
	root["required"] = []string{"version"}
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // texts, numbers and lists always marshal
	}
	return append(text, '\n')
}

// schemaOf returns the schema of a value of type t at path.
func schemaOf(t reflect.Type, path string) map[string]any {
	s := map[string]any{}
	if doc := docs[path]; doc != "" {
		s["description"] = doc
	}
	if allowed := choices[path]; allowed != nil {
		s["enum"] = slices.Clone(allowed)
	}
	if pattern := patterns[path]; pattern != "" {
		s["pattern"] = pattern
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), path)
	case reflect.Struct:
		properties := map[string]any{}
		for i := range t.NumField() {
			key := keyOf(t.Field(i))
			properties[key] = schemaOf(t.Field(i).Type, join(path, key))
		}
		s["type"], s["properties"], s["additionalProperties"] = "object", properties, false
	case reflect.Map:
		s["type"], s["additionalProperties"] = "object", schemaOf(t.Elem(), path+"{}")
	case reflect.Slice:
		s["type"], s["items"] = "array", schemaOf(t.Elem(), path+"[]")
	case reflect.String:
		s["type"] = "string"
	case reflect.Int:
		s["type"] = "integer"
	case reflect.Uint64:
		s["type"], s["minimum"] = "integer", 0
	case reflect.Float64:
		s["type"] = "number"
	default:
		panic(fmt.Sprintf("project: no schema for %s at %s", t, path)) // a new kind of field in Config
	}
	return s
}
