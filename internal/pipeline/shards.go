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

	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/disk"
	"github.com/icpfit/icpfit/model/predict"
)

// shardsFolder is where the shards of a night wait for each other. Readers of
// Hive folders skip it.
func (r *Run) shardsFolder(asOf string) string {
	return filepath.Join(filepath.Dir(r.Project.Grades("x")), ".shards-as_of="+asOf)
}

func shardName(s predict.Shard) string { return fmt.Sprintf("shard-%05d-of-%05d", s.Index, s.Count) }

// makeShard is PredictShard unobserved.
func (r *Run) makeShard(ctx context.Context, asOf, version string, shard predict.Shard) (*PredictResult, error) {
	n, err := r.openNight(asOf, version)
	if err != nil {
		return nil, r.unopenedShard(asOf, version, err)
	}
	out, err := r.shard(ctx, n, shard)
	return out, errors.Join(err, n.Close())
}

// unopenedShard is unopened for one shard beside others: one at a time writes the
// report.
func (r *Run) unopenedShard(asOf, version string, err error) error {
	unlock, failed := r.gathering()
	if failed != nil {
		return errors.Join(err, failed)
	}
	defer unlock()
	return r.unopened(asOf, version, err)
}

// gathering waits until no other process puts shards together, and keeps others
// from it.
func (r *Run) gathering() (unlock func(), err error) {
	grades := filepath.Dir(r.Project.Grades("x"))
	if err := disk.MkdirAll(grades, 0o777); err != nil {
		return nil, fmt.Errorf("predict: %w", err)
	}
	if unlock, err = lockFolder(grades); err != nil {
		return nil, fmt.Errorf("predict: %w", err)
	}
	return unlock, nil
}

func (r *Run) shard(ctx context.Context, n *nightly, shard predict.Shard) (*PredictResult, error) {
	if err := r.otherDeals(n.AsOf, shard.Count); err != nil {
		return nil, err // before the work, not after it
	}
	n.in.Shard, n.Shards, n.Shard = shard, shard.Count, &shard.Index
	stage, err := artifact.Stage(filepath.Join(r.shardsFolder(n.AsOf), shardName(shard)))
	if err != nil {
		return nil, err
	}
	defer stage.Abort()
	if err := n.write(ctx, stage); err != nil {
		return nil, err
	}
	out := r.resultOf(n)
	out.Summary, out.Shard = n.Summary, shard.String()
	if err := stage.Publish(n.manifest()); err != nil {
		return nil, err
	}
	whole, waiting, err := r.gather(ctx, n, shard.Count)
	if err != nil {
		return nil, err
	}
	if out.Waiting = waiting; whole != nil {
		out.Summary, out.Accepted = whole.Summary, whole.Accepted
	}
	return out, nil
}

// joinShards is PublishShards unobserved.
func (r *Run) joinShards(ctx context.Context, asOf, version string, count int) (*PredictResult, error) {
	n, err := r.openNight(asOf, version)
	if err != nil {
		return nil, r.unopened(asOf, version, err)
	}
	defer n.Close()
	if err := r.otherDeals(n.AsOf, count); err != nil {
		return nil, err
	}
	whole, waiting, err := r.gather(ctx, n, count)
	if err != nil {
		return nil, err
	}
	if whole == nil {
		return nil, notFoundf("predict: %s: %s; run `icpfit predict --as-of %s --shard %d/%d`", r.shardsFolder(n.AsOf), missing(waiting, count), n.AsOf, waiting[0], count)
	}
	out := r.resultOf(n)
	out.Summary, out.Accepted = whole.Summary, whole.Accepted
	return out, nil
}

// missing says which shards are not there.
func missing(waiting []int, count int) string {
	const most = 10
	var names []string
	for _, i := range waiting[:min(len(waiting), most)] {
		names = append(names, fmt.Sprint(i))
	}
	if n := len(waiting) - most; n > 0 {
		names = append(names, fmt.Sprintf("%d more", n))
	}
	verb := "shards %s of %d are not there"
	if len(waiting) == 1 {
		verb = "shard %s of %d is not there"
	}
	return fmt.Sprintf(verb, strings.Join(names, ", "), count)
}

// otherDeals refuses shards of a deal into another number of them: accounts
// would be in two shards, or in none.
func (r *Run) otherDeals(asOf string, count int) error {
	entries, err := os.ReadDir(r.shardsFolder(asOf))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("predict: %w", err)
	}
	for _, e := range entries {
		var s predict.Shard
		if artifact.Unfinished(e.Name()) {
			continue
		}
		if _, err := fmt.Sscanf(e.Name(), "shard-%d-of-%d", &s.Index, &s.Count); err != nil || shardName(s) != e.Name() || s.Index >= s.Count {
			return damagedf("predict: %s: no shard of a night; remove it", filepath.Join(r.shardsFolder(asOf), e.Name()))
		}
		if s.Count != count {
			return usagef("predict: %s holds shard %s, asked for are shards of %d; go on with %d shards, or remove the folder", r.shardsFolder(asOf), s, count, s.Count)
		}
	}
	return nil
}

