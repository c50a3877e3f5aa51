#!/usr/bin/env bash
# Looks for data races: the tests of the packages that start goroutines, in another
# order each time, without the longest cases (-short) and those that measure how well
# something learns, or read one file in one goroutine; then the whole chain once.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t packages < <(grep -rlE 'go func|\.Go\(' --include='*.go' datasets features model internal | xargs -n1 dirname | sort -u | sed 's|^|./|')
measured='^Test(ExactExplanations|CutOnPriority|Belief|Adult|Find|CauseInTrees|NestedNoise|WrittenBaseline|Extremes|Flipped|NothingLearned|PriorHelps|MayHold|Forest)$'
echo "race: ${packages[*]}"
go test -race -short -skip "$measured" -shuffle=on -timeout 40m "${packages[@]}" | grep --line-buffered -v 'no test files'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go run -race ./cmd/icpfit --quiet demo --accounts 5000 --as-of 2026-03-01 "$work/base"
echo "race: none in a demo of 5,000 accounts"
