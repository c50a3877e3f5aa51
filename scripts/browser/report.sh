#!/usr/bin/env bash
# Looks at reports and model cards in headless Chromium: English and French, of the
# demo's base over two nights and of the same base with hostile names and values (see
# report.mjs for what must hold).
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

"$icpfit" --quiet demo --accounts 15000 --as-of 2026-03-01 "$work/base"
# The second night: some accounts are gone, some have lost a technology, some have a new one.
sed -i -e '5~60d' -e '3~4s/Microsoft 365/HubSpot|&/' -e '3~4s/,Spreadsheet,/,HubSpot,/' -e '2~7s/HubSpot|//' -e '2~7s/Salesforce|//' "$work/base/accounts.csv"
"$icpfit" --quiet --dir "$work/base" refresh --as-of 2026-03-02
report en demo-en
report fr demo-fr
card demo-card
python3 "$here/hostile.py" "$work/base/accounts.csv"
rm -rf "$work/base/features" "$work/base/grades" "$work/base/reports" "$work/base/models"
for step in "features --as-of 2026-03-01" train predict; do
	# shellcheck disable=SC2086 # a command and its flags
	"$icpfit" --quiet --dir "$work/base" $step
done
report en hostile-en
report fr hostile-fr
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

PLAYWRIGHT_FOLDER=$node node "$here/report.mjs" "$chromium" "$pictures" "$work"/demo-*.html "$work"/hostile-??.html "$work/hostile-card.html"
