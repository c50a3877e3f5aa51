"""Hold a JSON document against what it should be, leaf by leaf.

The wanted document is plain Python, with these in the place of leaves:

	Near(v, within)   a number
	Says(...)         a sentence that holds these figures, in this order, and no others
	Words(why)        a text without figures of its own
	Given(v, why)     a value that no table can tell, here from another source

A leaf that is on one side only is a fault: what a report says and this does not
compute cannot slip in.
"""
import collections
import math
import re


class Near:
    def __init__(self, value, within):
        self.value, self.within = value, within

    def fault(self, got):
        if not isinstance(got, (int, float)) or isinstance(got, bool) or not abs(got - self.value) <= self.within:
            return f"{got!r}; computed {self.value!r}, give or take {self.within:.3g}"


class Says:
    """figures are the texts that the sentence must hold in this order; any other digit in it is a fault."""

    def __init__(self, *figures, start="", end=""):
        self.figures, self.start, self.end = [f for f in figures if f != ""], start, end

    def fault(self, got):
        if not isinstance(got, str) or not got.startswith(self.start) or not got.endswith(self.end):
            return f"{got!r} does not start with {self.start!r} and end with {self.end!r}"
        rest, left = got, ""
        for figure in self.figures:
            before, found, rest = rest.partition(figure)
            if not found:
                return f"{got!r} does not say {figure!r}, after {[f for f in self.figures[: self.figures.index(figure)]]}"
            left += before
        invented = re.findall(r"\S*\d\S*", left + rest)
        if invented:
            return f"{got!r} says {invented}, beside {self.figures}"


class Words:
    def __init__(self, why):
        self.why = why

    def fault(self, got):
        if not isinstance(got, str) or not got or re.search(r"\d", got):
            return f"{got!r} is no text without figures"


class Given:
    def __init__(self, value, why):
        self.value, self.why = value, why

    def fault(self, got):
        if got != self.value:
            return f"{got!r}; {self.why} says {self.value!r}"


class Match:
    """Faults of one comparison, and how many leaves were held against what."""

    def __init__(self):
        self.faults, self.leaves = [], collections.Counter()

    def walk(self, path, got, want):
        if isinstance(want, dict):
            if not isinstance(got, dict):
                self.faults.append(f"{path}: {got!r}; want an object")
                return
            for key in want.keys() - got.keys():
                self.faults.append(f"{path}.{key}: is not in the report; computed {str(want[key])[:200]}")
            for key in got:
                if key in want:
                    self.walk(f"{path}.{key}", got[key], want[key])
                else:
                    self.faults.append(f"{path}.{key}: nobody has computed this: {str(got[key])[:200]}")
        elif isinstance(want, list):
            if not isinstance(got, list) or len(got) != len(want):
                self.faults.append(f"{path}: {len(got) if isinstance(got, list) else got!r}; computed {len(want)} entries")
            for i, (g, w) in enumerate(zip(got if isinstance(got, list) else [], want)):
                self.walk(f"{path}[{i}]", g, w)
        else:
            self.leaf(path, got, want)

    def leaf(self, path, got, want):
        if hasattr(want, "fault"):
            self.leaves[type(want).__name__] += 1
            fault = want.fault(got)
        else:
            self.leaves["computed"] += 1
            same = got == want and isinstance(got, bool) == isinstance(want, bool)
            if isinstance(want, float) and isinstance(got, (int, float)) and not isinstance(got, bool):
                same = math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-12)
            fault = None if same else f"{got!r}; computed {want!r}"
        if fault:
            self.faults.append(f"{path}: {fault}")
