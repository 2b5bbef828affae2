"""Where the package's documents and data lie, and how they are read."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, Optional, Union

PathLike = Union[str, Path]


def package_folder() -> Path:
    """The folder with ``metadata/`` and ``data/``: inside of an installed package, two above its code in the exported folder."""
    here = Path(__file__).absolute().parent
    for folder in (here, here.parents[1]):
        if (folder / "metadata" / "schema.json").is_file():
            return folder
    raise FileNotFoundError(
        f"metadata/schema.json is neither in {here} nor in {here.parents[1]}. Keep the package's folders together."
    )


def in_folder(folder: Optional[PathLike] = None) -> Path:
    """``folder`` itself, or the package's own."""
    return package_folder() if folder is None else Path(folder).absolute()


def document(name: str, folder: Optional[PathLike] = None) -> Dict[str, Any]:
    """``metadata/NAME.json`` as it stands."""
    return _read(str(in_folder(folder) / "metadata" / f"{name}.json"))


@lru_cache(maxsize=None)
def _read(path: str) -> Dict[str, Any]:
    with open(path, encoding="utf-8") as file:
        content: Dict[str, Any] = json.load(file)
    return content
