package jsonfile_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/datasettest"
	"github.com/icpfit/icpfit/datasets/jsonfile"
)

// TestRows reads texts whose meaning the package's doc fixes; the wanted cells
// are written by hand: names, types, then rows, divided by "/"; "_" is missing.
func TestRows(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"scalars", `{"a":"x","b":1.50,"c":true,"d":false}`, "a b c d/text text text text/x 1.50 true false"},
		{"numbers as written", `{"a":-0,"b":1e3,"c":1E-05,"d":12345678901234567890123}`, "a b c d/text text text text/-0 1e3 1E-05 12345678901234567890123"},
		{"missing", "{\"a\":null,\"b\":\"\"}\n{\"b\":\"x\"}\n{}", "a b/text text/_ _/_ x/_ _"},
		{"keys in order of appearance", "{\"b\":1}\n{\"a\":2,\"b\":3}", "b a/text text/1 _/3 2"},
		{"sets", "{\"a\":[\"x\",\"y\"]}\n{\"a\":[]}\n{\"a\":null}\n{}\n{\"a\":[1,true]}", "a/set/[x|y]/[]/_/_/[1|true]"},
		{"set or scalar", "{\"a\":\"x\"}\n{\"a\":[\"x\",\"y\"]}\n{\"a\":\"\"}\n{\"a\":5}", "a/set/[x]/[x|y]/_/[5]"},
		{"items left out", `{"a":["x",null,"","x","y"],"b":[null]}`, "a b/set set/[x|y] []"},
		{"only empty arrays", "{\"a\":[]}\n{}", "a/set/[]/_"},
		{"nested", `{"a":{"b":{"c":1},"d":[2]},"e":{}}`, "a.b.c a.d/text set/1 [2]"},
		{"nested or null", "{\"a\":null,\"b\":1}\n{\"a\":{\"c\":2},\"b\":3}", "b a.c/text text/1 _/3 2"},
		{"nested or scalar", "{\"a\":1}\n{\"a\":{\"c\":2}}", "a a.c/text text/1 _/_ 2"},
		{"escapes", `{"a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude80"}`, "a/text/\"\\/\b\f\n\r\té🚀"},
		{"half a pair", `{"a":"\ud83dx\ude80\ud83d\u0041"}`, "a/text/\ufffdx\ufffd\ufffdA"},
		{"escaped key", `{"\u0061":1}`, "a/text/1"},
		{"spaces", " { \"a\" :\t[ 1 , 2 ] , \"b\" : { \"c\" : 3 } } \r\n\r\n", "a b.c/set text/[1|2] 3"},
		{"array", "[{\"a\":1},\n\n {\"a\":\"}]\\\"\"} ]\n", "a/text/1/}]\""},
		{"array on one line", `[{"a":{"b":"{"}},{"a":{"b":"["}}]`, "a.b/text/{/["},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := datasettest.Read(t.Context(), jsonfile.New(writeFile(t, []byte(tt.text))))
			if err != nil {
				t.Fatal(err)
			}
			if got := flat(got); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// flat writes a table on one line.
