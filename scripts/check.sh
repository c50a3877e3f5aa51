#!/usr/bin/env bash
# The static checks: format, vet, staticcheck, unreachable code, who imports whom,
# tidy modules. The tools are pinned in go.tools.mod. Reports all faults, then
# exits 1 if there were any.
# shellcheck disable=SC2317 # functions are called through empty
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

failed=0

# empty NAME COMMAND… wants success and no output.
empty() {
	local name=$1 out
	shift
	if out=$("$@" 2>&1) && [ -z "$out" ]; then
		echo "ok    $name"
	else
		printf 'FAIL  %s\n%s\n' "$name" "$out"
		failed=1
	fi
}

tool() { go tool -modfile=go.tools.mod "$@"; }

# layout wants every package in its room, importing what it may.
layout() { local out; out=$(go test ./internal/layout 2>&1) || { echo "$out"; return 1; }; }

# tidy wants go.mod and go.sum as `go mod tidy` would leave them.
tidy() { go mod tidy -diff 2> >(grep -v '^go: downloading' >&2); }

# left finds what is left to do, and folders of this machine.
left() { ! git grep -nE '\b(TODO|FIXME|XXX)\b|/root/' -- '*.go' '*.sh' '*.py' '*.ipynb' '*.mjs' ':!scripts/check.sh'; }

# What is downloaded on the way would count as output.
go mod download && go mod download -modfile=go.tools.mod || exit 1

empty "gofumpt -l" tool gofumpt -l .
empty "go vet" go vet ./...
empty "staticcheck" tool staticcheck ./...
empty "deadcode -test" tool deadcode -test ./...
empty "layout" layout
empty "go mod tidy" tidy
empty "nothing left to do" left
exit "$failed"
