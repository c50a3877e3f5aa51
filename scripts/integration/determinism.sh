#!/usr/bin/env bash
# The same input gives the same bytes, with one core and with two: runs the demo
# chain twice and compares every file but the log of promotions, which holds times.
#
#	determinism.sh ICPFIT [ACCOUNTS]
set -euo pipefail

icpfit=$(realpath "$1")
accounts=${2:-15000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for cores in 1 2; do
	mkdir "$work/$cores"
	(cd "$work/$cores" && GOMAXPROCS=$cores "$icpfit" --quiet demo --accounts "$accounts" --as-of 2026-03-01 base)
done

files=$(cd "$work/1" && find base -type f | wc -l)
if ! diff -rq --exclude=log.jsonl "$work/1" "$work/2"; then
	echo "determinism: the files above differ between one core and two"
	exit 1
fi

# The comparison must see one changed byte.
printf 'x' >>"$work/2/base/models/champion"
if diff -rq --exclude=log.jsonl "$work/1" "$work/2" >"$work/planted"; then
	echo "determinism: a planted difference was not found"
	exit 1
fi
sha256sum "$work"/1/base/models/*/model.json "$work"/1/base/grades/*/*.parquet | sed "s|$work/1/||"
echo "determinism: $files files are the same with one core and with two"
