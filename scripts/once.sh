#!/usr/bin/env bash
# Compiles every benchmark and runs it once: that it works, not how fast it is.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t packages < <(grep -rl '^func Benchmark' --include='*_test.go' cmd datasets features model internal | xargs -n1 dirname | sort -u | sed 's|^|./|')
go test -run '^$' -bench . -benchtime 1x -benchmem -timeout 15m "${packages[@]}"
