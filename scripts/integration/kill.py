"""Kills icpfit at random times, with SIGKILL, and looks at what readers find.

	python kill.py ICPFIT DATA [KILLS [SEED]]

On the real base icp-hackerone of DATA each command that publishes is killed again
and again, each time on a fresh copy of the state before it. After each kill every
published folder is the one of before or the one of an undisturbed run, whole; then
the command runs once more, and every byte is as without the kill. Where DATA has
no such base, it says so.
"""
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

DAY, BEFORE = "2026-03-01", "2026-02-28"
PUBLISHED = re.compile(r"^(features/\w+/as_of=|grades/as_of=|reports/as_of=|models/\d)[^/]*$")
SHARE = {"features": 10, "train": 4, "predict": 10, "report": 10, "promote": 6, "refresh": 10}  # of 50 kills


def files(folder):
    """Every file and link below a folder: its content's hash, or where it leads."""
    out = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            key = os.path.relpath(path, folder)
            if name == ".icpfit.lock":
                continue
            if os.path.islink(path):
                out[key] = "-> " + os.readlink(path)
                continue
            with open(path, "rb") as f:
                data = f.read()
            if key == "models/log.jsonl":  # whole lines, without their times
                lines = data[: data.rfind(b"\n") + 1].decode().splitlines()
                data = json.dumps([{k: v for k, v in json.loads(line).items() if k != "time"} for line in lines]).encode()
            out[key] = hashlib.sha256(data).hexdigest()
    return out


def folders(tree):
    """What is published: a folder's path to its files; and the champion."""
    out = {}
    for key, content in tree.items():
        parts = key.split("/")
        for n in range(2, len(parts)):
            folder = "/".join(parts[:n])
            if PUBLISHED.match(folder):
                out.setdefault(folder, {})[key] = content
    out["champion"] = tree.get("models/champion")
    return out


def whole(folder, tree, path):
    """The files of a published folder are those of its manifest."""
    with open(f"{path}/{folder}/_manifest.json") as f:
        want = {f"{folder}/{e['name']}": e["sha256"] for e in json.load(f)["files"]}
    have = {k: v for k, v in tree.items() if not k.endswith("/_manifest.json")}
    return want == have


class Kills:
    def __init__(self, icpfit, work, seed):
        self.icpfit, self.work, self.random = icpfit, work, random.Random(seed)
        self.project = f"{work}/project"
        self.faults, self.kills, self.seen = [], 0, {}

    def run(self, *command, cwd):
        p = subprocess.run([self.icpfit, "--quiet", *command], cwd=cwd, capture_output=True, text=True)
        if p.returncode:
            sys.exit(f"kill: {' '.join(command)}: exit {p.returncode}\n{p.stdout[-2000:]}{p.stderr[-2000:]}")

    def fresh(self, before):
        shutil.rmtree(self.project, ignore_errors=True)
        shutil.copytree(before, self.project, symlinks=True)

    def command(self, name, before, count, command):
        """Kills one command so many times."""
        self.fresh(before)
        start = time.monotonic()
        self.run(*command, cwd=self.project)
        seconds = time.monotonic() - start
        old, new = folders(files(before)), folders(files(self.project))
        end = files(self.project)
        self.seen[name] = {"old": 0, "new": 0, "between": 0, "ended by itself": 0}
        for _ in range(count):
            self.fresh(before)
            p = subprocess.Popen([self.icpfit, "--quiet", *command], cwd=self.project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            after = self.random.uniform(0, 1.05 * seconds)
            try:
                p.wait(after)
                self.seen[name]["ended by itself"] += 1
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()
                self.kills += 1
            self.look(f"{name}, killed after {after:.3f} s", name, old, new)
            self.run(*command, cwd=self.project)
            now = files(self.project)
            for key in sorted(now.keys() | end.keys()):
                if now.get(key) != end.get(key):
                    self.faults.append(f"{name}, killed after {after:.3f} s: after the next run {key} is " + ("left over" if key not in end else "not there" if key not in now else "another"))
        print(f"{name:10} {count:4} kills in {seconds:6.3f} s: " + ", ".join(f"{v} {k}" for k, v in self.seen[name].items() if v), flush=True)

    def look(self, what, name, old, new):
        now = folders(files(self.project))
        states = set()
        for folder in old.keys() | new.keys() | now.keys():
            is_old, is_new = now.get(folder) == old.get(folder), now.get(folder) == new.get(folder)
            if not is_old and not is_new:
                self.faults.append(f"{what}: {folder} is neither the old nor the new")
            elif is_old != is_new:
                states.add("old" if is_old else "new")
            if folder != "champion" and now.get(folder) and not whole(folder, now[folder], self.project):
                self.faults.append(f"{what}: {folder} is not what its manifest says")
        self.seen[name][states.pop() if len(states) == 1 else "between" if states else "new"] += 1


def main():
    icpfit, data = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    if not os.path.isdir(f"{data}/icp-hackerone"):
        print(f"--- SKIP: kill.py: no real account base at {data}")
        return
    kills, seed = int((sys.argv[3:4] or ["200"])[0]), int((sys.argv[4:5] or [str(int(time.time()))])[0])
    print(f"kill: seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as work:
        k = Kills(icpfit, work, seed)
        base = f"{work}/base"
        os.mkdir(base)
        for name in ("accounts.csv", "customers.csv"):
            shutil.copy(f"{data}/icp-hackerone/{name}", base)
        run = lambda *command: k.run(*command, cwd=base)
        run("init", "--accounts", "accounts.csv", "--customers", "customers.csv")
        for day in (BEFORE, DAY):
            run("features", "--as-of", day)
        run("train", "--learner", "scorecard")
        for day in (BEFORE, DAY):
            run("predict", "--as-of", day)
        run("report", "--as-of", DAY)

        # The base of tonight is another: every twentieth account is gone.
        with open(f"{base}/accounts.csv", "rb") as f:
            head, *rows = f.read().splitlines(keepends=True)
        with open(f"{base}/accounts.csv", "wb") as f:
            f.writelines([head] + [r for i, r in enumerate(rows) if i % 20])

        count = lambda name: max(1, kills * SHARE[name] // 50)
        k.command("features", base, count("features"), ["features", "--as-of", DAY])
        k.command("refresh", base, count("refresh"), ["refresh", "--as-of", DAY])
        run("features", "--as-of", DAY)
        k.command("train", base, count("train"), ["train", "--learner", "scorecard", "--seed", "2"])
        k.command("predict", base, count("predict"), ["predict", "--as-of", DAY])
        run("predict", "--as-of", DAY)
        k.command("report", base, count("report"), ["report", "--as-of", DAY])
        champion = open(f"{base}/models/champion").read().strip()
        run("train", "--learner", "scorecard", "--seed", "2")
        other = [v for v in os.listdir(f"{base}/models") if v[0] == "2" and v != champion]
        k.command("promote", base, count("promote"), ["models", "promote", other[0], "--reason", "to be killed"])
        between = sum(s["between"] for s in k.seen.values())
        print(f"kill: {k.kills} killed, {between} of them between two publications, {len(k.faults)} faults")
        for fault in k.faults[:50]:
            print(f"  {fault}")
        if k.faults:
            sys.exit(1)


if __name__ == "__main__":
    main()
