"""Samples put together into batches: missing values, texts, and lists that differ in length."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from .batch import Batch


def collate(
    samples: Sequence[Mapping[str, Any]],
    tokenize: Optional[Callable[[List[str]], Any]] = None,
) -> Dict[str, Any]:
    """The batch of samples of this package, for ``DataLoader(..., collate_fn=collate)``.

    Tensors are stacked, lists of numbers are filled up with 0 (``lists_length`` has their lengths), texts, paths and
    other values of Python stay lists, ``None`` among them. ``tokenize`` is called once for each column of texts, with the
    texts of the batch: ``collate_fn=functools.partial(collate, tokenize=...)``.
    """
    batch = Batch()
    for part in samples[0]:
        values: List[Any] = [sample[part] for sample in samples]
        batch[part] = stacked(values) if not isinstance(values[0], Mapping) else _columns(part, values, tokenize)
        if part == "lists":
            batch["lists_length"] = {
                column: torch.tensor([len(value[column]) for value in values], dtype=torch.int64) for column in values[0]
            }
    return batch


def _columns(
    part: str, values: Sequence[Mapping[str, Any]], tokenize: Optional[Callable[[List[str]], Any]]
) -> Dict[str, Any]:
    columns: Dict[str, Any] = {}
    for column in values[0]:
        several = [value[column] for value in values]
        if part == "lists":
            columns[column] = padded(several)
        elif part.endswith("_mask"):
            columns[column] = torch.tensor(several)
        elif part == "texts":
            columns[column] = tokenize(several) if tokenize else several
        else:
            columns[column] = stacked(several)
    return columns


def stacked(values: List[Any]) -> Any:
    """One tensor where all values are tensors of the same shape and type; else the values as they are."""
    first = values[0] if values else None
    if not isinstance(first, Tensor):
        return values
    same = all(isinstance(value, Tensor) and value.shape == first.shape and value.dtype == first.dtype for value in values)
    return torch.stack(values) if same else values


def padded(values: Sequence[Tensor]) -> Tensor:
    """Tensors of one dimension as the rows of one tensor, filled up with 0 at their ends."""
    if not values:
        return torch.zeros((0, 0))
    return pad_sequence(list(values), batch_first=True)
