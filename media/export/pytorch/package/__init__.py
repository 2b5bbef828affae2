"""A dataset for PyTorch: ``load("train")`` gives its rows, ``loader("train", batch_size=256)`` its batches.

What the columns are and how their values are encoded stands in ``metadata/*.json``, which this code reads; see README.md.
"""

from .collate import collate
from .dataset import StreamingDataset, TabularDataset
from .documents import document, package_folder
from .images import read_image
from .loading import load, loader, set_epoch
from .schema import Column, Schema, Split, read_schema
from .sounds import read_sound
from .transforms import (
    IGNORED,
    MISSING,
    UNKNOWN,
    Categories,
    Classes,
    Encoders,
    OneHot,
    Scaler,
    Standardizer,
    read_encoders,
    standardizer,
)

__all__ = [
    "IGNORED",
    "MISSING",
    "UNKNOWN",
    "Categories",
    "Classes",
    "Column",
    "Encoders",
    "OneHot",
    "Scaler",
    "Schema",
    "Split",
    "Standardizer",
    "StreamingDataset",
    "TabularDataset",
    "collate",
    "document",
    "load",
    "loader",
    "package_folder",
    "read_encoders",
    "read_image",
    "read_schema",
    "read_sound",
    "set_epoch",
    "standardizer",
]
