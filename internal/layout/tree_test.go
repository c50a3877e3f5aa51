package layout_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// module is the import path of the root.
const module = "github.com/icpfit/icpfit"

// A source is one Go file of the module.
type source struct {
	path    string // from the root, with slashes
	folder  string
	test    bool
	lines   int
	imports []string // as written; those of the module without its path
	syntax  *ast.File
}

// A tree is the module's top folders and Go files.
type tree struct {
	top     []string
	sources []source
}

// read parses the Go files of a module. It leaves out testdata and folders that
// start with a dot, as the go command does.
func read(t *testing.T, root fs.FS) tree {
	t.Helper()
	var out tree
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() && name != "." && !strings.Contains(name, "/"):
			out.top = append(out.top, name)
		case !d.IsDir() && strings.HasSuffix(name, ".go"):
			s, err := parse(root, name)
			out.sources = append(out.sources, s)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func parse(root fs.FS, name string) (source, error) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return source{}, err
	}
	s := source{path: name, folder: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), lines: bytes.Count(text, []byte("\n"))}
	if s.syntax, err = parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution); err != nil {
		return source{}, err
	}
	for _, spec := range s.syntax.Imports {
		to, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, err
		}
		if to == module {
			to = module + "/."
		}
		s.imports = append(s.imports, strings.TrimPrefix(to, module+"/"))
	}
	return s, nil
}

// moduleRoot returns the folder of go.mod.
func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the working folder")
		}
		dir = filepath.Dir(dir)
	}
}

// ours says whether an import, as a source has it, is of this module: its first
// element has no dot and is one of the top folders, which no package of the
// standard library is called.
func ours(to string) bool {
	first, _, _ := strings.Cut(to, "/")
	for _, f := range topFolders {
		if first == f && to != "internal" {
			return true
		}
	}
	return first == "."
}

// matches says whether a path is a pattern's: the path itself, or, where the
// pattern ends in "/...", below it.
func matches(pattern, p string) bool {
	if above, ok := strings.CutSuffix(pattern, "/..."); ok {
		return strings.HasPrefix(p, above+"/")
	}
	return pattern == p
}

// under says whether p is the module or folder above, or below it.
func under(above, p string) bool { return p == above || strings.HasPrefix(p, above+"/") }
