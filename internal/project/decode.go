package project

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits on a settings file. The parser's time grows with the square of the
// nesting and of the keys in a mapping, so these hold before it sees the file.
const (
	maxBytes  = 1 << 20
	maxTokens = 150_000 // about 6,000 features
	maxNested = 16      // brackets, or dashes in one line; a settings file needs 4
)

// A document is one settings file as YAML, and where each of its keys is.
type document struct {
	file   string
	text   string
	root   ast.Node
	keys   map[string]*token.Token // path → the key's token
	values map[string]*token.Token // path → the value's first token
}

// parseYAML reads text as one YAML mapping. Its error is a *ConfigError.
func parseYAML(file string, text []byte) (d *document, err error) {
	d = &document{file: file, text: string(text), keys: map[string]*token.Token{}, values: map[string]*token.Token{}}
	defer func() {
		if r := recover(); r != nil {
			d, err = nil, d.fail(nil, "is not YAML that can be read: %v", r)
		}
	}()
	if err := d.limit(); err != nil {
		return nil, err
	}
	f, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, d.syntax(err)
	}
	if len(f.Docs) > 1 {
		return nil, d.fail(f.Docs[1].Start, "a second document starts here; want one")
	}
	if len(f.Docs) == 0 || f.Docs[0].Body == nil {
		return nil, d.fail(nil, "is empty; want at least version, accounts, customers and features")
	}
	d.root = f.Docs[0].Body
	return d, nil
}

// limit refuses what is too large or too nested to be parsed in bounded time,
// and the parts of YAML that a settings file has no use for.
func (d *document) limit() error {
	switch {
	case len(d.text) > maxBytes:
		return d.fail(nil, "has more than %d bytes; a settings file has at most 1 MiB", maxBytes)
	case !utf8.ValidString(d.text):
		return d.fail(nil, "is not UTF-8; save it as UTF-8")
	case strings.ContainsRune(d.text, 0):
		return d.fail(nil, "holds a NUL byte; want text")
	}
	tokens := lexer.Tokenize(d.text)
	if len(tokens) > maxTokens {
		return d.fail(nil, "has %d YAML tokens; want at most %d", len(tokens), maxTokens)
	}
	flow, dashes, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			dashes, line = 0, t.Position.Line
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.SequenceEntryType:
			dashes++
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return d.fail(t, "anchors, aliases and merge keys are not read; write the value out, or share a file with include:")
		case token.TagType, token.DirectiveType, token.MappingKeyType:
			return d.fail(t, "%q is not read here; write plain keys and values", t.Value)
		}
		if flow > maxNested || dashes > maxNested {
			return d.fail(t, "is nested more than %d deep; a settings file needs 4", maxNested)
		}
	}
	return nil
}

// syntax turns an error of the YAML library into ours.
func (d *document) syntax(err error) error {
	if e, ok := errors.AsType[yaml.Error](err); ok && e.GetToken() != nil {
		return d.fail(e.GetToken(), "%s", e.GetMessage())
	}
	return d.fail(nil, "%v", err)
}

// fail returns a ConfigError with one fault at t, or without a place.
func (d *document) fail(t *token.Token, format string, args ...any) error {
	return &ConfigError{Faults: []Fault{d.fault(t, "", fmt.Sprintf(format, args...))}}
}

// fault returns a fault at t; t may be nil.
func (d *document) fault(t *token.Token, path, msg string) Fault {
	f := Fault{File: d.file, Path: path, Msg: msg}
	if t != nil && t.Position != nil && t.Position.Line > 0 {
		f.Line, f.Column = t.Position.Line, t.Position.Column
		f.excerpt = excerpt(d.text, f.Line, f.Column, 0)
	}
	return f
}

// place gives each fault of a Config the position of its value here, or of the
// nearest key above one that is missing. A fault whose top key is not in this
// file is left alone.
func (d *document) place(faults []Fault) {
	for i, f := range faults {
		if f.File != "" {
			continue
		}
		for path := f.Path; path != ""; path = parentPath(path) {
			t := d.values[path]
			if path != f.Path {
				t = d.keys[path]
			}
			if t != nil {
				faults[i] = d.fault(t, f.Path, f.Msg)
				if f.hidden {
					faults[i].excerpt = excerpt(d.text, faults[i].Line, faults[i].Column, faults[i].Column)
				}
				break
			}
		}
	}
}

// parentPath returns the path one step up: features[2].kind, features[2], features, "".
func parentPath(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}
