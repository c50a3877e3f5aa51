package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
)

//go:embed page.html.tmpl
var pageText string

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

// page returns the template of all pages. The page may load nothing: its
// content security policy names the hashes of the one style sheet and the one
// script, as the template package writes them.
var page = sync.OnceValues(func() (*template.Template, error) {
	own, err := parsePage("")
	if err != nil {
		return nil, err
	}
	style, err := hash(own, "style")
	if err != nil {
		return nil, err
	}
	script, err := hash(own, "script")
	if err != nil {
		return nil, err
	}
	return parsePage(strings.NewReplacer("STYLE-HASH", style, "SCRIPT-HASH", script).Replace(pageText))
})

// parsePage parses the page behind the definitions of its style and script.
func parsePage(text string) (*template.Template, error) {
	const open, shut = `{{define "`, `{{end}}`
	text = open + `style"}}<style>` + pageStyle + `</style>` + shut + open + `script"}}<script>` + pageScript + `</script>` + shut + text
	t, err := template.New("page").Funcs(template.FuncMap{"gradeClass": GradeClass}).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("write HTML: %w", err)
	}
	return t, nil
}

// hash returns the policy's word for what an element of the page holds.
func hash(t *template.Template, name string) (string, error) {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, nil); err != nil {
		return "", fmt.Errorf("write HTML: %w", err)
	}
	text := b.String()
	text = text[strings.Index(text, ">")+1 : strings.LastIndex(text, "<")]
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:]), nil
}

// WriteHTML writes a page: one file that loads nothing from anywhere.
func WriteHTML(w io.Writer, d *Document) error {
	d.number()
	t, err := page()
	if err != nil {
		return err
	}
	p, err := NewPrinter(d.Lang, nil)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, view{d, p.T}); err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	return nil
}

// A view is what the template sees: the page, and the words of what it does.
type view struct {
	*Document
	T func(key string, args ...any) string
}
