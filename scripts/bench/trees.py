"""Time a tree on many rows: icpfit beside LightGBM and XGBoost, on the same codes.

	python trees.py make DIR ROWS          write the data
	python trees.py lightgbm|xgboost DIR   print what one peer takes
	python trees.py compare DIR RUNS TEST  run all in turn; TEST is the test binary of model/trees

60 numbers in 249 bins, 31 leaves, rate 0.1, two threads. A tree's time is that of
35 trees less that of 5, by 30: what is done once counts for nobody. Memory is the
process's peak, its data included. The last fifth of the rows is for the AUC; the
truth has no interaction without a trace in its features, which greedy trees find by
chance, sooner or later. Exits 1 if icpfit takes more than 0.8 times LightGBM's time or 1.15 times XGBoost's, more
memory than LightGBM, or has an AUC lower by 0.001.
"""
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np

COLUMNS, BINS, FEW, MANY = 60, 249, 5, 35


def make(where, rows):
    os.makedirs(where, exist_ok=True)
    rng = np.random.default_rng(1)
    margin = np.full(rows, -2.0)
    x = {}
    for k in range(COLUMNS):
        codes = rng.integers(0, BINS, rows, dtype=np.uint8)
        (codes + 1).astype(np.uint8).tofile(f"{where}/column{k:02d}")
        if k < 12:
            x[k] = codes / (BINS - 1) * 2 - 1
    margin += 1.5 * x[0] - 1.2 * x[1] + (x[2] + 1) * x[3] + np.sin(3 * x[4]) + 0.8 * abs(x[5]) + 0.5 * x[6]
    margin += 0.4 * x[7] * x[8] + 0.3 * x[9] + 1.2 * ((x[10] > 0.5) & (x[11] < 0))
    (rng.random(rows) < 1 / (1 + np.exp(-margin))).astype(np.uint8).tofile(f"{where}/labels")


def read(where):
    y = np.fromfile(f"{where}/labels", np.uint8)
    x = np.empty((len(y), COLUMNS), np.float32)
    for k in range(COLUMNS):
        x[:, k] = np.fromfile(f"{where}/column{k:02d}", np.uint8)
    return x, y, len(y) // 5 * 4


def auc(y, s):
    ranks = np.empty(len(s))
    ranks[np.argsort(s, kind="stable")] = np.arange(1, len(s) + 1)
    p = y.sum()
    return (ranks[y == 1].sum() - p * (p + 1) / 2) / (p * (len(y) - p))


def lightgbm(x, y, cut):
    import lightgbm as lib

    data = lib.Dataset(x[:cut], y[:cut], params={"max_bin": 255}).construct()
    options = {"objective": "binary", "num_leaves": 31, "learning_rate": 0.1, "lambda_l2": 1, "num_threads": 2, "verbose": -1, "max_bin": 255}
    return (lambda n: lib.train(options, data, n)), (lambda m: m.predict(x[cut:], num_threads=2))


def xgboost(x, y, cut):
    import xgboost as lib

    data = lib.QuantileDMatrix(x[:cut], y[:cut], max_bin=255, nthread=2)
    options = {"objective": "binary:logistic", "tree_method": "hist", "grow_policy": "lossguide", "max_leaves": 31, "max_depth": 0, "eta": 0.1, "lambda": 1, "nthread": 2, "max_bin": 255}
    return (lambda n: lib.train(options, data, n)), (lambda m: m.inplace_predict(x[cut:]))


def peer(name, where):
    x, y, cut = read(where)
    train, predict = {"lightgbm": lightgbm, "xgboost": xgboost}[name](x, y, cut)
    took = []
    for n in (FEW, MANY):
        start = time.perf_counter()
        model = train(n)
        took.append(time.perf_counter() - start)
    print(json.dumps({"ms": (took[1] - took[0]) / (MANY - FEW) * 1000, "auc": float(auc(y[cut:], predict(model)))}))


def run(command, **env):
    """What a command prints, and its peak MiB."""
    p = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **env})
    out = p.stdout.read()
    _, status, usage = os.wait4(p.pid, 0)
    if status:
        sys.exit(f"trees: {' '.join(command)}: exit {os.waitstatus_to_exitcode(status)}\n{out}")
    return out, usage.ru_maxrss / 1024


def ours(where, test):
    out, peak = run([test, "-test.run=^$", "-test.bench=Million", "-test.benchtime=1x", "-test.cpu=2"], ICPFIT_BENCH_DIR=where)
    words = next(line for line in out.split("\n") if line.startswith("BenchmarkMillion")).split()
    return {"ms": float(words[words.index("ms/tree") - 1]), "auc": float(words[words.index("AUC") - 1]), "peak": peak}


def compare(where, runs, test):
    found = {"icpfit": [], "lightgbm": [], "xgboost": []}
    for _ in range(runs):
        for name, f in found.items():
            if name == "icpfit":
                f.append(ours(where, test))
            else:
                out, peak = run([sys.executable, __file__, name, where])
                f.append({**json.loads(out), "peak": peak})
    middle = {name: {k: statistics.median(m[k] for m in f) for k in f[0]} for name, f in found.items()}
    print(f"{'':10} {'ms/tree':>8} {'(least to most)':>18} {'AUC':>8} {'peak MiB':>9} {'icpfit takes':>13}")
    for name, m in middle.items():
        ms = sorted(r["ms"] for r in found[name])
        ratio = "" if name == "icpfit" else f"{middle['icpfit']['ms'] / m['ms']:.2f} x"
        print(f"{name:10} {m['ms']:8.1f} {f'({ms[0]:.1f} to {ms[-1]:.1f})':>18} {m['auc']:8.4f} {m['peak']:9,.0f} {ratio:>13}")
    us, light, xgb = middle["icpfit"], middle["lightgbm"], middle["xgboost"]
    faults = []
    if us["ms"] > 0.8 * light["ms"]:
        faults.append("slower than 0.8 x LightGBM")
    if us["ms"] > 1.15 * xgb["ms"]:
        faults.append("slower than 1.15 x XGBoost")
    if us["peak"] > light["peak"]:
        faults.append("more memory than LightGBM")
    if us["auc"] < max(light["auc"], xgb["auc"]) - 0.001:
        faults.append("a lower AUC")
    if faults:
        sys.exit("trees: " + ", ".join(faults))


def main():
    match sys.argv[1:]:
        case ["make", where, rows]:
            make(where, int(rows))
        case ["lightgbm" | "xgboost" as name, where]:
            peer(name, where)
        case ["compare", where, runs, test]:
            compare(where, int(runs), test)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
