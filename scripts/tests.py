#!/usr/bin/env python3
"""Run the README's test command as it stands there; say what failed and what was skipped, and why.

	python tests.py
"""
import collections
import json
import os
import re
import subprocess
import sys

COMMAND = "go test ./..."
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MODULE = "github.com/icpfit/icpfit/"


def events(process):
    for line in process.stdout:
        try:
            yield json.loads(line)
        except ValueError:
            yield {"Action": "output", "Output": line}


def reason(output):
    """What a test said last at a place in a file of tests."""
    said = [line.strip() for line in output if re.search(r"_test\.go:\d+: ", line)]
    return said[-1] if said else "without a reason"


def main():
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as f:
        if COMMAND not in f.read().split("\n"):
            sys.exit(f"tests: README.md does not hold the line: {COMMAND}")
    flags = subprocess.run(["go", "env", "GOFLAGS"], capture_output=True, text=True, check=True).stdout.strip()
    print("$", COMMAND, flush=True)
    # -json changes what is printed, not what is run.
    process = subprocess.Popen(COMMAND.split(), cwd=ROOT, env={**os.environ, "GOFLAGS": f"{flags} -json".strip()}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output, ended = collections.defaultdict(list), collections.Counter()
    for e in events(process):
        package, test, action = e.get("Package", e.get("ImportPath", "")), e.get("Test", ""), e["Action"]
        place = package.removeprefix(MODULE) + (f" {test}" if test else "")
        if action in ("output", "build-output"):
            output[package, test].append(e["Output"])
        elif action == "build-fail":
            print(f"does not build: {place}\n" + "".join(output[package, test]), flush=True)
        elif test and action in ("pass", "fail", "skip"):
            ended[action] += 1
            if action == "skip":
                print(f"skipped: {place}: {reason(output[package, test])}", flush=True)
            if action == "fail":
                print(f"failed: {place}\n" + "".join(output[package, test][-100:]), flush=True)
        elif action == "fail":
            ended["fail"] += not any(o for (p, t), o in output.items() if p == package and t and any("--- FAIL" in line for line in o))
            print("".join(output[package, ""][-20:]), end="", flush=True)
        elif action == "pass":
            print("".join(output[package, ""][-1:]), end="", flush=True)
    process.wait()
    if "" in {p for p, _ in output}:
        print("".join(output["", ""]))
    print(f"{ended['pass']} passed, {ended['fail']} failed, {ended['skip']} skipped")
    sys.exit(process.returncode)


if __name__ == "__main__":
    main()