// gather publishes a night when all its shards are there, and returns its facts;
// nil, and the shards that are missing, before. Where gates hold, the shards stay.
// One process at a time gathers: the last one that waits finds the night published.
func (r *Run) gather(ctx context.Context, n *nightly, count int) (*nightFacts, []int, error) {
	unlock, err := r.gathering()
	if err != nil {
		return nil, nil, err
	}
	defer unlock()
	folder := r.shardsFolder(n.AsOf)
	var waiting []int
	for i := range count {
		if _, err := os.Stat(filepath.Join(folder, shardName(predict.Shard{Index: i, Count: count}))); errors.Is(err, fs.ErrNotExist) {
			waiting = append(waiting, i)
		} else if err != nil {
			return nil, nil, fmt.Errorf("predict: %w", err)
		}
	}
	if len(waiting) > 0 {
		if facts := r.gathered(n, count); facts != nil { // another process has published them
			return facts, nil, errors.Join(artifact.Tidy(r.Project.Grades(n.AsOf)), dropShards(folder, count))
		}
		return nil, waiting, nil
	}
	whole := *n
	whole.Shards, whole.Shard, whole.Summary = count, nil, predict.NewSummary()
	if err := r.publishShards(ctx, &whole, folder); err != nil {
		return nil, nil, err
	}
	return &whole.nightFacts, nil, dropShards(folder, count)
}

// dropShards removes the shards that are done, and their folder unless a process
// is at work in it.
func dropShards(folder string, count int) error {
	for i := range count {
		if err := artifact.Drop(filepath.Join(folder, shardName(predict.Shard{Index: i, Count: count}))); err != nil {
			return err
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		return nil
	}
	if err := disk.Remove(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("predict: %w", err)
	}
	return nil
}

// gathered returns the facts of the published night, if it is intact and is of
// these very shards.
func (r *Run) gathered(n *nightly, count int) *nightFacts {
	m, err := artifact.Verify(r.Project.Grades(n.AsOf), artifact.ByHash)
	if err != nil || sameInputs(m, n) != "" {
		return nil
	}
	facts, err := readFacts(r.Project.Grades(n.AsOf))
	if err != nil || facts.Shards != count {
		return nil
	}
	return facts
}

// publishShards puts the shards of a night together, each checked against its
// manifest and against what n is graded from.
func (r *Run) publishShards(ctx context.Context, n *nightly, folder string) error {
	stage, err := artifact.Stage(r.Project.Grades(n.AsOf))
	if err != nil {
		return err
	}
	defer stage.Abort()
	var folders []string
	for i := range n.Shards {
		shard := predict.Shard{Index: i, Count: n.Shards}
		from := filepath.Join(folder, shardName(shard))
		facts, err := n.checkShard(from, shard)
		if err != nil {
			return err
		}
		n.Summary.Add(facts.Summary)
		folders = append(folders, from)
	}
	if rows := n.in.Accounts.Rows(); n.Summary.Rows != rows {
		return damagedf("predict: the shards in %s have %d rows, the feature table of %s %d; remove the folder and grade the shards again", folder, n.Summary.Rows, n.AsOf, rows)
	}
	held, err := r.gates(n)
	if err != nil {
		return err
	}
	if err := n.join(ctx, stage, folders); err != nil {
		return err
	}
	if len(held) > 0 {
		return r.hold(ctx, n, stage.Folder(), held)
	}
	if err := stage.Publish(n.manifest()); err != nil {
		return err
	}
	return r.linkChanges(n.AsOf)
}

// join writes a night into stage from the folders of its shards, in their order.
func (n *nightly) join(ctx context.Context, stage *artifact.Staging, folders []string) error {
	var changes []string
	for i, from := range folders {
		changes = append(changes, filepath.Join(from, changesFile))
		if err := stage.Copy(fmt.Sprintf("part-%04d.parquet", i), filepath.Join(from, partFile)); err != nil {
			return err
		}
	}
	joined, err := stage.Create(changesFile)
	if err != nil {
		return err
	}
	if err := errors.Join(predict.JoinChanges(ctx, &n.in, changes, joined), joined.Close()); err != nil {
		return err
	}
	return n.describe(stage, joined)
}

// checkShard checks that a folder holds a shard of this very night, whole.
func (n *nightly) checkShard(folder string, shard predict.Shard) (*nightFacts, error) {
	again := fmt.Sprintf("icpfit predict --as-of %s --shard %s", n.AsOf, shard)
	m, err := manifest(folder, again)
	if err != nil {
		return nil, err
	}
	facts, err := readFacts(folder)
	if err != nil {
		return nil, damagedf("predict: shard %s: %v; run `%s` again", shard, err, again)
	}
	if facts.Shard == nil || *facts.Shard != shard.Index || facts.Shards != shard.Count {
		twice := "the whole base"
		if facts.Shard != nil {
			twice = "shard " + predict.Shard{Index: *facts.Shard, Count: facts.Shards}.String() + ", which is there twice"
		}
		return nil, damagedf("predict: %s: in the place of shard %s is %s; remove the folder and run `%s`", folder, shard, twice, again)
	}
	if other := sameInputs(m, n); other != "" {
		return nil, usagef("predict: shard %s was graded from other %s than the night is now; run `%s` again", shard, other, again)
	}
	if _, err := artifact.Verify(folder, artifact.ByHash); err != nil {
		return nil, damagedf("predict: shard %s: %v; run `%s` again", shard, err, again)
	}
	return facts, nil
}

// sameInputs returns in what a manifest differs from what n is graded from, ""
// if in nothing.
func sameInputs(m *artifact.Manifest, n *nightly) string {
	var names []string
	for name := range n.inputs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if m.Inputs[name] != n.inputs[name] {
			return strings.ReplaceAll(name, "_", " ")
		}
	}
	if m.Options != n.options {
		return "settings"
	}
	return ""
}
