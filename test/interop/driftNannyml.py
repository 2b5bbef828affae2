"""Golden numbers of NannyML: run `python driftNannyml.py FOLDER` with nannyml==0.13.1; writes FOLDER/nannyml.json.

The whole tool with what it needs is two gigabytes, so tests read what it said rather than install it.
"""

import json
import pathlib
import sys
import warnings

warnings.simplefilter("ignore")

import numpy as np
import pandas as pd
import scipy
import nannyml
from nannyml.chunk import DefaultChunker
from nannyml.drift.univariate.methods import FeatureType, MethodFactory
from nannyml.thresholds import ConstantThreshold

from driftCases import cases

names = {
    "js": "jensen_shannon",
    "hellinger": "hellinger",
    "linf": "l_infinity",
    "chi2": "chi2",
    "ks": "kolmogorov_smirnov",
    "wasserstein": "wasserstein",
}
for_numbers = ["js", "hellinger", "ks", "wasserstein"]
for_categories = ["js", "hellinger", "linf", "chi2"]


def cleaned(values):
    """Infinite values are an error there."""
    return pd.Series(values, name="x").replace([-np.inf, np.inf], np.nan)


golden = {}
for name, case in cases().items():
    kind = FeatureType.CONTINUOUS if case["kind"] == "numbers" else FeatureType.CATEGORICAL
    figures = {}
    for metric in for_numbers if case["kind"] == "numbers" else for_categories:
        method = MethodFactory.create(
            names[metric], kind, chunker=DefaultChunker(), threshold=ConstantThreshold(lower=None, upper=0.1)
        )
        method.fit(cleaned(case["baseline"]))
        figures[metric] = float(method.calculate(cleaned(case["current"])))
        if metric == "chi2":
            figures["chi2 p-value"] = float(method._p_value)
    golden[name] = {"figures": figures}

versions = {"nannyml": nannyml.__version__, "scipy": scipy.__version__, "numpy": np.__version__, "pandas": pd.__version__}
target = pathlib.Path(sys.argv[1]) / "nannyml.json"
target.write_text(json.dumps({"versions": versions, "cases": golden}, indent=2) + "\n")
