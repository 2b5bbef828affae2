"""Rows as they are kept in memory: matrices as tensors, all other columns as Arrow arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import pyarrow as pa
import torch
from torch import Tensor

from .batch import Batch
from .collate import padded, stacked

Sample = Dict[str, Any]
Decoders = Mapping[str, Callable[[str], Any]]
Tokenizer = Callable[[List[str]], Any]


@dataclass
class Rows:
    """Encoded rows. ``arrays`` are by the part of a sample and the column's name: ``("texts", "title")``."""

    count: int
    tensors: Dict[str, Tensor] = field(default_factory=dict)
    arrays: Dict[Tuple[str, str], pa.Array] = field(default_factory=dict)

    def take(self, places: "np.ndarray[Any, np.dtype[np.int64]]") -> "Rows":
        """The rows at ``places``, in their order."""
        index = torch.from_numpy(places)
        chosen = pa.array(places)
        return Rows(
            len(places),
            {name: tensor.index_select(0, index) for name, tensor in self.tensors.items()},
            {name: array.take(chosen) for name, array in self.arrays.items()},
        )

    def cut(self, start: int, stop: int) -> "Rows":
        """The rows from ``start`` up to ``stop``; nothing is copied."""
        return Rows(
            stop - start,
            {name: tensor[start:stop] for name, tensor in self.tensors.items()},
            {name: array.slice(start, stop - start) for name, array in self.arrays.items()},
        )

    @staticmethod
    def join(parts: Sequence["Rows"]) -> "Rows":
        """The rows of all parts, one after the other; there is at least one part."""
        if len(parts) == 1:
            return parts[0]
        return Rows(
            sum(part.count for part in parts),
            {name: torch.cat([part.tensors[name] for part in parts]) for name in parts[0].tensors},
            {name: pa.concat_arrays([part.arrays[name] for part in parts]) for name in parts[0].arrays},
        )

    def batch(self, decode: Optional[Decoders] = None, tokenize: Optional[Tokenizer] = None) -> Batch:
        """All rows as one batch, as ``collate`` makes it of their samples."""
        batch = Batch(self.tensors)
        for (part, column), array in self.arrays.items():
            values: Any
            if part == "lists":
                values, lengths = padded_lists(array)
                batch.setdefault("lists_length", {})[column] = lengths
            elif part.endswith("_mask"):
                values = torch.from_numpy(array.to_numpy(zero_copy_only=False))
            else:
                values = array.to_pylist()
                if part == "texts" and tokenize is not None:
                    values = tokenize(values)
                elif decode and column in decode:
                    values = stacked([decoded(value, decode[column]) for value in values])
            batch.setdefault(part, {})[column] = values
        return batch

    def samples(self, decode: Optional[Decoders] = None) -> Iterator[Sample]:
        """The rows one by one."""
        names = list(self.tensors)
        tensors: Iterator[Tuple[Tensor, ...]] = (
            zip(*(self.tensors[name].unbind(0) for name in names)) if names else iter([()] * self.count)
        )
        for row, values in enumerate(tensors):
            sample: Sample = dict(zip(names, values))
            for (part, column), array in self.arrays.items():
                sample.setdefault(part, {})[column] = self._value(part, column, array, row, decode)
            yield sample

    @staticmethod
    def _value(part: str, column: str, array: pa.Array, row: int, decode: Optional[Decoders]) -> Any:
        if part == "lists":
            return torch.from_numpy(array[row].values.to_numpy(zero_copy_only=False).copy())
        value = array[row].as_py()
        return decoded(value, decode[column]) if decode and column in decode else value


def decoded(path: Optional[str], decode: Callable[[str], Any]) -> Any:
    """What is in the file, or None where there is no file."""
    return None if path is None else decode(path)


def padded_lists(array: pa.Array) -> Tuple[Tensor, Tensor]:
    """Lists of numbers as one tensor, filled up with 0, and how long each is."""
    offsets = array.offsets.to_numpy(zero_copy_only=False)
    lengths = np.diff(offsets)
    values = torch.from_numpy(array.values.to_numpy(zero_copy_only=False)[offsets[0] : offsets[-1]].copy())
    if len(lengths) and (lengths == lengths[0]).all():
        return values.reshape(len(lengths), int(lengths[0])), torch.from_numpy(lengths)
    return padded(torch.split(values, lengths.tolist())), torch.from_numpy(lengths)
