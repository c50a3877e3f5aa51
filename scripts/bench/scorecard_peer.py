"""interpret's part of scorecard.sh.

    python scorecard_peer.py make PEERS SET FOLDER    the columns of a set, for both
    python scorecard_peer.py fit PEERS SET FOLDER     seconds of one fit of ExplainableBoostingClassifier, AUC on the held-out quarter

PEERS is the folder of sets.py and peers.py. The machine has its defaults but no
interactions, and gets one flag an item of a set. A quarter of the accounts, by a
hash of the key, is held out.
"""

import hashlib
import json
import sys
import time

import numpy as np


def main():
    what, peers, name, folder = sys.argv[1:]
    sys.path.insert(0, peers)
    import peers as P
    import sets as S

    d = S.OPEN[name]()
    test = np.array([hashlib.sha256(f"bench {k}".encode()).digest()[0] < 64 for k in d.key])
    if what == "make":
        columns = [{"name": c, "kind": kind, "cells": ["" if v != v else str(v) for v in d.frame[c]]} for c, kind in d.kinds.items()]
        json.dump({"columns": columns, "customer": [bool(v) for v in d.y], "test": [bool(v) for v in test]}, open(f"{folder}/{name}.json", "w"))
        return
    from interpret.glassbox import ExplainableBoostingClassifier

    train, held = np.where(~test)[0], np.where(test)[0]
    X, _, categories = P.design(d, train, False)
    X = X.copy()
    for c in categories:
        X[c] = X[c].astype(str)
    m = ExplainableBoostingClassifier(interactions=0, n_jobs=2, random_state=1)
    start = time.monotonic()
    m.fit(X.iloc[train], d.y[train])
    seconds = time.monotonic() - start
    print(f"{seconds:.2f} {P.auc(d.y[held], m.decision_function(X.iloc[held])):.4f}")


if __name__ == "__main__":
    main()
