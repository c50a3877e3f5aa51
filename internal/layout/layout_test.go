package layout_test

import (
	"fmt"
	"go/ast"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// A check returns a tree's faults of one sort, each with its place and what to do.
type check struct {
	name string
	find func(tree) []string
}

var checks = []check{
	{"folders", folders},
	{"names", names},
	{"imports", imports},
	{"drivers", drivenBy},
	{"sizes", sizes},
	{"row maps", rowsAsMaps},
	{"template conversions", trustedMarkup},
	{"clocks", clocks},
	{"changes of the disk", changesDisk},
}

func TestLayout(t *testing.T) {
	module := read(t, os.DirFS(moduleRoot(t)))
	if n := len(module.sources); n < 100 {
		t.Fatalf("%d Go files found; want the module's, at least 100", n)
	}
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			for _, fault := range c.find(module) {
				t.Error(fault)
			}
		})
	}
}

// folders finds folders that are not of the house, and packages without a room.
func folders(m tree) (faults []string) {
	for _, f := range m.top {
		if !slices.Contains(topFolders, f) {
			faults = append(faults, fmt.Sprintf("%s: not a folder of the house; want one of %v", f, topFolders))
		}
	}
	seen := map[string]bool{}
	for _, s := range m.sources {
		house := s.folder == "." || slices.Contains(topFolders, first(s.folder)) // other top folders are reported above
		if _, ok := roomOf(s.folder); house && !ok && !seen[s.folder] {
			seen[s.folder] = true
			faults = append(faults, fmt.Sprintf("%s: package without a room; move it, or give it a row in rooms with what it may import", s.folder))
		}
	}
	return faults
}

// names finds packages that are named for nothing.
func names(m tree) (faults []string) {
	for _, s := range m.sources {
		name := strings.TrimSuffix(s.syntax.Name.Name, "_test")
		if slices.Contains(noNames, name) || slices.Contains(noNames, path.Base(s.folder)) {
			faults = append(faults, fmt.Sprintf("%s: package %s says nothing of what is inside; name it for the main thing it holds", s.path, name))
		}
	}
	return faults
}

// imports finds imports that point the wrong way.
func imports(m tree) (faults []string) {
	for _, s := range m.sources {
		r, ok := roomOf(s.folder)
		if !ok {
			continue // folders reports it
		}
		for _, to := range s.imports {
			if !ours(to) || slices.ContainsFunc(r.may, func(p string) bool { return matches(p, to) }) {
				continue
			}
			if s.test && (to == s.folder || station(to) >= 0 && station(to) <= station(s.folder)) {
				continue
			}
			faults = append(faults, fmt.Sprintf("%s: imports %s; %s may import %v: %s", s.path, to, r.path, r.may, r.why))
		}
	}
	return faults
}

// roomOf returns the room of a folder: its own, or the deepest above it that
// takes in what is below.
func roomOf(folder string) (room, bool) {
	var best room
	for _, r := range rooms {
		if r.path == folder {
			return r, true
		}
		if matches(r.path, folder) && len(r.path) > len(best.path) {
			best = r
		}
	}
	return best, best.path != ""
}

// station returns the place of a folder along the pipeline, -1 if it has none.
func station(folder string) int {
	first, _, _ := strings.Cut(folder, "/")
	return slices.Index(stations, first)
}

// drivenBy finds drivers outside of the rooms that wrap them.
func drivenBy(m tree) (faults []string) {
	for _, s := range m.sources {
		for _, to := range s.imports {
			for _, d := range drivers {
				if under(d.module, to) && !s.test && !slices.Contains(d.rooms, s.folder) {
					faults = append(faults, fmt.Sprintf("%s: imports %s; only %v may: %s", s.path, to, d.rooms, d.why))
				}
			}
		}
	}
	return faults
}

