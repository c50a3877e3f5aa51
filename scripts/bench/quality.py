#!/usr/bin/env python3
"""The table of quality: icpfit's results of judge.py beside the peers' of peers.py, on the same folds.

    quality.py RESULT… > quality.md

A RESULT holds one JSON object a line, as judge.py and peers.py write them: set, peer, auc, capture10, auc_within.
Of two lines of one set and peer the later counts. Checks what icpfit promises of `auto` and says where it is broken.
"""
import json
import sys

SETS = ("hackerone", "yc", "coil", "telco", "xedu", "adult", "bank")
NAMES = {"yc-hiring": "yc", "x-education": "xedu", "coil2000": "coil"}
AUTO, CARD, NEUTRAL = "icpfit auto", "icpfit scorecard", "icpfit auto, neutral"


def read(paths):
    out = {}
    for path in paths:
        with open(path, encoding="utf-8") as f:
            for line in f:
                r = json.loads(line)
                out[NAMES.get(r["set"], r["set"]), r["peer"]] = r
    return out


def table(results, programs, key, title):
    print(f"\n| {title} | " + " | ".join(programs) + " |")
    print("|---" * (len(programs) + 1) + "|")
    for name in SETS:
        row = [results.get((name, p), {}).get(key) for p in programs]
        best = max((v for v in row if v is not None), default=None)
        print(f"| {name} | " + " | ".join("–" if v is None else f"**{v:.4f}**" if v == best else f"{v:.4f}" for v in row) + " |")
    print("| mean of all | " + " | ".join("–" if v is None else f"{v:.4f}" for v in (mean(results, p, key) for p in programs)) + " |")


def mean(results, program, key, sets=SETS):
    row = [results.get((s, program), {}).get(key) for s in sets]
    return None if None in row else sum(row) / len(row)


def neutral(results):
    """hackerone where an empty cell tells nothing: ours, and peers with every empty cell filled from an account drawn at random."""
    print("\nhackerone where an empty cell tells nothing: `missing: neutral`, and peers with every empty cell filled from an account\ndrawn at random (neutral.py). With `peers.py --neutral` an empty set lacks every item, which still tells.\n")
    print("| | AUC | capture@10 % | AUC within the lists |\n|---|---|---|---|")
    for (_, program), r in sorted(results.items()):
        if program.endswith(", neutral"):
            print(f"| {program.removesuffix(', neutral')} | {r['auc']:.4f} | {r['capture10']:.4f} | {r['auc_within']:.4f} |")


def promises(results, peers):
    """What auto and the scorecard must reach, each with its figure; False: broken."""
    for key, slack, title in (("auc", 0.004, "AUC"), ("capture10", 0.015, "capture@10 %")):
        for s in SETS:
            best, peer = max((results[s, p][key], p) for p in peers if (s, p) in results)
            mine = results[s, AUTO][key]
            yield mine >= best - slack, f"{s}: {title} {mine:.4f}, best peer {peer} {best:.4f}: {mine - best:+.4f}, at least {-slack}"
        best, peer = max((m, p) for p in peers if (m := mean(results, p, key)) is not None)
        mine = mean(results, AUTO, key)
        yield mine > best, f"mean {title} {mine:.4f}, best peer {peer} {best:.4f}: {mine - best:+.4f}, above 0"
    if (SETS[0], CARD) in results:
        sets = [s for s in SETS if (s, "ebm") in results and (s, CARD) in results]
        card, ebm = mean(results, CARD, "auc", sets), mean(results, "ebm", "auc", sets)
        yield card >= ebm, f"scorecard, mean AUC of {', '.join(sets)}: {card:.4f}, ebm {ebm:.4f}: {card - ebm:+.4f}, at least 0"
    for program, least in ((AUTO, 0.816), (NEUTRAL, 0.80)):
        if ("hackerone", program) in results:
            within = results["hackerone", program]["auc_within"]
            yield within >= least, f"hackerone within its lists, {program}: {within:.4f}, at least {least}"


def main():
    results = read(sys.argv[1:])
    programs = {p for _, p in results}
    mine = [p for p in (AUTO, CARD, NEUTRAL) if p in programs]
    peers = [p for p in "lr rf hgb lightgbm lightgbm-small xgboost catboost ebm".split() if p in programs]
    print("# Quality on real sets\n\nMade by scripts/bench/quality.sh: five folds by hash of the domain, mean over the folds; unlabelled accounts count as\nnegatives for everybody. Best of each row in bold; – was not measured.")
    table(results, [p for p in mine if p != NEUTRAL] + peers, "auc", "AUC")
    table(results, [p for p in mine if p != NEUTRAL] + peers, "capture10", "capture@10 %")
    print("\n| seconds to train, median fold, beside whatever else ran | " + " | ".join(mine) + " |\n" + "|---" * (len(mine) + 1) + "|")
    for s in SETS:
        print(f"| {s} | " + " | ".join(f"{results[s, p]['fit_s']:.1f}" if (s, p) in results else "–" for p in mine) + " |")
    neutral(results)
    print("\n## What is promised\n")
    broken = 0
    for kept, text in promises(results, peers):
        broken += not kept
        print(f"- {'kept' if kept else '**broken**'}: {text}")
    sys.exit(broken > 0)


if __name__ == "__main__":
    main()
