"""The nightly batch beside its peers; see nightly.sh.

	python nightly.py ICPFIT PEERS FOLDER RUNS [ACCOUNTS [GROWTH]…]
	python nightly.py models DATA        trains the models that are imported
"""
import glob
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.parse

DAY, BEFORE = "2026-03-01", "2026-02-28"
NUMBERS = [f"n{i:02d}" for i in range(10)]
CATEGORIES = [f"c{i:02d}" for i in range(12)]
FLAGS = [f"f{i:02d}" for i in range(8)]
PEERS = ["polars-ebm", "polars-lightgbm", "polars-logistic", "pandas-lightgbm"]
SHAP_ROWS = 20_000  # the peer with reasons is too slow for more


def cached(paths):
    """Reads files, and waits for what runs before have left to write, so that each run finds the disk as any other does."""
    for path in paths:
        with open(path, "rb", buffering=0) as f:
            while f.read(1 << 24):
                pass
    os.sync()


def run(*command, cwd=None, reads=()):
    """Wall seconds, CPU seconds, peak MiB of the process, which finds the files that it reads cached; ends the program if it fails."""
    cached(reads)
    start = time.monotonic()
    p = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    out = p.stdout.read()
    _, status, usage = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode:
        sys.exit(f"nightly: {' '.join(command)}: exit {p.returncode}\n{out[-2000:]}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out


def once(done, make):
    """Makes a part of the data unless the file of that name says that it was."""
    if not os.path.exists(done):
        make()
        with open(done, "w"):
            pass


def settings(data, ext):
    lines = ["version: 1", "name: bench", f"accounts: {{path: {data}/accounts.{ext}, domain: domain}}", f"customers: {{path: {data}/customers.csv, domain: domain}}", "features:"]
    for kind, names in (("number", NUMBERS), ("category", CATEGORIES), ("flag", FLAGS)):
        lines += [f"  - {{name: {n}, pillar: firmographic, kind: {kind}, column: {n}}}" for n in names]
    lines += ["model: {learner: scorecard, missing: learn, seed: 1}", "grades: {scale: A-F, method: lift, on: fit, hysteresis: 1}"]
    return "\n".join(lines) + "\n"


def lightgbm_models(data):
    """Two models of 300 trees on 100,000 accounts, in a form that icpfit imports: categories as columns of 0 and 1."""
    import lightgbm
    import numpy as np
    import pyarrow.parquet as pq

    t = pq.ParquetFile(f"{data}/accounts.parquet").read_row_group(0).slice(0, 100_000)
    with open(f"{data}/customers.csv") as f:
        customers = set(f.read().split())
    label = np.array([d in customers for d in t["domain"].to_pylist()], dtype=int)
    columns = [t[n].to_numpy(zero_copy_only=False).astype("f4") for n in NUMBERS + FLAGS]
    names = NUMBERS + FLAGS
    for n in CATEGORIES:
        values = np.array([v or "" for v in t[n].to_pylist()])
        for v in sorted(set(values) - {""}):
            columns.append((values == v).astype("f4"))
            names = names + [f"{n}={urllib.parse.quote(v, safe='')}"]
    x = np.column_stack(columns)
    base = {"objective": "binary", "verbose": -1, "num_threads": 2, "min_data_in_leaf": 20, "lambda_l2": 5, "seed": 1}
    for name, more in {"depth3": {"num_leaves": 8, "max_depth": 3, "learning_rate": 0.05}, "leaves31": {"num_leaves": 31, "learning_rate": 0.02}}.items():
        lightgbm.train({**base, **more}, lightgbm.Dataset(x, label, feature_name=names), 300).save_model(f"{data}/{name}.txt")


class Project:
    """A project on so many generated accounts."""

    def __init__(self, icpfit, peers, work, accounts, csv):
        self.icpfit, self.accounts = icpfit, accounts
        self.peers, self.ext = peers, "csv" if csv else "parquet"
        self.data, self.folder = f"{work}/data-{accounts}", f"{work}/project-{accounts}"
        os.makedirs(self.folder, exist_ok=True)
        once(f"{self.data}.made", lambda: run(sys.executable, peers, "make", str(accounts), self.data, *["--csv"] * csv))
        with open(f"{self.folder}/icpfit.yaml", "w") as f:
            f.write(settings(self.data, self.ext))
        self.remove("features", "grades")
        self.features()

    def remove(self, *names):
        for name in names:
            shutil.rmtree(f"{self.folder}/{name}", ignore_errors=True)

    def features(self):
        return run(self.icpfit, "--quiet", "features", "--as-of", DAY, cwd=self.folder, reads=[f"{self.data}/accounts.{self.ext}"])

    def predict(self, version):
        return run(self.icpfit, "--quiet", "predict", "--model", version, cwd=self.folder, reads=glob.glob(f"{self.folder}/features/accounts/*/*"))

    def night_after(self, version):
        """predict on the day after a night of that version, whose table it reads beside the features."""
        self.remove("grades")
        self.predict(version)
        os.rename(f"{self.folder}/grades/as_of={DAY}", f"{self.folder}/grades/as_of={BEFORE}")
        return self.predict(version)

    def peer(self, name, *options):
        ext = "csv" if name.startswith("csv") else "parquet"
        return run(sys.executable, self.peers, name, self.data, *options, reads=[f"{self.data}/accounts.{ext}"])


def phases(repository, work):
    """Share of the CPU time of a graded base, by what it goes into: a profile of the benchmark of model/predict."""
    profile, binary = f"{work}/night.prof", f"{work}/night.test"
    run("go", "test", "./model/predict", "-run", "^$", "-bench", "Night/first", "-benchtime", "10x", "-cpuprofile", profile, "-o", binary, cwd=repository)
    _, _, _, out = run("go", "tool", "pprof", "-top", "-cum", "-nodecount=100000", "-nodefraction=0", binary, profile, cwd=repository)
    seconds = {}
    for cum, unit, name in re.findall(r"^ *\S+ +\S+ +\S+ +([0-9.]+)(m?s) +\S+ +(?:\S*/)?(\S+)", out, re.M):
        seconds[name] = float(cum) / (1000 if unit == "ms" else 1)

    def of(*names):
        return sum(seconds.get(n, 0) for n in names)

    reasons = of("predict.(*reasons).start", "predict.(*reasons).add", "predict.(*reasons).finish")
    found = {
        "reading the feature table": of("parquetfile.(*reader).Read"),
        "binning and scoring": of("model.(*Scorer).Score"),
        "exact reasons": reasons,
        "the other columns of a row": of("predict.(*rowWriter).fill") - reasons,
        "writing the grade table": of("parquetfile.(*Group).Copy", "parquetfile.(*Group).Write", "parquetfile.(*Group).Flush", "parquetfile.(*Group).Commit"),
        "counts of what is known": of("predict.(*knownCounter).count"),
    }
    assert min(found.values()) >= 0 and found["reading the feature table"] > 0, out[:2000]
    return {name: s / sum(found.values()) for name, s in found.items()}


def version_of(folder, before):
    """The version that was added to the models of a folder."""
    found = {n for n in os.listdir(f"{folder}/models") if n.startswith("2026-")} - before
    assert len(found) == 1, found
    return found.pop()


def models(p):
    """A version a kind of model: trained and imported once, then kept."""
    kinds = {}
    p.remove("models")
    before = set()
    for kind, command in {
        "scorecard": ["train", "--learner", "scorecard"],
        "300 trees of depth 3": ["models", "import", f"{p.data}/depth3.txt"],
        "300 trees of 31 leaves": ["models", "import", f"{p.data}/leaves31.txt"],
    }.items():
        run(p.icpfit, "--quiet", *command, cwd=p.folder)
        kinds[kind] = version_of(p.folder, before)
        before.add(kinds[kind])
    return kinds


def middle(runs, i):
    return statistics.median(r[i] for r in runs)


def row(name, rows, runs, than=None):
    seconds, cpu = middle(runs, 0), middle(runs, 1)
    ratio = f"{rows / seconds / than:8.1f}x" if than else " " * 9
    print(f"{name:44} {rows:>11,} {seconds:9.2f} {cpu:9.2f} {rows / seconds:13,.0f} {max(r[2] for r in runs):9,.0f} {ratio}", flush=True)
    return rows / seconds


def head(last):
    print(f"\n{'':44} {'rows':>11} {'seconds':>9} {'CPU s':>9} {'rows/s':>13} {'peak MiB':>9} {last:>9}", flush=True)


def main():
    icpfit, peers, work, runs = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    accounts, growth = int((sys.argv[5:6] or ["1000000"])[0]), [int(n) for n in sys.argv[6:]]
    p = Project(icpfit, peers, work, accounts, csv=True)
    once(f"{p.data}.trained", lambda: (run(sys.executable, peers, "train", p.data), run(sys.executable, __file__, "models", p.data)))  # a process of its own: peaks are those of processes started from a small one
    kinds = models(p)

    found = {}
    for _ in range(runs):  # alternating, so that a busy machine slows all of them
        for kind, version in kinds.items():
            p.remove("grades")
            found.setdefault(kind, []).append(p.predict(version))
        found.setdefault("second night", []).append(p.night_after(kinds["scorecard"]))
        for peer in PEERS:
            found.setdefault(peer, []).append(p.peer(peer))
        p.remove("features", "grades")
        f, g = p.features(), p.predict(kinds["scorecard"])
        found.setdefault("csv", []).append((f[0] + g[0], f[1] + g[1], max(f[2], g[2])))
        found.setdefault("csv peer", []).append(p.peer("csv-polars-lightgbm"))
    found["shap"] = [p.peer("polars-lightgbm-shap", "--rows", str(SHAP_ROWS))]

    head("to best")
    best = max(row(f"{peer}, no reasons", accounts, found[peer]) for peer in PEERS)
    row("polars-lightgbm-shap, with reasons", min(SHAP_ROWS, accounts), found["shap"], best)
    for kind, target in zip(kinds, (8, 4, 1.5)):
        row(f"icpfit, {kind} (wanted: {target}x)", accounts, found[kind], best)
    row("icpfit, scorecard, the night after", accounts, found["second night"], best)
    best = row("csv-polars-lightgbm, no reasons", accounts, found["csv peer"])
    row("icpfit, from CSV, scorecard (wanted: 4x)", accounts, found["csv"], best)

    head("")
    for n in sorted({accounts, *growth}):
        q = p
        if n != accounts:
            q = Project(icpfit, peers, work, n, csv=False)
            q.remove("models")
            shutil.copytree(f"{p.folder}/models", f"{q.folder}/models")
        first, second = [], []
        for _ in range(runs):
            q.remove("grades")
            first.append(q.predict(kinds["scorecard"]))
            second.append(q.night_after(kinds["scorecard"]))
        row("icpfit, scorecard", n, first)
        row("icpfit, scorecard, the night after", n, second)
        q.remove("features", "grades")

    print("\nWhere the CPU time of grading goes (a profile of the benchmark of model/predict):")
    for name, share in phases(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), work).items():
        print(f"{name:44} {share:6.0%}")


if __name__ == "__main__":
    if sys.argv[1] == "models":
        lightgbm_models(sys.argv[2])
    else:
        main()
