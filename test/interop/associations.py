"""Associations as NumPy, SciPy and pandas tell them. Reads columns as JSON, prints coefficients by "method a b"."""
import itertools
import json
import math
import sys

import numpy as np
import pandas as pd
from scipy import stats

question = json.load(sys.stdin)
special = {"nan": np.nan, "inf": np.inf, "-inf": -np.inf}


def floats(values):
    # Missing, NaN and infinite alike: none is compared.
    numbers = np.array([np.nan if v is None else special.get(v, None) if v in special else float(v) for v in values])
    return np.where(np.isfinite(numbers), numbers, np.nan)


numbers = {name: floats(values) for name, values in question["numbers"].items()}
classes = {name: np.array(values, dtype=object) for name, values in question["classes"].items()}
answer = {}


def say(method, a, b, value):
    answer[f"{method} {a} {b}"] = None if value is None or not math.isfinite(value) else float(value)


def near_zero(values):
    return values.astype(np.longdouble) - np.longdouble(values[0])


def exact_pearson(x, y):
    # In extended precision, moved near 0 first: NumPy's own loses digits at 1e9 +- 1, and overflows at 1e300.
    x, y = near_zero(x), near_zero(y)
    x, y = x - x.mean(), y - y.mean()
    return float((x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()))


for a, b in itertools.combinations(numbers, 2):
    both = ~(np.isnan(numbers[a]) | np.isnan(numbers[b]))
    x, y = numbers[a][both], numbers[b][both]
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        continue
    plain = a in question["plain"] and b in question["plain"]
    say("pearson", a, b, stats.pearsonr(x, y)[0] if plain else exact_pearson(x, y))
    say("spearman", a, b, pd.Series(x).corr(pd.Series(y), method="spearman"))

for a, b in itertools.combinations(classes, 2):
    table = pd.crosstab(pd.Series(classes[a]), pd.Series(classes[b])).to_numpy()
    if min(table.shape) < 2:
        continue
    n, (r, k) = table.sum(), table.shape
    phi2 = stats.chi2_contingency(table, correction=False)[0] / n
    left = max(0, phi2 - (r - 1) * (k - 1) / (n - 1))
    r, k = r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)
    say("cramersV", a, b, math.sqrt(left / min(r - 1, k - 1)))

for a, b in itertools.product(classes, numbers):
    there = np.array([v is not None for v in classes[a]]) & ~np.isnan(numbers[b])
    x, y = classes[a][there], numbers[b][there]
    if len(y) == 0 or np.ptp(y) == 0 or len(set(x)) < 2:
        continue
    y = near_zero(y)
    groups = [y[x == value] for value in sorted(set(x))]
    between = sum(len(g) * (g.mean() - y.mean()) ** 2 for g in groups)
    say("correlationRatio", a, b, float(np.sqrt(between / ((y - y.mean()) ** 2).sum())))

everything = pd.DataFrame({**question["numbers"], **question["classes"]}, dtype=object)
masks = everything.isna()
masks = masks.loc[:, masks.any() & ~masks.all()].astype(float)
for a, b in itertools.combinations(masks.columns, 2):
    say("missing", a, b, np.corrcoef(masks[a], masks[b])[0, 1])

print(json.dumps(answer))
