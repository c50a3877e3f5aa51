package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/export/lightgbm"
	"github.com/icpfit/icpfit/model/registry"
	"github.com/icpfit/icpfit/model/train"
)

// An ExportResult is what `export lightgbm --json` prints.
type ExportResult struct {
	Version  string `json:"version"`
	File     string `json:"file"`
	Features string `json:"features"` // the file that says how the matrix is made
	Trees    int    `json:"trees"`
	Columns  int    `json:"columns"`
}

// ExportLightGBM writes a version, "" for the champion, as LightGBM text to a
// file, "" for one of the folder exports, and beside it how its matrix is made.
func (r *Run) ExportLightGBM(version, path string) (*ExportResult, error) {
	if version == "" {
		champion, err := r.Champion()
		if err != nil {
			return nil, err
		}
		version = champion
	}
	m, err := r.Model(version)
	if err != nil {
		return nil, err
	}
	if path == "" {
		path = r.Project.Path(filepath.Join("exports", version+".lightgbm.txt"))
	}
	text, matrix, err := lightgbm.Export(m)
	if errors.Is(err, lightgbm.ErrWrittenGrid) {
		return nil, &RefusalError{Code: NotExportable, Msg: err.Error()}
	}
	if err != nil {
		return nil, err
	}
	described, err := matrix.JSON()
	if err != nil {
		return nil, err
	}
	out := &ExportResult{Version: version, File: path, Features: strings.TrimSuffix(path, ".txt") + ".features.json", Trees: matrix.Trees, Columns: len(matrix.Columns)}
	// The model is written last: where it is, what describes it is there too.
	if err := artifact.WriteFile(out.Features, described); err != nil {
		return nil, err
	}
	return out, artifact.WriteFile(path, text)
}

// Import makes a version of a LightGBM model that was trained elsewhere on the
// newest feature table. It never becomes the champion by itself. Where it ranks
// the holdout no better than chance the result comes with an error wrapping
// train.ErrNothingLearned, and nothing is written.
func (r *Run) Import(ctx context.Context, path string, o TrainOptions) (*TrainResult, error) {
	if _, err := r.Champion(); err != nil && !errors.Is(err, registry.ErrNoChampion) {
		return nil, err
	}
	foreign, err := r.readForeign(path)
	if err != nil {
		return nil, err
	}
	t, err := r.open(ctx, "models import", TrainOptions{AllowSmall: o.AllowSmall, Holdout: o.Holdout})
	if err != nil {
		return nil, err
	}
	defer t.Close()
	all, err := r.frame(ctx, t.accounts, t.customers, r.Project.Config.Features, nil)
	if err != nil {
		return nil, err
	}
	on, err := r.heldFrame(ctx, t, all)
	if err != nil {
		return nil, err
	}
	var unseen *evaluate.Frame
	if on != nil {
		unseen = on.Frame
	}
	result, err := train.Imported(all.Frame, unseen, foreign, r.options(t.accounts, t.provisional))
	if result == nil {
		return nil, err
	}
	out := trained(result.Evaluation)
	out.Holdout = result.Evaluation.Holdout
	if err != nil {
		return out, err
	}
	out.Folder = r.registry().Folder(out.Version)
	if on == nil {
		on = all
	}
	if err := r.publish(result, on, t.accounts, o.Author); err != nil {
		return nil, err
	}
	champion, err := r.Champion()
	if errors.Is(err, registry.ErrNoChampion) {
		err = nil
	}
	out.Champion = champion == out.Version
	return out, err
}

// readForeign reads a LightGBM model over the features of icpfit.yaml.
func (r *Run) readForeign(path string) (*train.Foreign, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("models import: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, lightgbm.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("models import: %w", err)
	}
	if len(text) > lightgbm.MaxBytes {
		return nil, datasets.Shapef("models import: %s: over %d MiB; train with fewer leaves or rounds", path, lightgbm.MaxBytes>>20)
	}
	booster, err := lightgbm.Read(text)
	if err != nil {
		return nil, datasets.Shapef("models import: %s: %v", path, err)
	}
	x, err := lightgbm.Import(booster, r.Project.Config.Features)
	if err != nil {
		return nil, datasets.Shapef("models import: %s: %v", path, err)
	}
	sum := sha256.Sum256(text)
	return &train.Foreign{
		Origin: train.Origin{File: filepath.Base(path), SHA256: hex.EncodeToString(sum[:]), Trees: len(booster.Trees)},
		Specs:  x.Specs, Binnings: x.Binnings, Trees: x.Trees,
	}, nil
}

// heldFrame loads the held-out accounts, whose pool stands for all of it; nil
// where none is held out.
func (r *Run) heldFrame(ctx context.Context, t *tables, all *drawn) (*drawn, error) {
	if t.held == nil {
		return nil, nil
	}
	best, pool, err := t.heldOut(ctx, r.Project.Config.Features)
	if err != nil {
		return nil, err
	}
	if best.Rows < leastHeld || pool.Rows < features.MinPool {
		return nil, fmt.Errorf("models import: --holdout: %w", &features.GateError{
			Code: features.TooFewCustomers, Fact: fmt.Sprintf("%d customers and %d accounts of the pool are held out, %d and %d wanted", best.Rows, pool.Rows, leastHeld, features.MinPool),
			Do: "hold out more, customers and others, before the model is trained",
		})
	}
	return r.join(t.accounts, best, pool, nil, all.PoolWeight()/float64(pool.Rows))
}

// leastHeld is how many held-out customers a model's grades are cut by at least:
// as many as must stand behind one grade.
const leastHeld = 10
