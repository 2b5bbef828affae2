"""The figures of columns as NumPy, SciPy and pandas have them, and as exact arithmetic has them."""

import json
import math
import sys
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pandas as pd
from scipy import stats

getcontext().prec = 60
KEYS = ["0.01", "0.05", "0.25", "0.5", "0.75", "0.95", "0.99"]


def plain(value):
    """A number that JSON can hold; None for what is none."""
    value = float(value)
    return value if math.isfinite(value) else None


def rounded(value):
    """The double nearest to a fraction; None beyond the doubles."""
    try:
        return value.numerator / value.denominator
    except OverflowError:
        return None


def root(value):
    return Decimal(value.numerator) / Decimal(value.denominator)


def numeric(texts):
    """By the libraries, of doubles."""
    numbers = np.array([float(text) for text in texts if text is not None])
    values = numbers[np.isfinite(numbers)]
    series = pd.Series(values)
    n = len(values)
    quantiles = np.quantile(values, [float(key) for key in KEYS], method="linear")
    q1, q3 = np.quantile(values, [0.25, 0.75])
    iqr = q3 - q1
    outside = (values < q1 - 1.5 * iqr) | (values > q3 + 1.5 * iqr)
    constant = n > 0 and values.min() == values.max()
    return {
        "mean": plain(series.mean()),
        "stddev": plain(series.std()),
        "variance": plain(series.var()),
        "min": plain(series.min()),
        "max": plain(series.max()),
        "sum": plain(series.sum()),
        "zeros": int((values == 0).sum()),
        "negatives": int((values < 0).sum()),
        "nans": int(np.isnan(numbers).sum()),
        "infinities": int(np.isposinf(numbers).sum()),
        "negativeInfinities": int(np.isneginf(numbers).sum()),
        "skewness": None if n < 3 else 0 if constant else plain(stats.skew(values, bias=False)),
        "kurtosis": None if n < 4 else 0 if constant else plain(stats.kurtosis(values, bias=False)),
        "pandasSkewness": plain(series.skew()),
        "pandasKurtosis": plain(series.kurt()),
        "quantiles": dict(zip(KEYS, map(plain, quantiles))),
        "iqr": plain(stats.iqr(values)),
        "mad": plain(stats.median_abs_deviation(values)),
        "cv": plain(stats.variation(values, ddof=1)),
        "outliers": int(outside.sum()),
        "distinct": int(pd.Series(numbers).nunique(dropna=False)),
    }


def exact(texts, floating):
    """Without rounding but at the end; floats are what their texts say in binary."""
    special = ("nan", "inf", "-inf")
    values = sorted(
        Fraction(float(text)) if floating else Fraction(text)
        for text in texts
        if text is not None and text not in special
    )
    n = len(values)
    mean = sum(values) / n
    deviations = [value - mean for value in values]
    powers = [sum(deviation**power for deviation in deviations) / n for power in (2, 3, 4)]
    variance = powers[0] * n / (n - 1)
    deviation = root(variance).sqrt()
    result = {
        "mean": rounded(mean),
        "variance": rounded(variance),
        "stddev": float(deviation),
        "sum": rounded(sum(values)),
        "cv": None if mean == 0 else plain(deviation / root(mean)),
        "quantiles": {key: rounded(quantile(values, Fraction(key))) for key in KEYS},
    }
    result["iqr"] = rounded(quantile(values, Fraction(3, 4)) - quantile(values, Fraction(1, 4)))
    median = quantile(values, Fraction(1, 2))
    result["mad"] = rounded(quantile(sorted(abs(value - median) for value in values), Fraction(1, 2)))
    if powers[0] == 0:
        return {**result, "skewness": 0, "kurtosis": 0}
    skewness = root(powers[1]) / root(powers[0]) ** Decimal("1.5")
    kurtosis = root(powers[2]) / root(powers[0]) ** 2 - 3
    result["skewness"] = float(skewness * Decimal(n * (n - 1)).sqrt() / (n - 2))
    result["kurtosis"] = float(((n + 1) * kurtosis + 6) * (n - 1) / ((n - 2) * (n - 3)))
    return result


def quantile(values, share):
    """Type 7 of Hyndman and Fan."""
    position = share * (len(values) - 1)
    below = values[math.floor(position)]
    above = values[math.ceil(position)]
    return below + (above - below) * (position - math.floor(position))


def times(texts):
    known = [np.datetime64(text, "us") for text in texts if text is not None]
    moments = np.sort(np.array(known))
    ticks = moments.astype("int64")
    gaps = np.diff(np.unique(ticks))
    days = pd.Series(moments.astype("datetime64[D]").astype("int64"))
    hours = pd.Series((ticks // 3_600_000_000) % 24)
    # Of dates there are no parts.
    tick = 86_400_000_000 if len(next(filter(None, texts))) == 10 else 1
    quantiles = [
        str(np.datetime64(int(np.floor(value / tick)) * tick, "us"))
        for value in (np.quantile(ticks.astype("float64") - ticks[0], [0.25, 0.5, 0.75]) + ticks[0])
    ]
    return {
        "min": str(moments[0]),
        "max": str(moments[-1]),
        "spanSeconds": plain((ticks[-1] - ticks[0]) / 1e6),
        "quantiles": quantiles,
        "medianGap": plain(np.median(gaps) / 1e6),
        "longestGap": plain(gaps.max() / 1e6),
        "weekdays": [int(((days + 3) % 7 == day).sum()) for day in range(7)],
        "hours": [int((hours == hour).sum()) for hour in range(24)],
        "distinct": int(len(np.unique(ticks))),
    }


def texts(values):
    known = pd.Series([value for value in values if value is not None], dtype=object)
    lengths = known.map(len)
    counts = known.value_counts()
    top = sorted(counts.items(), key=lambda each: (-each[1], each[0].encode()))[:20]
    shares = counts.to_numpy() / len(known)
    entropy = stats.entropy(shares, base=2)
    return {
        "minLength": int(lengths.min()),
        "maxLength": int(lengths.max()),
        "meanLength": plain(lengths.mean()),
        "medianLength": plain(lengths.median()),
        "blank": int((known.str.strip() == "").sum()),
        "empty": int((known == "").sum()),
        "surroundingBlanks": int(known.map(lambda value: value != value.strip()).sum()),
        "nonAscii": int(known.map(lambda value: not value.isascii()).sum()),
        "letters": plain(known.map(lambda value: sum(map(str.isalpha, value))).sum() / lengths.sum()),
        "top": [{"value": value, "count": int(count)} for value, count in top],
        "distinct": int(known.nunique()),
        "imbalance": 1.0 if len(counts) == 1 else plain(1 - entropy / np.log2(len(counts))),
    }


def main():
    question = json.load(sys.stdin)
    answer = {}
    with np.errstate(all="ignore"):
        for name, column in question.items():
            kind, values = column["kind"], column["values"]
            if kind == "times":
                answer[name] = times(values)
            elif kind == "texts":
                answer[name] = texts(values)
            else:
                answer[name] = {"libraries": numeric(values), "exact": exact(values, kind == "floats")}
    json.dump(answer, sys.stdout)


main()
