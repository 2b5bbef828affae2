"""Encoders and scalers as ``metadata/encoders.json`` has them, and the ways back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
import torch
from torch import Tensor

from .documents import PathLike, document
from .schema import read_schema
from .steps import inverse_step, step

MISSING = 0
"""The code of a missing value in a column of kind ``category``."""
UNKNOWN = 1
"""The code of a value that the training rows do not have."""
IGNORED = -100
"""The class of a row without a target, which ``torch.nn.functional.cross_entropy`` ignores."""

Value = Union[str, int, float, bool]


@dataclass(frozen=True)
class Categories:
    """The texts of a column and their codes: 0 is missing, 1 unknown, then ``values`` from 2."""

    values: Tuple[str, ...]
    rows: Tuple[int, ...]

    @property
    def size(self) -> int:
        """How many codes there are: rows of an embedding."""
        return len(self.values) + 2

    def encode(self, texts: Sequence[Optional[str]]) -> Tensor:
        codes = {value: code for code, value in enumerate(self.values, 2)}
        return torch.tensor([MISSING if text is None else codes.get(text, UNKNOWN) for text in texts], dtype=torch.int64)

    def inverse(self, codes: Tensor, unknown: Optional[str] = None) -> List[Optional[str]]:
        """The texts of codes: None for a missing one, ``unknown`` for an unknown one."""
        texts = (None, unknown, *self.values)
        return [texts[code] for code in codes.tolist()]


@dataclass(frozen=True)
class Classes:
    """The classes of the target: the number of a class is its place in ``values``."""

    type: str
    values: Tuple[Value, ...]
    rows: Tuple[int, ...]
    weights: Tensor
    """Training rows / (classes with training rows * rows of the class), for ``cross_entropy(weight=...)``."""

    @property
    def size(self) -> int:
        return len(self.values)

    def encode(self, values: Sequence[Optional[Value]]) -> Tensor:
        places = {value: place for place, value in enumerate(self.values)}
        return torch.tensor([IGNORED if value is None else places.get(value, IGNORED) for value in values], dtype=torch.int64)

    def inverse(self, numbers: Tensor) -> List[Optional[Value]]:
        """The classes of numbers; None for an ignored one."""
        return [None if number == IGNORED else self.values[number] for number in numbers.tolist()]


@dataclass(frozen=True)
class Scaler:
    """What the build did to a column. ``complete`` is false where undoing it does not lead to the value that was read."""

    column: str
    original: str
    complete: bool
    steps: Tuple[Mapping[str, Any], ...]

    def transform(self, values: Any) -> "np.ndarray[Any, Any]":
        """From the original to what is in the data, in double precision; for ``ordinal``, from texts."""
        for each in self.steps:
            values = step(each, np.asarray(values))
        return np.asarray(values)

    def inverse(self, values: Any) -> "np.ndarray[Any, Any]":
        """From what is in the data, or predicted, back to the original."""
        for each in reversed(self.steps):
            values = inverse_step(each, np.asarray(values))
        return np.asarray(values)


@dataclass(frozen=True)
class OneHot:
    """Columns that the build made from the categories of one; ``first`` is the category without a column."""

    original: str
    columns: Tuple[str, ...]
    categories: Tuple[str, ...]
    first: Optional[str]

    def transform(self, texts: Sequence[Optional[str]]) -> Tensor:
        found: Tensor = torch.tensor([[float(text == category) for category in self.categories] for text in texts])
        columns: Tensor = found.reshape(len(texts), len(self.categories))
        return columns

    def inverse(self, values: Tensor) -> List[Optional[str]]:
        """The category of each row of ``values``, which has the columns in the order of ``columns``."""
        if not self.categories:
            return [self.first] * len(values)
        largest, places = values.max(1)
        return [
            self.categories[place] if most > 0.5 else self.first for most, place in zip(largest.tolist(), places.tolist())
        ]


@dataclass(frozen=True)
class Encoders:
    """All of them, by the name of the column; those of one-hot columns by the name of the original."""

    categories: Dict[str, Categories]
    classes: Optional[Classes]
    scalers: Dict[str, Scaler]
    one_hot: Dict[str, OneHot]


@dataclass(frozen=True)
class Standardizer:
    """Makes ``numbers`` or ``datetimes`` of a batch mean 0, deviation 1, by the training rows; what is missing becomes 0."""

    mean: Tensor
    deviation: Tensor

    def transform(self, values: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        scaled: Tensor = ((values.double() - self.mean) / self.deviation).float()
        return scaled if mask is None else scaled * mask

    def inverse(self, values: Tensor) -> Tensor:
        original: Tensor = (values.double() * self.deviation + self.mean).float()
        return original


def read_encoders(folder: Optional[PathLike] = None) -> Encoders:
    """The encoders of the package, or of the one in ``folder``."""
    written = document("encoders", folder)
    classes = written.get("classes")
    return Encoders(
        categories={
            each["column"]: Categories(tuple(each["values"]), tuple(each["rows"])) for each in written["categories"]
        },
        classes=None
        if classes is None
        else Classes(
            type=classes["type"],
            values=tuple(_value(value, classes["type"]) for value in classes["values"]),
            rows=tuple(classes["rows"]),
            weights=torch.tensor(classes["weights"], dtype=torch.float32),
        ),
        scalers={
            each["column"]: Scaler(each["column"], each["original"], each["complete"], tuple(each["steps"]))
            for each in written["scalers"]
        },
        one_hot={
            each["original"]: OneHot(
                each["original"],
                tuple(column["column"] for column in each["columns"]),
                tuple(column["category"] for column in each["columns"]),
                each.get("first"),
            )
            for each in written["oneHot"]
        },
    )


def standardizer(matrix: str, folder: Optional[PathLike] = None) -> Standardizer:
    """Of ``numbers`` or ``datetimes``, for batches with all features."""
    schema = read_schema(folder)
    numbers = {each["column"]: each.get("number") or {} for each in document("stats", folder)["columns"]}
    known = [numbers.get(column.name, {}) for column in schema.in_matrix(matrix)]
    return Standardizer(
        torch.tensor([each.get("mean") or 0.0 for each in known], dtype=torch.float64),
        torch.tensor([each.get("deviation") or 1.0 for each in known], dtype=torch.float64),
    )


def _value(text: str, kind: str) -> Value:
    if kind == "integer":
        return int(text)
    if kind == "number":
        return float(text)
    return text == "true" if kind == "boolean" else text
