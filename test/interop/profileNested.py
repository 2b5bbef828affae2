"""The figures of vectors and lists as NumPy has them."""

import json
import sys

import numpy as np


def spread(values):
    return {
        "min": float(values.min()),
        "max": float(values.max()),
        "mean": float(values.mean()),
        "median": float(np.median(values)),
    }


def vectors(texts, dtype):
    matrix = np.array([[float(text) for text in row] for row in texts], dtype=dtype)
    whole = np.isfinite(matrix).all(axis=1)
    norms = np.linalg.norm(matrix[whole].astype("float64"), axis=1)
    constant = np.flatnonzero((matrix == matrix[0]).all(axis=0))
    return {
        "norms": spread(norms),
        "nans": int((~whole).sum()),
        "zeroVectors": int((norms == 0).sum()),
        "constantDimensions": {"count": len(constant), "first": [int(i) for i in constant[:20]]},
    }


def lists(texts):
    lengths = np.array([len(row) for row in texts])
    elements = np.array([float(text) for row in texts for text in row])
    finite = elements[np.isfinite(elements)]
    return {
        "lengths": spread(lengths),
        "spread": spread(finite),
        "nans": int(np.isnan(elements).sum()),
        "distinct": len(np.unique(elements)),
    }


question = json.load(sys.stdin)
answer = {
    "single": vectors(question["vectors"], "float32"),
    "double": vectors(question["vectors"], "float64"),
    "lists": lists(question["lists"]),
}
json.dump(answer, sys.stdout)
