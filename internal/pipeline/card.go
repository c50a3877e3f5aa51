package pipeline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/card"
	"github.com/icpfit/icpfit/model/registry"
	"github.com/icpfit/icpfit/model/train"
)

// writeCard writes the model card in its three forms.
func (r *Run) writeCard(stage *artifact.Staging, result *train.Result, author string) error {
	c := r.Project.Config
	audit, err := r.readAudit(result.Model.AsOf)
	if err != nil {
		return err
	}
	made, err := card.Build(card.Input{
		Model: result.Model, Evaluation: result.Evaluation, Audit: audit, Features: c.Features, Positives: r.positives(), LagDays: c.Customers.Lag, Seed: c.Model.Seed, Author: author,
	})
	if err != nil {
		return err
	}
	var html, md bytes.Buffer
	text, err := made.JSON()
	if err = errors.Join(err, card.WriteHTML(&html, made), card.WriteMarkdown(&md, made)); err != nil {
		return err
	}
	return errors.Join(stage.Write("card.json", text), stage.Write("card.html", html.Bytes()), stage.Write("card.md", md.Bytes()))
}

// positives says what makes an account a customer.
func (r *Run) positives() string {
	c := r.Project.Config.Customers
	if c.Where != "" {
		return "an account for which " + c.Where
	}
	text := "an account whose domain is in " + filepath.Base(c.Path)
	if c.Query != "" {
		text = "an account whose domain is among the rows of customers.query"
	}
	if c.Class != "" {
		text += ", listed as best or pipeline in its column " + c.Class
	}
	return text
}

// Card reads the model card of a version. A version trained before there were
// cards has none: nil.
func (r *Run) Card(version string) (*card.Card, error) {
	path := filepath.Join(r.registry().Folder(version), "card.json")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	var c card.Card
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, damagedf("models: %s: %v; restore the file, or train again", path, err)
	}
	return &c, nil
}

// Promotions returns when a version became the champion, oldest first.
func (r *Run) Promotions(version string) ([]registry.Entry, error) {
	all, err := r.registry().Log()
	if err != nil {
		return nil, repairable(err)
	}
	out := []registry.Entry{}
	for _, e := range all {
		if e.Version == version {
			out = append(out, e)
		}
	}
	return out, nil
}
