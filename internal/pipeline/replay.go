package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/model/predict"
)

// A ReplayResult says that a night was graded again to the same bytes.
type ReplayResult struct {
	AsOf      string `json:"as_of"`
	Version   string `json:"version"`
	Identical bool   `json:"identical"`
	Rows      int64  `json:"rows"`
	Files     int    `json:"files"` // compared
}

// The codes of a RefusalError of a replay.
const (
	InputChanged = "input_changed"  // an input is not the one that the night was graded from
	Differs      = "replay_differs" // the same inputs came to other bytes
)

// Replay grades a past night again from the inputs that its manifest names, and
// compares every file with the published one; nothing is published. An input
// that is gone, or is another now, is an error that names it.
func (r *Run) Replay(ctx context.Context, asOf string) (*ReplayResult, error) {
	if _, err := ParseDay(asOf); err != nil {
		return nil, err
	}
	folder := r.Project.Grades(asOf)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return nil, notFoundf("replay: %s: no grades of %s; there is nothing to compare with", folder, asOf)
	}
	published, err := manifest(folder, "icpfit predict --as-of "+asOf)
	if err != nil {
		return nil, err
	}
	facts, err := readFacts(folder)
	if err != nil {
		return nil, damagedf("replay: %v: what the night was graded with is not known", err)
	}
	n, err := r.openPast(ctx, published, facts)
	if err != nil {
		return nil, err
	}
	defer n.Close()
	return r.replay(ctx, n, published)
}

// openPast opens the inputs of a past night, which must be those it was graded from.
func (r *Run) openPast(ctx context.Context, published *artifact.Manifest, facts *nightFacts) (*nightly, error) {
	past := *facts
	past.Shard, past.Summary = nil, nil
	for _, in := range []struct{ name, what, folder string }{
		{"features", "the feature table", r.Project.Features(features.AccountsTable, past.AsOf)},
		{"model_files", "model " + past.Version, r.ModelFolder(past.Version)},
		{"previous_grades", "the grades of " + past.Previous, r.Project.Grades(past.Previous)},
	} {
		if in.name == "previous_grades" && past.Previous == "" {
			continue
		}
		if err := unchanged(in.what, in.folder, published.Inputs[in.name]); err != nil {
			return nil, err
		}
	}
	var by []byte
	if past.Overrides != "" {
		path := filepath.Join(r.Project.Grades(past.AsOf), overridesFile)
		var err error
		if by, err = os.ReadFile(path); err != nil {
			return nil, notFoundf("replay: the overrides of that night are gone: %v", err)
		}
		if hashOf(by) != published.Inputs["overrides"] {
			return nil, &RefusalError{Code: InputChanged, Msg: fmt.Sprintf("replay: %s is not what the night was graded with; restore it from version control", path)}
		}
	}
	return r.openFacts(past, by)
}

// unchanged checks that a folder is there, has the manifest of that fingerprint,
// and holds what it says.
func unchanged(what, folder, fingerprint string) error {
	m, err := artifact.ReadManifest(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return notFoundf("replay: %s is gone: there is no %s; restore it from a backup", what, folder)
	}
	if err != nil {
		return damagedf("replay: %v", err)
	}
	if artifact.Fingerprint(m) != fingerprint {
		return &RefusalError{Code: InputChanged, Msg: fmt.Sprintf("replay: %s is not the one that the night was graded from: %s was made anew since; restore it from a backup", what, folder)}
	}
	if _, err := artifact.Verify(folder, artifact.ByHash); err != nil {
		return &RefusalError{Code: InputChanged, Msg: fmt.Sprintf("replay: %s: %v; restore it from a backup", what, err)}
	}
	return nil
}

// replay grades n into a folder that is thrown away, in as many shards as the
// night was, and compares.
func (r *Run) replay(ctx context.Context, n *nightly, published *artifact.Manifest) (*ReplayResult, error) {
	outer, err := artifact.Stage(filepath.Join(filepath.Dir(r.Project.Grades("x")), "replay-as_of="+n.AsOf)) // never published
	if err != nil {
		return nil, err
	}
	defer outer.Abort()
	root := outer.Folder()
	stage, err := artifact.Stage(filepath.Join(root, "night"))
	if err != nil {
		return nil, err
	}
	defer stage.Abort()
	if n.Shards == 1 {
		err = n.write(ctx, stage)
	} else {
		err = n.writeShards(ctx, stage, root)
	}
	if err != nil {
		return nil, err
	}
	if err := stage.Publish(n.manifest()); err != nil {
		return nil, err
	}
	again, err := artifact.ReadManifest(filepath.Join(root, "night"))
	if err != nil {
		return nil, err
	}
	out := &ReplayResult{AsOf: n.AsOf, Version: n.Version, Rows: n.Summary.Rows, Files: len(again.Files)}
	if err := sameFiles(published, again); err != nil {
		return nil, err
	}
	if _, err := artifact.Verify(r.Project.Grades(n.AsOf), artifact.ByHash); err != nil {
		return nil, &RefusalError{Code: Differs, Msg: fmt.Sprintf("replay: %v; the night itself comes to the same bytes as its manifest says: `icpfit predict --as-of %s` restores it", err, n.AsOf)}
	}
	out.Identical = true
	return out, nil
}

// writeShards grades every shard below root and puts them together in stage.
func (n *nightly) writeShards(ctx context.Context, stage *artifact.Staging, root string) error {
	total, count := predict.NewSummary(), n.Shards
	var folders []string
	for i := range count {
		n.in.Shard, n.Shard = predict.Shard{Index: i, Count: count}, &i
		folder := filepath.Join(root, shardName(n.in.Shard))
		part, err := artifact.Stage(folder)
		if err != nil {
			return err
		}
		if err := n.write(ctx, part); err != nil {
			part.Abort()
			return err
		}
		if err := part.Publish(n.manifest()); err != nil {
			return err
		}
		total.Add(n.Summary)
		folders = append(folders, folder)
	}
	n.in.Shard, n.Shard, n.Summary = predict.Shard{}, nil, total
	return n.join(ctx, stage, folders)
}

// sameFiles compares the files of two manifests.
func sameFiles(published, again *artifact.Manifest) error {
	var other []string
	for _, want := range published.Files {
		if !slices.Contains(again.Files, want) {
			other = append(other, want.Name)
		}
	}
	if len(other) > 0 || len(published.Files) != len(again.Files) {
		return &RefusalError{Code: Differs, Msg: fmt.Sprintf("replay: the same inputs come to other bytes in %s; another release of icpfit graded that night, or its manifest was changed", strings.Join(other, ", "))}
	}
	return nil
}
