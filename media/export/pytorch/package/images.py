"""Images as tensors. Needs Pillow (``pip install pillow``), which is asked for when the first image is read."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor


def read_image(path: str) -> Tensor:
    """The image as three channels of bytes (red, green, blue; channel, row, column), upright as its camera says.

    For the ``decode`` of a dataset: ``{"photo": read_image}``.
    """
    try:
        from PIL import Image, ImageOps
    except ImportError as error:
        raise ImportError("Images are read with Pillow, which is not installed: pip install pillow") from error
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image) or image
        pixels: Tensor = torch.from_numpy(np.array(upright.convert("RGB"))).permute(2, 0, 1).contiguous()
        return pixels
