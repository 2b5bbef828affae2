"""Sounds as tensors. Needs soundfile (``pip install soundfile``), which is asked for when the first sound is read."""

from __future__ import annotations

from typing import Tuple

import torch
from torch import Tensor


def read_sound(path: str) -> Tuple[Tensor, int]:
    """The sound as 32-bit numbers between -1 and 1 (channel, place), and how many there are in a second.

    For the ``decode`` of a dataset: ``{"clip": read_sound}``.
    """
    try:
        import soundfile
    except ImportError as error:
        raise ImportError("Sounds are read with soundfile, which is not installed: pip install soundfile") from error
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return torch.from_numpy(samples).t().contiguous(), int(rate)
