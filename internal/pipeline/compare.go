package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/compare"
)

// CompareOptions say what to compare.
type CompareOptions struct {
	Champion   string // "" for the one in use
	Challenger string
	AsOf       string // of the feature table; "" for the newest
	Out        string // folder for compare.json and moves.csv; "": none
}

// Files of a comparison's folder.
const (
	compareFile = "compare.json"
	movesFile   = "moves.csv"
)

// Compare holds a challenger against the champion: by what both scored out of
// fold, and by what each makes of the whole base. Only o.Out is written.
func (r *Run) Compare(ctx context.Context, o CompareOptions) (*compare.Comparison, error) {
	var err error
	if o.Champion == "" {
		if o.Champion, err = r.Champion(); err != nil {
			return nil, err
		}
	}
	if o.Champion == o.Challenger {
		return nil, usagef("models compare: %s would be compared with itself; give another version, which `icpfit models list` shows", o.Challenger)
	}
	if err := replaceable(o.Out, "models compare", "compare", "comparison"); err != nil {
		return nil, err
	}
	var sides [2]*compare.Measured
	for i, version := range []string{o.Champion, o.Challenger} {
		if sides[i], err = r.measured(ctx, version); err != nil {
			return nil, err
		}
	}
	if o.AsOf == "" {
		if o.AsOf, err = r.newest(); err != nil {
			return nil, err
		}
	}
	accounts, day, err := r.comparable(o.AsOf, sides)
	if err != nil {
		return nil, err
	}
	out, err := r.compare(ctx, accounts, day, sides, o.Out)
	return out, errors.Join(err, accounts.Close())
}

// comparable opens the feature table of a date, and returns its day. It must have
// the features of both models.
func (r *Run) comparable(asOf string, sides [2]*compare.Measured) (*features.Table, int32, error) {
	day, err := ParseDay(asOf)
	if err != nil {
		return nil, 0, err
	}
	accounts, _, err := r.table(features.AccountsTable, asOf)
	if err != nil {
		return nil, 0, err
	}
	for _, m := range sides {
		if err := fits(m.Model, accounts); err != nil {
			return nil, 0, errors.Join(err, accounts.Close())
		}
	}
	return accounts, day, nil
}

// measured reads a version and what it scored out of fold.
func (r *Run) measured(ctx context.Context, version string) (*compare.Measured, error) {
	m, err := r.Model(version)
	if err != nil {
		return nil, err
	}
	e, err := r.Evaluation(version)
	if err != nil {
		return nil, err
	}
	out := &compare.Measured{Model: m, Imported: e.Origin != nil}
	path := filepath.Join(r.ModelFolder(version), "oof.parquet")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return out, nil // the version is whole, so there never was one
	}
	out.Frame, out.Margins, err = readOutOfFold(ctx, path, m)
	return out, err
}

// compare measures, counts and writes.
func (r *Run) compare(ctx context.Context, accounts *features.Table, day int32, sides [2]*compare.Measured, folder string) (*compare.Comparison, error) {
	out := &compare.Comparison{Format: compare.Format, AsOf: accounts.AsOf}
	for i, v := range []*compare.Version{&out.Champion, &out.Challenger} {
		m := sides[i].Model
		*v = compare.Version{Version: m.Version, Learner: m.Learner, AsOf: m.AsOf}
	}
	groups, err := r.families(ctx, accounts, sides[0].Accounts())
	if err != nil {
		return nil, err
	}
	if out.Quality, err = compare.Measure(sides[0], sides[1], groups.key, r.Project.Config.Model.Seed); err != nil {
		return nil, err
	}
	out.Verdict = out.Quality.Verdict
	in := compare.Input{
		Champion: sides[0].Model, Challenger: sides[1].Model, Accounts: accounts, AsOf: day,
		Trained:  [2]map[uint64]bool{sides[0].Trained(), sides[1].Trained()},
		Progress: func(rows int64) { r.progress("compare", rows, accounts.Rows()) },
	}
	if folder == "" {
		out.Base, err = compare.Run(ctx, in)
		return out, err
	}
	out.Folder = folder
	return out, r.writeComparison(ctx, out, in)
}

// writeComparison counts the base and publishes the folder of out.
func (r *Run) writeComparison(ctx context.Context, out *compare.Comparison, in compare.Input) error {
	stage, err := artifact.Stage(out.Folder)
	if err != nil {
		return err
	}
	defer stage.Abort()
	moves, err := stage.Create(movesFile)
	if err != nil {
		return err
	}
	in.Moves = moves
	out.Base, err = compare.Run(ctx, in)
	if err = errors.Join(err, moves.Close()); err != nil {
		return err
	}
	text, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		return fmt.Errorf("compare: %w", err)
	}
	if err := stage.Write(compareFile, append(text, '\n')); err != nil {
		return err
	}
	inputs := map[string]string{"champion": out.Champion.Version, "challenger": out.Challenger.Version, "features": out.AsOf}
	return stage.Publish(artifact.Manifest{Step: "compare", Inputs: inputs, Options: artifact.Fingerprint(compare.Format), Rows: out.Base.Rows})
}

// replaceable refuses a folder for a command's output that holds anything but what
// its step has written before, as it was written: it would be lost.
func replaceable(folder, command, step, what string) error {
	if folder == "" {
		return nil
	}
	d, err := os.Open(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: --out: %w", command, err)
	}
	_, err = d.Readdirnames(1)
	d.Close()
	if errors.Is(err, io.EOF) {
		return nil // empty
	}
	if m, err := artifact.Verify(folder, artifact.BySize); err == nil && m.Step == step {
		return nil
	}
	return usagef("%s: --out: %s is there and holds something else than a %s; name a folder that is not there yet", command, folder, what)
}