func flat(t datasettest.Table) string {
	types := make([]string, len(t.Types))
	for i, kind := range t.Types {
		types[i] = kind.String()
	}
	var rows []string
	for _, row := range append([][]string{t.Header, types}, t.Rows...) {
		cells := slices.Clone(row)
		for i := range cells {
			if cells[i] == "" {
				cells[i] = "_"
			}
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	return strings.Join(rows, "/")
}

// TestRefusals fixes the text of every refusal. The file is named F, and each is
// a *datasets.RowError that wraps datasets.ErrShape.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", `F:1: no rows; want one JSON object a line`},
		{"blank", "\n \n", `F:1: no rows; want one JSON object a line`},
		{"empty array", "[ ]", `F:1: no rows; want one JSON object a line`},
		{"no keys", "{}\n{}", `F:1: no row has a key; want objects with the columns as keys`},
		{"no object", "{\"a\":1}\n5\n", `F:2: '5'; want one object a line`},
		{"NUL for an object", "{\"a\":1}\n\x00\n", `F:2: '\x00'; want one object a line`},
		{"two on a line", "{\"a\":1}\n{\"a\":2} {\"a\":3}\n", `F:2: '{' behind the object; want one object a line`},
		{"object over lines", "{\n\"a\":1}\n", `F:1: the text ends in an object; want a key in quotes`},
		{"cut", "{\"a\":1}\n{\"a\":\"x", `F:2: column "a": string is not closed; want a quote`},
		{"key twice", "{\"a\":1}\n{\"a\":1,\"b\":2,\"a\":3}", `F:2: column "a": key comes twice in a row; keep one`},
		{"nested key twice", `{"a":{"b":1},"a":{"c":1}}`, `F:1: column "a": key comes twice in a row; keep one`},
		{"flattened key twice", `{"a.b":1,"a":{"b":2}}`, `F:1: column "a.b": key comes twice in a row; keep one`},
		{"key without a name", `{"a":{"":1}}`, `F:1: column "a": key without a name; name it`},
		{"array of objects", "{\"a\":1}\n{\"a\":1,\"b\":{\"c\":[1,{}]}}", `F:2: column "b.c": array of objects or of arrays; want an array of texts or numbers, or a row of its own for each object`},
		{"array of arrays", `{"a":[[1]]}`, `F:1: column "a": array of objects or of arrays; want an array of texts or numbers, or a row of its own for each object`},
		{"invalid UTF-8", "{\"a\":1}\n{\"a\":\"\xe9\"}", `F:2: column "a": invalid UTF-8; save the file as UTF-8`},
		{"invalid UTF-8 behind an escape", "{\"a\":\"\\n\xe9\"}", `F:1: column "a": invalid UTF-8; save the file as UTF-8`},
		{"NUL", "{\"a\":\"\x00\"}", `F:1: column "a": NUL in a string; remove it`},
		{"escaped NUL", `{"a":"x\u0000"}`, `F:1: column "a": NUL in a string; remove it`},
		{"control character", "{\"a\":\"\t\"}", `F:1: column "a": control character '\t' in a string; want it escaped`},
		{"unknown escape", `{"a":"C:\x"}`, `F:1: column "a": unknown escape in a string; double a backslash that stands for itself`},
		{"short escape", `{"a":"\u00"}`, `F:1: column "a": malformed \u escape; want four hex digits`},
		{"no colon", `{"a" 1}`, `F:1: column "a": '1' behind a key; want a colon`},
		{"no comma", `{"a":1 "b":2}`, `F:1: '"' in an object; want a comma or }`},
		{"comma too many", `{"a":1,}`, `F:1: '}' in an object; want a key in quotes`},
		{"no comma in an array", `{"a":[1 2]}`, `F:1: column "a": '2' in an array; want a comma or ]`},
		{"comma too many in an array", `{"a":[1,]}`, `F:1: column "a": ']'; want a value`},
		{"no value", `{"a":nil}`, `F:1: column "a": 'n'; want a value`},
		{"leading zero", `{"a":01}`, `F:1: column "a": malformed number; want digits without a leading zero`},
		{"bare minus", `{"a":-}`, `F:1: column "a": malformed number; want digits without a leading zero`},
		{"bare point", `{"a":1.}`, `F:1: column "a": malformed number; want digits behind its point`},
		{"bare exponent", `{"a":1e+}`, `F:1: column "a": malformed number; want digits in its exponent`},
		{"too deep", strings.Repeat(`{"a":`, 65) + "1" + strings.Repeat("}", 65), `F:1: column "` + strings.Repeat("a.", 63) + `a": more than 64 levels; flatten the object`},
		{"line too long", "{\"a\":1}\n{\"a\":\"" + strings.Repeat("x", 16<<20) + "\"}", `F:2: line is above 16 MiB; want one object a line`},
		{"object too long", "[{\"a\":1},\n{\"a\":\"" + strings.Repeat("x", 16<<20) + "\"}]", `F:2: object is above 16 MiB; is a brace or a quote missing?`},
		{"too many keys", manyKeys(4097), `F:1: more than 4096 keys; are ids used as keys?`},
		{"no object in the array", "[{\"a\":1},\n 5]", `F:2: '5' in the array; want objects`},
		{"array of nothing", "[,]", `F:1: ',' in the array; want objects`},
		{"no comma between objects", "[{\"a\":1}\n{\"a\":1}]", `F:2: '{' behind an object of the array; want a comma or ]`},
		{"comma at the array's end", `[{"a":1},]`, `F:1: ']' in the array; want objects`},
		{"array not closed", "[{\"a\":1}\n", `F:2: the file ends inside its array; copy the file again`},
		{"object not closed", "[{\"a\":1},\n{\"a\"\n", `F:2: the file ends inside this object; copy the file again`},
		{"text behind the array", "[{\"a\":1}]\n{\"a\":1}", `F:2: '{' behind the array; want the end of the file`},
		{"line of the fault in an array", "[\n{\n\"a\":\n\n01}]", `F:5: column "a": malformed number; want digits without a leading zero`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := writeFile(t, []byte(tt.text))
			_, err := jsonfile.New(path).Open(t.Context())
			checkRefusal(t, err, path, tt.want)
			if row := (*datasets.RowError)(nil); !errors.As(err, &row) {
				t.Errorf("%v is no RowError", err)
			}
		})
	}
}

