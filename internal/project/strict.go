package project

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// decode stores the document in cfg, over what is there: keys the file leaves
// out keep their value, lists are replaced. Every unknown key and wrong type is
// reported. The library alone would take 1.5 or "1" for a whole number.
func (d *document) decode(cfg *Config) error {
	s := strict{document: d}
	s.check(d.root, reflect.TypeFor[Config](), "")
	if err := faultError(s.faults); err != nil {
		return err
	}
	if err := yaml.NodeToValue(d.root, cfg, yaml.Strict()); err != nil {
		return d.syntax(err)
	}
	return nil
}

// strict compares a document with the type it is to be decoded into.
type strict struct {
	*document
	faults []Fault
}

func (s *strict) add(t *token.Token, path, format string, args ...any) {
	s.faults = append(s.faults, s.fault(t, path, fmt.Sprintf(format, args...)))
}

// check reports what of n does not fit t, and notes where each value is.
func (s *strict) check(n ast.Node, t reflect.Type, path string) {
	first := firstToken(n)
	if path != "" {
		s.values[path] = first
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if _, null := n.(*ast.NullNode); null {
		s.add(s.orKey(first, path), path, "has no value; want %s", typeName(t))
		return
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		pairs, ok := pairsOf(n)
		if !ok {
			s.add(first, path, "is %s; want %s", nodeName(n), typeName(t))
			return
		}
		for _, p := range pairs {
			if t.Kind() == reflect.Struct {
				s.field(p, t, path)
			} else {
				s.entry(p, t, path)
			}
		}
	case reflect.Slice:
		seq, ok := n.(*ast.SequenceNode)
		if !ok {
			s.add(first, path, "is %s; want a list", nodeName(n))
			return
		}
		for i, v := range seq.Values {
			s.check(v, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
		}
	default:
		s.scalar(n, t, path)
	}
}

// field checks one key of a struct.
func (s *strict) field(p *ast.MappingValueNode, t reflect.Type, path string) {
	key := p.Key.GetToken()
	for i := range t.NumField() {
		if keyOf(t.Field(i)) == key.Value {
			s.keys[join(path, key.Value)] = key
			s.check(p.Value, t.Field(i).Type, join(path, key.Value))
			return
		}
	}
	f := s.fault(key, join(path, key.Value), "unknown key"+suggest(key.Value, keysOf(t)))
	f.excerpt = excerpt(s.text, f.Line, f.Column, f.Column+len([]rune(key.Value))+1)
	s.faults = append(s.faults, f)
}

// entry checks one key of a map with free keys.
func (s *strict) entry(p *ast.MappingValueNode, t reflect.Type, path string) {
	key := p.Key.GetToken()
	at := join(path, key.Value)
	s.keys[at] = key
	switch k := p.Key.(type) {
	case *ast.StringNode:
	case *ast.IntegerNode:
		if fmt.Sprint(k.Value) != key.Value {
			s.add(key, at, "reads as the number %v; put the key in quotes", k.Value)
		}
	default:
		s.add(key, at, "is not text; put the key in quotes")
	}
	s.check(p.Value, t.Elem(), at)
}

// scalar checks a value that is not a list or a mapping.
func (s *strict) scalar(n ast.Node, t reflect.Type, path string) {
	ok := false
	switch v := n.(type) {
	case *ast.StringNode:
		ok = t.Kind() == reflect.String
		if secret.MatchString(v.Value) {
			s.secret(firstToken(n), path)
			return
		}
	case *ast.LiteralNode:
		ok = t.Kind() == reflect.String
	case *ast.BoolNode:
		ok = t.Kind() == reflect.Bool
	case *ast.IntegerNode:
		ok = t.Kind() == reflect.Float64 || fitsInteger(v, t)
	case *ast.FloatNode:
		ok = t.Kind() == reflect.Float64 && !math.IsInf(v.Value, 0)
	}
	_, pairs := pairsOf(n)
	_, list := n.(*ast.SequenceNode)
	switch {
	case ok:
	case t.Kind() == reflect.String && !pairs && !list:
		s.add(firstToken(n), path, "is %s; put it in quotes if it is text", nodeName(n))
	default:
		s.add(firstToken(n), path, "is %s; want %s", nodeName(n), typeName(t))
	}
}

// secret matches what must not be in a settings file: an address with a
// password, or a token by its issuer's prefix.
var secret = regexp.MustCompile(`://[^/\s:@]*:[^/\s@]+@|^(pat-[a-z]{2}\d-|ghp_|github_pat_|sk-|xox[abp]-|eyJ[\w-]{8,}\.eyJ)`)

// secret reports a credential without repeating it: errors reach logs.
func (s *strict) secret(t *token.Token, path string) {
	f := s.fault(t, path, "holds a password or a token; settings files are shared, so no key takes one: delete it and revoke it")
	f.excerpt = excerpt(s.text, f.Line, f.Column, f.Column)
	s.faults = append(s.faults, f)
}

// fitsInteger reports whether v is a value of the integer type t.
func fitsInteger(v *ast.IntegerNode, t reflect.Type) bool {
	switch x := v.Value.(type) {
	case int64:
		return t.Kind() == reflect.Int && !reflect.Zero(t).OverflowInt(x)
	case uint64:
		if t.Kind() == reflect.Int {
			return x <= math.MaxInt
		}
		return t.Kind() == reflect.Uint64
	}
	return false
}

// orKey returns the token of the key at path where a value has no place.
func (s *strict) orKey(t *token.Token, path string) *token.Token {
	if k := s.keys[path]; k != nil {
		return k
	}
	return t
}

// pairsOf returns the pairs of a mapping, which the parser holds in two forms.
func pairsOf(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch m := n.(type) {
	case *ast.MappingNode:
		return m.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}, true
	}
	return nil, false
}

// firstToken returns the token at which n starts in the file.
func firstToken(n ast.Node) *token.Token {
	switch v := n.(type) {
	case *ast.MappingNode:
		if !v.IsFlowStyle && len(v.Values) > 0 {
			return v.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return v.Key.GetToken()
	}
	return n.GetToken()
}

// keyOf returns the YAML key of a field, by the rule of the YAML library: the
// yaml tag, else the json tag, else the name in lower case.
func keyOf(f reflect.StructField) string {
	for _, tag := range []string{f.Tag.Get("yaml"), f.Tag.Get("json")} {
		if name, _, _ := strings.Cut(tag, ","); name != "" {
			return name
		}
	}
	return strings.ToLower(f.Name)
}

func keysOf(t reflect.Type) []string {
	keys := make([]string, t.NumField())
	for i := range keys {
		keys[i] = keyOf(t.Field(i))
	}
	return keys
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "keys and values"
	case reflect.Slice:
		return "a list"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Uint64:
		return "a whole number from 0"
	case reflect.Float64:
		return "a finite number"
	}
	return "text"
}

func nodeName(n ast.Node) string {
	switch v := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys and values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode:
		return "the text " + strconv.Quote(clip(v.Value))
	case *ast.LiteralNode:
		return "text"
	case *ast.BoolNode:
		return n.GetToken().Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "the number " + clip(n.GetToken().Value)
	}
	return "something else"
}

// clip shortens a value for an error.
func clip(s string) string { return clipTo(s, 40) }
