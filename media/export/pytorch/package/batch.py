"""Batches, and how they travel from a worker to the loop."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import torch
from torch import Tensor

# In shared memory, each tensor costs a file, its handle and a connection between the processes; bytes cost a copy.
MOST_BYTES = 1 << 20
_TYPES = (torch.float32, torch.float64, torch.int64, torch.bool)

Place = Tuple[str, ...]


class Batch(Dict[str, Any]):
    """A dict that is pickled with its tensors as plain bytes, where they are small, and comes out as a dict."""

    def __reduce__(self) -> Tuple[Any, ...]:
        arrays: List[Tuple[Place, Any]] = []
        return _unpacked, (_packed(self, (), arrays), arrays)

    def __copy__(self) -> "Batch":
        return Batch(self)


def _packed(values: Dict[str, Any], at: Place, arrays: List[Tuple[Place, Any]]) -> Dict[str, Any]:
    """The values without their small tensors, which go to ``arrays``."""
    packed: Dict[str, Any] = {}
    for name, value in values.items():
        if type(value) is dict:
            value = _packed(value, (*at, name), arrays)
        elif type(value) is Tensor and value.dtype in _TYPES and not value.requires_grad and value.device.type == "cpu":
            if value.numel() * value.element_size() <= MOST_BYTES:
                arrays.append(((*at, name), value.numpy()))
                value = None  # keeps the place
            else:
                value = value.clone()  # a view would take along all that it is a view of
        packed[name] = value
    return packed


def _unpacked(values: Dict[str, Any], arrays: List[Tuple[Place, Any]]) -> Dict[str, Any]:
    for (*at, name), array in arrays:
        of = values
        for part in at:
            of = of[part]
        of[name] = torch.from_numpy(array)
    return values
