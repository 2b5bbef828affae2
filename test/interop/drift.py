"""What SciPy says of pairs of samples, of counts, and of the distributions behind the tests."""

import json
import sys
import warnings

import numpy as np
from scipy import integrate, stats
from scipy.spatial.distance import jensenshannon

warnings.simplefilter("ignore")


def number(value):
    value = float(value)
    return value if np.isfinite(value) else None


def test(result):
    return {"statistic": number(result.statistic), "pValue": number(result.pvalue)}


def deviation(values):
    """Without squares that overflow or vanish."""
    size = 2 ** np.floor(np.log2(np.max(np.abs(values))))
    values = values - (values[0] if size < 1e100 else 0)
    return np.std(values / size, ddof=1) * size


def of_samples(case):
    rows = [np.array([float("nan" if x is None else x) for x in case[side]]) for side in ("baseline", "current")]
    first = [np.where(np.isnan(x), -np.inf, x) for x in rows]
    finite = [x[np.isfinite(x)] for x in rows]
    wasserstein = stats.wasserstein_distance(*finite)
    return {
        "ks": test(stats.ks_2samp(*first)),
        "cramerVonMises": test(stats.cramervonmises_2samp(*first)),
        "wasserstein": wasserstein,
        "wassersteinNormalized": wasserstein / deviation(finite[0]),
        "energy": stats.energy_distance(*finite),
    }


def of_counts(case):
    baseline, current = np.array(case["baseline"], dtype=float), np.array(case["current"], dtype=float)
    contingency = stats.chi2_contingency([baseline, current], correction=False)
    answer = {
        "js": number(jensenshannon(baseline, current, 2)),
        "jsInNats": number(jensenshannon(baseline, current)),
        "chi2": {**test(contingency), "dof": int(contingency.dof)},
    }
    if (baseline > 0).all() and (current > 0).all():
        answer["kl"] = number(stats.entropy(baseline, current))
        answer["klReverse"] = number(stats.entropy(current, baseline))
        answer["psi"] = answer["kl"] + answer["klReverse"]
    return answer


def cramer_von_mises_tail(x):
    """Anderson and Darling (1952), (4.33): its integrands have roots of 1 / distance at both ends."""
    total = 0
    for j in range(1, 8):
        a, b = (2 * j - 1) * np.pi, 2 * j * np.pi
        near = lambda s: min(s - a, b - s)
        far = lambda s: max(s - a, b - s)
        smooth = lambda s: 2 * np.exp(-x * s * s / 2) * np.sqrt(far(s) / s / np.sinc(near(s) / np.pi))
        part = integrate.quad(smooth, a, b, weight="alg", wvar=(-0.5, -0.5), epsrel=1e-12, epsabs=0)[0] / np.pi
        total += part if j % 2 else -part
    return total


question = json.load(sys.stdin)
json.dump(
    {
        "samples": {name: of_samples(case) for name, case in question["samples"].items()},
        "counts": {name: of_counts(case) for name, case in question["counts"].items()},
        "kolmogorov": [float(stats.kstwo.sf(d, n)) for n, d in question["kolmogorov"]],
        "chiSquareQuantiles": [float(stats.chi2.ppf(q, dof)) for q, dof in question["chiSquareQuantiles"]],
        "chiSquareTails": [float(stats.chi2.sf(x, dof)) for x, dof in question["chiSquareTails"]],
        "cramerVonMisesTails": [cramer_von_mises_tail(x) for x in question["cramerVonMisesTails"]],
        "adjusted": [list(map(float, stats.false_discovery_control(p))) for p in question["adjusted"]],
    },
    sys.stdout,
)
