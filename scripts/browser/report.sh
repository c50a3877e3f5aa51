#!/usr/bin/env bash
# Looks at reports, audits, back-tests, explanations and model cards in headless
# Chromium: English and French, of the demo's base nine months ago and now, and of the
# same base with hostile names and values (see report.mjs for what must hold).
#
#	report.sh ICPFIT [PICTURES]
#
# Needs chromium and node; playwright-core and axe-core are installed into
# ${ICPFIT_NODE:-~/.cache/icpfit-node}. Screenshots go to the folder PICTURES,
# else they are thrown away.
set -euo pipefail

playwright=1.65.1
axe=4.14.1
icpfit=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
chromium=$(command -v chromium || command -v chromium-browser)
node=${ICPFIT_NODE:-$HOME/.cache/icpfit-node}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pictures=${2:-$work/pictures}

if ! grep -qs "\"version\": \"$playwright\"" "$node/node_modules/playwright-core/package.json" || ! grep -qs "\"version\": \"$axe\"" "$node/node_modules/axe-core/package.json"; then
	npm install --silent --no-audit --no-fund --no-save --prefix "$node" "playwright-core@$playwright" "axe-core@$axe" >&2
fi

# report LANG NAME writes the report anew and keeps a copy.
report() {
	"$icpfit" --quiet --dir "$work/base" report --lang "$1"
	cp "$(printf '%s\n' "$work"/base/reports/as_of=*/report.html | tail -n 1)" "$work/$2.html" # the newest
}

# card NAME keeps a copy of the champion's model card.
card() { cp "$work/base/models/$(cat "$work/base/models/champion")/card.html" "$work/$1.html"; }

# audit LANG NAME writes the audit of the newest night.
audit() {
	"$icpfit" --quiet --dir "$work/base" audit --lang "$1" >"$work/said"
	cp "$(printf '%s\n' "$work"/base/audits/as_of=*/audit.html | tail -n 1)" "$work/$2.html"
}

# explanation LANG NAME writes why an account has its grade.
explanation() { "$icpfit" --quiet --dir "$work/base" explain --lang "$1" --html "$work/$2.html" "$(domain)" >"$work/said"; }

# domain prints one of the accounts to call, else that of the base's first account.
domain() {
	local list
	list=$(printf '%s\n' "$work"/base/reports/as_of=*/calls.csv | tail -n 1)
	if [ "$(wc -l <"$list")" -gt 1 ]; then sed -n 2p "$list" | cut -d , -f 1 | tr -d '"'; else sed -n 2p "$work/base/accounts.csv" | cut -d , -f 3; fi
}

# Graded nine months ago, and now: accounts have changed, come and gone, and won.
"$icpfit" --quiet demo --accounts 15000 --as-of 2026-03-01 "$work/base"
past=$here/../integration/past.py
rm -rf "$work"/base/{features,models,grades,changes,reports}
python3 "$past" then "$work/base" 2025-06-01 won_at
for step in "features --as-of 2025-06-01" train predict segments report; do
	# shellcheck disable=SC2086 # a command and its flags
	"$icpfit" --quiet --dir "$work/base" $step >"$work/said"
done
python3 "$past" now "$work/base"
"$icpfit" --quiet --dir "$work/base" refresh --as-of 2026-03-01
for lang in en fr; do
	report "$lang" "demo-$lang"
	audit "$lang" "demo-audit-$lang"
	explanation "$lang" "demo-explain-$lang"
	"$icpfit" --quiet --dir "$work/base" backtest --as-of 2025-06-01 --until 2026-03-01 --lang "$lang" --out "$work/backtest" >"$work/said"
	cp "$work/backtest/backtest.html" "$work/demo-backtest-$lang.html"
done
card demo-card
python3 "$here/hostile.py" "$work/base/accounts.csv"
rm -rf "$work"/base/{features,models,grades,changes,segments,audits,reports}
for step in "features --as-of 2026-03-01" train predict; do
	# shellcheck disable=SC2086 # a command and its flags
	"$icpfit" --quiet --dir "$work/base" $step
done
report en hostile-en
report fr hostile-fr
explanation en hostile-explain-en
card hostile-card

# A page with each fault must not pass.
cat >"$work/hostile-planted.html" <<'PAGE'
<!doctype html><title>planted</title><body><p style="width:3000px">wide</p><img src=x onerror="document.title='owned'"><script src="http://127.0.0.1:9/x.js"></script>
PAGE
if PLAYWRIGHT_FOLDER=$node node "$here/report.mjs" "$chromium" "$work/planted" "$work/hostile-planted.html" >"$work/planted.txt"; then
	echo "browser: a planted page passed"
	exit 1
fi
for fault in "console:" "network:" "px wide" "became part of the page" "handlers in" "no hostile name"; do
	grep -q "$fault" "$work/planted.txt" || { echo "browser: planted fault not found: $fault" && exit 1; }
done

PLAYWRIGHT_FOLDER=$node node "$here/report.mjs" "$chromium" "$pictures" "$work"/demo-*.html "$work"/hostile-[!p]*.html
