"""Prints adjusted Rand indices by scikit-learn, as JSON.

    python scripts/reference/segment_expected.py > internal/segment/testdata/expected.json

rand: pairs of divisions and sklearn.metrics.adjusted_rand_score of each, from
sizes of 2 to 2,000 accounts, the same and independent ones among them.
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.metrics import adjusted_rand_score

rng = np.random.default_rng(1)
cases = []


def add(name, a, b):
    a, b = [int(x) for x in a], [int(x) for x in b]
    cases.append({"name": name, "a": a, "b": b, "rand": float(adjusted_rand_score(a, b))})


add("the same", [0, 0, 1, 1, 2], [0, 0, 1, 1, 2])
add("the same, numbered otherwise", [0, 0, 1, 1, 2], [2, 2, 0, 0, 1])
add("all together, all together", [0, 0, 0], [0, 0, 0])
add("all apart, all apart", [0, 1, 2], [2, 1, 0])
add("all together, all apart", [0, 0, 0], [0, 1, 2])
add("two accounts", [0, 1], [0, 0])
add("crossed", [0, 0, 1, 1], [0, 1, 0, 1])
add("independent", rng.integers(0, 4, 2000), rng.integers(0, 6, 2000))
truth = rng.integers(0, 5, 1000)
noisy = np.where(rng.random(1000) < 0.3, rng.integers(0, 5, 1000), truth)
add("a third drawn anew", truth, noisy)
add("uneven", np.minimum(rng.geometric(0.5, 500) - 1, 7), np.minimum(rng.geometric(0.3, 500) - 1, 7))

json.dump({"by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}", "rand": cases}, sys.stdout)
print()
