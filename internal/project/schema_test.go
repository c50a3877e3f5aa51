package project

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// pathsOf returns every key of a settings file, in the form of docs.
func pathsOf(t reflect.Type, path string) []string {
	switch t.Kind() {
	case reflect.Pointer:
		return pathsOf(t.Elem(), path)
	case reflect.Struct:
		var all []string
		for i := range t.NumField() {
			at := join(path, keyOf(t.Field(i)))
			all = append(append(all, at), pathsOf(t.Field(i).Type, at)...)
		}
		return all
	case reflect.Slice:
		return append([]string{path + "[]"}, pathsOf(t.Elem(), path+"[]")...)
	case reflect.Map:
		return []string{path + "{}"}
	}
	return nil
}

// lookup walks a schema to the key at path.
func lookup(schema map[string]any, path string) map[string]any {
	path = strings.ReplaceAll(strings.ReplaceAll(path, "[]", ".[]"), "{}", ".{}")
	for key := range strings.SplitSeq(path, ".") {
		var next any
		switch key {
		case "[]":
			next = schema["items"]
		case "{}":
			next = schema["additionalProperties"]
		default:
			properties, _ := schema["properties"].(map[string]any)
			next = properties[key]
		}
		schema, _ = next.(map[string]any)
	}
	return schema
}

func parsedSchema(t *testing.T) map[string]any {
	t.Helper()
	var schema map[string]any
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestSchema checks that every key of Config is in the schema with a
// description, that no description or choice is of a key that is gone, and that
// no key is taken that is not there.
func TestSchema(t *testing.T) {
	schema, paths := parsedSchema(t), pathsOf(reflect.TypeFor[Config](), "")
	for _, path := range paths {
		s := lookup(schema, path)
		if s == nil {
			t.Errorf("%s is not in the schema", path)
		} else if s["description"] == nil && !strings.HasSuffix(path, "[]") {
			t.Errorf("%s has no description", path)
		} else if s["type"] == "object" && s["additionalProperties"] != false && !strings.HasSuffix(path, "values") && !strings.HasSuffix(path, ".columns") && path != "audit.weights" && path != "grades.tiers" {
			t.Errorf("%s takes any key", path)
		}
	}
	for path := range docs {
		if !slices.Contains(paths, path) {
			t.Errorf("docs describes %s, which is no key", path)
		}
	}
	for path, allowed := range choices {
		got, _ := lookup(schema, path)["enum"].([]any)
		if len(got) != len(allowed) {
			t.Errorf("%s: the schema allows %v, Validate %v", path, got, allowed)
		}
	}
}

// TestScales checks that every scale that may be chosen has grades.
func TestScales(t *testing.T) {
	for _, scale := range choices["grades.scale"] {
		if len(Scales[scale]) < 2 {
			t.Errorf("scale %s has grades %v", scale, Scales[scale])
		}
	}
	if len(Scales) != len(choices["grades.scale"]) {
		t.Errorf("Scales has %d, choices %d", len(Scales), len(choices["grades.scale"]))
	}
}

func TestEdits(t *testing.T) {
	// By hand: insertions, deletions, substitutions and swaps of neighbours.
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"domian", "domain", 1}, {"learnr", "learner", 1}, {"kitten", "sitting", 3}, {"é", "e", 1}} {
		if got := edits(tt.a, tt.b); got != tt.want {
			t.Errorf("edits(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if edits(tt.a, tt.b) != edits(tt.b, tt.a) {
			t.Errorf("edits(%q, %q) depends on the order", tt.a, tt.b)
		}
	}
}
