"""The demo's work as an analyst would write it with pandas and LightGBM.

	python demo_peer.py accounts.csv customers.csv OUT

From the files that `icpfit demo` generates to a graded base: clean (ranges, money,
French numbers, countries, dates), key by domain, drop duplicates, one flag for
each technology, five folds and a final fit of LightGBM (the settings that do well
with few customers), lift and grades, grades.parquet and report.html. It does less
than icpfit: no intervals, no choice among learners, no reasons, no calibration, no
reason for what is not graded.
"""
import html
import os
import re
import sys

import lightgbm as lgb
import numpy as np
import pandas as pd

NUMBERS = ["employees", "annual_revenue", "founded"]
CATEGORIES = ["industry", "country", "crm_in_use"]
MISSING = {"", "-", "n/a", "none", "null", "unknown", "select"}
SCALE = {"k": 1e3, "m": 1e6, "b": 1e9, "million": 1e6, "billion": 1e9}
FREE = {"gmail.com", "hotmail.com", "orange.fr", "outlook.com", "yahoo.com", "facebook.com", "linkedin.com", "instagram.com"}
TWO_PARTS = {"co.uk", "com.br", "com.au", "co.jp", "co.in"}
COUNTRIES = {
    "united states": "us", "états-unis": "us", "usa": "us", "u.s.": "us", "u.s.a.": "us", "america": "us", "france": "fr", "germany": "de", "allemagne": "de", "deutschland": "de",
    "united kingdom": "gb", "royaume-uni": "gb", "uk": "gb", "england": "gb", "great britain": "gb", "spain": "es", "espagne": "es", "italy": "it", "italie": "it", "netherlands": "nl",
    "pays-bas": "nl", "holland": "nl", "belgium": "be", "belgique": "be", "canada": "ca", "india": "in", "inde": "in", "brazil": "br", "brésil": "br", "brasil": "br", "australia": "au",
    "australie": "au", "switzerland": "ch", "suisse": "ch", "sweden": "se", "suède": "se", "japan": "jp", "japon": "jp", "austria": "at", "autriche": "at", "finland": "fi", "finlande": "fi",
}
SETTINGS = dict(n_estimators=300, learning_rate=.04, num_leaves=8, max_depth=3, min_child_samples=20, colsample_bytree=.5, subsample=.8, subsample_freq=1, reg_lambda=5, cat_smooth=20,
                n_jobs=2, random_state=1, verbose=-1)
CUTS, LETTERS = [.5, 1, 2, 4, 8], np.array(list("FEDCBA"))


def number(text):
    """A number as people type it: 51-200, ~100, 200+, 1,200, 1 200,50, $5 million, €1,2M."""
    t = text.strip().lower().replace("\u202f", " ").replace("\xa0", " ")
    if t in MISSING:
        return np.nan
    t = re.sub(r"(?<=\d)[ ,](?=\d{3}(\D|$))", "", t)
    t = re.sub(r"(?<=\d)[ ,](?=\d{3}(\D|$))", "", t).replace(",", ".")
    m = re.match(r"\D*?(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)", t)
    if m:
        return (float(m[1]) + float(m[2])) / 2
    m = re.search(r"(\d+(?:\.\d+)?)\s*(k|million|billion|m|b)?\b", t)
    return float(m[1]) * SCALE.get(m[2], 1) if m else np.nan


def domain(text):
    """The domain of a host, URL or e-mail address; "" for none, or one that many share."""
    t = text.strip().lower()
    t = re.sub(r"^[a-z]+://", "", t).split("/")[0].split("@")[-1].removeprefix("www.").rstrip(".")
    parts = t.split(".")
    if len(parts) < 2 or not re.fullmatch(r"[\w.-]+", t) or parts[-1].isdigit():
        return ""
    key = ".".join(parts[-3:] if ".".join(parts[-2:]) in TWO_PARTS else parts[-2:])
    return "" if key in FREE else key


def read(accounts, customers):
    a = pd.read_csv(accounts, dtype=str, keep_default_na=False)
    a["domain"] = a["website"].map(domain)
    a["modified"] = pd.to_datetime(a["last_modified_date"], errors="coerce")
    a["founded_on"] = pd.to_datetime(a["last_funding_date"], errors="coerce")
    a = a.sort_values("modified", ascending=False, kind="stable")
    a = a[(a["domain"] != "") & ~a["domain"].duplicated()].sort_index().reset_index(drop=True)
    best = {domain(d) for d in pd.read_csv(customers, dtype=str, keep_default_na=False)["domain"]} - {""}
    return a, a["domain"].isin(best).to_numpy().astype(int)


def design(a):
    f = pd.DataFrame({c: a[c].map(number) for c in NUMBERS})
    for c in CATEGORIES:
        v = a[c].str.strip().str.lower()
        f[c] = (v.replace(COUNTRIES) if c == "country" else v).where(~v.isin(MISSING)).astype("category")
    items = a["technologies"].str.split("|").map(lambda l: {x.strip() for x in l} - {""})
    seen = pd.Series([x for l in items for x in l]).value_counts()
    flags = {f"technologies_{i}": items.map(lambda l, x=x: x in l).astype("int8") for i, x in enumerate(sorted(seen[seen >= 10].index))}
    return pd.concat([f, pd.DataFrame(flags)], axis=1)


def auc(y, s):
    r = pd.Series(s).rank().to_numpy()
    p = y.sum()
    return (r[y == 1].sum() - p * (p + 1) / 2) / (p * (len(y) - p))


def learn(f, y):
    """Scores out of fold, and of the model of all rows."""
    fold = np.random.default_rng(1).integers(0, 5, len(y))
    held = np.zeros(len(y))
    for k in range(5):
        m = lgb.LGBMClassifier(**SETTINGS).fit(f[fold != k], y[fold != k])
        held[fold == k] = m.predict_proba(f[fold == k])[:, 1]
    m = lgb.LGBMClassifier(**SETTINGS).fit(f, y)
    return held, m.predict_proba(f)[:, 1], pd.Series(m.booster_.feature_importance("gain"), f.columns).sort_values(ascending=False)


def write(out, a, y, held, score, gain):
    os.makedirs(out, exist_ok=True)
    pool = y == 0
    lift = score / score[pool].mean()
    g = pd.DataFrame({"domain": a["domain"], "account_id": a["id"], "name": a["company_name"], "customer": y == 1, "lift": lift,
                      "points": 50 + 10 * np.log2(np.maximum(lift, 1e-9)), "grade": LETTERS[np.digitize(lift, CUTS)]})
    g.to_parquet(f"{out}/grades.parquet", compression="zstd")
    band = LETTERS[np.digitize(held / held[pool].mean(), CUTS)]
    table = pd.DataFrame({"grade": band, "customer": y, "pool": pool}).groupby("grade").sum()
    calls = g[~g["customer"]].nlargest(50, "points").drop(columns="customer")
    cut = np.quantile(held[pool], .9)
    with open(f"{out}/report.html", "w", encoding="utf-8") as f:
        f.write(f"<!doctype html><meta charset=utf-8><title>{html.escape('ICP fit')}</title><p>AUC {auc(y, held):.3f}, capture@10 % {(held[y == 1] > cut).mean():.3f}")
        for t in (table, gain.head(30).to_frame("gain"), calls):
            f.write(t.to_html())
    print(f"{len(a)} accounts, {y.sum()} customers, AUC {auc(y, held):.4f}, capture@10 % {(held[y == 1] > cut).mean():.4f}")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    a, y = read(sys.argv[1], sys.argv[2])
    write(sys.argv[3], a, y, *learn(design(a), y))


if __name__ == "__main__":
    main()
