"""Fetches data that the package names by its address: ``python -m PACKAGE.download``. Nothing else uses the network."""

from __future__ import annotations

import os
import shutil
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import List, Optional, Sequence

from .documents import PathLike, in_folder
from .schema import File, read_schema
from .verify import problem


def download(
    splits: Optional[Sequence[str]] = None, folder: Optional[PathLike] = None, timeout: float = 60.0
) -> List[Path]:
    """Fetches the files of the splits that are not there yet, or are damaged. Returns those that were fetched.

    :param splits: all of them unless given.
    :raises OSError: where a file can't be fetched, or is not the one that was exported; then it is not kept.
    """
    schema = read_schema(folder)
    root = in_folder(folder)
    fetched: List[Path] = []
    for split in schema.splits if splits is None else [schema.split(name) for name in splits]:
        for file in split.files:
            path = root / file.path
            if file.url is not None and problem(path, file.path, file.bytes, file.sha256):
                fetch(file, file.url, path, timeout)
                fetched.append(path)
    return fetched


def fetch(file: File, url: str, path: Path, timeout: float) -> None:
    """Fetches one file; it appears under its name once it is whole and has the checksum of the export."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        try:
            with urllib.request.urlopen(url, timeout=timeout) as answer, open(part, "wb") as target:
                shutil.copyfileobj(answer, target, 1 << 20)
        except (urllib.error.URLError, TimeoutError) as error:
            raise OSError(f"{url} can't be fetched: {getattr(error, 'reason', error)}.") from error
        wrong = problem(part, url, file.bytes, file.sha256)
        if wrong:
            raise OSError(wrong)
        os.replace(part, path)
    finally:
        if part.exists():
            part.unlink()


def main() -> int:
    try:
        for path in download():
            print(path)
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