// sizes finds files that are two files. Tables of generated code count too: they
// belong in a data file.
func sizes(m tree) (faults []string) {
	for _, s := range m.sources {
		if !s.test && s.lines > mostLines {
			faults = append(faults, fmt.Sprintf("%s: %d lines; want at most %d: split it by what it is about", s.path, s.lines, mostLines))
		}
	}
	return faults
}

// rowsAsMaps finds maps from names to any value where rows flow.
func rowsAsMaps(m tree) (faults []string) {
	for _, s := range m.sources {
		if _, allowed := rowMaps[s.path]; allowed || s.test || !slices.Contains([]string{"datasets", "features", "model"}, first(s.folder)) {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if t, ok := n.(*ast.MapType); ok && isName(t.Key, "string") && isAny(t.Value) {
				faults = append(faults, fmt.Sprintf("%s: map from string to any; rows are held by column (datasets.Batch), settings in structs", s.path))
			}
			return true
		})
	}
	return faults
}

// trustedMarkup finds html/template's types that switch escaping off, in the
// packages that show what came from a CRM.
func trustedMarkup(m tree) (faults []string) {
	for _, s := range m.sources {
		if !under("internal/report", s.folder) && !under("internal/web", s.folder) {
			continue
		}
		name := importName(s.syntax, "html/template")
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && name != "" && isName(sel.X, name) && slices.Contains(trusted, sel.Sel.Name) {
				faults = append(faults, fmt.Sprintf("%s: %s.%s switches escaping off; let the template escape it", s.path, name, sel.Sel.Name))
			}
			return true
		})
	}
	return faults
}

var trusted = []string{"HTML", "HTMLAttr", "JS", "JSStr", "URL", "CSS", "Srcset"}

// clocks finds readings of the clock and the environment in what computes:
// there, both are arguments.
func clocks(m tree) (faults []string) {
	banned := map[string][]string{"time": {"Now", "Since", "Until"}, "os": {"Getenv", "LookupEnv", "Environ"}}
	for _, s := range m.sources {
		if s.test || !slices.Contains([]string{"datasets", "features", "model"}, first(s.folder)) {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			for pkg, functions := range banned {
				if sel, ok := n.(*ast.SelectorExpr); ok && isName(sel.X, importName(s.syntax, pkg)) && slices.Contains(functions, sel.Sel.Name) {
					faults = append(faults, fmt.Sprintf("%s: %s.%s: what computes reads no clock and no environment; make it an argument", s.path, pkg, sel.Sel.Name))
				}
			}
			return true
		})
	}
	return faults
}

// changesDisk finds changes of the file system that no test can stand in the way
// of, in the packages that publish.
func changesDisk(m tree) (faults []string) {
	banned := []string{"Create", "CreateTemp", "OpenFile", "WriteFile", "Rename", "Remove", "RemoveAll", "Mkdir", "MkdirAll", "MkdirTemp", "Link", "Symlink", "Truncate", "Chmod"}
	for _, s := range m.sources {
		publishes := first(s.folder) == "internal" || first(s.folder) == "model" || first(s.folder) == "cmd"
		if s.test || !publishes || under("internal/disk", s.folder) || scratch[s.path] != "" {
			continue
		}
		name := importName(s.syntax, "os")
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && isName(sel.X, name) && slices.Contains(banned, sel.Sel.Name) {
				faults = append(faults, fmt.Sprintf("%s: os.%s: what changes a disk goes through internal/disk, where tests put faults in its way", s.path, sel.Sel.Name))
			}
			return true
		})
	}
	return faults
}

func first(folder string) string {
	f, _, _ := strings.Cut(folder, "/")
	return f
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && name != "" && id.Name == name
}

func isAny(e ast.Expr) bool {
	i, ok := e.(*ast.InterfaceType)
	return isName(e, "any") || ok && len(i.Methods.List) == 0
}

// importName returns the name by which a file knows a package of the standard
// library, "" if it does not import it.
func importName(f *ast.File, pkg string) string {
	for _, spec := range f.Imports {
		if spec.Path.Value == `"`+pkg+`"` {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return path.Base(pkg)
		}
	}
	return ""
}
