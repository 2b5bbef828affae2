"""Golden numbers of Evidently: run `python driftEvidently.py FOLDER` with evidently==0.7.23; writes FOLDER/evidently.json.

The whole tool with what it needs is a gigabyte, so tests read what it said rather than install it.
"""

import json
import pathlib
import sys
import warnings

warnings.simplefilter("ignore")

import numpy as np
import pandas as pd
import scipy
import evidently
from evidently.legacy.calculations import stattests
from evidently.legacy.calculations.stattests import registry
from evidently.legacy.core import ColumnType

from driftCases import cases

tests = {
    "psi": stattests.psi_stat_test,
    "kl": stattests.kl_div_stat_test,
    "js": stattests.jensenshannon_stat_test,
    "hellinger": stattests.hellinger_stat_test,
    "chi2": stattests.chi_stat_test,
    "ks": stattests.ks_stat_test,
    "cramerVonMises": stattests.cramer_von_mises,
    "wassersteinNormalized": stattests.wasserstein_stat_test,
    "energy": stattests.energy_dist_test,
}
for_numbers = ["psi", "kl", "js", "hellinger", "ks", "cramerVonMises", "wassersteinNormalized", "energy"]
for_categories = ["psi", "kl", "js", "hellinger", "chi2"]


def cleaned(values):
    return pd.Series(values).replace([-np.inf, np.inf], np.nan).dropna()


def number(value):
    value = float(value)
    return value if np.isfinite(value) else None


golden = {}
for name, case in cases().items():
    kind = ColumnType.Numerical if case["kind"] == "numbers" else ColumnType.Categorical
    sides = lambda: (cleaned(case["baseline"]), cleaned(case["current"]))
    default = registry._get_default_stattest(*sides(), kind)
    figures = {}
    for metric in for_numbers if case["kind"] == "numbers" else for_categories:
        figures[metric] = number(tests[metric](*sides(), kind, None).drift_score)
    golden[name] = {
        "default": default.name,
        "score": number(default(*sides(), kind, None).drift_score),
        "threshold": default.default_threshold,
        "figures": figures,
    }

versions = {"evidently": evidently.__version__, "scipy": scipy.__version__, "numpy": np.__version__, "pandas": pd.__version__}
target = pathlib.Path(sys.argv[1]) / "evidently.json"
target.write_text(json.dumps({"versions": versions, "cases": golden}, indent=2) + "\n")