func manyKeys(n int) string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf(`"k%d":1`, i)
	}
	return "{" + strings.Join(keys, ",") + "}"
}

// checkRefusal checks the text of an error, in which F stands for path.
func checkRefusal(t *testing.T, err error, path, want string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %q", want)
	}
	if got := strings.ReplaceAll(err.Error(), path, "F"); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if !errors.Is(err, datasets.ErrShape) {
		t.Errorf("%v does not wrap ErrShape", err)
	}
}

func TestRefusedFiles(t *testing.T) {
	gz := pack(t, "gzip", []byte(strings.Repeat("{\"a\":1}\n", 10_000)))
	path := writeFile(t, gz[:len(gz)-5])
	_, err := jsonfile.New(path).Open(t.Context())
	checkRefusal(t, err, path, "read: F: its gzip stream is cut short; copy the file again")

	missing := filepath.Join(t.TempDir(), "none.jsonl")
	if _, err := jsonfile.New(missing).Open(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
}

// TestLimits is at the limits that TestRefusals is beyond.
func TestLimits(t *testing.T) {
	long := strings.Repeat("x", 16<<20-len(`{"a":""}`)-1)
	for name, text := range map[string]string{
		"64 levels":  strings.Repeat(`{"a":`, 64) + "1" + strings.Repeat("}", 64),
		"4,096 keys": manyKeys(4096),
		"16 MiB":     `{"a":"` + long + "\"}\n",
	} {
		if _, err := datasettest.Read(t.Context(), jsonfile.New(writeFile(t, []byte(text)))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLines(t *testing.T) {
	for _, text := range []string{
		"\n{\"a\":1}\n\n{\"a\":2}\r\n{\"a\":3}",
		"[\n{\"a\":1},\n\n{\n\"a\":\"2\"} , {\"a\":3\n}\n]",
	} {
		r, err := jsonfile.New(writeFile(t, []byte(text))).Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var batch datasets.Batch
		if err := r.Read(t.Context(), &batch); err != nil {
			t.Fatal(err)
		}
		want := []int64{2, 4, 5}
		if !slices.Equal(batch.Lines, want) {
			t.Errorf("%q: lines are %v, want %v", text, batch.Lines, want)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDictionary: batches share a dictionary while it is small; one that has
// grown past its limit starts afresh, and items stay right.
func TestDictionary(t *testing.T) {
	const rows, items = 3 * datasets.BatchRows, 20 // 81,920 items in a batch
	var b strings.Builder
	for i := range rows {
		b.WriteString(`{"few":["x","y"],"many":[0`)
		for k := range items {
			fmt.Fprintf(&b, `,"i%d"`, i*items+k)
		}
		b.WriteString("]}\n")
	}
	r, err := jsonfile.New(writeFile(t, []byte(b.String()))).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var batch datasets.Batch
	var few *string
	for n := range rows / datasets.BatchRows {
		if err := r.Read(t.Context(), &batch); err != nil {
			t.Fatal(err)
		}
		if first := &batch.Columns[0].Dictionary[0]; few == nil {
			few = first
		} else if first != few {
			t.Error("the small dictionary is not shared")
		}
		many := &batch.Columns[1]
		if got := len(many.Dictionary); got != datasets.BatchRows*items+1 {
			t.Errorf("batch %d: dictionary of %d, want a new one of %d", n, got, datasets.BatchRows*items+1)
		}
		for i := range batch.Rows {
			codes := many.Items(i)
			want := fmt.Sprintf("i%d", (int(batch.First)+i)*items+items-1)
			if got := many.Dictionary[codes[items]]; len(codes) != items+1 || got != want {
				t.Fatalf("last of %d items is %q, want %q", len(codes), got, want)
			}
		}
	}
	if err := r.Read(t.Context(), &batch); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want io.EOF", err)
	}
}

// TestChangedFile: what a source remembers of a file is dropped when it changes.
func TestChangedFile(t *testing.T) {
	path := writeFile(t, []byte(`{"a":1}`))
	src := jsonfile.New(path)
	for _, text := range []string{`{"a":1}`, `{"a":[1],"b":2}`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := datasettest.Read(t.Context(), src)
		if err != nil || len(got.Header) != strings.Count(text, ":") {
			t.Errorf("%s: columns %q, %v", text, got.Header, err)
		}
	}
}

// TestChangedWhileRead rewrites the far end of a file behind Open's back, with
// what the columns do not provide for.
func TestChangedWhileRead(t *testing.T) {
	const rows = 150_000 // 2 MB: more than is buffered at once
	was := "{\"a\":1,\"o\":{}}\n"
	for _, now := range []string{"{\"b\":1,\"o\":{}}\n", "{\"a\":[],\"o\":{}}", "{\"a\":1,\"o\":77}\n"} {
		path := writeFile(t, []byte(strings.Repeat(was, rows)))
		r, err := jsonfile.New(path).Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		tail := strings.Repeat(" ", len(was)-len(now)) + now
		if err := os.WriteFile(path, []byte(strings.Repeat(was, rows-1)+tail), 0o600); err != nil {
			t.Fatal(err)
		}
		var batch datasets.Batch
		for err == nil {
			err = r.Read(t.Context(), &batch)
		}
		if !strings.Contains(err.Error(), "the file changed while it was read; start again") {
			t.Errorf("%s: got %v", now, err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// stops is a context that is cancelled when it has been asked n times.
type stops struct {
	context.Context
	n int
}

func (s *stops) Err() error {
	if s.n--; s.n < 0 {
		return context.Canceled
	}
	return nil
}

func TestCancelWithinBatch(t *testing.T) {
	src := jsonfile.New(writeFile(t, []byte(strings.Repeat("{\"a\":1}\n", 1000))))
	if _, err := src.Open(&stops{t.Context(), 100}); !errors.Is(err, context.Canceled) {
		t.Errorf("Open gave %v, want context.Canceled", err)
	}
	r, err := src.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var batch datasets.Batch
	if err := r.Read(&stops{t.Context(), 100}, &batch); !errors.Is(err, context.Canceled) || batch.Rows != 0 {
		t.Errorf("Read gave %d rows and %v, want context.Canceled", batch.Rows, err)
	}
}
