#!/usr/bin/env bash
# Fuzzes each reader of files for a minute, or for ICPFIT_FUZZ_TIME, from the seeds
# that its test adds. What is found is left in testdata/fuzz beside the test.
set -euo pipefail
cd "$(dirname "$0")/.."

for target in datasets/parquetfile:FuzzOpen datasets/csvfile:FuzzRead datasets/jsonfile:FuzzRead model/export/lightgbm:FuzzRead model:FuzzLoad; do
	go test -run '^$' -fuzz "^${target##*:}\$" -fuzztime "${ICPFIT_FUZZ_TIME:-60s}" "./${target%%:*}"
done
