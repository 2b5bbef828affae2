"""The numeric steps of a build, in doubles and in the order of operations that the build has, and their inverses."""

from __future__ import annotations

from typing import Any, Mapping

import numpy as np

Doubles = Any  # np.ndarray of float64
Step = Mapping[str, Any]


def step(of: Step, values: Any) -> Doubles:
    """What the step makes of values; NaN stands for a missing one."""
    kind = of["step"]
    if kind == "ordinal":
        places = {category: float(place) for place, category in enumerate(of["categories"])}
        other = np.nan if of["other"] is None else float(of["other"])
        return np.array([np.nan if text is None else places.get(text, other) for text in values.tolist()])
    x = values.astype(np.float64)
    if kind == "standard_scale":
        return (x - of["mean"]) / (of["deviation"] or 1)
    if kind == "minmax_scale":
        return (x - of["min"]) / (of["max"] - of["min"] or 1) * (of["most"] - of["least"]) + of["least"]
    if kind == "robust_scale":
        return (x - of["median"]) / (of["range"] or 1)
    if kind == "log":
        argument, base = x + of["offset"], of.get("base")
        if base in (2, 10):
            return np.log2(argument) if base == 2 else np.log10(argument)
        return np.log(argument) if base is None else np.log(argument) / np.log(base)
    if kind == "power":
        return (_curve(of, x) - of["mean"]) / (of["deviation"] or 1)
    raise ValueError(f"metadata/encoders.json has a step that this package does not know: {kind}.")


def inverse_step(of: Step, values: Any) -> Any:
    """What the step made the values of; for ``ordinal``, texts."""
    kind = of["step"]
    y = values.astype(np.float64)
    if kind == "ordinal":
        categories = of["categories"]
        return np.array([_category(categories, place) for place in y.tolist()], dtype=object)
    if kind == "standard_scale":
        return y * (of["deviation"] or 1) + of["mean"]
    if kind == "minmax_scale":
        span = of["most"] - of["least"]
        place = (y - of["least"]) / span if span else np.zeros_like(y)
        return place * (of["max"] - of["min"] or 1) + of["min"]
    if kind == "robust_scale":
        return y * (of["range"] or 1) + of["median"]
    if kind == "log":
        power = np.exp(y) if of.get("base") is None else np.power(float(of["base"]), y)
        return power - of["offset"]
    if kind == "power":
        return _inverse_curve(of, y * (of["deviation"] or 1) + of["mean"])
    raise ValueError(f"metadata/encoders.json has a step that this package does not know: {kind}.")


def _category(categories: Any, place: float) -> Any:
    return categories[round(place)] if -0.5 < place < len(categories) - 0.5 else None


def _curve(of: Step, x: Doubles) -> Doubles:
    """Yeo-Johnson, seen from ``origin`` on one side."""
    lam, origin, side = of["lambda"], of["origin"], of["side"]
    logs = np.log1p(np.abs(x))
    below = x < 0
    if side == 0:
        return np.where(below, -_bend(logs, 2 - lam), _bend(logs, lam))
    if side == 1:
        other = (-_bend(logs, 2 - lam) - _bend(origin, lam)) * np.exp(-lam * origin)
        return np.where(below, other, _bend(logs - origin, lam))
    other = (_bend(logs, lam) + _bend(origin, 2 - lam)) * np.exp(-(2 - lam) * origin)
    return np.where(below, -_bend(logs - origin, 2 - lam), other)


def _inverse_curve(of: Step, u: Doubles) -> Doubles:
    lam, origin, side = of["lambda"], of["origin"], of["side"]
    if side == 1:
        below = u < _bend(-origin, lam)
        negative = _unbend(-(u * np.exp(lam * origin) + _bend(origin, lam)), 2 - lam)
        positive = _unbend(u, lam) + origin
    elif side == -1:
        below = u < -_bend(-origin, 2 - lam)
        negative = _unbend(-u, 2 - lam) + origin
        positive = _unbend(u * np.exp((2 - lam) * origin) - _bend(origin, 2 - lam), lam)
    else:
        below = u < 0
        negative, positive = _unbend(-u, 2 - lam), _unbend(u, lam)
    return np.where(below, -np.expm1(negative), np.expm1(positive))


def _bend(v: Doubles, p: float) -> Doubles:
    """Box-Cox of exp(v)."""
    return v if p == 0 else np.expm1(np.multiply(p, v)) / p


def _unbend(b: Doubles, p: float) -> Doubles:
    with np.errstate(invalid="ignore", divide="ignore"):  # of the side that is not chosen
        return b if p == 0 else np.log1p(np.multiply(p, b)) / p
