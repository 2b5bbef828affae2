"""The files of a split, opened when they are first read, anew in each process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, Optional, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from .documents import PathLike, in_folder
from .schema import File

# Systems allow a process some hundred.
MOST_OPEN = 16


class Files:
    """Reads row groups. Only paths are pickled; a process that was forked opens the files for itself."""

    def __init__(self, columns: Sequence[str], dictionaries: Sequence[str], folder: Optional[PathLike] = None) -> None:
        self.folder = in_folder(folder)
        self._columns = list(columns)
        self._dictionaries = list(dictionaries)
        self._process = 0
        self._open: Dict[str, pq.ParquetFile] = {}  # the one that was read last at the end

    def read(self, file: File, row_group: int, use_threads: bool = True) -> pa.Table:
        """The columns of one row group."""
        if self._process != os.getpid():
            self._process, self._open = os.getpid(), {}
        opened = self._open.pop(file.path, None)
        if opened is None:
            if len(self._open) >= MOST_OPEN:
                self._open.pop(next(iter(self._open)))
            opened = pq.ParquetFile(data_file(self.folder, file), read_dictionary=self._dictionaries)
        self._open[file.path] = opened
        return opened.read_row_group(row_group, columns=self._columns, use_threads=use_threads)

    def close(self) -> None:
        """Gives the files back; they are opened again when they are read again."""
        self._open = {}

    def __getstate__(self) -> Dict[str, Any]:
        return {**self.__dict__, "_process": 0, "_open": {}}


def data_file(folder: Path, file: File) -> Path:
    """Where the file is."""
    path = folder / file.path
    if not path.is_file():
        how = (
            f"Fetch it with: python -m {__package__}.download"
            if file.url
            else "It came with the package; export the dataset anew, or copy the whole folder."
        )
        raise FileNotFoundError(f"{path} is missing. {how}")
    return path
