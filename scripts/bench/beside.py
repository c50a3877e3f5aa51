"""Time whole commands beside each other.

	python beside.py RUNS ROWS NAME COMMAND [NAME COMMAND]…

Runs the commands (bash) in turn, RUNS times, after one run of each that does not
count where RUNS is more than 1. Prints for each the median, least and most
seconds of wall time, rows/s, and the median peak memory of its largest process,
and how many times as much of each the others take as the first. What a command
itself printed last follows. Exits 1 if a command fails.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time


def measure(command):
    """Wall seconds, peak MiB (as GNU time's: the largest of the process and those it waited for), last line of output."""
    with tempfile.TemporaryFile("w+") as out:
        start = time.monotonic()
        p = subprocess.Popen(["bash", "-euc", command], stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(p.pid, 0)
        seconds = time.monotonic() - start
        p.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        lines = out.read().strip().split("\n")
    if p.returncode:
        sys.exit(f"beside: {command}: exit {p.returncode}\n" + "\n".join(lines[-20:]))
    return seconds, usage.ru_maxrss / 1024, lines[-1]


def main():
    if len(sys.argv) < 5 or len(sys.argv) % 2 == 0:
        sys.exit(__doc__)
    runs, rows = int(sys.argv[1]), int(sys.argv[2])
    commands = dict(zip(sys.argv[3::2], sys.argv[4::2]))
    found = {name: [] for name in commands}
    for i in range(runs + (runs > 1)):
        for name, command in commands.items():
            m = measure(command)
            if i > 0 or runs == 1:
                found[name].append(m)
    first = None
    print(f"{'':34} {'seconds':>8} {'(least to most)':>18} {'rows/s':>12} {'peak MiB':>9} {'time':>7} {'memory':>7}")
    for name, f in found.items():
        seconds, memory = sorted(m[0] for m in f), statistics.median(m[1] for m in f)
        middle = statistics.median(seconds)
        first = first or (middle, memory)
        print(f"{name:34} {middle:8.2f} {f'({seconds[0]:.2f} to {seconds[-1]:.2f})':>18} {rows / middle:12,.0f} {memory:9,.0f} {middle / first[0]:6.1f}x {memory / first[1]:6.1f}x")
    for name, f in found.items():
        if f[-1][2]:
            print(f"  {name} said last: {f[-1][2]}")


if __name__ == "__main__":
    main()
